using System;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>
/// The holders of one side of a market that are deleveraged first, best first. Made by a walk over the rows when it is needed, which may take
/// several commands; while it is made, a heap with the last place on top.
/// </summary>
internal sealed class AdlRanking : Rewindable, IDisposable
{
    /// <summary>Places.</summary>
    public const int Places = 1024;

    /// <summary>How long it stands although the mark has moved: no marks, however fast, have all rows ranked more often.</summary>
    private const long StandsNs = 1_000_000_000;

    private TrackedRows<AdlEntry> _entries;
    private Tracked<Head> _head;

    /// <summary>A ranking that is not made yet.</summary>
    [ColdPath]
    public AdlRanking(UndoLog undo)
        : base(undo, always: false) => _entries = new TrackedRows<AdlEntry>(Places, undo);

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _entries.Bytes;

    /// <summary>Row that the walk looks at next, 0: it does not walk.</summary>
    public int Cursor
    {
        get => _head.Now.Cursor;
        set => _head.Now.Cursor = value;
    }

    /// <summary>Whether it is made.</summary>
    public bool IsMade => _head.Now.IsMade != 0;

    /// <summary>Place of the holder taken last, from 1, counted on when the next places are ranked.</summary>
    public long Place => _head.Now.Before + _head.Now.Next;

    /// <summary>Whether a liquidation has looked at all places while more holders were there.</summary>
    public bool HasMore => _head.Now.Next == _head.Now.Count && _head.Now.HasMore != 0;

    /// <summary>Whether it is being made in this cascade, or was, at this mark or less than a second ago.</summary>
    public bool Stands(long markTicks, long cascade, long timeNs)
    {
        ref readonly Head head = ref _head.Now;
        bool isRecent = head.IsMade != 0 && (head.MarkTicks == markTicks || timeNs - head.MadeNs < StandsNs);
        return head.Cascade == cascade && (isRecent || head.Cursor != 0);
    }

    /// <summary>Whether a liquidation that finds nobody left of it can be sure: all of it was made at this mark, or anew less than a second ago.</summary>
    public bool IsFinal(long markTicks, long timeNs)
    {
        ref readonly Head head = ref _head.Now;
        return (head.MarkTicks == markTicks && head.HasMoved == 0) || (head.IsAnew != 0 && timeNs - head.MadeNs < StandsNs);
    }

    /// <summary>Begins to rank.</summary>
    /// <param name="markTicks">The market's mark.</param>
    /// <param name="cascade">The cascade.</param>
    /// <param name="isAnew">Whether a liquidation has found nobody left of another one.</param>
    public void Begin(long markTicks, long cascade, bool isAnew)
    {
        Drop();
        _head.Now.MarkTicks = markTicks;
        _head.Now.Cascade = cascade;
        _head.Now.IsAnew = (byte)(isAnew ? 1 : 0);
        _head.Now.Cursor = 1;
    }

    /// <summary>Begins to rank those behind the last place.</summary>
    public void BeginNext()
    {
        AdlEntry last = _entries[_head.Now.Count - 1];
        long before = _head.Now.Before + _head.Now.Count;
        byte hasMoved = _head.Now.HasMoved;
        Begin(_head.Now.MarkTicks, _head.Now.Cascade, _head.Now.IsAnew != 0);
        _head.Now.HasMoved = hasMoved;
        _head.Now.Last = last;
        _head.Now.HasLast = 1;
        _head.Now.Before = before;
    }

    /// <summary>Forgets all.</summary>
    public void Drop() => _head.Now = default;

    /// <summary>Goes on with the walk at a mark: those passed over at another one than the first may have a profit at that.</summary>
    public void WalkAt(long markTicks) => _head.Now.HasMoved |= (byte)(markTicks != _head.Now.MarkTicks ? 1 : 0);

    /// <summary>Takes a holder in, if it is among the best.</summary>
    public void Offer(in AdlEntry entry)
    {
        if (_head.Now.HasLast != 0 && !_head.Now.Last.IsBefore(in entry))
        {
            return;
        }

        int count = _head.Now.Count;
        if (count < Places)
        {
            _head.Now.Count++;
            Raise(count, entry);
            return;
        }

        _head.Now.HasMore = 1;
        if (entry.IsBefore(in _entries[0]))
        {
            Lower(0, count, entry);
        }
    }

