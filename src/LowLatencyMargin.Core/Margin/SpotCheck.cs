using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>Whether what spot orders would hold and give away is there: before anything moves (docs/collateral.md).</summary>
public sealed class SpotCheck(ExchangeState state)
{
    private readonly Slab<Order> _orders = state.Orders;

    /// <summary>
    /// One order, in place of <paramref name="replaced"/> when it is a change. One that can rest must be covered by what it holds more; one that trades
    /// at once or not at all brings something for it.
    /// </summary>
    public ResultCode Check(
        MarginCheck marginCheck, int account, in Position position, in Market market, Side side, long limitTicks, long lots, int replaced,
        bool immediate, CollateralPurpose purpose)
    {
        OrderSums sums = position.Orders;
        if (replaced != 0)
        {
            ref readonly Order order = ref _orders[replaced];
            sums.Take(side, order.LeavesLots, order.LeavesLots * order.HoldTicks * market.TickValueUnits);
        }

        if (!Exact.TryNotional(lots, limitTicks, market.TickValueUnits, out long units))
        {
            return ResultCode.Overflow;
        }

        sums.Add(side, lots, limitTicks, units);
        Int128 brought = !immediate ? 0
            : side == Side.Buy ? (Int128)lots * market.LotUnits
            : units - Rate.OfRoundedUp(units, market.Parameters.TakerFeeRate);
        return Check(marginCheck, account, in position, in market, in sums, roundings: 0, brought, purpose);
    }

    /// <summary>
    /// The orders of a row as they would be; <paramref name="roundings"/> is how much more than the sum's the fees may be rounded up to, <paramref
    /// name="brought"/> what comes in for what is given.
    /// </summary>
    public ResultCode Check(
        MarginCheck marginCheck, int account, in Position position, in Market market, in OrderSums sums, int roundings, Int128 brought,
        CollateralPurpose purpose)
    {
        long pays = SpotSettlement.QuoteHold(sums.BuyHoldUnits, in market) + roundings - position.OrderMarginUnits;
        if (pays > 0 && pays > Wallets.Free(state, account, market.QuoteAsset))
        {
            return ResultCode.InsufficientBalance;
        }

        long free = Wallets.Free(state, account, market.BaseAsset) + position.ShareUnits;
        if (sums.SellLots > position.Orders.SellLots && sums.SellLots > (free < 0 ? 0 : free / market.LotUnits))
        {
            return ResultCode.InsufficientBalance;
        }

        if ((state.Accounts[account].Traits & AccountTraits.SpotOnly) != 0)
        {
            return ResultCode.Accepted;
        }

        long sold = (sums.SellLots * market.LotUnits) - position.ShareUnits;
        Int128 loss = Lost(account, market.QuoteAsset, pays, purpose) + Lost(account, market.BaseAsset, sold, purpose);
        if (loss > 0 && brought > 0)
        {
            loss -= Gained(account, pays > 0 ? market.BaseAsset : market.QuoteAsset, brought, purpose);
        }

        return loss > 0 && !marginCheck.IsCovered(account, (long)Int128.Min(loss, long.MaxValue), purpose)
            ? ResultCode.InsufficientMargin
            : ResultCode.Accepted;
    }

    /// <summary>What counts less when so many units more of an asset are held.</summary>
    private long Lost(int account, int asset, long units, CollateralPurpose purpose)
    {
        if (units <= 0)
        {
            return 0;
        }

        long counts = Counted(account, asset);
        return asset == Asset.CollateralId
            ? units
            : Collateral.Weighted(state, asset, counts, purpose) - Collateral.Weighted(state, asset, counts - units, purpose);
    }

    private long Gained(int account, int asset, Int128 units, CollateralPurpose purpose)
    {
        if (asset == Asset.CollateralId)
        {
            return (long)Int128.Min(units, Exact.MaxMoneyUnits);
        }

        long counts = Counted(account, asset);
        long with = (long)Int128.Min(counts + units, state.Assets[asset].ExternalUnits);
        return Collateral.Weighted(state, asset, with, purpose) - Collateral.Weighted(state, asset, counts, purpose);
    }

    private long Counted(int account, int asset)
    {
        ref readonly Balance balance = ref state.Balances[state.FindBalance(account, asset)];
        return balance.Units - balance.HoldUnits;
    }
}
