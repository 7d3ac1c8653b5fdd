using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Core.MarketData;

/// <summary>
/// What can be seen of one market's book: orders in queues, queues in levels, levels by price. A level that lost its last order stays until
/// <see cref="RemoveLevel"/>, so that whoever tells of levels can tell that it is gone.
/// </summary>
internal sealed class VisibleBook : IDisposable
{
    private readonly Rows<ShownOrder> _orders;
    private readonly Slab<ShownLevel> _levels;
    private readonly PriceLadder _bids;
    private readonly PriceLadder _asks;
    private readonly int _marketId;

    /// <summary>An empty book.</summary>
    [ColdPath]
    public VisibleBook(int marketId, ShownRows rows, int ladderTicks)
    {
        _marketId = marketId;
        _orders = rows.Orders;
        _levels = rows.Levels;
        _bids = new PriceLadder(highestIsBest: true, ladderTicks, rows.FarLevels);
        _asks = new PriceLadder(highestIsBest: false, ladderTicks, rows.FarLevels);
    }

    /// <summary>Orders shown.</summary>
    public int Orders { get; private set; }

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _bids.Bytes + _asks.Bytes;

    /// <summary>Levels of a side.</summary>
    public PriceLadder Of(Side side) => side == Side.Buy ? _bids : _asks;

    /// <summary>The row of the level at a price, 0 when there is none.</summary>
    public int FindLevel(Side side, long priceTicks)
    {
        PriceLadder ladder = Of(side);
        return ladder.Has(priceTicks) ? ladder.At(priceTicks).Head : 0;
    }

    /// <summary>The row of the level at a price, made if it isn't there; there must be room for it.</summary>
    public int GetOrAddLevel(Side side, long priceTicks)
    {
        ref Level place = ref Of(side).GetOrAdd(priceTicks);
        if (place.Head == 0)
        {
            int row = _levels.Allocate();
            Invariant.Assert(row != 0, "room for a level was made before");
            place.Head = row;
            ref ShownLevel level = ref _levels.Edit(row);
            level.PriceTicks = priceTicks;
            level.MarketId = _marketId;
            level.Side = side;
        }

        return place.Head;
    }

    /// <summary>Puts an order with price, side and shown lots at the end of the queue of its price.</summary>
    /// <returns>The level.</returns>
    public int Append(int row)
    {
        ref ShownOrder order = ref _orders.Edit(row);
        int levelRow = GetOrAddLevel(order.Side, order.PriceTicks);
        ref ShownLevel level = ref _levels.Edit(levelRow);
        order.Level = levelRow;
        order.Previous = level.Tail;
        order.Next = 0;
        if (level.Tail != 0)
        {
            _orders.Edit(level.Tail).Next = row;
        }
        else
        {
            level.Head = row;
        }

        level.Tail = row;
        level.Lots += order.ShownLots;
        level.Orders++;
        Orders++;
        return levelRow;
    }

    /// <summary>Lets an order show another quantity where it stands.</summary>
    /// <returns>The level.</returns>
    public int Change(int row, long shownLots)
    {
        ref ShownOrder order = ref _orders.Edit(row);
        _levels.Edit(order.Level).Lots += shownLots - order.ShownLots;
        order.ShownLots = shownLots;
        return order.Level;
    }

    /// <summary>Takes an order out of its queue.</summary>
    /// <returns>The level, which may be empty now.</returns>
    public int Take(int row)
    {
        ref ShownOrder order = ref _orders.Edit(row);
        ref ShownLevel level = ref _levels.Edit(order.Level);
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

        level.Lots -= order.ShownLots;
        level.Orders--;
        Orders--;
        return order.Level;
    }

    /// <summary>Takes out a level that shows nothing.</summary>
    public void RemoveLevel(int row)
    {
        ref readonly ShownLevel level = ref _levels[row];
        Of(level.Side).Remove(level.PriceTicks);
        _levels.Free(row);
    }

    /// <summary>Entries of a snapshot.</summary>
    public int Entries(BookContent content, int depth) => content == BookContent.Orders
        ? Orders
        : Math.Min(_bids.Count, depth) + Math.Min(_asks.Count, depth);

    /// <summary>Writes the next entries of a snapshot; the caller fills the beginning and sees to it that nothing changed in between.</summary>
    /// <returns>How many.</returns>
    public int Write(ref BookSnapshot snapshot, Span<Increment> into)
    {
        int written = 0;
        while (written < into.Length && !snapshot.IsWhole && MoveNext(ref snapshot))
        {
            ref Increment entry = ref into[written++];
            entry = default;
            entry.Header.Sequence = snapshot.Sequence;
            entry.Header.CommandSequence = snapshot.CommandSequence;
            entry.Header.Previous = ++snapshot.Written;
            entry.Header.MarketId = _marketId;
            entry.Header.Side = snapshot.Side;
            entry.Header.Flags = IncrementFlags.Snapshot | (snapshot.IsWhole ? IncrementFlags.Last : IncrementFlags.None);
            if (snapshot.Content == BookContent.Orders)
            {
                ref readonly ShownOrder order = ref _orders[snapshot.Row];
                entry.Header.Kind = IncrementKind.Order;
                entry.Order.OrderId = order.OrderId;
                entry.Order.PriceTicks = order.PriceTicks;
                entry.Order.Lots = order.ShownLots;
                entry.Order.Change = OrderChange.Add;
            }
            else
            {
                ref readonly ShownLevel level = ref _levels[snapshot.Row];
                entry.Header.Kind = IncrementKind.Level;
                entry.Level.PriceTicks = level.PriceTicks;
                entry.Level.Lots = level.Lots;
                entry.Level.Orders = level.Orders;
            }
        }

        return written;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bids.Dispose();
        _asks.Dispose();
    }

    /// <summary>Goes on to the next order or level of a snapshot.</summary>
    private bool MoveNext(ref BookSnapshot snapshot)
    {
        if (snapshot.Content == BookContent.Orders && snapshot.Row != 0 && _orders[snapshot.Row].Next != 0)
        {
            snapshot.Row = _orders[snapshot.Row].Next;
            return true;
        }

        PriceLadder ladder = Of(snapshot.Side);
        long ticks = snapshot.PriceTicks == 0 ? ladder.BestTicks : ladder.NextWorse(snapshot.PriceTicks);
        if (ticks == 0 || snapshot.LevelsOfSide == snapshot.LevelLimit)
        {
            if (snapshot.Side == Side.Sell)
            {
                return false;
            }

            snapshot.Side = Side.Sell;
            snapshot.LevelsOfSide = 0;
            ladder = _asks;
            ticks = ladder.BestTicks;
            if (ticks == 0)
            {
                return false;
            }
        }

        snapshot.PriceTicks = ticks;
        snapshot.LevelsOfSide++;
        int level = ladder.At(ticks).Head;
        snapshot.Row = snapshot.Content == BookContent.Orders ? _levels[level].Head : level;
        return true;
    }
}