    /// <summary>Ends the walk: puts the places in order.</summary>
    public void Finish(long timeNs)
    {
        _head.Now.Cursor = 0;
        _head.Now.IsMade = 1;
        _head.Now.MadeNs = timeNs;
        for (int end = _head.Now.Count - 1; end > 0; end--)
        {
            AdlEntry last = _entries[end];
            _entries.Edit(end) = _entries[0];
            Lower(0, end, last);
        }
    }

    /// <summary>The next holder that a liquidation looks at, beginning with the first that is still there; false when there is none.</summary>
    public bool TryTake(long liquidationId, out AdlEntry entry)
    {
        ref Head head = ref _head.Now;
        if (head.LiquidationId != liquidationId)
        {
            head.LiquidationId = liquidationId;
            head.Next = head.First;
        }

        while (head.Next < head.Count && _entries[head.Next].Row == 0)
        {
            head.Next++;
        }

        entry = head.Next == head.Count ? default : _entries[head.Next++];
        return entry.Row != 0;
    }

    /// <summary>The holder taken last was closed: in part, and stays where it is, or whole.</summary>
    public void Close(bool isWhole)
    {
        ref Head head = ref _head.Now;
        if (!isWhole)
        {
            head.Next--;
            return;
        }

        _entries.Edit(head.Next - 1).Row = 0;
        while (head.First < head.Count && _entries[head.First].Row == 0)
        {
            head.First++;
        }
    }

    /// <summary>Adds what is known.</summary>
    public void AddTo(ref Hash128 hash)
    {
        ref readonly Head head = ref _head.Now;
        hash.Add(((ulong)head.Count << 32) | (uint)head.Next);
        hash.Add(((ulong)head.Cursor << 32) | (uint)head.First);
        hash.Add(((ulong)head.HasMoved << 32) | ((ulong)head.IsAnew << 24) | ((ulong)head.IsMade << 16) | ((ulong)head.HasMore << 8) | head.HasLast);
        hash.Add((ulong)head.MarkTicks);
        hash.Add((ulong)head.Cascade);
        hash.Add((ulong)head.MadeNs);
        hash.Add((ulong)head.Before);
        hash.Add((ulong)head.LiquidationId);
        hash.Add((ulong)head.Last.PositionId);
        hash.Add(_entries.AsBytes(0, head.Count));
    }

    /// <inheritdoc/>
    public void Dispose() => _entries.Dispose();

    internal override void Keep()
    {
        _head.Keep();
        _entries.Close();
    }

    internal override void Rewind()
    {
        _head.Rewind();
        _entries.Open();
    }

    /// <summary>Puts an entry at a place of the heap or above: the last of all is on top.</summary>
    private void Raise(int place, AdlEntry entry)
    {
        while (place > 0)
        {
            int parent = (place - 1) / 2;
            if (!_entries[parent].IsBefore(in entry))
            {
                break;
            }

            _entries.Edit(place) = _entries[parent];
            place = parent;
        }

        _entries.Edit(place) = entry;
    }

    /// <summary>Puts an entry at a place of a heap of so many or below.</summary>
    private void Lower(int place, int count, AdlEntry entry)
    {
        for (int child = (2 * place) + 1; child < count; child = (2 * place) + 1)
        {
            if (child + 1 < count && _entries[child].IsBefore(in _entries[child + 1]))
            {
                child++;
            }

            if (!entry.IsBefore(in _entries[child]))
            {
                break;
            }

            _entries.Edit(place) = _entries[child];
            place = child;
        }

        _entries.Edit(place) = entry;
    }

    private struct Head
    {
        public AdlEntry Last;
        public long MarkTicks;
        public long Cascade;
        public long MadeNs;
        public long Before;
        public long LiquidationId;
        public int Count;
        public int First;
        public int Next;
        public int Cursor;
        public byte IsMade;
        public byte HasMore;
        public byte HasLast;
        public byte IsAnew;
        public byte HasMoved;
    }
}
