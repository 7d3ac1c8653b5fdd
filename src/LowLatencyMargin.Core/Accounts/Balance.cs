using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>
/// What one account has of one asset: a row only where there is something. Holdings of the collateral asset are in <see
/// cref="Account.BalanceUnits"/>; a row of that asset holds only what is lent of it. Two cache lines.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
public struct Balance
{
    /// <summary>Account.</summary>
    public int Account;

    /// <summary>Asset.</summary>
    public int Asset;

    /// <summary>What is there, held parts included; 0 in a row of the collateral asset.</summary>
    public long Units;

    /// <summary>The part that spot orders hold, of the collateral asset too: it may be gone any moment, so it is no collateral.</summary>
    public long HoldUnits;


    /// <summary>What it lends: shares of the asset's pool.</summary>
    public long LentShares;

    /// <summary>Next row of the account.</summary>
    public int Next;

    /// <summary>Previous row of the account.</summary>
    public int Previous;

    /// <summary>Rows of spot markets that the account trades this asset in: they keep this row.</summary>
    public int SpotRows;

    /// <summary>Where it stands in its asset's index of falling collateral: the price below which it is looked at.</summary>
    public long IndexTicks;

    /// <summary>Index: the row above it.</summary>
    public int IndexParent;

    /// <summary>Index: the row below it on the deeper side.</summary>
    public int IndexLeft;

    /// <summary>Index: the row below it on the other side.</summary>
    public int IndexRight;

    /// <summary>Index: the shortest way down to a free place; 0: it does not stand there.</summary>
    public int IndexRank;
}
