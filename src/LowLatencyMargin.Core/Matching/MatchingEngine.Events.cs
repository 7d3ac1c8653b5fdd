using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Matching;

/// <summary>What is told of orders and their fills.</summary>
public sealed partial class MatchingEngine
{
    /// <summary>The event of a change, and the terms behind it for a waiting order or an iceberg.</summary>
    public void AddAmended(int slot)
    {
        ref readonly Order order = ref _orders[slot];
        bool waits = order.Has(OrderMarks.Waiting);
        AddOrderEvent(
            EventType.OrderAmended, slot, waits ? EventFlags.Waiting : EventFlags.None, EventHeader.DetailOf(order.Side, OrderFlagsOf(order.Marks)));
        if (waits || order.Has(OrderMarks.Iceberg))
        {
            AddTermsEvent(slot);
        }
    }

    /// <summary>An event that tells how an order stands.</summary>
    public void AddOrderEvent(EventType type, int slot, EventFlags flags, byte detail)
    {
        ref readonly Order order = ref _orders[slot];
        AddOrderEvent(type, slot, in order, in _positions[order.Position], flags, detail);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddOrderEvent(EventType type, int slot, ref readonly Order order, ref readonly Position position, EventFlags flags, byte detail)
    {
        ref OrderChanged changed = ref _events.Add<OrderChanged>(type, position.Market, flags, detail);
        changed.AccountId = position.Account;
        changed.OrderId = Order.IdOf(slot, order.Generation);
        changed.ClientOrderId = order.ClientOrderId;
        changed.PriceTicks = order.PriceTicks;
        changed.QuantityLots = order.QuantityLots;
        changed.LeavesLots = order.LeavesLots;
    }

    private static OrderFlags OrderFlagsOf(OrderMarks marks) => (OrderFlags)(marks & OrderMarks.Requested);

    private ref Fill AddFill(EventFlags flags, Side side, int index, long orderId, long clientOrderId, long leavesLots, long feeUnits, long pnlUnits)
    {
        ref readonly Position position = ref _positions[index];
        ref Fill fill = ref _events.Add<Fill>(EventType.Fill, position.Market, flags, (byte)side);
        fill.AccountId = position.Account;
        fill.OrderId = orderId;
        fill.ClientOrderId = clientOrderId;
        fill.LeavesLots = leavesLots;
        fill.FeeUnits = feeUnits;
        fill.RealizedPnlUnits = pnlUnits;
        return ref fill;
    }

    private void AddTermsEvents(int slot)
    {
        ref readonly Order order = ref _orders[slot];
        if (order.Has(OrderMarks.Waiting | OrderMarks.Expires | OrderMarks.Iceberg))
        {
            AddTermsEvent(slot);
        }

        int linked = _state.OrderTerms[order.Terms].Linked;
        if (linked != 0)
        {
            ref readonly Position position = ref _positions[order.Position];
            ref OrdersLinked link = ref _events.Add<OrdersLinked>(EventType.OrdersLinked, position.Market);
            link.AccountId = position.Account;
            link.OrderId = Order.IdOf(slot, order.Generation);
            link.OtherOrderId = Order.IdOf(linked, _orders[linked].Generation);
        }
    }

    private void AddTermsEvent(int slot)
    {
        ref readonly Order order = ref _orders[slot];
        ref readonly OrderTermsRow terms = ref _state.OrderTerms[order.Terms];
        ref OrderTermsSet set = ref _events.Add<OrderTermsSet>(
            EventType.OrderTermsSet, _positions[order.Position].Market, EventFlags.None, TriggerDetail.Of(terms.Kind, terms.Source));
        set.OrderId = Order.IdOf(slot, order.Generation);
        set.TriggerTicks = terms.TriggerTicks;
        set.ActivationTicks = terms.IsTrailing && terms.TriggerTicks == 0 ? terms.BestTicks : 0;
        set.Trail = terms.Trail;
        set.ExpiresNs = terms.ExpiresNs;
        set.DisplayLots = order.Has(OrderMarks.Iceberg) ? terms.DisplayLots : 0;
    }
}
