using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.MatchingBenchmark;

/// <summary>
/// The exchange's order book with nothing behind it but reports: no accounts, no money. Rows, queues, ladders and the matching loop are those
/// of the exchange; here are the map from the workload's order ids to rows, and the order of the reports.
/// </summary>
public sealed class MatchingSession : IDisposable
{
    // Enough messages ahead for a line to come from memory at each step, few enough that it is not pushed out again.
    private const int IdDistance = 18;
    private const int RowDistance = 12;
    private const int NeighbourDistance = 6;

    private readonly Slab<Order> _orders;
    private readonly FarLevelStore _farLevels;
    private readonly NativeArray<int> _slots;

    /// <summary>An empty book.</summary>
    /// <param name="maxOrders">Order ids are below this.</param>
    /// <param name="ladderTicks">Ticks around the best price that are found by address, a power of two; others are found in a tree.</param>
    public MatchingSession(int maxOrders, int ladderTicks)
    {
        _orders = new Slab<Order>(maxOrders);
        _farLevels = new FarLevelStore(maxOrders);
        _slots = new NativeArray<int>(maxOrders);
        Book = new OrderBook(_orders, _farLevels, ladderTicks);

        // the pages of the id map are met in no order: taken now, not one by one while messages wait
        _slots.Clear(0, maxOrders);
    }

    /// <summary>The book.</summary>
    public OrderBook Book { get; }

    /// <summary>Resting orders.</summary>
    public int RestingOrders => _orders.Count;

    /// <summary>Processes messages in their order.</summary>
    public void ApplyAll<TSink>(ReadOnlySpan<Message> messages, ref TSink sink)
        where TSink : struct, IReportSink
    {
        for (int i = 0; i < messages.Length; i++)
        {
            Apply(in messages[i], ref sink);
        }
    }

    /// <summary>
    /// Processes messages in their order, and meanwhile asks for the memory that the next ones will need: place in the id map first, a few messages
    /// later the row, then its neighbours. Hints change nothing but the time; where everything is in the caches they cost a little.
    /// </summary>
    public void ApplyAhead<TSink>(ReadOnlySpan<Message> messages, ref TSink sink)
        where TSink : struct, IReportSink
    {
        for (int i = 0; i < messages.Length; i++)
        {
            if (i + IdDistance < messages.Length)
            {
                PrefetchId(in messages[i + IdDistance]);
                PrefetchRow(in messages[i + RowDistance]);
                PrefetchNeighbours(in messages[i + NeighbourDistance]);
            }

            Apply(in messages[i], ref sink);
        }
    }

    /// <summary>Does what one message asks for and reports it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TSink>(ref readonly Message message, ref TSink sink)
        where TSink : struct, IReportSink
    {
        switch (message.Type)
        {
            case MessageType.New:
                Place(in message, ref sink);
                break;
            case MessageType.Cancel:
                Cancel(in message, ref sink);
                break;
            case MessageType.Reduce:
                Reduce(in message, ref sink);
                break;
            default:
                Modify(in message, ref sink);
                break;
        }
    }

