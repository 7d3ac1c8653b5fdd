using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.MarketData;

/// <summary>
/// The visible book of one market as a consumer keeps it: a snapshot, and the increments behind it. Says when one is missing, and is no book
/// then until the next snapshot.
/// </summary>
public sealed class BookView : IDisposable
{
    private const int Kinds = 8;

    private readonly ShownRows _rows;
    private readonly Rows<ShownOrder> _orders;
    private readonly Slab<ShownLevel> _levels;
    private readonly VisibleBook _book;
    private readonly LongMap _rowOf;
    private readonly NativeArray<long> _lastOfKind;
    private readonly int _capacity;
    private readonly bool _filtered;
    private MarketStatus _status;
    private int _free;
    private int _used;
    private int _entries;
    private long _loaded;
    private bool _isPart;

    /// <summary>A view that waits for its first snapshot.</summary>
    /// <param name="marketId">Market; increments of others are passed over.</param>
    /// <param name="orders">Room: the most orders, or levels, that it will hold.</param>
    /// <param name="filtered">
    /// True when kinds are left out on the way. A missing increment is then seen when the next one of its kind comes, otherwise with the next one.
    /// </param>
    /// <param name="ladderTicks">Window of prices that are found at once.</param>
    [ColdPath]
    public BookView(int marketId, int orders, bool filtered = false, int ladderTicks = PriceLadder.MinWindowTicks)
    {
        MarketId = marketId;
        _capacity = orders;
        _filtered = filtered;
        _rows = new ShownRows(orders);
        _orders = _rows.Orders;
        _levels = _rows.Levels;
        _book = new VisibleBook(marketId, _rows, ladderTicks);
        _rowOf = new LongMap(orders);
        _lastOfKind = new NativeArray<long>(Kinds);
    }

    /// <summary>The market.</summary>
    public int MarketId { get; }

    /// <summary>Whether it can be read.</summary>
    public ViewState State { get; private set; }

    /// <summary>What the last snapshot held: whether orders or levels alone are known.</summary>
    public BookContent Content { get; private set; }

    /// <summary>Number of the last increment that is in it.</summary>
    public long Sequence { get; private set; }

    /// <summary>State and reference prices of the market.</summary>
    public MarketStatus Status => _status;

    /// <summary>Orders it shows; 0 when levels alone are known.</summary>
    public int Orders => _book.Orders;

    /// <summary>The best price of a side, 0 when it is empty.</summary>
    public long BestTicks(Side side) => _book.Of(side).BestTicks;

    /// <summary>The next price behind one that is there, 0 when there is none.</summary>
    public long NextWorse(Side side, long priceTicks) => _book.Of(side).NextWorse(priceTicks);

    /// <summary>What a price shows: lots, and how many orders they are.</summary>
    public long LotsAt(Side side, long priceTicks, out int orders)
    {
        int row = _book.FindLevel(side, priceTicks);
        ref readonly ShownLevel level = ref _levels[row];
        orders = row == 0 ? 0 : level.Orders;
        return row == 0 ? 0 : level.Lots;
    }

    /// <summary>The order that stands first at a price, to go on with <see cref="NextInQueue"/>; 0: none.</summary>
    public int FirstInQueue(Side side, long priceTicks)
    {
        int row = _book.FindLevel(side, priceTicks);
        return row == 0 ? 0 : _levels[row].Head;
    }

    /// <summary>The order behind one; 0: none.</summary>
    public int NextInQueue(int row) => _orders[row].Next;

    /// <summary>An order by the row that <see cref="FirstInQueue"/> or <see cref="NextInQueue"/> gave.</summary>
    public OrderIncrement OrderAt(int row)
    {
        ref readonly ShownOrder order = ref _orders[row];
        return new OrderIncrement { OrderId = order.OrderId, PriceTicks = order.PriceTicks, Lots = order.ShownLots, Change = OrderChange.Add };
    }

