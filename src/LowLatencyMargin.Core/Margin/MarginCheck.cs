using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>What a new or changed order would lead to at worst, against what there is: before anything moves .</summary>
public sealed class MarginCheck(ExchangeState state)
{
    /// <summary>What the order margin of the row becomes if the order just checked rests whole.</summary>
    public long OrderMarginUnits { get; private set; }

    /// <summary>What the last refused check needed, for the reject.</summary>
    public long RequiredUnits { get; private set; }

    /// <summary>What it found.</summary>
    public long AvailableUnits { get; private set; }

    /// <summary>
    /// Checks an order of <paramref name="lots"/> at <paramref name="limitTicks"/> at worst, in place of <paramref name="replaced"/> when it is a
    /// change. Orders that add risk must be covered by available margin, with the loss against the mark that filling at the limit would be;
    /// orders that only reduce need no margin, but may not leave the scope below its maintenance requirement.
    /// </summary>
    public ResultCode Check(int account, int index, int marketId, Side side, long limitTicks, long lots, int replaced)
    {
        ref readonly Market market = ref state.Markets[marketId];
        ref readonly Position position = ref state.Positions[index];
        ref readonly Account owner = ref state.Accounts[account];
        long tickValue = market.TickValueUnits;
        long holdTicks = HoldTicks(side, limitTicks, in market);
        if (!Exact.TryNotional(lots, holdTicks, tickValue, out long holdUnits)
            || !Exact.TryNotional(market.RestingLots + market.PositionLots + lots, ValuedAt(holdTicks, in market), tickValue, out _)
            || market.CommittedUnits + holdUnits > Exact.MaxNotionalUnits)
        {
            return ResultCode.Overflow;
        }

        bool offset = market.Parameters.OffsetPosition != 0;
        OrderSums sums = position.Orders;
        long excessBefore = sums.ExcessLots(side, position.SizeLots, offset);
        if (replaced != 0)
        {
            ref readonly Order order = ref state.Orders[replaced];
            sums.Take(side, order.LeavesLots, order.LeavesLots * order.HoldTicks * tickValue);
        }

        sums.Add(side, lots, holdTicks, holdUnits);
        long excess = sums.ExcessLots(side, position.SizeLots, offset);
        long margin = Requirements.OrderMargin(in position, in sums, in market);
        OrderMarginUnits = margin;
        long adverseTicks = market.MarkTicks == 0 ? 0 : side == Side.Buy ? limitTicks - market.MarkTicks : market.MarkTicks - limitTicks;
        long loss = adverseTicks <= 0 ? 0 : lots * adverseTicks * tickValue;
        if (excess > excessBefore || margin > position.OrderMarginUnits || (excess > 0 && loss > 0))
        {
            return CheckAdding(in owner, account, in position, in market, side, lots, limitTicks, margin, loss);
        }

        return loss == 0 ? ResultCode.Accepted : CheckReducing(account, in position, in market, lots, holdUnits, loss);
    }

    /// <summary>The price at which margin is held: the limit, for sells the mark if that is higher .</summary>
    public static long HoldTicks(Side side, long limitTicks, in Market market) =>
        side == Side.Buy ? limitTicks : Math.Max(limitTicks, market.MarkTicks);

    /// <summary>Equity less initial and order margin of the cross scope; below zero when it is over-committed .</summary>
    public long Available(int account)
    {
        AccountFigures figures = AccountFigures.Of(state, account);
        return figures.EquityUnits - figures.InitialMarginUnits - state.Accounts[account].PoolHoldUnits;
    }

    /// <summary>The highest price that lots of this market may have to be valued at before the next command is checked.</summary>
    private static long ValuedAt(long holdTicks, in Market market) =>
        Math.Max(holdTicks, market.HasMark != 0 ? market.MarkTicks : market.CeilingTicks);

    private ResultCode CheckAdding(
        in Account owner, int account, in Position position, in Market market, Side side, long lots, long limitTicks, long margin, long loss)
    {
        bool isolated = position.IsIsolated != 0;
        long required = isolated ? Settlement.PoolHold(in position, margin, in market) - position.PoolHoldUnits : margin - position.OrderMarginUnits + loss;
        if (required > 0)
        {
            long available = owner.CrossOpen == 0 ? owner.BalanceUnits - owner.PoolHoldUnits : Available(account);
            if (required > available)
            {
                return Refuse(required, available);
            }
        }

        return isolated && loss > 0 ? CheckIsolatedLoss(in position, in market, side, lots, limitTicks, loss) : ResultCode.Accepted;
    }

    /// <summary>An isolated position that fills at the limit must start above its maintenance requirement: only its own margin stands behind it.</summary>
    private ResultCode CheckIsolatedLoss(in Position position, in Market market, Side side, long lots, long limitTicks, long loss)
    {
        long signed = side == Side.Buy ? lots : -lots;
        bool adds = position.SizeLots == 0 || (position.SizeLots > 0) == (signed > 0);
        long opened = adds ? lots : Math.Max(0, lots - position.AbsoluteLots);
        long cost = Requirements.Notional(opened, limitTicks, in market);
        long drawn = Rate.OfRoundedUp(cost, Requirements.InitialRate(side == Side.Sell, position.LeverageRate, in market));
        long size = adds ? position.AbsoluteLots + lots : opened;
        long equity = adds && position.SizeLots != 0
            ? position.MarginUnits + Requirements.UnrealizedPnl(in position, in market) + drawn - loss
            : drawn - Exact.MultiplyDivideUp(loss, opened, lots);
        long requirement = Requirements.Requirement(size, (adds ? position.EntryCostUnits : 0) + cost, in market);
        return equity < requirement ? Refuse(requirement, equity) : ResultCode.Accepted;
    }

    private ResultCode CheckReducing(int account, in Position position, in Market market, long lots, long holdUnits, long loss)
    {
        long before = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
        long left = Math.Max(0, position.AbsoluteLots - lots);
        long costLeft = left == 0 ? 0 : Exact.MultiplyDivideUp(position.EntryCostUnits, left, position.AbsoluteLots);
        long after = Requirements.Requirement(left, costLeft, in market);
        long charges = loss + Rate.OfRoundedUp(holdUnits, market.Parameters.TakerFeeRate);
        long equity;
        if (position.IsIsolated != 0)
        {
            equity = position.MarginUnits + Requirements.UnrealizedPnl(in position, in market) - charges;
        }
        else
        {
            AccountFigures figures = AccountFigures.Of(state, account);
            equity = figures.EquityUnits - charges;
            after += figures.RequirementUnits - before;
        }

        return equity < after ? Refuse(after, equity) : ResultCode.Accepted;
    }

    private ResultCode Refuse(long required, long available)
    {
        RequiredUnits = required;
        AvailableUnits = available;
        return ResultCode.InsufficientMargin;
    }
}
