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
public sealed class ClientOrderIds : IDisposable
{
    private const int FirstSize = 1024;
    private const int MovedPerAdd = 8;
    private const int Gone = -1;

    private readonly Slab<Order> _orders;
    private readonly Slab<Position> _positions;
    private readonly NativeArray<Entry>[] _tables;
    private Rows<Entry> _entries;
    private Rows<Entry> _old;
    private uint _mask;
    private uint _oldMask;
    private int _level;
    private int _moved;
    private int _oldLength;
    private int _count;

    /// <summary>Room for as many ids as there are rows of orders.</summary>
    [ColdPath]
    public ClientOrderIds(Slab<Order> orders, Slab<Position> positions)
    {
        _orders = orders;
        _positions = positions;
        int levels = 1;
        while ((long)FirstSize << (levels - 1) < orders.Capacity * 2L)
        {
            levels++;
        }

        _tables = new NativeArray<Entry>[levels];
        for (int level = 0; level < levels; level++)
        {
            _tables[level] = new NativeArray<Entry>(FirstSize << level);
        }

        _entries = _tables[0].Rows;
        _mask = FirstSize - 1;
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
    public void Prefetch(uint hash) => _entries.Prefetch(unchecked((int)(hash & _mask)));

    /// <summary>The row of an account's open order, 0 when none has that id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(uint hash, int account, long clientOrderId)
    {
        for (uint i = hash & _mask; ; i = unchecked(i + 1) & _mask)
        {
            ref readonly Entry entry = ref _entries[(int)i];
            if (entry.Slot == 0)
            {
                return _oldLength == 0 ? 0 : FindOld(hash, account, clientOrderId);
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
        if (_oldLength != 0 || _count * 2L > _mask)
        {
            Grow();
        }

        Put(hash, slot);
        _count++;
    }

    /// <summary>Takes out the id of a row.</summary>
    public void Remove(uint hash, int slot)
    {
        _count--;
        unchecked
        {
            uint gap = hash & _mask;
            while (_entries[(int)gap].Slot != slot)
            {
                if (_entries[(int)gap].Slot == 0)
                {
                    RemoveOld(hash, slot);
                    return;
                }

                gap = (gap + 1) & _mask;
            }

            for (uint i = (gap + 1) & _mask; _entries[(int)i].Slot != 0; i = (i + 1) & _mask)
            {
                if (((i - _entries[(int)i].Hash) & _mask) >= ((i - gap) & _mask))
                {
                    _entries.Edit((int)gap) = _entries[(int)i];
                    gap = i;
                }
            }

            _entries.Edit((int)gap) = default;
        }
    }

    /// <summary>Adds the number of ids; the ids themselves are hashed with the orders, and nothing depends on where they stand.</summary>
    public void AddTo(ref Hash128 hash) => hash.Add((ulong)_count);

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int level = 0; level < _tables.Length; level++)
        {
            _tables[level].Dispose();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(uint hash, int slot)
    {
        uint i = hash & _mask;
        while (_entries[(int)i].Slot != 0)
        {
            i = unchecked(i + 1) & _mask;
        }

        _entries.Edit((int)i) = new Entry { Hash = hash, Slot = slot };
    }

    /// <summary>Begins with a table of twice the size, or moves a few entries from the one before: it is empty before this one is half full.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        if (_oldLength == 0)
        {
            Invariant.Assert(_level + 1 < _tables.Length, "more client ids than orders");
            _old = _entries;
            _oldMask = _mask;
            _oldLength = _old.Length;
            _moved = 0;
            _level++;
            _entries = _tables[_level].Rows;
            _mask = (uint)_entries.Length - 1;
        }

        int end = Math.Min(_moved + MovedPerAdd, _oldLength);
        for (; _moved < end; _moved++)
        {
            ref Entry entry = ref _old.Edit(_moved);
            if (entry.Slot > 0)
            {
                Put(entry.Hash, entry.Slot);
                entry.Slot = Gone;
            }
        }

        _oldLength = _moved == _oldLength ? 0 : _oldLength;
    }

    private int FindOld(uint hash, int account, long clientOrderId)
    {
        for (uint i = hash & _oldMask; ; i = unchecked(i + 1) & _oldMask)
        {
            ref readonly Entry entry = ref _old[(int)i];
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
        Invariant.Assert(_oldLength != 0, "client id to remove is not there");
        uint i = hash & _oldMask;
        while (_old[(int)i].Slot != slot)
        {
            Invariant.Assert(_old[(int)i].Slot != 0, "client id to remove is not there");
            i = unchecked(i + 1) & _oldMask;
        }

        _old.Edit((int)i).Slot = Gone;
    }

    private bool Is(int slot, int account, long clientOrderId)
    {
        ref readonly Order order = ref _orders[slot];
        return order.ClientOrderId == clientOrderId && _positions[order.Position].Account == account;
    }

    private struct Entry
    {
        public uint Hash;
        public int Slot;
    }
}
