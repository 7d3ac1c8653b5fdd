using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Orders that borrow and repay, and what orders of scopes that owe may lose (R-1007, R-1014), after docs/lending.md.</summary>
internal sealed partial class ModelExchange
{
    private const SideEffect AllEffects = SideEffect.Both | SideEffect.OwnFundsIfNone;

    private static void CheckEffect(SideEffect effect, ModelAccount account, ModelMarket market, Outcome outcome)
    {
        outcome.Refuse(ResultCode.MalformedCommand, (effect & ~AllEffects) != 0);
        outcome.Refuse(ResultCode.InvalidPair, effect != 0 && market.Kind != MarketKind.SpotMargin);
        outcome.Refuse(ResultCode.MarginDisabled, effect != 0 && !account.HasMargin);
        outcome.Refuse(ResultCode.InvalidCombination, effect.HasFlag(SideEffect.OwnFundsIfNone) && !effect.HasFlag(SideEffect.AutoBorrow));
    }

    private ResultCode? CheckSpotOrder(ModelRow row, ModelOrder? replaced, Side side, Big lots, Big limit, bool rests, SideEffect effect)
    {
        ModelMarket market = row.Market;
        if (!effect.HasFlag(SideEffect.AutoBorrow))
        {
            return CheckSpot(row, replaced, side, lots, limit, rests);
        }

        bool isBuy = side == Side.Buy;
        long asset = isBuy ? market.QuoteAsset : market.BaseAsset;
        IEnumerable<ModelOrder> others = row.Orders.Where(order => order.Side == side && order != replaced);
        Big of(IEnumerable<ModelOrder> orders) => orders.Aggregate(Big.Zero, (sum, order) => sum + (isBuy ? order.HoldNotional : order.Leaves));
        Big holdOf(Big sum) => isBuy ? row.QuoteHoldOf(sum) : sum * market.BaseUnitsPerLot;
        Big plain = holdOf(of(others.Where(order => !order.Borrows)));
        Big need = holdOf(of(others) + (isBuy ? lots * limit * market.TickValue : lots)) - plain;
        Big own = Positive(row.Purse.FreeOf(asset) + (isBuy ? row.QuoteHold : row.BaseHold) - plain);
        Big lacking = Positive(need - own);
        if (lacking.IsZero)
        {
            return CheckSpot(row, replaced, side, lots, limit, rests);
        }

        if (market.Mark == 0)
        {
            return ResultCode.NoReferencePrice;
        }

        Big worse = Positive(isBuy ? limit - market.Mark : market.Mark - limit);
        Big loss = (lots * worse * market.TickValue) + Rounding.RateUp(lots * limit * market.TickValue, market.Parameters.TakerFeeRate);
        ResultCode? refusal = CanBorrow(row, asset, lacking, isBuy ? row.PromisedQuote : row.PromisedBase, loss);
        return refusal == ResultCode.UnknownPool ? ResultCode.BorrowUnavailable : refusal;
    }

    /// <summary>R-1014: an order without auto-borrow, as far as own funds go.</summary>
    private long FallBack(ModelRow row, Side side, long quantity, Big limit, bool rests, Outcome outcome)
    {
        ModelMarket market = row.Market;
        Big free = Positive(row.Purse.FreeOf(side == Side.Buy ? market.QuoteAsset : market.BaseAsset));
        Big lots = Rounding.Down(free, market.BaseUnitsPerLot);
        if (side == Side.Buy)
        {
            lots = Rounding.Down(free, limit * market.TickValue);
            while (lots.Sign > 0 && row.QuoteHoldOf(lots * limit * market.TickValue) > free)
            {
                lots -= Big.Max(1, Rounding.Down(row.QuoteHoldOf(lots * limit * market.TickValue) - free, 2 * limit * market.TickValue));
            }
        }

        lots = Big.Min(quantity, lots);
        if (lots.IsZero)
        {
            return quantity;
        }

        outcome.Refusals.Clear();
        if (CheckSpot(row, null, side, lots, limit, rests) is { } refusal)
        {
            outcome.Refuse(refusal, when: true);
        }

        return (long)lots;
    }

    /// <summary>In a scope that owes an order that trades worse than the mark loses at most what is left above the level of liquidation.</summary>
    private static ResultCode? CheckLoss(ModelRow row, Side side, Big lots, Big limit)
    {
        ModelMarket market = row.Market;
        Big worse = Positive(side == Side.Buy ? limit - market.Mark : market.Mark - limit);
        if (market.Mark == 0 || worse.IsZero || !row.Owes)
        {
            return null;
        }

        Big loss = (lots * worse * market.TickValue) + Rounding.RateUp(lots * limit * market.TickValue, market.Parameters.TakerFeeRate);
        return loss > row.LoanSlack - 1 ? ResultCode.InsufficientMargin : null;
    }
}
