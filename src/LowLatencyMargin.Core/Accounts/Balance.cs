using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>
/// What one account has of one asset: a row only where there is something. Holdings of the collateral asset are in <see
/// cref="Account.BalanceUnits"/>; a row of that asset holds only what is lent of it. One cache line.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct Balance
{
    /// <summary>Account.</summary>
    public int Account;

    /// <summary>Asset.</summary>
    public int Asset;

    /// <summary>What is there, held parts included; 0 in a row of the collateral asset.</summary>
    public long Units;

    /// <summary>The part that spot orders hold.</summary>
    public long HoldUnits;

    /// <summary>What it lends: shares of the asset's pool.</summary>
    public long LentShares;

    /// <summary>The part of them that it announced to take out (R-1010).</summary>
    public long AnnouncedShares;

    /// <summary>The epoch in which it did.</summary>
    public long AnnouncedEpoch;

    /// <summary>Next row of the account.</summary>
    public int Next;

    /// <summary>Previous row of the account.</summary>
    public int Previous;
}