    /// <summary>Lots at a price.</summary>
    public long LotsAt(Side side, long priceTicks)
    {
        PriceLadder ladder = Book.Of(side);
        return priceTicks is > 0 and <= Exact.MaxPriceTicks && ladder.Has(priceTicks) ? ladder.At(priceTicks).Lots : 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Book.Dispose();
        _slots.Dispose();
        _farLevels.Dispose();
        _orders.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SlotOf(ulong orderId) => orderId < (ulong)_slots.Length ? _slots[(int)orderId] : 0;

    private void Place<TSink>(ref readonly Message message, ref TSink sink)
        where TSink : struct, IReportSink
    {
        Invariant.Assert(message.PriceTicks is > 0 and <= Exact.MaxPriceTicks, "a price within the range of the book");
        int slot = _orders.Allocate();
        Invariant.Assert(slot != 0, "room for the order");
        ref Order order = ref _orders.Edit(slot);
        order.SetPrice(message.PriceTicks, 0, (Side)message.Side);
        order.LeavesLots = message.QuantityLots;
        order.QuantityLots = message.QuantityLots;
        order.ClientOrderId = (long)message.OrderId;
        sink.Next().SetOrder(
            ReportType.OrderAck, message.Side, message.Sequence, message.OrderId, message.PriceTicks, message.QuantityLots);
        sink.Written();
        if (Book.Crosses((Side)message.Side, message.PriceTicks))
        {
            order.LeavesLots = Match(in message, (Side)message.Side, ref sink);
        }

        if (order.LeavesLots > 0 && message.IsImmediate == 0)
        {
            _slots.Edit((int)message.OrderId) = slot;
            Book.Enqueue(slot);
            return;
        }

        if (order.LeavesLots > 0)
        {
            sink.Next().SetOrder(ReportType.CancelAck, message.Side, message.Sequence, message.OrderId, message.PriceTicks, 0);
            sink.Written();
        }

        _orders.Free(slot);
    }

    private void Cancel<TSink>(ref readonly Message message, ref TSink sink)
        where TSink : struct, IReportSink
    {
        int slot = SlotOf(message.OrderId);
        if (slot == 0)
        {
            sink.Next().SetOrder(ReportType.CancelReject, 0, message.Sequence, message.OrderId, 0, 0);
            sink.Written();
            return;
        }

        ref readonly Order order = ref _orders[slot];
        sink.Next().SetOrder(ReportType.CancelAck, (byte)order.Side, message.Sequence, message.OrderId, order.PriceTicks, 0);
        sink.Written();
        Book.Dequeue(slot);
        _slots.Edit((int)message.OrderId) = 0;
        _orders.Free(slot);
    }

    private void Modify<TSink>(ref readonly Message message, ref TSink sink)
        where TSink : struct, IReportSink
    {
        int slot = SlotOf(message.OrderId);
        if (slot == 0)
        {
            sink.Next().SetOrder(ReportType.ModifyReject, 0, message.Sequence, message.OrderId, 0, 0);
            sink.Written();
            return;
        }

        Invariant.Assert(message.PriceTicks is > 0 and <= Exact.MaxPriceTicks, "a price within the range of the book");
        Book.Dequeue(slot);
        ref Order order = ref _orders.Edit(slot);
        Side side = order.Side;
        order.SetPrice(message.PriceTicks, 0, side);
        order.QuantityLots = message.QuantityLots;
        order.LeavesLots = message.QuantityLots;
        if (Book.Crosses(side, message.PriceTicks))
        {
            order.LeavesLots = Match(in message, side, ref sink);
        }

        if (order.LeavesLots > 0)
        {
            Book.Enqueue(slot);
        }
        else
        {
            _slots.Edit((int)message.OrderId) = 0;
            _orders.Free(slot);
        }

        sink.Next().SetOrder(ReportType.ModifyAck, (byte)side, message.Sequence, message.OrderId, message.PriceTicks, message.QuantityLots);
        sink.Written();
    }

    /// <summary>A reduction by all that is left cancels.</summary>
    private void Reduce<TSink>(ref readonly Message message, ref TSink sink)
        where TSink : struct, IReportSink
    {
        int slot = SlotOf(message.OrderId);
        if (slot == 0 || _orders[slot].LeavesLots <= message.QuantityLots)
        {
            Cancel(in message, ref sink);
            return;
        }

        Book.Reduce(slot, message.QuantityLots);
        ref readonly Order order = ref _orders[slot];
        sink.Next().SetOrder(
            ReportType.ModifyAck, (byte)order.Side, message.Sequence, message.OrderId, order.PriceTicks, (ulong)order.LeavesLots);
        sink.Written();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe void PrefetchId(ref readonly Message message)
    {
        if (Sse.IsSupported && message.OrderId < (ulong)_slots.Length)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref _slots.Edit((int)message.OrderId)));
        }
    }

    // No branches on what kind of message it is, for those would be guessed wrong: a cancel has anything for price and side, and asks in vain.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrefetchRow(ref readonly Message message)
    {
        Book.Prefetch(SlotOf(message.OrderId));
        Book.PrefetchLevel((Side)(message.Side & 1), message.PriceTicks);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrefetchNeighbours(ref readonly Message message)
    {
        Book.PrefetchNeighbours(SlotOf(message.OrderId));
        Book.PrefetchTail((Side)(message.Side & 1), message.PriceTicks);
    }

    /// <summary>Trades an order with the other side; returns what is left of it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long Match<TSink>(ref readonly Message message, Side side, ref TSink sink)
        where TSink : struct, IReportSink
    {
        var taker = new IncomingOrder
        {
            Side = side,
            LimitTicks = message.PriceTicks,
            LeavesLots = message.QuantityLots,
            ClientOrderId = (long)message.OrderId,
        };
        var handler = new ReportingHandler<TSink>(this, message.Sequence, ref sink);
        Book.Match(ref taker, ref handler);
        return taker.LeavesLots;
    }

    /// <summary>Reports trades and gives back the rows of makers that have filled.</summary>
    private readonly ref struct ReportingHandler<TSink>(MatchingSession session, ulong sequence, ref TSink sink) : IMatchHandler
        where TSink : struct, IReportSink
    {
        private readonly MatchingSession _session = session;
        private readonly ulong _sequence = sequence;
        private readonly ref TSink _sink = ref sink;

        /// <summary>There is no limit of work here.</summary>
        public bool HasWork => true;

        public bool MustExamine(in Order maker, in IncomingOrder taker) => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Trade(int slot, ref Order maker, ref IncomingOrder taker, long ticks, long lots)
        {
            _sink.Next().SetTrade(_sequence, ticks, (ulong)lots, (ulong)maker.ClientOrderId, (ulong)taker.ClientOrderId);
            _sink.Written();
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Filled(int slot)
        {
            _session._slots.Edit((int)_session._orders[slot].ClientOrderId) = 0;
            _session._orders.Free(slot);
        }

        // No order here has marks, so none is looked closer at.
        public MatchStep Examine(int slot, ref Order maker, ref IncomingOrder taker, ref Level level, long ticks, ref long lots) => MatchStep.Trade;

        public bool Requeue(int slot, ref Order maker) => false;

        public void PassedOver(int slot) => Filled(slot);
    }
}
