using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.MarketData;

/// <summary>
/// What each event does to the visible book. At most one order is on its way in at a time; it rests when something comes that shows its
/// matching to be over: another order's arrival, a trade that isn't its own, or the end of the command. Removals and decreases of other orders don't
/// wait for that, they come to the same either way.
/// </summary>
public sealed partial class BookFeed
{
    private void Dispatch<TSink>(ref readonly EventSlot slot, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        switch (slot.Header.Type)
        {
            case EventType.Trade:
                OnTrade(in EventSlot.As<Trade>(in slot), ref sink);
                break;
            case EventType.Fill:
                OnFill(in EventSlot.As<Fill>(in slot), ref sink);
                break;
            case EventType.OrderAccepted:
                OnAccepted(in EventSlot.As<OrderChanged>(in slot), ref sink);
                break;
            case EventType.OrderCancelled:
                OnCancelled(in EventSlot.As<OrderChanged>(in slot), ref sink);
                break;
            case EventType.OrderAmended:
                OnAmended(in EventSlot.As<OrderChanged>(in slot), ref sink);
                break;
            case EventType.OrderTermsSet:
                ref readonly OrderTermsSet terms = ref EventSlot.As<OrderTermsSet>(in slot);
                _orders.Edit(Row(terms.OrderId)).DisplayLots = terms.DisplayLots;
                break;
            case EventType.OrderTriggered:
                OnTriggered(in EventSlot.As<OrderTriggered>(in slot), ref sink);
                break;
            case EventType.OrderRefilled:
                OnRefilled(in EventSlot.As<OrderRefilled>(in slot), ref sink);
                break;
            case EventType.MarketListed:
            case EventType.MarkPriceUpdated:
            case EventType.IndexPriceUpdated:
            case EventType.MarketStateChanged:
                OnMarket(in slot, MarketOf(in slot.Header), ref sink);
                break;
            default:
                break;
        }
    }

    private void OnMarket<TSink>(ref readonly EventSlot slot, int marketId, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        ref MarketStatus status = ref _statuses.Edit(marketId);
        switch (slot.Header.Type)
        {
            case EventType.MarketListed:
                List(marketId);
                break;
            case EventType.MarkPriceUpdated:
                // the index goes with the mark; when it is set by itself its own event says so
                status.MarkTicks = EventSlot.As<MarkPriceUpdated>(in slot).PriceTicks;
                status.IndexTicks = status.MarkTicks;
                break;
            case EventType.IndexPriceUpdated:
                status.IndexTicks = EventSlot.As<MarkPriceUpdated>(in slot).PriceTicks;
                break;
            default:
                status.State = EventSlot.As<MarketStateChanged>(in slot).State;
                break;
        }

        _ = Book(marketId);
        _output.Next(marketId, IncrementKind.Status, Side.Buy, ref sink).Status = status;
    }

    private void OnAccepted<TSink>(ref readonly OrderChanged accepted, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        Rest(ref sink);
        int row = Order.SlotOf(accepted.OrderId);
        ref ShownOrder order = ref _orders.Edit(row);
        Invariant.Assert(order.Stage == OrderStage.None, "an accepted order's row is in use");
        AssertQuantity(accepted.LeavesLots);
        order.OrderId = accepted.OrderId;
        order.PriceTicks = accepted.PriceTicks;
        order.LeavesLots = accepted.LeavesLots;
        order.MarketId = MarketOf(in accepted.Header);
        order.Side = accepted.Header.Side;
        order.IsImmediate = (byte)((accepted.Header.Flags & EventFlags.Immediate) != 0 ? 1 : 0);
        order.IsHidden = (byte)((accepted.Header.OrderFlags & OrderFlags.Hidden) != 0 ? 1 : 0);
        if ((accepted.Header.Flags & EventFlags.Waiting) != 0)
        {
            order.Stage = OrderStage.Waiting;
        }
        else
        {
            order.Stage = OrderStage.Incoming;
            _incoming = row;
        }
    }

