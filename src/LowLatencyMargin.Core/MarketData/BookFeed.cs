using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Core.MarketData;

/// <summary>
/// Market data as a function of the event stream (R-1704): books order by order and by level, trades, market states. Runs where events are
/// published, so the core pays nothing for it. The same events give the same increments, byte for byte. What can't be a stream of the core trips an
/// <see cref="Invariant"/>.
/// </summary>
public sealed partial class BookFeed : IDisposable
{
    private readonly ShownRows _rows;
    private readonly Rows<ShownOrder> _orders;
    private readonly Slab<ShownLevel> _levels;
    private readonly MarketOutput _output;
    private readonly VisibleBook?[] _books;
    private readonly NativeArray<MarketStatus> _statuses;
    private readonly NativeArray<int> _touched;
    private readonly int _ladderTicks;
    private int _touchedCount;
    private int _incoming;
    private long _tradedLots;
    private bool _inCommand;

    /// <summary>A feed that has seen no event.</summary>
    /// <param name="orders">Order rows of the exchange: <see cref="ExchangeState.Orders"/>' capacity.</param>
    /// <param name="markets">Markets of the exchange.</param>
    /// <param name="ladderTicks">Window of prices that are found at once, as in <see cref="ListMarket.LadderTicks"/>.</param>
    [ColdPath]
    public BookFeed(int orders, int markets, int ladderTicks = PriceLadder.MinWindowTicks)
    {
        _rows = new ShownRows(orders);
        _orders = _rows.Orders;
        _levels = _rows.Levels;
        _output = new MarketOutput(markets);
        _books = new VisibleBook?[markets + 1];
        _statuses = new NativeArray<MarketStatus>(markets + 1);
        _touched = new NativeArray<int>(orders + 1);
        _ladderTicks = ladderTicks;
    }

    /// <summary>Address space in bytes.</summary>
    public long Bytes
    {
        get
        {
            long bytes = _rows.Bytes + _output.Bytes + _statuses.Bytes + _touched.Bytes;
            for (int market = 1; market < _books.Length; market++)
            {
                bytes += _books[market]?.Bytes ?? 0;
            }

            return bytes;
        }
    }

    /// <summary>The last command seen.</summary>
    public long CommandSequence => _output.CommandSequence;

    /// <summary>Number of a market's last increment, 0 before it is listed.</summary>
    public long SequenceOf(int marketId) => _output.SequenceOf(marketId);

    /// <summary>Takes events as they are published: commands in order and complete, though one may come in several pieces.</summary>
    /// <typeparam name="TSink">A struct.</typeparam>
    public void OnEvents<TSink>(ReadOnlySpan<EventSlot> events, ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        foreach (ref readonly EventSlot slot in events)
        {
            if (!_inCommand)
            {
                Begin(slot.Header.CommandSequence);
            }

            Dispatch(in slot, ref sink);
            if ((slot.Header.Flags & EventFlags.Last) != 0)
            {
                End(ref sink);
            }
        }
    }

    /// <summary>Begins a snapshot of a market as it is now. False when there is no such market, or while a command is half told.</summary>
    /// <param name="marketId">Market.</param>
    /// <param name="content">Orders or levels.</param>
    /// <param name="depth">Levels of a side at most, 0: all. Only for levels.</param>
    /// <param name="snapshot">To be written with <see cref="Write"/>.</param>
    public bool TryBegin(int marketId, BookContent content, int depth, out BookSnapshot snapshot)
    {
        snapshot = default;
        if (_inCommand || marketId < 1 || marketId >= _books.Length || _books[marketId] is not { } book)
        {
            return false;
        }

        snapshot.MarketId = marketId;
        snapshot.Content = content;
        snapshot.Depth = content == BookContent.Levels ? Math.Max(0, depth) : 0;
        snapshot.LevelLimit = snapshot.Depth == 0 ? int.MaxValue : snapshot.Depth;
        snapshot.Entries = book.Entries(content, snapshot.LevelLimit);
        snapshot.Sequence = SequenceOf(marketId);
        snapshot.CommandSequence = CommandSequence;
        return true;
    }

    /// <summary>Writes the next piece of a snapshot: first its beginning, then its entries.</summary>
    /// <returns>Slots written; 0 when it is whole or stale.</returns>
    public int Write(ref BookSnapshot snapshot, Span<Increment> into)
    {
        if (snapshot.MarketId == 0 || _books[snapshot.MarketId] is not { } book)
        {
            return 0;
        }

        snapshot.IsStale |= _inCommand || SequenceOf(snapshot.MarketId) != snapshot.Sequence;
        if (snapshot.IsStale || into.IsEmpty)
        {
            return 0;
        }

        if (snapshot.HasBegun)
        {
            return book.Write(ref snapshot, into);
        }

        snapshot.HasBegun = true;
        ref Increment begin = ref into[0];
        begin = default;
        begin.Header.Sequence = snapshot.Sequence;
        begin.Header.CommandSequence = snapshot.CommandSequence;
        begin.Header.MarketId = snapshot.MarketId;
        begin.Header.Kind = IncrementKind.Snapshot;
        begin.Header.Flags = IncrementFlags.Snapshot | (snapshot.IsWhole ? IncrementFlags.Last : IncrementFlags.None);
        ref MarketStatus status = ref _statuses.Edit(snapshot.MarketId);
        begin.Snapshot.MarkTicks = status.MarkTicks;
        begin.Snapshot.IndexTicks = status.IndexTicks;
        begin.Snapshot.State = status.State;
        begin.Snapshot.Entries = snapshot.Entries;
        begin.Snapshot.Depth = snapshot.Depth;
        begin.Snapshot.Content = snapshot.Content;
        return 1 + book.Write(ref snapshot, into[1..]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int market = 1; market < _books.Length; market++)
        {
            _books[market]?.Dispose();
        }

        _rows.Dispose();
        _output.Dispose();
        _statuses.Dispose();
        _touched.Dispose();
    }

    private void Begin(long commandSequence)
    {
        Invariant.Assert(CommandSequence == 0 || commandSequence == CommandSequence + 1, "a command is missing in the event stream");
        _inCommand = true;
        _output.CommandSequence = commandSequence;
    }

    private void End<TSink>(ref TSink sink)
        where TSink : struct, IMarketDataSink
    {
        Rest(ref sink);
        TellLevels(ref sink);
        _output.End(ref sink);
        _inCommand = false;
    }

    [ColdPath]
    private void List(int marketId)
    {
        Invariant.Assert(_books[marketId] is null, "market is listed already");
        _books[marketId] = new VisibleBook(marketId, _rows, _ladderTicks);
    }

    /// <summary>The market of an event, within this feed's capacity.</summary>
    private int MarketOf(in EventHeader header)
    {
        int marketId = unchecked((int)header.MarketId);
        Invariant.Assert(marketId > 0 && marketId < _books.Length, "event of a market that there can't be");
        return marketId;
    }

    private VisibleBook Book(int marketId)
    {
        VisibleBook? book = _books[marketId];
        Invariant.Assert(book is not null, "event of a market that was not listed");
        return book;
    }
}
