using System;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// The last orders that ended, in a ring, found by the exchange's id and by the client's (R-1306, R-1309). Each row is the head or a link of two
/// chains; a link to a row that was written over is seen by its age, so nothing is ever taken out.
/// </summary>
public sealed class RecentOrders : IDisposable
{
    private readonly NativeArray<RecentOrder> _ringOwner;
    private readonly NativeArray<uint> _headOwner;
    private readonly Rows<RecentOrder> _ring;
    private readonly Rows<uint> _heads;
    private readonly uint _size;
    private uint _ended;

    /// <summary>Remembers <paramref name="size"/> orders, a power of two or 0.</summary>
    [ColdPath]
    public RecentOrders(int size)
    {
        _size = (uint)size;
        _ringOwner = new NativeArray<RecentOrder>(Math.Max(1, size));
        _headOwner = new NativeArray<uint>(Math.Max(1, 2 * size));
        _ring = _ringOwner.Rows;
        _heads = _headOwner.Rows;
    }

    /// <summary>Whether any are remembered.</summary>
    public bool IsOn => _size != 0;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _ringOwner.Bytes + _headOwner.Bytes;

    /// <summary>A row for an order that ended, to be filled in; only while <see cref="IsOn"/>.</summary>
    public ref RecentOrder Add(long orderId, long clientOrderId, uint clientHash)
    {
        unchecked
        {
            // 0 is no row: it is passed by once in four billion orders
            _ended = _ended == uint.MaxValue ? 1 : _ended + 1;
            ref RecentOrder row = ref _ring[(int)(_ended & (_size - 1))];
            ref uint byId = ref _heads[HeadOf(HashOf(orderId))];
            row.OrderId = orderId;
            row.ClientOrderId = clientOrderId;
            row.Number = _ended;
            row.OlderById = byId;
            row.OlderByClient = 0;
            byId = _ended;
            if (clientOrderId != 0)
            {
                ref uint byClient = ref _heads[HeadOf(clientHash) + (int)_size];
                row.OlderByClient = byClient;
                byClient = _ended;
            }

            return ref row;
        }
    }

    /// <summary>How an account's order ended, as the exchange's id names it.</summary>
    public bool TryFind(long orderId, int account, out RecentOrder found)
    {
        for (uint at = _size == 0 ? 0 : _heads[HeadOf(HashOf(orderId))]; IsKept(at); at = found.OlderById)
        {
            found = _ring[(int)(at & (_size - 1))];
            if (found.OrderId == orderId)
            {
                return found.Account == account;
            }
        }

        found = default;
        return false;
    }

    /// <summary>How an account's order ended, as the client's id names it; the last one of that name.</summary>
    public bool TryFindByClient(uint clientHash, int account, long clientOrderId, out RecentOrder found)
    {
        for (uint at = _size == 0 ? 0 : _heads[HeadOf(clientHash) + (int)_size]; IsKept(at); at = found.OlderByClient)
        {
            found = _ring[(int)(at & (_size - 1))];
            if (found.ClientOrderId == clientOrderId && found.Account == account)
            {
                return true;
            }
        }

        found = default;
        return false;
    }

    /// <summary>Adds the ring and its chains.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add(_ended);
        hash.Add(_ringOwner.AsBytes(0, _ringOwner.Length));
        hash.Add(_headOwner.AsBytes(0, _headOwner.Length));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ringOwner.Dispose();
        _headOwner.Dispose();
    }

    private static uint HashOf(long orderId) => unchecked((uint)(((ulong)orderId * 0x9E37_79B9_7F4A_7C15) >> 32));

    private int HeadOf(uint hash) => unchecked((int)(hash & (_size - 1)));

    private bool IsKept(uint at) => at != 0 && _ring[unchecked((int)(at & (_size - 1)))].Number == at;
}

/// <summary>What is remembered of an order that ended.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RecentOrder
{
    /// <summary>The exchange's id.</summary>
    public long OrderId;

    /// <summary>The client's id.</summary>
    public long ClientOrderId;

    /// <summary>Total quantity.</summary>
    public long QuantityLots;

    /// <summary>What was left of it when it ended.</summary>
    public long LeavesLots;

    /// <summary>Account.</summary>
    public int Account;

    /// <summary>Market.</summary>
    public int Market;

    /// <summary>How it ended.</summary>
    public OrderStatus Status;

    internal uint Number;
    internal uint OlderById;
    internal uint OlderByClient;
}
