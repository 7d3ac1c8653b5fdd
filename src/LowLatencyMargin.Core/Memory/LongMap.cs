using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Memory;

/// <summary>
/// From a 64-bit key above 0 to a row index: open addressing, at most half full, no tombstones. Nothing may depend on the order of its slots.
/// </summary>
public sealed class LongMap : Rewindable, IDisposable
{
    private TrackedRows<Slot> _slots;
    private readonly int _mask;
    private readonly int _shift;
    private readonly int _capacity;
    private Tracked<int> _count;

    /// <summary>A map for up to <paramref name="capacity"/> keys.</summary>
    /// <param name="capacity">The most keys.</param>
    /// <param name="undo">The log of the state that it is part of; null: it is part of none.</param>
    [ColdPath]
    public LongMap(int capacity, UndoLog? undo = null)
        : base(undo)
    {
        int bits = 4;
        while ((1L << bits) < capacity * 2L)
        {
            bits++;
        }

        _capacity = capacity;
        _slots = new TrackedRows<Slot>(1 << bits, undo);
        _mask = (1 << bits) - 1;
        _shift = 64 - bits;
    }

    /// <summary>Keys in the map.</summary>
    public int Count => _count.Now;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _slots.Bytes;

    /// <summary>The value of a key, 0 when it is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(long key)
    {
        for (int i = Home(key); ; i = (i + 1) & _mask)
        {
            ref readonly Slot slot = ref _slots[i];
            if (slot.Key == key)
            {
                return slot.Value;
            }

            if (slot.Key == 0)
            {
                return 0;
            }
        }
    }

    /// <summary>Adds a key that is not there yet.</summary>
    public void Add(long key, int value)
    {
        Invariant.Assert(_count.Now < _capacity && key > 0, "map is full or key not positive");
        int i = Home(key);
        while (_slots[i].Key != 0)
        {
            i = (i + 1) & _mask;
        }

        _slots.Edit(i) = new Slot { Key = key, Value = value };
        _count.Now++;
    }

    /// <summary>Takes a key out and closes the gap.</summary>
    public void Remove(long key)
    {
        int gap = Home(key);
        while (_slots[gap].Key != key)
        {
            Invariant.Assert(_slots[gap].Key != 0, "key to remove is not in the map");
            gap = (gap + 1) & _mask;
        }

        for (int i = (gap + 1) & _mask; _slots[i].Key != 0; i = (i + 1) & _mask)
        {
            int home = Home(_slots[i].Key);
            if (((i - home) & _mask) >= ((i - gap) & _mask))
            {
                _slots.Edit(gap) = _slots[i];
                gap = i;
            }
        }

        _slots.Edit(gap) = default;
        _count.Now--;
    }

    /// <summary>Adds the number of keys; the rows they lead to are hashed where they live.</summary>
    public void AddTo(ref Hash128 hash) => hash.Add((ulong)_count.Now);

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    internal override void Keep()
    {
        _count.Keep();
        _slots.Close();
    }

    internal override void Rewind()
    {
        _count.Rewind();
        _slots.Open();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Home(long key) => (int)(unchecked((ulong)key * 0x9E37_79B9_7F4A_7C15) >> _shift);

    private struct Slot
    {
        public long Key;
        public int Value;
    }
}
