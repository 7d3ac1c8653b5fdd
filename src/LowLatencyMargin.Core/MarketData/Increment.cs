using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.MarketData;

/// <summary>
/// One step of market data, or one entry of a snapshot: 64 bytes, a header and 32 bytes that <see cref="IncrementHeader.Kind"/> gives a
/// meaning. Flat, so that it can go into a ring or onto a wire as it is.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct Increment
{
    /// <summary>One cache line.</summary>
    public const int SizeBytes = 64;

    /// <summary>Header.</summary>
    [FieldOffset(0)]
    public IncrementHeader Header;

    /// <summary>Of <see cref="IncrementKind.Order"/>.</summary>
    [FieldOffset(IncrementHeader.SizeBytes)]
    public OrderIncrement Order;

    /// <summary>Of <see cref="IncrementKind.Level"/>.</summary>
    [FieldOffset(IncrementHeader.SizeBytes)]
    public LevelIncrement Level;

    /// <summary>Of <see cref="IncrementKind.Trade"/>.</summary>
    [FieldOffset(IncrementHeader.SizeBytes)]
    public TradePrint Trade;

    /// <summary>Of <see cref="IncrementKind.Status"/>.</summary>
    [FieldOffset(IncrementHeader.SizeBytes)]
    public MarketStatus Status;

    /// <summary>Of <see cref="IncrementKind.Snapshot"/>.</summary>
    [FieldOffset(IncrementHeader.SizeBytes)]
    public SnapshotBegin Snapshot;
}

/// <summary>What every increment begins with.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
public struct IncrementHeader
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 32;

    /// <summary>Number among all increments of its market, from 1, without gaps; in a snapshot, the number at which it is exact (R-1704).</summary>
    public long Sequence;

    /// <summary>
    /// The <see cref="Sequence"/> of the market's increment of the same kind before this one, 0 when there was none: who takes some kinds only
    /// sees his gaps by it. In a snapshot, the entry's number: 0 for its beginning, then from 1.
    /// </summary>
    public long Previous;

    /// <summary>The command that caused it; in a snapshot, the last one that it contains.</summary>
    public long CommandSequence;

    /// <summary>Market.</summary>
    public int MarketId;

    /// <summary>What the body is.</summary>
    public IncrementKind Kind;

    /// <summary>Marks.</summary>
    public IncrementFlags Flags;

    /// <summary>Side of the order or level; of a trade, the aggressor's.</summary>
    public Side Side;

    /// <summary>Zero.</summary>
    public byte Reserved;
}

/// <summary>A visible order came, changed where it stands, or went.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public struct OrderIncrement
{
    /// <summary>The exchange's id of the order.</summary>
    public long OrderId;

    /// <summary>Its price.</summary>
    public long PriceTicks;

    /// <summary>What it shows now, 0 when it went.</summary>
    public long Lots;

    /// <summary>What happened.</summary>
    public OrderChange Change;
}

/// <summary>What a price shows now.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public struct LevelIncrement
{
    /// <summary>Price.</summary>
    public long PriceTicks;

    /// <summary>Lots shown, 0 when the level is gone.</summary>
    public long Lots;

    /// <summary>Orders shown.</summary>
    public int Orders;
}

/// <summary>A trade.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public struct TradePrint
{
    /// <summary>Id of the trade.</summary>
    public long TradeId;

    /// <summary>Price.</summary>
    public long PriceTicks;

    /// <summary>Quantity.</summary>
    public long Lots;
}

/// <summary>State and reference prices of a market: one when it is listed, one with each change.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public struct MarketStatus
{
    /// <summary>Mark price, 0 before the first one was set.</summary>
    public long MarkTicks;

    /// <summary>Index price, 0 before the first one was set.</summary>
    public long IndexTicks;

    /// <summary>What the market allows.</summary>
    public MarketState State;
}

/// <summary>The first slot of a snapshot. Its entries follow, best first, bids before asks; orders in the order of their queue.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public struct SnapshotBegin
{
    /// <summary>Mark price.</summary>
    public long MarkTicks;

    /// <summary>Index price.</summary>
    public long IndexTicks;

    /// <summary>Entries that follow.</summary>
    public int Entries;

    /// <summary>Levels of a side at most; 0: all.</summary>
    public int Depth;

    /// <summary>What the market allows.</summary>
    public MarketState State;

    /// <summary>What the entries are.</summary>
    public BookContent Content;
}

/// <summary>What an increment tells.</summary>
public enum IncrementKind : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>An order.</summary>
    Order = 1,

    /// <summary>A price level.</summary>
    Level = 2,

    /// <summary>A trade.</summary>
    Trade = 3,

    /// <summary>State, mark or index.</summary>
    Status = 4,

    /// <summary>A snapshot begins.</summary>
    Snapshot = 5,
}

/// <summary>Marks on an increment.</summary>
[System.Flags]
public enum IncrementFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The last of its command in this market, or of its snapshot: the book is whole.</summary>
    Last = 1,

    /// <summary>Part of a snapshot: an order or level as it stands.</summary>
    Snapshot = 2,

    /// <summary>A trade in which a liquidation took.</summary>
    Liquidation = 4,
}

/// <summary>What happened to a visible order.</summary>
public enum OrderChange : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It stands at the end of the queue of its price.</summary>
    Add = 1,

    /// <summary>It shows another quantity and keeps its place.</summary>
    Change = 2,

    /// <summary>It is gone.</summary>
    Remove = 3,
}

/// <summary>How a book is told.</summary>
public enum BookContent : byte
{
    /// <summary>Order by order.</summary>
    Orders = 0,

    /// <summary>By price level.</summary>
    Levels = 1,
}
