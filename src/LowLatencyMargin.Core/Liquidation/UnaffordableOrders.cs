using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>
/// Cancels isolated orders that can't be paid for any more, the newest first: those that their position could not bear, and those whose
/// hold the pool does not cover. Bounded by the command's work; one is cancelled whatever work is left, however many that are spared come before it.
/// </summary>
public sealed class UnaffordableOrders(ExchangeState state, Settlement settlement, MatchingEngine matching)
{
    /// <summary>Orders of a position's own side, until it could bear those that are left; false when the command's work does not suffice.</summary>
    public bool CancelOfPosition(int index)
    {
        bool hasCancelled = false;
        int slot = state.Positions[index].FirstOrder;
        while (slot != 0 && IsUnbearable(index))
        {
            if (state.WorkLeft == 0 && hasCancelled)
            {
                return false;
            }

            slot = CancelUnless(slot, !Grows(slot), ref hasCancelled);
        }

        return true;
    }

    /// <summary>Isolated orders of an account, until its pool covers what is left of their holds; false when the command's work does not suffice.</summary>
    public bool CancelOfPool(int account)
    {
        bool hasCancelled = false;
        int index = state.Accounts[account].FirstPosition;
        while (index != 0)
        {
            int next = state.Positions[index].Next;
            if (!CancelUncovered(index, Side.Buy, ref hasCancelled) || !CancelUncovered(index, Side.Sell, ref hasCancelled))
            {
                return false;
            }

            index = next;
        }

        index = state.Accounts[account].FirstPosition;
        bool cancels = index != 0 && IsShort(account);
        while (index != 0 && IsShort(account))
        {
            int next = state.Positions[index].Next;
            int slot = state.Positions[index].IsIsolated == 0 ? 0 : state.Positions[index].FirstOrder;
            while (slot != 0 && state.Positions[index].PoolHoldUnits != 0 && IsShort(account))
            {
                if (state.WorkLeft == 0 && hasCancelled)
                {
                    return false;
                }

                slot = CancelUnless(slot, !Holds(slot), ref hasCancelled);
            }

            index = next;
        }

        if (cancels)
        {
            // what ended positions bring back is in the prices of the others
            settlement.TouchPool(account);
        }

        return true;
    }

    /// <summary>Orders with auto-borrow that neither own funds nor promises of pools cover any more.</summary>
    private bool CancelUncovered(int index, Side side, ref bool hasCancelled)
    {
        int slot = state.ScopeOf[index] == 0 ? 0 : state.Positions[index].FirstOrder;
        while (slot != 0 && state.ScopeOf[index] != 0)
        {
            ref readonly Position position = ref state.Positions[index];
            if (!LoanOrders.IsUncovered(in position, in state.MarginScopes[state.ScopeOf[index]], in state.Markets[position.Market], side))
            {
                break;
            }

            if (state.WorkLeft == 0 && hasCancelled)
            {
                return false;
            }

            ref readonly Order order = ref state.Orders[slot];
            bool borrows = order.Has(OrderMarks.Loans) && (state.OrderTerms[order.Terms].Effect & SideEffect.AutoBorrow) != 0;
            slot = CancelUnless(slot, !borrows || order.Side != side, ref hasCancelled);
        }

        return true;
    }

    /// <summary>Whether the pool of an account lacks what its isolated orders hold of it, or would be liquidated without that.</summary>
    public bool IsShort(int account)
    {
        long held = settlement.IsolatedHolds(account);
        if (held == 0)
        {
            return false;
        }

        ref readonly Account owner = ref state.Accounts[account];
        AccountFigures figures = AccountFigures.Of(state, account);
        figures.EquityUnits -= held;
        return held > Wallets.Pool(state, account) || (owner.CrossOpen != 0 && figures.IsLiquidatable);
    }

    private bool IsUnbearable(int index)
    {
        ref readonly Position position = ref state.Positions[index];
        return IsolatedOrders.AreUnaffordable(in position, in state.Markets[position.Market]);
    }

    /// <summary>Whether an order would make its position larger.</summary>
    private bool Grows(int slot)
    {
        ref readonly Order order = ref state.Orders[slot];
        return order.Side == Side.Buy == state.Positions[order.Position].SizeLots > 0;
    }

    /// <summary>Whether orders of its side hold margin.</summary>
    private bool Holds(int slot)
    {
        ref readonly Order order = ref state.Orders[slot];
        ref readonly Position position = ref state.Positions[order.Position];
        position.Orders.Left(position.SizeLots, in state.Markets[position.Market], out long buys, out long sells);
        return (order.Side == Side.Buy ? buys : sells) != 0;
    }

    /// <summary>Cancels an order unless it is spared, waits or is reduce-only; the next older one.</summary>
    private int CancelUnless(int slot, bool isSpared, ref bool hasCancelled)
    {
        state.Spend(1);
        ref readonly Order order = ref state.Orders[slot];
        int next = order.NextOfPosition;
        if (!isSpared && !order.Has(OrderMarks.Waiting | OrderMarks.ReduceOnly))
        {
            matching.Cancel(slot, CancelReason.Unaffordable);
            hasCancelled = true;
        }

        return next;
    }
}
