using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Matching;

/// <summary>The resting orders of one market by price and time. Knows prices and queues, not money.</summary>
public sealed class OrderBook : IDisposable
{
    private readonly Slab<Order> _orders;
    private readonly PriceLadder[] _ladders;

    /// <summary>An empty book.</summary>
    [ColdPath]
    public OrderBook(Slab<Order> orders, FarLevelStore farLevels, int ladderTicks)
    {
        _orders = orders;
        Bids = new PriceLadder(highestIsBest: true, ladderTicks, farLevels);
        Asks = new PriceLadder(highestIsBest: false, ladderTicks, farLevels);
        _ladders = [Bids, Asks];
    }

    /// <summary>Buy side.</summary>
    public PriceLadder Bids { get; }

    /// <summary>Sell side.</summary>
    public PriceLadder Asks { get; }

    /// <summary>Address space in bytes.</summary>
    public long Bytes => Bids.Bytes + Asks.Bytes;

    /// <summary>The ladder of a side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PriceLadder Of(Side side) => _ladders[(int)side];

    /// <summary>Whether an order at this price would trade.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Crosses(Side side, long priceTicks) => _ladders[1 - (int)side].IsCrossedBy(priceTicks);

    /// <summary>Puts an order at the end of the queue of its price.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enqueue(int slot)
    {
        ref Order order = ref _orders.Edit(slot);
        ref Level level = ref Of(order.Side).GetOrAdd(order.PriceTicks);
        order.Previous = level.Tail;
        order.Next = 0;
        if (level.Tail != 0)
        {
            _orders.Edit(level.Tail).Next = slot;
        }
        else
        {
            level.Head = slot;
        }

        level.Tail = slot;
        level.Lots += order.LeavesLots;
    }

    /// <summary>Takes an order out of its queue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dequeue(int slot)
    {
        ref Order order = ref _orders.Edit(slot);
        PriceLadder ladder = Of(order.Side);
        ref Level level = ref ladder.At(order.PriceTicks);
        if (order.Previous != 0)
        {
            _orders.Edit(order.Previous).Next = order.Next;
        }
        else
        {
            level.Head = order.Next;
        }

        if (order.Next != 0)
        {
            _orders.Edit(order.Next).Previous = order.Previous;
        }
        else
        {
            level.Tail = order.Previous;
        }

        level.Lots -= order.LeavesLots;
        if (level.Head == 0)
        {
            ladder.Remove(order.PriceTicks);
        }
    }

    /// <summary>Makes an order smaller where it stands.</summary>
    public void Reduce(int slot, long lots)
    {
        ref Order order = ref _orders.Edit(slot);
        order.LeavesLots -= lots;
        Of(order.Side).At(order.PriceTicks).Lots -= lots;
    }

    /// <summary>Adds both ladders; the orders are hashed by their slab.</summary>
    public void AddTo(ref Hash128 hash)
    {
        Bids.AddTo(ref hash);
        Asks.AddTo(ref hash);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Bids.Dispose();
        Asks.Dispose();
    }
}