    /// <summary>Takes the next increment or the next slot of a snapshot.</summary>
    public ViewOutcome Apply(ref readonly Increment increment)
    {
        if (increment.Header.MarketId != MarketId)
        {
            return ViewOutcome.OtherMarket;
        }

        if ((increment.Header.Flags & IncrementFlags.Snapshot) != 0)
        {
            return Load(in increment);
        }

        if (State != ViewState.Live)
        {
            return ViewOutcome.NotLive;
        }

        ref long last = ref _lastOfKind.Edit((int)increment.Header.Kind & (Kinds - 1));
        long sequence = increment.Header.Sequence;
        if (sequence <= last)
        {
            return ViewOutcome.Repeated;
        }

        if (increment.Header.Previous > last || sequence <= Sequence || (!_filtered && sequence != Sequence + 1))
        {
            return Lose(ViewOutcome.Gap);
        }

        last = sequence;
        Sequence = sequence;
        ViewOutcome outcome = increment.Header.Kind switch
        {
            IncrementKind.Order => Content == BookContent.Orders ? ApplyOrder(in increment) : ViewOutcome.Applied,
            IncrementKind.Level => Content == BookContent.Orders ? Compare(in increment) : ApplyLevel(in increment),
            IncrementKind.Trade => ViewOutcome.Applied,
            IncrementKind.Status => ApplyStatus(in increment),
            _ => ViewOutcome.Diverged,
        };
        return outcome == ViewOutcome.Applied ? outcome : Lose(outcome);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _book.Dispose();
        _rows.Dispose();
        _rowOf.Dispose();
        _lastOfKind.Dispose();
    }

    private ViewOutcome Lose(ViewOutcome why)
    {
        State = ViewState.Lost;
        return why;
    }

    private ViewOutcome Load(ref readonly Increment slot)
    {
        if (slot.Header.Kind == IncrementKind.Snapshot)
        {
            if (slot.Snapshot.Content > BookContent.Levels || slot.Snapshot.Entries < 0)
            {
                return Lose(ViewOutcome.Diverged);
            }

            Clear();
            Sequence = slot.Header.Sequence;
            Content = slot.Snapshot.Content;
            _entries = slot.Snapshot.Entries;
            _loaded = 0;
            _status = new MarketStatus { MarkTicks = slot.Snapshot.MarkTicks, IndexTicks = slot.Snapshot.IndexTicks, State = slot.Snapshot.State };
            _isPart = slot.Snapshot.Depth != 0;
            State = ViewState.Loading;
        }
        else
        {
            if (State != ViewState.Loading)
            {
                return ViewOutcome.NotLive;
            }

            if (slot.Header.Sequence != Sequence || slot.Header.Previous != _loaded + 1)
            {
                return Lose(ViewOutcome.Gap);
            }

            _loaded++;
            ViewOutcome outcome = Content == BookContent.Orders && slot.Header.Kind == IncrementKind.Order ? ApplyOrder(in slot)
                : Content == BookContent.Levels && slot.Header.Kind == IncrementKind.Level ? ApplyLevel(in slot)
                : ViewOutcome.Diverged;
            if (outcome != ViewOutcome.Applied)
            {
                return Lose(outcome);
            }
        }

        if (_loaded == _entries)
        {
            State = _isPart ? ViewState.Part : ViewState.Live;
            for (int kind = 0; kind < Kinds; kind++)
            {
                _lastOfKind.Edit(kind) = Sequence;
            }
        }

        return ViewOutcome.Applied;
    }

    private ViewOutcome ApplyOrder(ref readonly Increment increment)
    {
        ref readonly OrderIncrement told = ref increment.Order;
        if (told.OrderId <= 0)
        {
            return ViewOutcome.Diverged;
        }

        int row = _rowOf.Find(told.OrderId);
        return told.Change switch
        {
            OrderChange.Add => row == 0 ? Add(in increment) : ViewOutcome.Diverged,
            OrderChange.Change => row == 0 || !IsQuantity(told.Lots) ? ViewOutcome.Diverged : Resize(row, told.Lots),
            OrderChange.Remove => row == 0 ? ViewOutcome.Diverged : Remove(row),
            _ => ViewOutcome.Diverged,
        };
    }

    private ViewOutcome Add(ref readonly Increment increment)
    {
        if (_rowOf.Count == _capacity)
        {
            return ViewOutcome.Full;
        }

        if (!IsPrice(increment.Order.PriceTicks) || !IsQuantity(increment.Order.Lots))
        {
            return ViewOutcome.Diverged;
        }

        int row = _free;
        if (row == 0)
        {
            row = ++_used;
        }
        else
        {
            _free = _orders[row].Next;
        }

        ref ShownOrder order = ref _orders.Edit(row);
        order.OrderId = increment.Order.OrderId;
        order.PriceTicks = increment.Order.PriceTicks;
        order.ShownLots = increment.Order.Lots;
        order.Side = increment.Header.Side;
        _rowOf.Add(order.OrderId, row);
        _ = _book.Append(row);
        return ViewOutcome.Applied;
    }

