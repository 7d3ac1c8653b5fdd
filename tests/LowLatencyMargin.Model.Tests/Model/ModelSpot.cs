using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Spot orders: what they need, and what their fills move (docs/collateral.md).</summary>
internal sealed partial class ModelExchange
{
    /// <summary>Why an order can't be taken in, or null. The same for a changed order, whose old self is left out.</summary>
    private ResultCode? CheckSpot(ModelRow row, ModelOrder? replaced, Side side, Big lots, Big limit, bool rests)
    {
        ModelAccount account = row.Purse;
        ModelMarket market = row.Market;
        bool isBuy = side == Side.Buy;
        ModelAsset given = Asset(isBuy ? market.QuoteAsset : market.BaseAsset);
        ModelAsset brought = Asset(isBuy ? market.BaseAsset : market.QuoteAsset);
        Big notional = lots * limit * market.TickValue;
        Big others = row.Orders.Where(order => order.Side == Side.Buy && order != replaced)
            .Aggregate(Big.Zero, (sum, order) => sum + ((Big)order.Leaves * order.Price * market.TickValue));
        Big added = isBuy
            ? row.QuoteHoldOf(others + notional) - row.QuoteHold
            : (lots - (replaced?.Leaves ?? 0)) * market.BaseUnitsPerLot;
        if (added.Sign <= 0)
        {
            return null;
        }

        if (added > account.FreeOf(given.Id))
        {
            return ResultCode.InsufficientBalance;
        }

        Big counted = account.CountedUnits(given.Id);
        Big loss = given.Counted(counted, Purpose.Opening) - given.Counted(counted - added, Purpose.Opening);
        if (!rests)
        {
            Big there = account.CountedUnits(brought.Id);
            Big more = isBuy ? lots * market.BaseUnitsPerLot : notional - Rounding.RateUp(notional, market.Parameters.TakerFeeRate);
            // no more than there is of it
            more = brought.IsCollateral ? more : Positive(Big.Min(there + more, brought.External) - there);
            loss -= brought.Counted(there + more, Purpose.Opening) - brought.Counted(there, Purpose.Opening);
        }

        return account.HasMargin && loss.Sign > 0 && loss > account.Available ? ResultCode.InsufficientMargin : null;
    }

    /// <summary>
    /// Moves base and quote of one side of a fill. A buyer's fee takes no more than there is for it: a resting one pays from what is free, from what its
    /// hold gives back when it meets its own account; an incoming one rounds over all that it has traded and leaves what its rest would hold.
    /// </summary>
    private static Big SettleSpot(ModelRow row, Side side, Big lots, Big units, Big feeRate, SpotPart part)
    {
        ModelAccount account = row.Purse;
        ModelMarket market = row.Market;
        Big held = row.QuoteHold;
        row.Refresh();
        Big moved = lots * market.BaseUnitsPerLot;
        Big fee = Rounding.RateUp(units, feeRate);
        if (side == Side.Sell)
        {
            account.Add(market.BaseAsset, -moved);
            account.Add(market.QuoteAsset, units - fee);
            return fee;
        }

        Big free = part.IsOwn ? held - row.QuoteHold : account.FreeOf(market.QuoteAsset);
        if (part.IsTaker)
        {
            fee = Big.Min(fee, Rounding.RateUp(part.TradedUnits + units, feeRate) - Rounding.RateUp(part.TradedUnits, feeRate));
            free -= row.QuoteHoldOf(part.RestUnits);
        }

        fee = Big.Min(fee, Positive(free - units));
        account.Add(market.QuoteAsset, -units - fee);
        account.Add(market.BaseAsset, moved);
        return fee;
    }
}

/// <summary>What of a spot fill decides on a buyer's fee.</summary>
internal readonly record struct SpotPart(bool IsOwn, Big TradedUnits, Big RestUnits, bool IsTaker)
{
    public static SpotPart Maker(bool isOwn) => new(isOwn, 0, 0, IsTaker: false);
}
