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

/// <summary>Cross pool to the isolated margin of one market. Zero changes nothing.</summary>
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
}

/// <summary>Isolated margin of one market back to the cross pool. Zero changes nothing.</summary>
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
}

/// <summary>Cross or isolated, for one account and market; only while flat and without orders .</summary>
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
}

/// <summary>Leverage for one account and market; only while flat and without orders (R-305 with open positions follows).</summary>
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
}

/// <summary>Whose money stands behind a position.</summary>
public enum MarginMode : long
{
    /// <summary>The account's pool, shared by all cross positions.</summary>
    Cross = 0,

    /// <summary>The margin set apart for this position alone.</summary>
    Isolated = 1,
}
