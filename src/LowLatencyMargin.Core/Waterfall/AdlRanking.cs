using System;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>
/// The holders of one side of a market that are deleveraged first, best first. Made by a walk over the rows when it is needed, which may take
/// several commands; while it is made, a heap with the last place on top.
/// </summary>
public sealed class AdlRanking : Rewindable, IDisposable
{
    /// <summary>Places.</summary>
    public const int Places = 1024;

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

    /// <summary>Mark that it is made at.</summary>
    public long MarkTicks => _head.Now.MarkTicks;

    /// <summary>Command that last worked with it.</summary>
    public long CommandSequence
    {
        get => _head.Now.CommandSequence;
        set => _head.Now.CommandSequence = value;
    }

    /// <summary>Place of the holder taken last, from 1, counted on when the next places are ranked.</summary>
    public long Place => _head.Now.Place;

    /// <summary>Whether all places are used while more holders were there.</summary>
    public bool HasMore => _head.Now.Next == _head.Now.Count && _head.Now.HasMore != 0;

    /// <summary>Begins to rank at a mark.</summary>
    public void Begin(long markTicks)
    {
        Drop();
        _head.Now.MarkTicks = markTicks;
        _head.Now.Cursor = 1;
    }

    /// <summary>Begins to rank those behind the last place.</summary>
    public void BeginNext()
    {
        AdlEntry last = _entries[_head.Now.Count - 1];
        long place = Place;
        Begin(MarkTicks);
        _head.Now.Last = last;
        _head.Now.HasLast = 1;
        _head.Now.Place = place;
    }

    /// <summary>Forgets all.</summary>
    public void Drop() => _head.Now = default;

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
        if (entry.IsBefore(_entries[0]))
        {
            Lower(0, count, entry);
        }
    }

    /// <summary>Ends the walk: puts the places in order.</summary>
    public void Finish()
    {
        _head.Now.Cursor = 0;
        _head.Now.IsMade = 1;
        for (int end = _head.Now.Count - 1; end > 0; end--)
        {
            AdlEntry last = _entries[end];
            _entries.Edit(end) = _entries[0];
            Lower(0, end, last);
        }
    }

    /// <summary>The next holder; false when there is none.</summary>
    public bool TryTake(out AdlEntry entry)
    {
        entry = default;
        if (_head.Now.Next == _head.Now.Count)
        {
            return false;
        }

        entry = _entries[_head.Now.Next++];
        _head.Now.Place++;
        return true;
    }

    /// <summary>The holder taken last was closed in part: it stays first.</summary>
    public void PutBack()
    {
        _head.Now.Next--;
        _head.Now.Place--;
    }

    /// <summary>Adds what is known.</summary>
    public void AddTo(ref Hash128 hash)
    {
        ref readonly Head head = ref _head.Now;
        hash.Add(((ulong)head.Count << 32) | (uint)head.Next);
        hash.Add(((ulong)head.Cursor << 32) | ((uint)head.IsMade << 16) | ((uint)head.HasMore << 8) | head.HasLast);
        hash.Add((ulong)head.MarkTicks);
        hash.Add((ulong)head.CommandSequence);
        hash.Add((ulong)head.Place);
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
            if (child + 1 < count && _entries[child].IsBefore(_entries[child + 1]))
            {
                child++;
            }

            if (!entry.IsBefore(_entries[child]))
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
        public long CommandSequence;
        public long Place;
        public int Count;
        public int Next;
        public int Cursor;
        public byte IsMade;
        public byte HasMore;
        public byte HasLast;
    }
}