    private void OnTriggered<TSink>(ref readonly OrderTriggered triggered, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        Rest(ref sink);
        int row = Row(triggered.OrderId);
        ref ShownOrder order = ref _orders.Edit(row);
        Invariant.Assert(order.Stage == OrderStage.Waiting, "a triggered order was not waiting");
        Invariant.Assert(triggered.QuantityLots is >= 0 and <= Exact.MaxQuantityLots, "a quantity that there can't be");
        order.PriceTicks = triggered.PriceTicks;
        order.LeavesLots = triggered.QuantityLots;
        order.Stage = OrderStage.Incoming;
        _incoming = row;
    }

    private void OnAmended<TSink>(ref readonly OrderChanged amended, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        int row = Row(amended.OrderId);
        ref ShownOrder order = ref _orders.Edit(row);
        AssertQuantity(amended.LeavesLots);
        bool rests = order.Stage is OrderStage.Shown or OrderStage.Hidden;
        if (rests && (amended.PriceTicks != order.PriceTicks || amended.LeavesLots > order.LeavesLots))
        {
            Rest(ref sink);
            if (order.Stage == OrderStage.Shown)
            {
                Take(row, ref sink);
            }

            order.Stage = OrderStage.Incoming;
            _incoming = row;
        }

        order.PriceTicks = amended.PriceTicks;
        order.LeavesLots = amended.LeavesLots;
        if (order.Stage == OrderStage.Shown && order.ShownLots > amended.LeavesLots)
        {
            Change(row, amended.LeavesLots, ref sink);
        }
    }

    private void OnCancelled<TSink>(ref readonly OrderChanged cancelled, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        int row = Row(cancelled.OrderId);
        if (_orders[row].Stage == OrderStage.Shown)
        {
            Take(row, ref sink);
        }

        Free(row);
    }

    private void OnTrade<TSink>(ref readonly Trade trade, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        bool liquidation = (trade.Header.Flags & EventFlags.Liquidation) != 0;
        if (_incoming != 0 && (liquidation || trade.TakerOrderId != _orders[_incoming].OrderId))
        {
            Rest(ref sink);
        }

        AssertQuantity(trade.QuantityLots);
        _tradedLots = trade.QuantityLots;
        ref Increment print = ref _output.Next(MarketOf(in trade.Header), IncrementKind.Trade, trade.Header.Side, ref sink);
        print.Header.Flags = liquidation ? IncrementFlags.Liquidation : IncrementFlags.None;
        print.Trade.TradeId = trade.TradeId;
        print.Trade.PriceTicks = trade.PriceTicks;
        print.Trade.Lots = trade.QuantityLots;
    }

    private void OnFill<TSink>(ref readonly Fill fill, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        bool taker = (fill.Header.Flags & EventFlags.Taker) != 0;
        if (taker && (fill.Header.Flags & EventFlags.Liquidation) != 0)
        {
            return;
        }

        int row = Row(fill.OrderId);
        ref ShownOrder order = ref _orders.Edit(row);
        Invariant.Assert(order.LeavesLots - _tradedLots == fill.LeavesLots, "a fill leaves something else than the order had");
        order.LeavesLots = fill.LeavesLots;
        if (taker)
        {
            Invariant.Assert(order.Stage == OrderStage.Incoming, "a taker is not on its way in");
        }
        else if (order.Stage == OrderStage.Shown)
        {
            TakeShown(row, ref order, ref sink);
        }
        else
        {
            Invariant.Assert(order.Stage == OrderStage.Hidden, "a maker does not rest");
        }

        if (fill.LeavesLots == 0)
        {
            Free(row);
        }
    }

    /// <summary>A trade takes from what a resting order shows; of an iceberg that shows nothing any more, the next part comes later.</summary>
    private void TakeShown<TSink>(int row, ref ShownOrder order, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        Invariant.Assert(order.ShownLots >= _tradedLots, "more traded than was shown");
        if (order.ShownLots > _tradedLots)
        {
            Change(row, order.ShownLots - _tradedLots, ref sink);
            return;
        }

        Take(row, ref sink);
        order.Stage = OrderStage.Refilling;
    }

    private void OnRefilled<TSink>(ref readonly OrderRefilled refilled, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        int row = Row(refilled.OrderId);
        ref ShownOrder order = ref _orders.Edit(row);
        Invariant.Assert(order.Stage == OrderStage.Refilling && order.LeavesLots == refilled.LeavesLots, "an order refills that shows something");
        Append(row, refilled.ShownLots, ref sink);
    }

