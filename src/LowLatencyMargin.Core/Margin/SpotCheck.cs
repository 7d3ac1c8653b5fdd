using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>Whether what spot orders would hold and give away is there: before anything moves (docs/collateral.md).</summary>
public sealed class SpotCheck(ExchangeState state, MarginCheck marginCheck)
{
    private readonly Slab<Order> _orders = state.Orders;

    /// <summary>One order, in place of <paramref name="replaced"/> when it is a change.</summary>
    public ResultCode Check(int account, in Position position, in Market market, Side side, long limitTicks, long lots, int replaced)
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
        return Check(account, in position, in market, in sums, side == Side.Sell ? lots : 0, side == Side.Sell ? units : 0, 0);
    }

    /// <summary>
    /// The orders of a row as they would be; <paramref name="soldLots"/> and <paramref name="soldUnits"/> are what new sells would give away and bring,
    /// <paramref name="roundings"/> how many fees may be rounded up besides the sum's.
    /// </summary>
    public ResultCode Check(
        int account, in Position position, in Market market, in OrderSums sums, long soldLots, long soldUnits, int roundings)
    {
        long pays = SpotSettlement.QuoteHold(sums.BuyHoldUnits, in market) + roundings - position.OrderMarginUnits;
        if (pays > 0 && pays > Wallets.Free(state, account, market.QuoteAsset))
        {
            return ResultCode.InsufficientBalance;
        }

        long free = Wallets.Free(state, account, market.BaseAsset) + position.ShareUnits;
        if (soldLots > 0 && sums.SellLots > (free < 0 ? 0 : free / market.LotUnits))
        {
            return ResultCode.InsufficientBalance;
        }

        return (state.Accounts[account].Traits & AccountTraits.SpotOnly) != 0
            ? ResultCode.Accepted
            : marginCheck.CheckGiven(account, in market, pays, soldLots, soldUnits);
    }
}
