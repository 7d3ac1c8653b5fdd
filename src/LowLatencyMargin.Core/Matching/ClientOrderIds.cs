using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// From account and client order id to the open order (R-1309): open addressing, at most half full. An entry holds a hash and a row; the row itself
/// says whether it is the one. The table doubles as it fills, a few entries moved with each new one, so that few orders stay in the nearest cache.
/// </summary>
public sealed class ClientOrderIds : Rewindable, IDisposable
{
    private const int FirstSize = 1024;
    private const int MovedPerAdd = 8;
    private const int Gone = -1;

    private readonly Slab<Order> _orders;
    private readonly Slab<Position> _positions;
    private readonly TrackedRows<Entry>[] _tables;
    private Tracked<Tables> _head;

    /// <summary>Room for as many ids as there are rows of orders.</summary>
    [ColdPath]
    public ClientOrderIds(Slab<Order> orders, Slab<Position> positions)
        : base(orders.Undo)
    {
        _orders = orders;
        _positions = positions;
        int levels = 1;
        while ((long)FirstSize << (levels - 1) < orders.Capacity * 2L)
        {
            levels++;
        }

        _tables = new TrackedRows<Entry>[levels];
        for (int level = 0; level < levels; level++)
        {
            _tables[level] = new TrackedRows<Entry>(FirstSize << level, orders.Undo);
        }

        _head = new Tracked<Tables>(new Tables { Entries = _tables[0], Mask = FirstSize - 1 });
    }

    /// <summary>Address space in bytes.</summary>
    public long Bytes
    {
        get
        {
            long bytes = 0;
            for (int level = 0; level < _tables.Length; level++)
            {
                bytes += _tables[level].Bytes;
            }

            return bytes;
        }
    }

    /// <summary>The hash of an account's id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint HashOf(long seed, int account, long clientOrderId)
    {
        unchecked
        {
            ulong high = Wide.Multiply((ulong)clientOrderId ^ (ulong)seed, 0x9E37_79B9_7F4A_7C15 + ((ulong)(uint)account << 1), out ulong low);
            ulong folded = (high ^ low) * 0xE703_7ED1_A0B4_28DB;
            return (uint)(folded >> 32);
        }
    }

    /// <summary>Asks for the entry that a look for this hash begins with.</summary>
    public void Prefetch(uint hash) => _head.Now.Entries.Prefetch(unchecked((int)(hash & _head.Now.Mask)));

    /// <summary>The row of an account's open order, 0 when none has that id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(uint hash, int account, long clientOrderId)
    {
        ref readonly Tables tables = ref _head.Now;
        for (uint i = hash & tables.Mask; ; i = unchecked(i + 1) & tables.Mask)
        {
            ref readonly Entry entry = ref tables.Entries[(int)i];
            if (entry.Slot == 0)
            {
                return tables.OldLength == 0 ? 0 : FindOld(hash, account, clientOrderId);
            }

            if (entry.Hash == hash && Is(entry.Slot, account, clientOrderId))
            {
                return entry.Slot;
            }
        }
    }

    /// <summary>Adds an id that is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(uint hash, int slot)
    {
        ref Tables tables = ref _head.Now;
        if (tables.OldLength != 0 || tables.Count * 2L > tables.Mask)
        {
            Grow(ref tables);
        }

        Put(in tables, hash, slot);
        tables.Count++;
    }

    /// <summary>Takes out the id of a row.</summary>
    public void Remove(uint hash, int slot)
    {
        ref Tables tables = ref _head.Now;
        tables.Count--;
        unchecked
        {
            uint gap = hash & tables.Mask;
            while (tables.Entries[(int)gap].Slot != slot)
            {
                if (tables.Entries[(int)gap].Slot == 0)
                {
                    RemoveOld(hash, slot);
                    return;
                }

                gap = (gap + 1) & tables.Mask;
            }

            for (uint i = (gap + 1) & tables.Mask; tables.Entries[(int)i].Slot != 0; i = (i + 1) & tables.Mask)
            {
                if (((i - tables.Entries[(int)i].Hash) & tables.Mask) >= ((i - gap) & tables.Mask))
                {
                    tables.Entries.Edit((int)gap) = tables.Entries[(int)i];
                    gap = i;
                }
            }

            tables.Entries.Edit((int)gap) = default;
        }
    }

