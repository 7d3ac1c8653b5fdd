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

        Big loss = LossOf(row, replaced, side, lots, limit) + Rounding.RateUp(lots * limit * market.TickValue, market.Parameters.TakerFeeRate);
        Big promised = isBuy ? row.PromisedQuote : row.PromisedBase;
        ResultCode? refusal = CanBorrow(row, asset, lacking, promised, loss);
        if (refusal is null && !row.HasOwnPurse && !CanDoWithout(row, asset, plain + own - (isBuy ? row.QuoteHold : row.BaseHold), Positive(lacking - promised)))
        {
            refusal = ResultCode.InsufficientMargin;
        }

        return refusal == ResultCode.UnknownPool ? ResultCode.BorrowUnavailable : refusal;
    }

    /// <summary>Cross: whether the rest of the account can do without what an order would hold more and ask for by what it is promised.</summary>
    private bool CanDoWithout(ModelRow row, long asset, Big held, Big promised)
    {
        Big counted = row.Account.CountedUnits(asset);
        Big lost = held.Sign <= 0 ? 0 : Asset(asset).Counted(counted, Purpose.Opening) - Asset(asset).Counted(counted - held, Purpose.Opening);
        Big asked = Rounding.RateUp(asset == row.Market.QuoteAsset ? promised : row.WorthUp(promised), row.InitialLevel - Rounding.Scale);
        lost += asked - CountedMore(row, asset, held, asked);
        return lost.Sign <= 0 || lost <= row.Account.Available;
    }

    /// <summary>What a row that holds so much more counts more against its own loans and promises.</summary>
    private static Big CountedMore(ModelRow row, long asset, Big held, Big asked)
    {
        Big worth = asset == row.Market.QuoteAsset ? held : row.BaseCountsAlone ? 0 : row.WorthDown(held);
        return Big.Min(row.LoanBacking + Positive(worth), row.AskedAtStart + asked) - row.BackedAtStart;
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
    private static ResultCode? CheckLoss(ModelRow row, ModelOrder? replaced, Side side, Big lots, Big limit)
    {
        Big loss = LossOf(row, replaced, side, lots, limit);
        if (loss.IsZero || !row.Owes)
        {
            return null;
        }

        loss += Rounding.RateUp(lots * limit * row.Market.TickValue, row.Market.Parameters.TakerFeeRate);
        return loss > row.LoanSlack - 1 ? ResultCode.InsufficientMargin : null;
    }

    /// <summary>What an order worse than the mark would lose with those that rest already.</summary>
    private static Big LossOf(ModelRow row, ModelOrder? replaced, Side side, Big lots, Big limit)
    {
        Big loss = WorseThanMark(row.Market, side, lots, limit);
        return loss.IsZero ? 0 : row.Orders.Where(order => order != replaced)
            .Aggregate(loss, (sum, order) => sum + WorseThanMark(row.Market, order.Side, order.Leaves, order.Price));
    }

    private static Big WorseThanMark(ModelMarket market, Side side, Big lots, Big price) =>
        market.Mark == 0 ? 0 : lots * Positive(side == Side.Buy ? price - market.Mark : market.Mark - price) * market.TickValue;
}
