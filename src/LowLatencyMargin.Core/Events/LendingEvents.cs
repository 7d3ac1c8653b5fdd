using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Events;

/// <summary>PoolSet: a pool was made or has new parameters.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct PoolSet
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>1: it was made.</summary>
    public long IsNew;
}

/// <summary>Lent, Unlent, UnlockAnnounced: what a lender did, and how lender and pool stand after it (R-1001, R-1010).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LendingChanged
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>Money moved; of an announcement, what the shares are worth now.</summary>
    public long AmountUnits;

    /// <summary>Shares issued, burned or announced: 256 are a unit at rate one.</summary>
    public long Shares;

    /// <summary>The lender's shares after it.</summary>
    public long LentShares;

    /// <summary>The pool's liquidity after it.</summary>
    public long LiquidityUnits;
}

/// <summary>InterestAccrued: one step of interest of a pool (R-1002).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct InterestAccrued
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>Rate a year, in hundred-millionths.</summary>
    public int Rate;

    /// <summary>Utilisation that it follows from.</summary>
    public int Utilisation;

    /// <summary>Debt index after it, 10^15 at first.</summary>
    public long DebtIndex;

    /// <summary>Interest of all loans together.</summary>
    public long InterestUnits;

    /// <summary>The part of it that is the operator's.</summary>
    public long ReserveUnits;

    /// <summary>All that is owed after it.</summary>
    public long BorrowedUnits;
}
