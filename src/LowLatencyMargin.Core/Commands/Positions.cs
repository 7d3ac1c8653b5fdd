using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>One position per market, or several with ids; only while the account has neither positions nor orders.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetPositionMode
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>New mode.</summary>
    public PositionMode Mode;
}

/// <summary>Closes a position, all or a part, by a reduce-only order .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ClosePosition
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>The position; 0: the one there is.</summary>
    public long PositionId;

    /// <summary>The client's name for the closing order, or 0.</summary>
    public long ClientOrderId;

    /// <summary>Limit in ticks; 0: market.</summary>
    public long PriceTicks;

    /// <summary>Quantity in lots; 0, or more than there is: all.</summary>
    public long QuantityLots;

    /// <summary>Market: how far from the mark it may trade, as a rate; 0: the market's own limit.</summary>
    public int MaxSlippageRate;

    /// <summary>Limit: how long it stands: GTC, IOC, FOK or day.</summary>
    public TimeInForce TimeInForce;

    /// <summary>Zero.</summary>
    public byte Reserved;

    /// <summary>Zero.</summary>
    public ushort Reserved2;
}

/// <summary>Makes two hedge positions of one .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SplitPosition
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>The position; 0: the one there is.</summary>
    public long PositionId;

    /// <summary>Lots of the new position, from 1 to less than there are.</summary>
    public long QuantityLots;
}

/// <summary>Makes one hedge position of two .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MergePositions
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>The position that stays.</summary>
    public long PositionId;

    /// <summary>The position that joins it and ends.</summary>
    public long OtherPositionId;
}

/// <summary>Moves a position, or a part of it, to another account of the same owner, at the mark and without a trade .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TransferPosition
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account that gives.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>Its position; 0: the one there is.</summary>
    public long PositionId;

    /// <summary>Account that receives.</summary>
    public long ToAccountId;

    /// <summary>Hedge mode: the position that it joins; 0: a new one.</summary>
    public long ToPositionId;

    /// <summary>Quantity in lots; 0: all.</summary>
    public long QuantityLots;
}

/// <summary>How many positions an account has in a market .</summary>
public enum PositionMode : long
{
    /// <summary>One, the net of all trades.</summary>
    OneWay = 0,

    /// <summary>Several with ids, longs and shorts at once.</summary>
    Hedge = 1,
}
