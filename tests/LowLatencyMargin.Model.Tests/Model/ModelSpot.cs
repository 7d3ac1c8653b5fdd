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
            ? row.QuoteHoldOf(others + notional) - row.QuoteHold - row.PromisedQuote
            : ((row.SellLots + lots - (replaced?.Leaves ?? 0)) * market.BaseUnitsPerLot) - row.BaseHold - row.PromisedBase;
        bool isMore = isBuy ? others + notional > row.BuyHold : lots > (replaced?.Leaves ?? 0);
        added = isMore ? added : 0;
        if (added.Sign > 0 && added > account.FreeOf(given.Id))
        {
            return ResultCode.InsufficientBalance;
        }

        if (row.IsSpotMargin && row.Account.HasMargin && CheckLoss(row, replaced, side, lots, limit) is { } refusal)
        {
            return refusal;
        }

        if (added.Sign <= 0 || row.HasOwnPurse)
        {
            return null;
        }

        Big counted = account.CountedUnits(given.Id);
        Big loss = given.Counted(counted, Purpose.Opening) - given.Counted(counted - added, Purpose.Opening);
        foreach (ModelRow other in account.LoanRows.Where(other => other != row && other.BaseCountsAlone && other.Market.BaseAsset == given.Id))
        {
            loss += other.BackedAtStart - Big.Min(other.BackedAtStart, other.LoanBacking - other.WorthUp(added));
        }

        if (row.HasLending)
        {
            loss -= CountedMore(row, given.Id, added, 0);
        }

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
    /// One trade: what orders hold follows, fees are cut to what there is for them, orders with auto-borrow borrow what they lack, then the maker's side moves
    /// and the taker's. A resting buyer's fee comes from what is free, from what its hold gives back when it meets its own account or borrows; an incoming one
    /// rounds over all that it has traded and leaves what its rest would hold.
    /// </summary>
    private void BookSpotFill(
        ModelRow taker, ModelOrder? incoming, ModelOrder maker, Side side, Big limit, Big quantity, long leaves, bool isLiquidation, Outcome outcome)
    {
        ModelRow row = maker.Row;
        ModelMarket market = row.Market;
        Big units = quantity * maker.Price * market.TickValue;
        int makerRate = market.RatesOf(row.Account, Now).MakerRate;
        CountVolume(row, units, market);
        int takerRate = market.RatesOf(taker.Account, Now).TakerRate;
        Big makerFee = Rounding.RateUp(units, Math.Max(0, makerRate));
        Big takerFee = Rounding.RateUp(units, takerRate);
        Big heldUnits = maker.Side == Side.Buy ? quantity * maker.Hold * market.TickValue : 0;
        Big released = row.QuoteHold;
        if (row.HasLending || maker.Borrows)
        {
            row.HoldForFill(maker.Borrows);
            released = row.QuoteHoldOf(row.BuyHold + heldUnits) - row.QuoteHoldOf(row.BuyHold);
        }
        else
        {
            row.Refresh();
            released -= row.QuoteHold;
        }

        if (incoming is not null)
        {
            incoming.Leaves = leaves;
        }

        if (maker.Side == Side.Buy)
        {
            Big most = maker.Borrows || row.Account == taker.Account ? released : row.Purse.FreeOf(market.QuoteAsset);
            makerFee = Big.Clamp(most - units, 0, makerFee);
        }
        else
        {
            takerFee = Big.Min(takerFee, Rounding.RateUp(_takenUnits + units, takerRate) - Rounding.RateUp(_takenUnits, takerRate));
            if (incoming is not { Borrows: true })
            {
                Big free = taker.Purse.FreeOf(market.QuoteAsset) - taker.QuoteHoldOf(leaves * limit * market.TickValue);
                takerFee = Big.Clamp(free - units, 0, takerFee);
            }
        }

        CoverFill(row, maker, quantity, units, makerFee, outcome);
        CoverFill(taker, incoming, quantity, units, takerFee, outcome);
        MoveFill(row, maker.Side, maker, quantity, units, makerFee, outcome);
        MoveFill(taker, side, incoming, quantity, units, takerFee, outcome);
        _takenUnits += units;
        if (!isLiquidation)
        {
            CountVolume(taker, units, market);
        }

        Big rebate = makerRate < 0 ? Big.Min(Rounding.RateDown(units, -makerRate), takerFee) : 0;
        row.Purse.Add(market.QuoteAsset, rebate);
        row.Fees -= rebate;
        RecordRebate(row, rebate);
        market.Receive(makerFee + takerFee - rebate);
        outcome.Fills.Add(new ModelFill(row.Account.Id, market.Id, maker.ClientId, maker.Leaves, makerFee - rebate, 0, IsTaker: false));
        outcome.Fills.Add(new ModelFill(taker.Account.Id, market.Id, incoming?.ClientId ?? 0, leaves, takerFee, 0, IsTaker: true));
    }

    /// <summary>R-1007: borrows exactly what a fill lacks.</summary>
    private void CoverFill(ModelRow row, ModelOrder? order, Big lots, Big units, Big fee, Outcome outcome)
    {
        if (order is not { Borrows: true })
        {
            return;
        }

        bool isBuy = order.Side == Side.Buy;
        long asset = isBuy ? row.Market.QuoteAsset : row.Market.BaseAsset;
        Big lacking = (isBuy ? units + fee : lots * row.Market.BaseUnitsPerLot) - row.Purse.FreeOf(asset);
        Big lent = Big.Min(lacking, Pools.GetValueOrDefault(asset)?.Liquidity ?? 0);
        if (lent.Sign > 0)
        {
            Grow(row, Pools[asset], lent, outcome);
        }
    }

    private void MoveFill(ModelRow row, Side side, ModelOrder? order, Big lots, Big units, Big fee, Outcome outcome)
    {
        ModelMarket market = row.Market;
        Big moved = lots * market.BaseUnitsPerLot;
        bool isBuy = side == Side.Buy;
        row.Purse.Add(market.QuoteAsset, isBuy ? -units - fee : units - fee);
        row.Purse.Add(market.BaseAsset, isBuy ? moved : -moved);
        long asset = isBuy ? market.BaseAsset : market.QuoteAsset;
        if (order is { Repays: true } && LoanOf(row, asset) is { } loan)
        {
            Big paid = Big.Min(Big.Min(isBuy ? moved : units - fee, loan.Owed), Positive(row.Purse.Units(asset)));
            if (paid.Sign > 0)
            {
                Pay(loan, paid, outcome);
            }
        }
    }
}
