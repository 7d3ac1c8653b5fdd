using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Pricing;

/// <summary>Mark and index price of each market. For now set by command; feeds, smoothing and funding come here.</summary>
public sealed class MarkPrices(ExchangeState state, MarketStates states, MarginSchedule margins)
{
    /// <summary>Sets a mark. Refused when what is open could not be valued at it exactly .</summary>
    public ResultCode Set(ref readonly SetMarkPrice command)
    {
        if (command.MarketId < 1 || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.PriceTicks is < 1 or > Exact.MaxPriceTicks)
        {
            return ResultCode.InvalidPrice;
        }

        ref Market market = ref state.Markets.Edit((int)command.MarketId);
        if (!Exact.TryNotional(market.RestingLots + market.PositionLots, command.PriceTicks, market.TickValueUnits, out _))
        {
            return ResultCode.Overflow;
        }

        if (market.PricedAsset != 0)
        {
            ref readonly Asset asset = ref state.Assets[market.PricedAsset];
            if (!Collateral.CanValue(in asset, asset.ExternalUnits, command.PriceTicks))
            {
                return ResultCode.Overflow;
            }
        }

        ref MarkPriceUpdated updated = ref state.Events.Add<MarkPriceUpdated>(EventType.MarkPriceUpdated, (int)command.MarketId);
        updated.PriceTicks = command.PriceTicks;
        updated.PreviousTicks = market.MarkTicks;
        market.MarkTicks = command.PriceTicks;
        market.IndexTicks = command.PriceTicks;
        market.HasMark = 1;
        state.AddDue((int)command.MarketId);
        if (market.PricedAsset != 0)
        {
            state.AddDueAsset(market.PricedAsset);
        }

        states.Watch((int)command.MarketId);
        if (market.Rates.IsDynamic != 0)
        {
            margins.FollowMark((int)command.MarketId);
        }

        state.NotePrice((int)command.MarketId, TriggerSource.Mark, command.PriceTicks);
        state.NotePrice((int)command.MarketId, TriggerSource.Index, command.PriceTicks);
        return ResultCode.Accepted;
    }

    /// <summary>Sets an index price.</summary>
    public ResultCode Set(ref readonly SetIndexPrice command)
    {
        if (command.MarketId < 1 || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.PriceTicks is < 1 or > Exact.MaxPriceTicks)
        {
            return ResultCode.InvalidPrice;
        }

        ref Market market = ref state.Markets.Edit((int)command.MarketId);
        ref MarkPriceUpdated updated = ref state.Events.Add<MarkPriceUpdated>(EventType.IndexPriceUpdated, (int)command.MarketId);
        updated.PriceTicks = command.PriceTicks;
        updated.PreviousTicks = market.IndexTicks;
        market.IndexTicks = command.PriceTicks;
        state.NotePrice((int)command.MarketId, TriggerSource.Index, command.PriceTicks);
        return ResultCode.Accepted;
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
}
