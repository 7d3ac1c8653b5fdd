using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// From account and client order id to the open order (R-1309): open addressing, at most half full, no tombstones. A slot holds a hash and a row;
/// the row itself says whether it is the one.
/// </summary>
public sealed class ClientOrderIds : IDisposable
{
    private readonly Slab<Order> _orders;
    private readonly Slab<Position> _positions;
    private readonly NativeArray<Entry> _owner;
    private readonly Rows<Entry> _entries;
    private readonly uint _mask;
    private int _count;

    /// <summary>Room for as many ids as there are rows of orders.</summary>
    [ColdPath]
    public ClientOrderIds(Slab<Order> orders, Slab<Position> positions)
    {
        _orders = orders;
        _positions = positions;
        int size = 16;
        while (size < orders.Capacity * 2L)
        {
            size <<= 1;
        }

        _owner = new NativeArray<Entry>(size);
        _entries = _owner.Rows;
        _mask = (uint)size - 1;
    }

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _owner.Bytes;

    /// <summary>The hash of an account's id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint HashOf(long seed, int account, long clientOrderId)
    {
        unchecked
        {
            ulong high = Math.BigMul((ulong)clientOrderId ^ (ulong)seed, 0x9E37_79B9_7F4A_7C15 + ((ulong)(uint)account << 1), out ulong low);
            ulong folded = (high ^ low) * 0xE703_7ED1_A0B4_28DB;
            return (uint)(folded >> 32);
        }
    }

    /// <summary>The row of an account's open order, 0 when none has that id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(uint hash, int account, long clientOrderId)
    {
        for (uint i = hash & _mask; ; i = unchecked(i + 1) & _mask)
        {
            ref Entry entry = ref _entries[(int)i];
            if (entry.Slot == 0)
            {
                return 0;
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
        Invariant.Assert(_count < _orders.Capacity, "more client ids than orders");
        uint i = hash & _mask;
        while (_entries[(int)i].Slot != 0)
        {
            i = unchecked(i + 1) & _mask;
        }

        _entries[(int)i] = new Entry { Hash = hash, Slot = slot };
        _count++;
    }

    /// <summary>Takes out the id of a row and closes the gap.</summary>
    public void Remove(uint hash, int slot)
    {
        unchecked
        {
            uint gap = hash & _mask;
            while (_entries[(int)gap].Slot != slot)
            {
                Invariant.Assert(_entries[(int)gap].Slot != 0, "client id to remove is not there");
                gap = (gap + 1) & _mask;
            }

            for (uint i = (gap + 1) & _mask; _entries[(int)i].Slot != 0; i = (i + 1) & _mask)
            {
                if (((i - _entries[(int)i].Hash) & _mask) >= ((i - gap) & _mask))
                {
                    _entries[(int)gap] = _entries[(int)i];
                    gap = i;
                }
            }

            _entries[(int)gap] = default;
        }

        _count--;
    }

    /// <summary>Adds the number of ids; the ids themselves are hashed with the orders.</summary>
    public void AddTo(ref Hash128 hash) => hash.Add((ulong)_count);

    /// <inheritdoc/>
    public void Dispose() => _owner.Dispose();

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
