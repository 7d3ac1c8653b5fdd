using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Timers;

namespace LowLatencyMargin.Core.Pricing;

/// <summary>Moves the funding index of each perpetual at the end of its intervals; positions are settled when they are touched.</summary>
[method: ColdPath]
public sealed class Funding(ExchangeState state)
{
    /// <summary>What all positions of a market may come to owe.</summary>
    private const long MostOwedUnits = Exact.MaxNotionalUnits / 4;

    private const long MostIndexE8 = 1L << 62;

    /// <summary>How far the index may go, as a rate of the mark, before positions of a market with tiers are indexed anew.</summary>
    private const int KeyReachRate = Rate.Scale / 100;

    /// <summary>Gives a market other rules; what has accrued stays owed.</summary>
    public ResultCode Set(ref readonly SetFundingRules command)
    {
        if (command.MarketId < 1 || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        int marketId = (int)command.MarketId;
        if (!command.Rules.AreValid || state.Markets[marketId].IsSpot)
        {
            return ResultCode.InvalidParameter;
        }

        ref MarketFunding funding = ref state.Funding.Edit(marketId);
        bool restarts = funding.Rules.IntervalMs != command.Rules.IntervalMs || command.Rules.IsOn == 0;
        funding.Rules = command.Rules;
        if (restarts)
        {
            state.Timers.Stop(TimerKind.Funding, marketId);
            funding.NextNs = 0;
        }

        if (state.Markets[marketId].IndexTicks != 0)
        {
            Begin(state, marketId);
        }

        ref FundingParamsUpdated updated = ref state.Events.Add<FundingParamsUpdated>(EventType.FundingParamsUpdated, marketId);
        updated.Rules = command.Rules;
        return ResultCode.Accepted;
    }

    /// <summary>Charges one whole interval now; the timer goes on as it was.</summary>
    public ResultCode Force(ref readonly ForceFunding command)
    {
        if (command.MarketId < 1 || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        int marketId = (int)command.MarketId;
        if (state.Markets[marketId].IsSpot || state.Funding[marketId].Rules.IsOn == 0)
        {
            return ResultCode.FundingOff;
        }

        return Charge(marketId, state.TimeNs, forced: true);
    }

    /// <summary>An interval ends: it is charged or left out, and the next begins.</summary>
    public void End(int marketId, long endNs)
    {
        _ = Charge(marketId, endNs, forced: false);
        ref MarketFunding funding = ref state.Funding.Edit(marketId);
        funding.NextNs = endNs + funding.Rules.IntervalNs;
        state.Timers.Start(TimerKind.Funding, marketId, funding.NextNs);
    }

    /// <summary>A market has an index price: intervals begin, if it has funding and they have not begun yet.</summary>
    public static void Begin(ExchangeState state, int marketId)
    {
        ref MarketFunding funding = ref state.Funding.Edit(marketId);
        if (funding.Rules.IsOn != 0 && funding.NextNs == 0)
        {
            funding.NextNs = ((state.TimeNs / funding.Rules.IntervalNs) + 1) * funding.Rules.IntervalNs;
            state.Timers.Start(TimerKind.Funding, marketId, funding.NextNs);
        }
    }

    private ResultCode Charge(int marketId, long timeNs, bool forced)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        if (!MarketRules.Liquidates(market.State))
        {
            return ResultCode.MarketStateForbids;
        }

        long index = IndexAt(state, marketId, timeNs);
        if (market.HasMark == 0 || index == 0)
        {
            return ResultCode.IndexMissing;
        }

        ref MarketFunding funding = ref state.Funding.Edit(marketId);
        var rate = FundingRate.Of(market.MarkTicks, index, in funding.Rules);
        Int128 after = market.FundingIndexE8 + ((Int128)market.MarkTicks * rate.RateE8);
        if (Int128.Abs(after) > MostIndexE8 || !Widen(ref funding, in market, (long)after))
        {
            return ResultCode.Overflow;
        }

        funding.LastNs = timeNs;
        funding.LastRateE8 = rate.RateE8;
        funding.LastPremiumE8 = rate.PremiumE8;
        ref FundingUpdated updated = ref state.Events.Add<FundingUpdated>(EventType.FundingUpdated, marketId, EventFlags.None, (byte)(forced ? 1 : 0));
        updated.IntervalEndNs = timeNs;
        updated.RateE8 = rate.RateE8;
        updated.PremiumE8 = rate.PremiumE8;
        updated.MarkTicks = market.MarkTicks;
        updated.IndexTicks = index;
        updated.CumulativeE8 = (long)after;
        if (rate.RateE8 != 0)
        {
            Move(marketId, ref market, (long)after);
        }

        return ResultCode.Accepted;
    }

    /// <summary>The index price that an interval is charged by: of the feeds that are fresh then, or set by hand; 0: it is missing .</summary>
    public static long IndexAt(ExchangeState state, int marketId, long timeNs) => state.Prices[marketId].IsIndexByHand != 0
        ? state.Markets[marketId].IndexTicks
        : state.Prices[marketId].IndexAt(timeNs);

    /// <summary>Takes an index into what the market has seen since it had no position; false when positions could owe more than can be charged.</summary>
    private static bool Widen(ref MarketFunding funding, in Market market, long afterE8)
    {
        long low = Math.Min(afterE8, market.PositionLots == 0 ? market.FundingIndexE8 : funding.LowE8);
        long high = Math.Max(afterE8, market.PositionLots == 0 ? market.FundingIndexE8 : funding.HighE8);
        if ((Int128)market.PositionLots * market.TickValueUnits * ((Int128)high - low) / Rate.Scale > MostOwedUnits)
        {
            return false;
        }

        funding.LowE8 = low;
        funding.HighE8 = high;
        return true;
    }

    /// <summary>Sets the index, and has all looked at whom that concerns.</summary>
    private void Move(int marketId, ref Market market, long indexE8)
    {
        market.FundingIndexE8 = indexE8;
        LiquidationPrices.NoteFunding(ref market);
        bool isBeyond = LiquidationPrices.HasTiers(in market) && (indexE8 < market.KeysFromE8 || indexE8 > market.KeysToE8);
        if (isBeyond)
        {
            long reach = market.MarkTicks * KeyReachRate;
            (market.KeysFromE8, market.KeysToE8) = (indexE8 - reach, indexE8 + reach);
        }

        if (market.HasFunded == 0 || isBeyond)
        {
            // positions that no mark could make due are not in the index yet; with tiers another than was thought of may decide about one now
            market.HasFunded = 1;
            market.IndexCursor = 1;
        }

        state.AddDue(marketId);
        state.Records.QueueMarket(marketId);
    }
}
