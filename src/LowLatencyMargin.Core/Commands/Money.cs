using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>Money in .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Deposit
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>Amount in smallest units, above 0.</summary>
    public long AmountUnits;
}

/// <summary>Money out .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Withdraw
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>Amount in smallest units, above 0.</summary>
    public long AmountUnits;
}

/// <summary>Cross pool to the isolated margin of one position. Zero changes nothing.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AllocateMargin
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>Amount in smallest units, 0 or more.</summary>
    public long AmountUnits;

    /// <summary>The position; 0: the one there is.</summary>
    public long PositionId;
}

/// <summary>Isolated margin of one position back to the cross pool. Zero changes nothing.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RemoveMargin
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>Amount in smallest units, 0 or more.</summary>
    public long AmountUnits;

    /// <summary>The position; 0: the one there is.</summary>
    public long PositionId;
}

/// <summary>Cross or isolated, for one account and market, in hedge mode also for one position or one side of the market .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetMarginMode
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>New mode.</summary>
    public MarginMode Mode;

    /// <summary>Hedge mode: the position; 0: what new positions begin with.</summary>
    public long PositionId;

    /// <summary>Hedge mode, without a position: of longs, shorts or both.</summary>
    public PositionSides Sides;
}

/// <summary>Leverage for one account and market, in hedge mode also for one position or one side of the market .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetLeverage
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>From 1 to the market's limit.</summary>
    public long Leverage;

    /// <summary>Hedge mode: the position; 0: what new positions begin with.</summary>
    public long PositionId;

    /// <summary>Hedge mode, without a position: of longs, shorts or both.</summary>
    public PositionSides Sides;

    /// <summary>1: isolated margin that a higher leverage no longer asks for goes back to the pool.</summary>
    public long Release;
}

/// <summary>Which positions of a hedge account a setting is for.</summary>
public enum PositionSides : long
{
    /// <summary>All.</summary>
    Both = 0,

    /// <summary>Longs.</summary>
    Long = 1,

    /// <summary>Shorts.</summary>
    Short = 2,
}

/// <summary>Whose money stands behind a position.</summary>
public enum MarginMode : long
{
    /// <summary>The account's pool, shared by all cross positions.</summary>
    Cross = 0,

    /// <summary>The margin set apart for this position alone.</summary>
    Isolated = 1,
}
