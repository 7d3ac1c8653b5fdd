using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LowLatencyMargin.MatchingBenchmark;

/// <summary>What a report tells.</summary>
public enum ReportType : byte
{
    /// <summary>A new order was taken.</summary>
    OrderAck = 0,

    /// <summary>Two orders traded, at the maker's price.</summary>
    Trade = 1,

    /// <summary>An order, or what was left of it, was cancelled.</summary>
    CancelAck = 2,

    /// <summary>An order was modified; its trades come before.</summary>
    ModifyAck = 3,

    /// <summary>The order to cancel does not rest.</summary>
    CancelReject = 4,

    /// <summary>The order to modify does not rest.</summary>
    ModifyReject = 5,
}

/// <summary>A report as the harness lays it out: one cache line. Fields that its type does not use are 0.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct Report
{
    /// <summary>Size of a report.</summary>
    public const int SizeBytes = 64;

    /// <summary>What it tells.</summary>
    [FieldOffset(0)]
    public ReportType Type;

    /// <summary>Side of the order.</summary>
    [FieldOffset(1)]
    public byte Side;

    /// <summary>The message that led to it.</summary>
    [FieldOffset(8)]
    public ulong Sequence;

    /// <summary>The order.</summary>
    [FieldOffset(16)]
    public ulong OrderId;

    /// <summary>Price of the order or the trade.</summary>
    [FieldOffset(24)]
    public long PriceTicks;

    /// <summary>Quantity of the order or the trade.</summary>
    [FieldOffset(32)]
    public uint QuantityLots;

    /// <summary>Trade: the order that rested.</summary>
    [FieldOffset(40)]
    public ulong MakerId;

    /// <summary>Trade: the order that came in.</summary>
    [FieldOffset(48)]
    public ulong TakerId;

    [FieldOffset(0)]
    private ulong _typeAndSide;

    [FieldOffset(32)]
    private ulong _quantity;

    [FieldOffset(56)]
    private ulong _reserved;

    /// <summary>Writes the whole line about an order, over whatever was there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetOrder(ReportType type, byte side, ulong sequence, ulong orderId, long priceTicks, ulong quantityLots)
    {
        _typeAndSide = (uint)type | ((uint)side << 8);
        Sequence = sequence;
        OrderId = orderId;
        PriceTicks = priceTicks;
        _quantity = quantityLots;
        MakerId = 0;
        TakerId = 0;
        _reserved = 0;
    }

    /// <summary>Writes the whole line about a trade.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetTrade(ulong sequence, long priceTicks, ulong quantityLots, ulong makerId, ulong takerId)
    {
        _typeAndSide = (uint)ReportType.Trade;
        Sequence = sequence;
        OrderId = 0;
        PriceTicks = priceTicks;
        _quantity = quantityLots;
        MakerId = makerId;
        TakerId = takerId;
        _reserved = 0;
    }
}
