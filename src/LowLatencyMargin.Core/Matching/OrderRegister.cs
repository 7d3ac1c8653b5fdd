using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Timers;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// Which orders are open: the list of each position, client ids, terms, links, timers and counts, from the moment an order rests or waits until
/// it ends and is remembered.
/// </summary>
public sealed class OrderRegister(ExchangeState state)
{
    private readonly Slab<Order> _orders = state.Orders;
    private readonly Slab<Position> _positions = state.Positions;

    /// <summary>Lists an order that rests or waits.</summary>
    public void List(int slot, ref Order order, ref Position position)
    {
        order.NextOfPosition = position.FirstOrder;
        if (position.FirstOrder != 0)
        {
            _orders.Edit(position.FirstOrder).PreviousOfPosition = slot;
        }

        position.FirstOrder = slot;
        position.OpenOrders++;
        state.RestingOrders++;
        if (order.ClientOrderId != 0)
        {
            state.ClientOrderIds.Add(HashOf(in order, in position), slot);
        }

        if (order.Has(OrderMarks.ReduceOnly | OrderMarks.MakerProtected | OrderMarks.Expires))
        {
            Guard(slot, in order, ref position);
        }
    }

    /// <summary>Ends a listed order: it is unlisted, remembered, and its row given back.</summary>
    public void End(int slot, OrderStatus status)
    {
        ref Order order = ref _orders.Edit(slot);
        ref Position position = ref _positions.Edit(order.Position);
        if (order.PreviousOfPosition != 0)
        {
            _orders.Edit(order.PreviousOfPosition).NextOfPosition = order.NextOfPosition;
        }
        else
        {
            position.FirstOrder = order.NextOfPosition;
        }

        if (order.NextOfPosition != 0)
        {
            _orders.Edit(order.NextOfPosition).PreviousOfPosition = order.PreviousOfPosition;
        }

        position.OpenOrders--;
        state.RestingOrders--;
        if (order.ClientOrderId != 0)
        {
            state.ClientOrderIds.Remove(HashOf(in order, in position), slot);
        }

        if (order.Has(OrderMarks.ReduceOnly | OrderMarks.MakerProtected | OrderMarks.Expires))
        {
            Unguard(slot, in order, ref position);
        }

        Forget(slot, status);
    }

    /// <summary>Remembers an order that ended and gives its row back; it was never listed, or is no more.</summary>
    public void Forget(int slot, OrderStatus status)
    {
        ref Order order = ref _orders.Edit(slot);
        if (state.RecentOrders.IsOn)
        {
            Remember(slot, in order, status);
        }

        if (order.Terms != 0)
        {
            Unlink(slot);
            state.OrderTerms.Free(order.Terms);
        }

        state.FreeOrder(slot);
    }

    /// <summary>Links two orders of which one cancels the other; both have rows of terms afterwards.</summary>
    public void Link(int slot, int other)
    {
        TermsOf(slot).Linked = other;
        TermsOf(other).Linked = slot;
        Mark(slot);
        Mark(other);
    }

    /// <summary>
    /// An order has traded or was triggered: the one it is linked with is to be cancelled before the command ends, and does not trade before.
    /// </summary>
    public void DoomLinked(int slot)
    {
        ref Order order = ref _orders.Edit(slot);
        int other = order.Terms == 0 ? 0 : state.OrderTerms[order.Terms].Linked;
        if (other == 0)
        {
            return;
        }

        Unlink(slot);
        ref Order doomed = ref _orders.Edit(other);
        doomed.SetMarks(doomed.Marks | OrderMarks.Linked);
        state.OrderTerms.Edit(doomed.Terms).IsDoomed = 1;
        state.QueueAftermath(AftermathKind.LinkedOrder, Order.IdOf(other, doomed.Generation));
    }

    /// <summary>The row of terms of an order, made if it has none; room was checked before.</summary>
    public ref OrderTermsRow TermsOf(int slot)
    {
        ref Order order = ref _orders.Edit(slot);
        if (order.Terms == 0)
        {
            int row = state.OrderTerms.Allocate();
            Invariant.Assert(row != 0, "room for terms was checked before");
            order.SetTerms(row);
        }

        return ref state.OrderTerms.Edit(order.Terms);
    }

    private void Remember(int slot, in Order order, OrderStatus status)
    {
        ref readonly Position position = ref _positions[order.Position];
        uint clientHash = order.ClientOrderId == 0 ? 0 : HashOf(in order, in position);
        ref RecentOrder ended = ref state.RecentOrders.Add(Order.IdOf(slot, order.Generation), order.ClientOrderId, clientHash);
        ended.QuantityLots = order.QuantityLots;
        ended.LeavesLots = order.LeavesLots;
        ended.Account = position.Account;
        ended.Market = position.Market;
        ended.Status = status != OrderStatus.Filled && order.Has(OrderMarks.Triggered) ? OrderStatus.Triggered : status;
    }

    private void Unlink(int slot)
    {
        ref Order order = ref _orders.Edit(slot);
        ref OrderTermsRow terms = ref state.OrderTerms.Edit(order.Terms);
        if (terms.Linked == 0)
        {
            return;
        }

        ref Order other = ref _orders.Edit(terms.Linked);
        other.SetMarks(other.Marks & ~OrderMarks.Linked);
        state.OrderTerms.Edit(other.Terms).Linked = 0;
        order.SetMarks(order.Marks & ~OrderMarks.Linked);
        terms.Linked = 0;
    }

    private void Mark(int slot)
    {
        ref Order order = ref _orders.Edit(slot);
        order.SetMarks(order.Marks | OrderMarks.Linked);
    }

    private void Guard(int slot, in Order order, ref Position position)
    {
        ref TradingGuard guard = ref state.TradingGuards.Edit(order.Position);
        if (order.Has(OrderMarks.ReduceOnly))
        {
            guard.ReduceOnlyOrders++;
            position.Guards |= Guards.ReduceOnly;
        }

        guard.ProtectedOrders += order.Has(OrderMarks.MakerProtected) ? 1 : 0;
        if (order.Has(OrderMarks.Expires))
        {
            state.Timers.Start(TimerKind.OrderExpiry, slot, state.OrderTerms[order.Terms].ExpiresNs);
        }
    }

    private void Unguard(int slot, in Order order, ref Position position)
    {
        ref TradingGuard guard = ref state.TradingGuards.Edit(order.Position);
        if (order.Has(OrderMarks.ReduceOnly) && --guard.ReduceOnlyOrders == 0)
        {
            position.Guards &= ~Guards.ReduceOnly;
        }

        guard.ProtectedOrders -= order.Has(OrderMarks.MakerProtected) ? 1 : 0;
        guard.StopLossOrder = guard.StopLossOrder == slot ? 0 : guard.StopLossOrder;
        guard.TakeProfitOrder = guard.TakeProfitOrder == slot ? 0 : guard.TakeProfitOrder;
        if (order.Has(OrderMarks.Expires))
        {
            state.Timers.Stop(TimerKind.OrderExpiry, slot);
        }
    }

    private uint HashOf(in Order order, in Position position) =>
        ClientOrderIds.HashOf(state.Limits.HashSeed, position.Account, order.ClientOrderId);
}
