using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Events;

/// <summary>
/// OrderAccepted, OrderAmended, OrderCancelled. Side and flags of an accepted or amended order are the header's detail, the reason of a
/// cancelled one.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct OrderChanged
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>The exchange's id of the order.</summary>
    public long OrderId;

    /// <summary>The client's name for it.</summary>
    public long ClientOrderId;

    /// <summary>Limit price; of a market order, the furthest price it may trade at.</summary>
    public long PriceTicks;

    /// <summary>Total quantity.</summary>
    public long QuantityLots;

    /// <summary>What is left of it; of OrderCancelled, what was left.</summary>
    public long LeavesLots;
}

/// <summary>A trade. The header's detail is the taker's side.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct Trade
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Id of the trade.</summary>
    public long TradeId;

    /// <summary>Price: the resting order's.</summary>
    public long PriceTicks;

    /// <summary>Quantity.</summary>
    public long QuantityLots;

    /// <summary>The resting order.</summary>
    public long MakerOrderId;

    /// <summary>The incoming order; of a liquidation, the id of the liquidation.</summary>
    public long TakerOrderId;
}

/// <summary>One side of the trade that stands just before it in the stream; maker first, taker second.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct Fill
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Order; of a liquidation, the id of the liquidation.</summary>
    public long OrderId;

    /// <summary>The client's name for the order.</summary>
    public long ClientOrderId;

    /// <summary>What is left of the order.</summary>
    public long LeavesLots;

    /// <summary>Fee paid.</summary>
    public long FeeUnits;

    /// <summary>Profit booked by what this fill closed .</summary>
    public long RealizedPnlUnits;
}
