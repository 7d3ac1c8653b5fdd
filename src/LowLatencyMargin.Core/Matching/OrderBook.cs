using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Matching;

/// <summary>The resting orders of one market by price and time. Knows prices and queues, not money.</summary>
public sealed class OrderBook : Rewindable, IDisposable
{
    private readonly Slab<Order> _orders;
    private readonly PriceLadder[] _ladders;

    /// <summary>An empty book.</summary>
    [ColdPath]
    public OrderBook(Slab<Order> orders, FarLevelStore farLevels, int ladderTicks)
        : base(farLevels.Undo, always: false)
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

    /// <summary>
    /// First of two hints for a command that will come soon: asks for the row of the order that it names. Hints change nothing; a wrong one costs a
    /// little time. On a book that is larger than the caches they are worth more than everything else, since what they ask for arrives while other
    /// commands are at work.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int slot) => _orders.Prefetch(slot);

    /// <summary>Second hint, a few commands later: asks for the order's level and its neighbours in the queue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchNeighbours(int slot)
    {
        ref readonly Order order = ref _orders[slot];
        _orders.Prefetch(order.Previous);
        _orders.Prefetch(order.Next);
        Of(order.Side).Prefetch(order.PriceTicks);
    }

    /// <summary>First hint for an order that will be put at a price: asks for its level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchLevel(Side side, long priceTicks) => Of(side).Prefetch(priceTicks);

    /// <summary>Second hint for it: asks for the last order of the level's queue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchTail(Side side, long priceTicks) => _orders.Prefetch(Of(side).NearTail(priceTicks));

    /// <summary>Puts an order at the end of the queue of its price.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enqueue(int slot)
    {
        ref Order order = ref _orders.Edit(slot);
        Enqueue(slot, ref order, Of(order.Side));
    }

    /// <summary>Takes an order out of its queue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dequeue(int slot)
    {
        ref Order order = ref _orders.Edit(slot);
        Dequeue(ref order, Of(order.Side));
    }

    /// <summary>Takes an order out of its queue and puts it at the end of that of another price.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move(int slot, ref Order order, long priceTicks, long holdTicks, Side side)
    {
        PriceLadder ladder = Of(side);
        Dequeue(ref order, ladder);
        order.SetPrice(priceTicks, holdTicks, side);
        Enqueue(slot, ref order, ladder);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Enqueue(int slot, ref Order order, PriceLadder ladder)
    {
        ref Level level = ref ladder.GetOrAdd(order.PriceTicks);
        int tail = level.Tail;
        order.Previous = tail;
        order.Next = 0;
        if (tail != 0)
        {
            _orders.Edit(tail).Next = slot;
        }
        else
        {
            level.Head = slot;
        }

        level.Tail = slot;
        level.Lots += order.LeavesLots;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Dequeue(ref Order order, PriceLadder ladder)
    {
        long priceTicks = order.PriceTicks;
        ref Level level = ref ladder.Edit(priceTicks);
        int previous = order.Previous;
        int next = order.Next;
        if (previous != 0)
        {
            _orders.Edit(previous).Next = next;
        }
        else
        {
            level.Head = next;
        }

        if (next != 0)
        {
            _orders.Edit(next).Previous = previous;
        }
        else
        {
            level.Tail = previous;
        }

        level.Lots -= order.LeavesLots;
        if ((previous | next) == 0)
        {
            ladder.Remove(priceTicks);
        }
    }

    /// <summary>
    /// Trades an incoming order with the best of the other side, in price-time order (R-1301), until its limit, its quantity or the work ends.
    /// </summary>
    /// <typeparam name="THandler">What stands behind the trades.</typeparam>
    public void Match<THandler>(ref IncomingOrder taker, ref THandler handler)
        where THandler : struct, IMatchHandler, allows ref struct
    {
        PriceLadder ladder = _ladders[1 - (int)taker.Side];
        while (taker.LeavesLots > 0 && ladder.IsCrossedBy(taker.LimitTicks) && handler.HasWork)
        {
            long ticks = ladder.BestTicks;
            ref Level level = ref ladder.Edit(ticks);
            bool goesOn = MatchLevel(ref taker, ref level, ticks, ref handler);
            if (level.Head == 0)
            {
                ladder.Remove(ticks);
            }

            if (!goesOn)
            {
                return;
            }
        }
    }

    /// <summary>Makes an order smaller where it stands.</summary>
    public void Reduce(int slot, long lots)
    {
        ref Order order = ref _orders.Edit(slot);
        order.LeavesLots -= lots;
        Of(order.Side).Edit(order.PriceTicks).Lots -= lots;
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

    internal override void Keep()
    {
        Bids.Close();
        Asks.Close();
    }

    internal override void Rewind()
    {
        Bids.Open();
        Asks.Open();
    }

    /// <summary>False when the incoming order has ended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MatchLevel<THandler>(ref IncomingOrder taker, ref Level level, long ticks, ref THandler handler)
        where THandler : struct, IMatchHandler, allows ref struct
    {
        while (level.Head != 0 && taker.LeavesLots > 0 && handler.HasWork)
        {
            int slot = level.Head;
            ref Order maker = ref _orders.Edit(slot);
            _orders.Prefetch(maker.Next);
            long lots = Math.Min(taker.LeavesLots, maker.LeavesLots);
            if (maker.IsSpecial || handler.MustExamine(in maker, in taker))
            {
                switch (handler.Examine(slot, ref maker, ref taker, ref level, ticks, ref lots))
                {
                    case MatchStep.PassOver:
                        level.Lots -= maker.LeavesLots;
                        Behead(ref level, ref maker);
                        handler.PassedOver(slot);
                        continue;
                    case MatchStep.Again:
                        continue;
                    case MatchStep.Stop:
                        return false;
                    default:
                        break;
                }
            }

            taker.LeavesLots -= lots;
            level.Lots -= lots;
            maker.LeavesLots -= lots;
            handler.Trade(slot, ref maker, ref taker, ticks, lots);
            if (maker.LeavesLots == 0)
            {
                Behead(ref level, ref maker);
                handler.Filled(slot);
            }
            else if (maker.IsSpecial && handler.Requeue(slot, ref maker))
            {
                MoveHeadToTail(ref level, slot, ref maker);
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Behead(ref Level level, ref Order head)
    {
        level.Head = head.Next;
        if (head.Next != 0)
        {
            _orders.Edit(head.Next).Previous = 0;
        }
        else
        {
            level.Tail = 0;
        }
    }

    private void MoveHeadToTail(ref Level level, int slot, ref Order head)
    {
        if (head.Next == 0)
        {
            return;
        }

        Behead(ref level, ref head);
        head.Previous = level.Tail;
        head.Next = 0;
        _orders.Edit(level.Tail).Next = slot;
        level.Tail = slot;
    }
}