    /// <summary>Adds the number of ids; the ids themselves are hashed with the orders, and nothing depends on where they stand.</summary>
    public void AddTo(ref Hash128 hash) => hash.Add((ulong)_head.Now.Count);

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int level = 0; level < _tables.Length; level++)
        {
            _tables[level].Dispose();
        }
    }

    internal override void Keep()
    {
        _head.Keep();
        _head.Now.Entries.Close();
        _head.Now.Old.Close();
        for (int level = 0; level < _tables.Length; level++)
        {
            _tables[level].Close();
        }
    }

    internal override void Rewind()
    {
        _head.Rewind();
        for (int level = 0; level < _tables.Length; level++)
        {
            _tables[level].Open();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(in Tables tables, uint hash, int slot)
    {
        uint i = hash & tables.Mask;
        while (tables.Entries[(int)i].Slot != 0)
        {
            i = unchecked(i + 1) & tables.Mask;
        }

        tables.Entries.Edit((int)i) = new Entry { Hash = hash, Slot = slot };
    }

    /// <summary>Begins with a table of twice the size, or moves a few entries from the one before: it is empty before this one is half full.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(ref Tables tables)
    {
        if (tables.OldLength == 0)
        {
            Invariant.Assert(tables.Level + 1 < _tables.Length, "more client ids than orders");
            tables.Old = tables.Entries;
            tables.OldMask = tables.Mask;
            tables.OldLength = tables.Old.Length;
            tables.Moved = 0;
            tables.Level++;
            tables.Entries = _tables[tables.Level];
            tables.Mask = (uint)tables.Entries.Length - 1;
        }

        int end = Math.Min(tables.Moved + MovedPerAdd, tables.OldLength);
        for (; tables.Moved < end; tables.Moved++)
        {
            ref Entry entry = ref tables.Old.Edit(tables.Moved);
            if (entry.Slot > 0)
            {
                Put(in tables, entry.Hash, entry.Slot);
                entry.Slot = Gone;
            }
        }

        tables.OldLength = tables.Moved == tables.OldLength ? 0 : tables.OldLength;
    }

    private int FindOld(uint hash, int account, long clientOrderId)
    {
        ref readonly Tables tables = ref _head.Now;
        for (uint i = hash & tables.OldMask; ; i = unchecked(i + 1) & tables.OldMask)
        {
            ref readonly Entry entry = ref tables.Old[(int)i];
            if (entry.Slot == 0)
            {
                return 0;
            }

            if (entry.Hash == hash && entry.Slot != Gone && Is(entry.Slot, account, clientOrderId))
            {
                return entry.Slot;
            }
        }
    }

    private void RemoveOld(uint hash, int slot)
    {
        ref readonly Tables tables = ref _head.Now;
        Invariant.Assert(tables.OldLength != 0, "client id to remove is not there");
        uint i = hash & tables.OldMask;
        while (tables.Old[(int)i].Slot != slot)
        {
            Invariant.Assert(tables.Old[(int)i].Slot != 0, "client id to remove is not there");
            i = unchecked(i + 1) & tables.OldMask;
        }

        tables.Old.Edit((int)i).Slot = Gone;
    }

    private bool Is(int slot, int account, long clientOrderId)
    {
        ref readonly Order order = ref _orders[slot];
        return order.ClientOrderId == clientOrderId && _positions[order.Position].Account == account;
    }

    /// <summary>The table in use, and the one before as long as it has entries left.</summary>
    private struct Tables
    {
        public TrackedRows<Entry> Entries;
        public TrackedRows<Entry> Old;
        public uint Mask;
        public uint OldMask;
        public int Level;
        public int Moved;
        public int OldLength;
        public int Count;
    }

    private struct Entry
    {
        public uint Hash;
        public int Slot;
    }
}
