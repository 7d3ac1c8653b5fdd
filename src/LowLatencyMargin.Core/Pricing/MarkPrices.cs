using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Timers;

namespace LowLatencyMargin.Core.Pricing;

/// <summary>Mark and index price of each market: set by command, or made of own trades, feeds and the book (docs/prices.md).</summary>
public sealed class MarkPrices(ExchangeState state, MarketStates states, MarginSchedule margins)
{
    /// <summary>Sets a mark by hand. Refused when what is open could not be valued at it exactly .</summary>
    public ResultCode Set(ref readonly SetMarkPrice command)
    {
        ResultCode code = Check(command.MarketId, command.PriceTicks);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        int marketId = (int)command.MarketId;
        if (IsBeingSettled(marketId))
        {
            return ResultCode.MarketStateForbids;
        }

        if (!CanBe(marketId, command.PriceTicks))
        {
            return ResultCode.Overflow;
        }

        Fix(marketId, command.PriceTicks);
        return ResultCode.Accepted;
    }

    /// <summary>Sets mark and index to a price that <see cref="CanBe"/>; they stay there until they are set again, or the rules are.</summary>
    public void Fix(int marketId, long ticks)
    {
        ref MarketPrice price = ref state.Prices.Edit(marketId);
        price.IsByHand = price.IsIndexByHand = 1;
        price.IsAutomatic = 0;
        price.MarkE16 = price.TargetE16 = ticks << MarketPrice.FractionBits;
        price.UpdatedNs = state.TimeNs;
        state.Markets.Edit(marketId).CountsTrades = 0;
        state.Timers.Stop(TimerKind.MarkUpdate, marketId);
        Thaw(marketId, ref price);
        bool isFirst = state.Markets[marketId].IndexTicks == 0;
        state.Markets.Edit(marketId).IndexTicks = ticks;
        Move(marketId, ticks);
        state.NotePrice(marketId, TriggerSource.Index, ticks);
        if (isFirst)
        {
            Funding.Begin(state, marketId);
        }
    }

    /// <summary>Sets an index price by hand.</summary>
    public ResultCode Set(ref readonly SetIndexPrice command)
    {
        ResultCode code = Check(command.MarketId, command.PriceTicks);
        if (code == ResultCode.Accepted)
        {
            state.Prices.Edit((int)command.MarketId).IsIndexByHand = 1;
            SetIndex((int)command.MarketId, command.PriceTicks);
        }

        return code;
    }

    /// <summary>Takes in the price of a feed (R-801 b, c); the mark follows at the end of the command.</summary>
    public ResultCode Feed(ref readonly FeedPrice command)
    {
        ResultCode code = Check(command.MarketId, command.PriceTicks);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (command.Source is not (1 or 2))
        {
            return ResultCode.MalformedCommand;
        }

        int marketId = (int)command.MarketId;
        ref MarketPrice price = ref state.Prices.Edit(marketId);
        (command.Source == 1 ? ref price.Feed1Ticks : ref price.Feed2Ticks) = command.PriceTicks;
        (command.Source == 1 ? ref price.Feed1Ns : ref price.Feed2Ns) = state.TimeNs;
        price.IsAutomatic = (byte)(price.IsByHand == 0 && price.Rules.Rule != MarkRule.Manual ? 1 : 0);
        ref FeedPriceTaken taken = ref state.Events.Add<FeedPriceTaken>(EventType.FeedPriceTaken, marketId, EventFlags.None, (byte)command.Source);
        taken.PriceTicks = command.PriceTicks;
        state.AddPriceDue(marketId);
        return ResultCode.Accepted;
    }

