using System;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// The last orders that ended, in a ring, found by the exchange's id and by the client's (R-1306, R-1309). Each row is the head or a link of two
/// chains; a link to a row that was written over is seen by its number, so nothing is ever taken out. The head of a client's chain has the hash of
/// the newest and whether there is more, so that a look for what is not there seldom reads a row.
/// </summary>
public sealed class RecentOrders : Rewindable, IDisposable
{
    private const int ClientHeadsPerOrder = 2;

    /// <summary>The lowest bit of a tag, which says nothing of the hash: it is part of the place.</summary>
    private const uint HasMore = 1;

    private TrackedRows<RecentOrder> _ring;
    private TrackedRows<uint> _bySlot;
    private TrackedRows<Head> _byClient;
    private readonly uint _size;
    private Tracked<uint> _ended;

    /// <summary>Remembers <paramref name="size"/> orders, a power of two or 0, of up to <paramref name="maxOrders"/> open at a time.</summary>
    [ColdPath]
    public RecentOrders(int size, int maxOrders, UndoLog undo)
        : base(undo)
    {
        _size = (uint)size;
        _ring = new TrackedRows<RecentOrder>(Math.Max(1, size), undo);
        _bySlot = new TrackedRows<uint>(size == 0 ? 1 : maxOrders + 1, undo);
        _byClient = new TrackedRows<Head>(Math.Max(1, ClientHeadsPerOrder * size), undo);
    }

    /// <summary>Whether any are remembered.</summary>
    public bool IsOn => _size != 0;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _ring.Bytes + _bySlot.Bytes + _byClient.Bytes;

    /// <summary>What <see cref="Find"/> or <see cref="FindByClient"/> found.</summary>
    public ref readonly RecentOrder this[uint number] => ref _ring[PlaceOf(number)];

    /// <summary>A row for an order that ended, to be filled in; only while <see cref="IsOn"/>.</summary>
    public ref RecentOrder Add(long orderId, long clientOrderId, uint clientHash)
    {
        // 0 is no order: it is passed by once in four billion
        ref uint ended = ref _ended.Now;
        ended = unchecked(ended + 1);
        ended += ended == 0 ? 1u : 0;
        ref RecentOrder row = ref _ring.Edit(PlaceOf(ended));
        ref uint bySlot = ref _bySlot.Edit(Order.SlotOf(orderId));
        row.OrderId = orderId;
        row.ClientOrderId = clientOrderId;
        row.OlderOfSlot = bySlot;
        row.OlderOfClient = 0;
        bySlot = ended;
        if (clientOrderId != 0)
        {
            ref Head head = ref _byClient.Edit(HeadOf(clientHash));
            row.OlderOfClient = IsKept(head.Number) ? head.Number : 0;
            head = new Head { Number = ended, Tag = (clientHash & ~HasMore) | (row.OlderOfClient == 0 ? 0 : HasMore) };
        }

        return ref row;
    }

    /// <summary>Asks for the head of a client's chain.</summary>
    public void Prefetch(uint clientHash)
    {
        if (_size != 0)
        {
            _byClient.Prefetch(HeadOf(clientHash));
        }
    }

    /// <summary>The order of an id; 0 when it is not remembered. The id's row of orders must exist.</summary>
    public uint Find(long orderId)
    {
        uint number = _size == 0 ? 0 : _bySlot[Order.SlotOf(orderId)];
        while (IsKept(number))
        {
            ref readonly RecentOrder row = ref this[number];
            if (row.OrderId == orderId)
            {
                return number;
            }

            number = row.OlderOfSlot;
        }

        return 0;
    }

    /// <summary>An account's last order of a client's id; 0 when none is remembered.</summary>
    public uint FindByClient(uint clientHash, int account, long clientOrderId)
    {
        if (_size == 0)
        {
            return 0;
        }

        Head head = _byClient[HeadOf(clientHash)];
        uint other = (head.Tag ^ clientHash) & ~HasMore;
        uint number = other == 0 | (head.Tag & HasMore) != 0 ? head.Number : 0;
        while (IsKept(number))
        {
            ref readonly RecentOrder row = ref this[number];
            if (row.ClientOrderId == clientOrderId && row.Account == account)
            {
                return number;
            }

            number = row.OlderOfClient;
        }

        return 0;
    }

    /// <summary>Adds the ring and its chains.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add(_ended.Now);
        hash.Add(_ring.AsBytes(0, _ring.Length));
        hash.Add(_bySlot.AsBytes(0, _bySlot.Length));
        hash.Add(_byClient.AsBytes(0, _byClient.Length));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ring.Dispose();
        _bySlot.Dispose();
        _byClient.Dispose();
    }

    internal override void Keep()
    {
        _ended.Keep();
        _ring.Close();
        _bySlot.Close();
        _byClient.Close();
    }

    internal override void Rewind()
    {
        _ended.Rewind();
        _ring.Open();
        _bySlot.Open();
        _byClient.Open();
    }

    private int PlaceOf(uint number) => unchecked((int)(number & (_size - 1)));

    private int HeadOf(uint hash) => unchecked((int)(hash & ((ClientHeadsPerOrder * _size) - 1)));

    private bool IsKept(uint number) => number != 0 & unchecked(_ended.Now - number) < _size;

    private struct Head
    {
        public uint Number;
        public uint Tag;
    }
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

    internal uint OlderOfSlot;
    internal uint OlderOfClient;
}
