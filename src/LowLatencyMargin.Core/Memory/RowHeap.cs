using System;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Memory;

/// <summary>Where the rows of a heap know their place: a struct, so that heaps of each kind are compiled for their own rows.</summary>
internal interface IPlaces
{
    /// <summary>Writes down the place of a row, counted from 1; 0: it is in no heap.</summary>
    void Set(int row, int place);
}

/// <summary>A heap of four children a node over rows of a slab, largest key on top, then the lower row; each row knows its place.</summary>
internal sealed class RowHeap<TPlaces> : Rewindable, IDisposable
    where TPlaces : struct, IPlaces
{
    private const int Children = 4;

    /// <summary>Rows in front of the top, so that the children of a node share a cache line.</summary>
    private const int First = 3;

    private readonly TPlaces _places;
    private TrackedRows<Entry> _entries;
    private Tracked<int> _count;

    /// <summary>An empty heap.</summary>
    [ColdPath]
    public RowHeap(TPlaces places, int capacity, UndoLog? undo)
        : base(undo, always: false)
    {
        _places = places;
        _entries = new TrackedRows<Entry>(First + capacity, undo);
    }

    /// <summary>Number of rows.</summary>
    public int Count => _count.Now;

    /// <summary>The row on top.</summary>
    public int Top => (int)_entries[First].Row;

    /// <summary>Its key.</summary>
    public long TopKey => _entries[First].Key;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _entries.Bytes;

    /// <summary>Adds a row.</summary>
    public void Add(int row, long key) => Raise(_count.Now++, new Entry { Key = key, Row = row });

    /// <summary>Gives the row at a place, counted from 0, a new key.</summary>
    public void Update(int place, long key)
    {
        Entry entry = _entries[First + place];
        long before = entry.Key;
        if (key == before)
        {
            return;
        }

        entry.Key = key;
        if (key > before)
        {
            Raise(place, entry);
        }
        else
        {
            Lower(place, entry);
        }
    }

    /// <summary>Takes out the row at a place, counted from 0; the row itself is told nothing.</summary>
    public void Remove(int place)
    {
        Entry last = _entries[First + --_count.Now];
        _entries.Edit(First + Count) = default;
        if (place == Count)
        {
            return;
        }

        if (place > 0 && IsSooner(in last, in _entries[First + ((place - 1) / Children)]))
        {
            Raise(place, last);
        }
        else
        {
            Lower(place, last);
        }
    }

    /// <summary>Adds the entries in use.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add((ulong)Count);
        hash.Add(_entries.AsBytes(First, Count));
    }

    /// <inheritdoc/>
    public void Dispose() => _entries.Dispose();

    internal override void Keep()
    {
        _count.Keep();
        _entries.Close();
    }

    internal override void Rewind()
    {
        _count.Rewind();
        _entries.Open();
    }

    /// <summary>Without a branch: in a cascade keys are often equal, and which child is the best is anybody's guess.</summary>
    private static bool IsSooner(in Entry left, in Entry right) =>
        left.Key > right.Key | (left.Key == right.Key & left.Row < right.Row);

    private void Raise(int place, Entry entry)
    {
        while (place > 0)
        {
            int parent = (place - 1) / Children;
            if (!IsSooner(in entry, in _entries[First + parent]))
            {
                break;
            }

            Put(place, _entries[First + parent]);
            place = parent;
        }

        Put(place, entry);
    }

    private void Lower(int place, Entry entry)
    {
        while (true)
        {
            int first = (place * Children) + 1;
            if (first >= Count)
            {
                break;
            }

            int best = first;
            int end = Math.Min(first + Children, Count);
            for (int child = first + 1; child < end; child++)
            {
                best = IsSooner(in _entries[First + child], in _entries[First + best]) ? child : best;
            }

            if (!IsSooner(in _entries[First + best], in entry))
            {
                break;
            }

            Put(place, _entries[First + best]);
            place = best;
        }

        Put(place, entry);
    }

    private void Put(int place, Entry entry)
    {
        _entries.Edit(First + place) = entry;
        _places.Set((int)entry.Row, place + 1);
    }

    private struct Entry
    {
        public long Key;
        public long Row;
    }
}
