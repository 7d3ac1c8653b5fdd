using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>Cancels all open orders of an account, or those of one market or side (R-1306).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CancelOrders
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market; 0: all.</summary>
    public long MarketId;

    /// <summary>Which side.</summary>
    public SideFilter Sides;

    /// <summary>1: waiting reduce-only orders stay.</summary>
    public byte SpareStops;

    /// <summary>Zero.</summary>
    public ushort Reserved;

    /// <summary>Zero.</summary>
    public int Reserved2;
}

/// <summary>
/// Several orders, changes and cancels of one account in one market (R-1310). <see cref="Count"/> times <see cref="BatchItem"/> follow.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct OrderBatch
{
    /// <summary>The most items that fit into a command.</summary>
    public const int MaxItems = 101;

    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>Items that follow, 1 to <see cref="MaxItems"/>.</summary>
    public ushort Count;

    /// <summary>Whether one refused item refuses all.</summary>
    public BatchMode Mode;

    /// <summary>Self-trade rule of its orders.</summary>
    public SelfTradePrevention SelfTrade;

    /// <summary>Zero.</summary>
    public int Reserved;
}

/// <summary>One item of a batch: 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BatchItem
{
    /// <summary>Order to cancel or modify; 0: named by the client's id.</summary>
    public long OrderId;

    /// <summary>The client's id of the order.</summary>
    public long ClientOrderId;

    /// <summary>Limit price in ticks; 0 keeps it in a change.</summary>
    public long PriceTicks;

    /// <summary>Quantity in lots; 0 keeps it in a change.</summary>
    public long QuantityLots;

    /// <summary>Place, cancel or modify.</summary>
    public BatchAction Action;

    /// <summary>Side of a new order.</summary>
    public Side Side;

    /// <summary>Type of a new order.</summary>
    public OrderType Type;

    /// <summary>How long a new order stands: GTC, IOC, FOK or day.</summary>
    public TimeInForce TimeInForce;

    /// <summary>Flags of a new order.</summary>
    public OrderFlags Flags;

    /// <summary>Zero.</summary>
    public ushort Reserved;
}

/// <summary>
/// Replaces all quotes of an account in a market (R-1314). <see cref="Bids"/> and then <see cref="Asks"/> times <see cref="QuoteLevel"/> follow, each
/// side best first, no price twice.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct MassQuote
{
    /// <summary>The most levels of both sides together.</summary>
    public const int MaxLevels = 252;

    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>The client's name for this set of quotes; comes back in the reply, need not be unique.</summary>
    public long QuoteId;

    /// <summary>Buy levels that follow.</summary>
    public ushort Bids;

    /// <summary>Sell levels that follow them.</summary>
    public ushort Asks;

    /// <summary>None or <see cref="OrderFlags.PostOnly"/>.</summary>
    public OrderFlags Flags;

    /// <summary>Self-trade rule.</summary>
    public SelfTradePrevention SelfTrade;

    /// <summary>Zero.</summary>
    public byte Reserved;
}

/// <summary>One level of a mass quote.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct QuoteLevel
{
    /// <summary>Price.</summary>
    public long PriceTicks;

    /// <summary>Quantity, 1 or more.</summary>
    public long QuantityLots;
}

/// <summary>
/// Stop-loss and take-profit of a position: two waiting reduce-only market orders over the whole of it, one cancels the other (R-1302, R-1312).
/// Replaces the bracket there was; both prices 0 removes it.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetBracket
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>Stop-loss trigger in ticks; 0: none.</summary>
    public long StopLossTicks;

    /// <summary>Take-profit trigger in ticks; 0: none.</summary>
    public long TakeProfitTicks;

    /// <summary>How far from the mark the close may trade; 0: the market's own limit.</summary>
    public int MaxSlippageRate;

    /// <summary>Which price is watched.</summary>
    public TriggerSource Source;

    /// <summary>Zero.</summary>
    public byte Reserved;

    /// <summary>Zero.</summary>
    public ushort Reserved2;

    /// <summary>The position; 0: the one there is.</summary>
    public long PositionId;
}

/// <summary>Which side a mass cancel is for.</summary>
public enum SideFilter : byte
{
    /// <summary>Both.</summary>
    Both = 0,

    /// <summary>Buys only.</summary>
    Buys = 1,

    /// <summary>Sells only.</summary>
    Sells = 2,
}

/// <summary>Whether one refused item of a batch refuses all.</summary>
public enum BatchMode : byte
{
    /// <summary>Each item for itself, in order.</summary>
    BestEffort = 0,

    /// <summary>All or none: checked together at their worst before any is applied.</summary>
    Atomic = 1,
}

/// <summary>What an item of a batch does.</summary>
public enum BatchAction : byte
{
    /// <summary>A new order.</summary>
    Place = 0,

    /// <summary>Cancels an order.</summary>
    Cancel = 1,

    /// <summary>Changes an order.</summary>
    Modify = 2,
}
