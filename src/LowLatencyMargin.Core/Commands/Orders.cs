using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>A new order.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PlaceOrder
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>The client's own name for the order; comes back in every event of it.</summary>
    public long ClientOrderId;

    /// <summary>Limit price in ticks; 0 for a market order.</summary>
    public long PriceTicks;

    /// <summary>Quantity in lots, 1 to 2^40 - 1.</summary>
    public long QuantityLots;

    /// <summary>How far from the mark a market order may trade, as a rate; 0: the market's own limit.</summary>
    public int MaxSlippageRate;

    /// <summary>Buy or sell.</summary>
    public Side Side;

    /// <summary>Limit or market.</summary>
    public OrderType Type;

    /// <summary>How long it stands.</summary>
    public TimeInForce TimeInForce;

    /// <summary>Zero.</summary>
    public byte Reserved;
}

/// <summary>Cancels a resting order.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CancelOrder
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>The exchange's id of the order.</summary>
    public long OrderId;
}

/// <summary>Changes price, quantity or both of a resting order (R-1305).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ModifyOrder
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>The exchange's id of the order.</summary>
    public long OrderId;

    /// <summary>New limit price in ticks; 0 keeps it.</summary>
    public long PriceTicks;

    /// <summary>New total quantity in lots, what has filled included; 0 keeps it.</summary>
    public long QuantityLots;
}

/// <summary>Buy or sell.</summary>
public enum Side : byte
{
    /// <summary>Buy.</summary>
    Buy = 0,

    /// <summary>Sell.</summary>
    Sell = 1,
}

/// <summary>What an order asks for.</summary>
public enum OrderType : byte
{
    /// <summary>At its price or better.</summary>
    Limit = 0,

    /// <summary>At once, no further from the mark than its slippage; never rests.</summary>
    Market = 1,
}

/// <summary>How long an order stands.</summary>
public enum TimeInForce : byte
{
    /// <summary>Until cancelled.</summary>
    GoodTillCancel = 0,

    /// <summary>What does not trade at once is cancelled.</summary>
    ImmediateOrCancel = 1,
}