    /// <summary>Gives a market's mark other rules; what was set by hand ends.</summary>
    public ResultCode Set(ref readonly SetPriceRules command)
    {
        if (command.MarketId < 1 || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        if (!command.Rules.AreValid)
        {
            return ResultCode.InvalidParameter;
        }

        int marketId = (int)command.MarketId;
        if (IsBeingSettled(marketId))
        {
            return ResultCode.MarketStateForbids;
        }

        ref MarketPrice price = ref state.Prices.Edit(marketId);
        if (price.Rules.VwapWindowMs != command.Rules.VwapWindowMs)
        {
            price.Trades = default;
            state.TradeParts.Clear(marketId * TradeWindow.Parts, TradeWindow.Parts);
        }

        price.Rules = command.Rules;
        price.IsByHand = 0;
        bool begins = price.HasFed || command.Rules.Rule == MarkRule.Mid || state.Markets[marketId].HasMark != 0;
        price.IsAutomatic = (byte)(begins && command.Rules.Rule != MarkRule.Manual ? 1 : 0);
        price.Interval = -1;
        state.Markets.Edit(marketId).CountsTrades = (byte)(price.UsesTrades ? 1 : 0);
        state.Timers.Stop(TimerKind.MarkUpdate, marketId);
        if (price.IsAutomatic == 0)
        {
            Thaw(marketId, ref price);
        }

        ref PriceRulesSet set = ref state.Events.Add<PriceRulesSet>(EventType.PriceRulesSet, marketId);
        set.Rules = command.Rules;
        state.AddPriceDue(marketId);
        return ResultCode.Accepted;
    }

    /// <summary>What the command's trades and feeds make of the prices, market by market .</summary>
    public void RunDue()
    {
        for (int marketId = state.TakePriceDue(); marketId != 0; marketId = state.TakePriceDue())
        {
            Update(marketId);
        }
    }

    /// <summary>Looks at a market's sources and lets index and mark follow.</summary>
    public void Update(int marketId)
    {
        ref MarketPrice price = ref state.Prices.Edit(marketId);
        price.Trades.Advance(state.TimeNs, price.Rules.VwapWindowMs, state.TradeParts, marketId);
        long index = price.IndexAt(state.TimeNs);
        price.IsIndexByHand = index == 0 ? price.IsIndexByHand : (byte)0;
        if (index != 0 && index != state.Markets[marketId].IndexTicks)
        {
            SetIndex(marketId, index);
        }

        if (price.IsAutomatic == 0)
        {
            return;
        }

        state.Timers.Stop(TimerKind.MarkUpdate, marketId);
        ref readonly Market market = ref state.Markets[marketId];
        PriceTarget target = PriceTarget.Of(in price, in market, state.Books[marketId], state.TimeNs);
        if (target.Ticks == 0)
        {
            Freeze(marketId, ref price);
            return;
        }

        Thaw(marketId, ref price);
        long intervalNs = price.Rules.IntervalMs * 1_000_000L;
        long interval = state.TimeNs / intervalNs;
        state.Timers.Start(TimerKind.MarkUpdate, marketId, (interval + 1) * intervalNs);
        if (market.HasMark != 0 && (interval != price.Interval || price.GapBaseTicks == 0))
        {
            price.Interval = interval;
            price.GapBaseTicks = market.MarkTicks;
        }

        long targetE16 = Cut(in price, in target) << MarketPrice.FractionBits;
        long smoothed = market.HasMark == 0 || price.Rules.HalfLifeMs == 0 ? targetE16 : Smoothed(in price);
        long ticks = Math.Max(1, (smoothed + (1L << (MarketPrice.FractionBits - 1))) >> MarketPrice.FractionBits);
        if (!CanBe(marketId, ticks))
        {
            return;
        }

        price.MarkE16 = smoothed;
        price.TargetE16 = targetE16;
        price.UpdatedNs = state.TimeNs;
        if (market.HasMark == 0 || ticks != market.MarkTicks)
        {
            Move(marketId, ticks);
        }
    }

    /// <summary>
    /// The middle of the book, rounded down, if the book is fit to take a price from: both sides there, and no further apart than the market's
    /// widest spread (R-1403); 0 if it is not.
    /// </summary>
    public static long BookMid(OrderBook book, in Market market)
    {
        long bid = book.Bids.BestTicks;
        long ask = book.Asks.BestTicks;
        if (bid == 0 || ask == 0)
        {
            return 0;
        }

        long mid = (bid + ask) / 2;
        return ask - bid <= Rate.OfRoundedDown(mid, market.Parameters.MaxSpreadRate) ? mid : 0;
    }

    /// <summary>While a market's positions are closed at one price its mark is that price (R-2101).</summary>
    private bool IsBeingSettled(int marketId) => state.SettlingMarkets > 0 && state.Settlements[marketId].Cursor != 0;

    private ResultCode Check(long marketId, long ticks) =>
        marketId < 1 || marketId > state.Markets.HighWater ? ResultCode.UnknownMarket
        : ticks is < 1 or > Exact.MaxPriceTicks ? ResultCode.InvalidPrice
        : ResultCode.Accepted;

    /// <summary>Whether all that is open, and collateral that has its price here, could be valued exactly .</summary>
    public bool CanBe(int marketId, long ticks)
    {
        ref readonly Market market = ref state.Markets[marketId];
        if (!Exact.TryNotional(market.RestingLots + market.PositionLots, ticks, market.TickValueUnits, out _))
        {
            return false;
        }

        return market.PricedAsset == 0 || Collateral.CanValue(in state.Assets[market.PricedAsset], state.Assets[market.PricedAsset].ExternalUnits, ticks);
    }

    /// <summary>A target beyond the gap is cut, unless two sources confirm it .</summary>
    private static long Cut(in MarketPrice price, in PriceTarget target)
    {
        long from = price.GapBaseTicks;
        if (from == 0 || price.Rules.GapRate == 0)
        {
            return target.Ticks;
        }

        long reach = Rate.OfRoundedDown(from, price.Rules.GapRate);
        long cut = Math.Clamp(target.Ticks, from - reach, from + reach);
        return cut == target.Ticks || target.IsConfirmed(cut) ? target.Ticks : cut;
    }

    /// <summary>How far the mark has come on its way to the target of the last update, in 2^-16 ticks .</summary>
    private long Smoothed(in MarketPrice price) => price.TargetE16
        + Smoothing.Left(price.MarkE16 - price.TargetE16, state.TimeNs - price.UpdatedNs, price.Rules.HalfLifeMs * 1_000_000L);

    private void SetIndex(int marketId, long ticks)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        ref MarkPriceUpdated updated = ref state.Events.Add<MarkPriceUpdated>(EventType.IndexPriceUpdated, marketId);
        updated.PriceTicks = ticks;
        updated.PreviousTicks = market.IndexTicks;
        market.IndexTicks = ticks;
        if (updated.PreviousTicks == 0)
        {
            Funding.Begin(state, marketId);
        }

        state.NotePrice(marketId, TriggerSource.Index, ticks);
    }

    private void Freeze(int marketId, ref MarketPrice price)
    {
        if (price.IsFrozen == 0 && state.Markets[marketId].HasMark != 0)
        {
            price.IsFrozen = 1;
            price.TargetE16 = price.MarkE16;
            states.Freeze(marketId);
        }
    }

    private void Thaw(int marketId, ref MarketPrice price)
    {
        if (price.IsFrozen != 0)
        {
            price.IsFrozen = 0;
            states.Thaw(marketId);
        }
    }

    /// <summary>Sets a mark that was checked, with all that follows from it.</summary>
    private void Move(int marketId, long ticks)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        ref MarkPriceUpdated updated = ref state.Events.Add<MarkPriceUpdated>(EventType.MarkPriceUpdated, marketId);
        updated.PriceTicks = ticks;
        updated.PreviousTicks = market.MarkTicks;
        market.MarkTicks = ticks;
        market.HasMark = 1;
        state.AddDue(marketId);
        if (market.PricedAsset != 0)
        {
            state.AddDueAsset(market.PricedAsset);
        }

        states.Watch(marketId);
        if (market.Rates.IsDynamic != 0)
        {
            margins.FollowMark(marketId);
        }

        state.NotePrice(marketId, TriggerSource.Mark, ticks);
    }
}