    private ViewOutcome Resize(int row, long lots)
    {
        _ = _book.Change(row, lots);
        return ViewOutcome.Applied;
    }

    private ViewOutcome Remove(int row)
    {
        int level = _book.Take(row);
        if (_levels[level].Orders == 0)
        {
            _book.RemoveLevel(level);
        }

        _rowOf.Remove(_orders[row].OrderId);
        _orders.Edit(row) = default;
        _orders.Edit(row).Next = _free;
        _free = row;
        return ViewOutcome.Applied;
    }

    /// <summary>A view that knows orders has the level already: the increment must say the same.</summary>
    private ViewOutcome Compare(ref readonly Increment increment)
    {
        if (!IsPrice(increment.Level.PriceTicks))
        {
            return ViewOutcome.Diverged;
        }

        long lots = LotsAt(increment.Header.Side, increment.Level.PriceTicks, out int orders);
        return lots == increment.Level.Lots && orders == increment.Level.Orders ? ViewOutcome.Applied : ViewOutcome.Diverged;
    }

    private ViewOutcome ApplyLevel(ref readonly Increment increment)
    {
        ref readonly LevelIncrement told = ref increment.Level;
        if (!IsPrice(told.PriceTicks))
        {
            return ViewOutcome.Diverged;
        }

        int row = _book.FindLevel(increment.Header.Side, told.PriceTicks);
        if (told.Orders == 0)
        {
            if (row == 0)
            {
                return ViewOutcome.Diverged;
            }

            _book.RemoveLevel(row);
            return ViewOutcome.Applied;
        }

        if (told.Lots <= 0 || told.Orders < 0)
        {
            return ViewOutcome.Diverged;
        }

        if (row == 0)
        {
            if (!_levels.HasRoom)
            {
                return ViewOutcome.Full;
            }

            row = _book.GetOrAddLevel(increment.Header.Side, told.PriceTicks);
        }

        ref ShownLevel level = ref _levels.Edit(row);
        level.Lots = told.Lots;
        level.Orders = told.Orders;
        return ViewOutcome.Applied;
    }

    private ViewOutcome ApplyStatus(ref readonly Increment increment)
    {
        _status = increment.Status;
        return ViewOutcome.Applied;
    }

    private static bool IsPrice(long ticks) => ticks is > 0 and <= Exact.MaxPriceTicks;

    private static bool IsQuantity(long lots) => lots is > 0 and <= Exact.MaxQuantityLots;

    private void Clear()
    {
        Clear(Side.Buy);
        Clear(Side.Sell);
    }

    private void Clear(Side side)
    {
        for (long ticks = BestTicks(side); ticks != 0; ticks = BestTicks(side))
        {
            int level = _book.FindLevel(side, ticks);
            if (Content == BookContent.Levels)
            {
                _book.RemoveLevel(level);
                continue;
            }

            for (int left = _levels[level].Orders; left > 0; left--)
            {
                _ = Remove(_levels[level].Head);
            }
        }
    }
}

/// <summary>What a view knows.</summary>
public enum ViewState : byte
{
    /// <summary>It has had no snapshot.</summary>
    Empty = 0,

    /// <summary>A snapshot is coming in.</summary>
    Loading = 1,

    /// <summary>The exact visible book.</summary>
    Live = 2,

    /// <summary>A picture of the best levels, which no increment can continue.</summary>
    Part = 3,

    /// <summary>Something was missing: a new snapshot is needed.</summary>
    Lost = 4,
}

/// <summary>What became of an increment.</summary>
public enum ViewOutcome : byte
{
    /// <summary>It is in the book.</summary>
    Applied = 0,

    /// <summary>It was in the book already; nothing changed.</summary>
    Repeated = 1,

    /// <summary>It is of another market; nothing changed.</summary>
    OtherMarket = 2,

    /// <summary>Without a whole snapshot there is nothing to apply it to.</summary>
    NotLive = 3,

    /// <summary>One before it is missing: the view is lost.</summary>
    Gap = 4,

    /// <summary>It does not fit the book: the view is lost.</summary>
    Diverged = 5,

    /// <summary>The view has no room for it, and is lost.</summary>
    Full = 6,
}