    /// <summary>Lets the order that is on its way in rest.</summary>
    private void Rest<TSink>(ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        int row = _incoming;
        if (row == 0)
        {
            return;
        }

        _incoming = 0;
        ref ShownOrder order = ref _orders.Edit(row);
        Invariant.Assert(order.IsImmediate == 0 && order.PriceTicks > 0 && order.LeavesLots > 0, "an order that can't rest did not end");
        if (order.IsHidden != 0)
        {
            order.Stage = OrderStage.Hidden;
            return;
        }

        Append(row, order.DisplayLots == 0 ? order.LeavesLots : Math.Min(order.DisplayLots, order.LeavesLots), ref sink);
    }

    private void Append<TSink>(int row, long shownLots, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        if (!_levels.HasRoom)
        {
            // levels that this command emptied are in the way: tell of them now, and they are gone
            TellLevels(ref sink);
        }

        ref ShownOrder order = ref _orders.Edit(row);
        Invariant.Assert(order.PriceTicks is > 0 and <= Exact.MaxPriceTicks, "an order rests at a price that there can't be");
        Invariant.Assert(shownLots > 0 && shownLots <= order.LeavesLots, "an order shows nothing, or more than it has");
        order.ShownLots = shownLots;
        order.Stage = OrderStage.Shown;
        Touch(Book(order.MarketId).Append(row));
        TellOrder(in order, OrderChange.Add, shownLots, ref sink);
    }

    private void Change<TSink>(int row, long shownLots, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        ref ShownOrder order = ref _orders.Edit(row);
        Touch(Book(order.MarketId).Change(row, shownLots));
        TellOrder(in order, OrderChange.Change, shownLots, ref sink);
    }

    private void Take<TSink>(int row, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        ref ShownOrder order = ref _orders.Edit(row);
        Touch(Book(order.MarketId).Take(row));
        TellOrder(in order, OrderChange.Remove, 0, ref sink);
    }

    private void TellOrder<TSink>(ref readonly ShownOrder order, OrderChange change, long shownLots, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        ref Increment increment = ref _output.Next(order.MarketId, IncrementKind.Order, order.Side, ref sink);
        increment.Order.OrderId = order.OrderId;
        increment.Order.PriceTicks = order.PriceTicks;
        increment.Order.Lots = shownLots;
        increment.Order.Change = change;
    }

    private void Touch(int level)
    {
        ref ShownLevel row = ref _levels.Edit(level);
        if (row.IsTouched == 0)
        {
            row.IsTouched = 1;
            _touched.Edit(_touchedCount++) = level;
        }
    }

    /// <summary>
    /// One increment for each level that is not what it was when the command began, in the order in which they were touched: in this order a book
    /// told by level is never crossed on the way.
    /// </summary>
    private void TellLevels<TSink>(ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        for (int i = 0; i < _touchedCount; i++)
        {
            int row = _touched[i];
            ref ShownLevel level = ref _levels.Edit(row);
            level.IsTouched = 0;
            if (level.Lots != level.PublishedLots || level.Orders != level.PublishedOrders)
            {
                level.PublishedLots = level.Lots;
                level.PublishedOrders = level.Orders;
                ref Increment increment = ref _output.Next(level.MarketId, IncrementKind.Level, level.Side, ref sink);
                increment.Level.PriceTicks = level.PriceTicks;
                increment.Level.Lots = level.Lots;
                increment.Level.Orders = level.Orders;
            }

            if (level.Orders == 0)
            {
                Book(level.MarketId).RemoveLevel(row);
            }
        }

        _touchedCount = 0;
    }

    private static void AssertQuantity(long lots) =>
        Invariant.Assert(lots is > 0 and <= Exact.MaxQuantityLots, "a quantity that there can't be");

    private int Row(long orderId)
    {
        int row = Order.SlotOf(orderId);
        Invariant.Assert(row != 0 && _orders[row].OrderId == orderId, "event of an order that is not open");
        return row;
    }

    private void Free(int row)
    {
        if (_incoming == row)
        {
            _incoming = 0;
        }

        _orders.Edit(row) = default;
    }
}
