using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Events;

/// <summary>A market is to be closed for good, or not after all (R-2101).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct SettlementSet
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>When; 0: no longer.</summary>
    public long DueNs;
}

/// <summary>A position was closed at its market's settlement price (R-2101).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct PositionSettled
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Position.</summary>
    public long PositionId;

    /// <summary>Size that was closed, negative when short.</summary>
    public long SizeLots;

    /// <summary>The settlement price.</summary>
    public long PriceTicks;

    /// <summary>What the position was entered for.</summary>
    public long EntryCostUnits;

    /// <summary>Profit booked: for a long size x price less entry cost, for a short the reverse.</summary>
    public long RealizedPnlUnits;
}

/// <summary>All positions of a market are closed: it is history (R-2101).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct MarketSettled
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>The settlement price.</summary>
    public long PriceTicks;

    /// <summary>Positions closed, the liquidation account's apart.</summary>
    public long Positions;

    /// <summary>Their lots, longs and shorts.</summary>
    public long Lots;
}
