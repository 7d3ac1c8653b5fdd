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

/// <summary>Borrowed, LoanRenewed: a loan grew (R-1003, R-1007) or began another term (R-1002).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LoanGrown
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Loan.</summary>
    public long LoanId;

    /// <summary>Asset.</summary>
    public int AssetId;

    /// <summary>Rate a year at that moment.</summary>
    public int Rate;

    /// <summary>Borrowed now.</summary>
    public long AmountUnits;

    /// <summary>Fee, and interest charged at once.</summary>
    public long ChargeUnits;

    /// <summary>All that is owed after it.</summary>
    public long OwedUnits;
}

/// <summary>Repaid: interest first, then principal (R-1008).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LoanRepaid
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Loan.</summary>
    public long LoanId;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>Repaid now.</summary>
    public long AmountUnits;

    /// <summary>The part of it that was interest.</summary>
    public long InterestUnits;

    /// <summary>What is still owed.</summary>
    public long OwedUnits;
}

/// <summary>LoanLiquidationStarted, LoanLiquidationFinished: how a scope stood, in units of the quote asset (R-1101).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LoanScopeTold
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Liquidation.</summary>
    public long LiquidationId;

    /// <summary>Mark.</summary>
    public long MarkTicks;

    /// <summary>What its assets are worth.</summary>
    public long AssetUnits;

    /// <summary>What its debts are worth.</summary>
    public long DebtUnits;

    /// <summary>The level at or below which it is liquidated.</summary>
    public long LevelRate;
}

/// <summary>LoanLiquidationStep: one part of the debt repaid from collateral sold (R-1011).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LoanLiquidationStep
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Liquidation.</summary>
    public long LiquidationId;

    /// <summary>Asset repaid.</summary>
    public int AssetId;

    /// <summary>Zero.</summary>
    public int Reserved;

    /// <summary>Lots traded for it: bought, negative when sold.</summary>
    public long TradedLots;

    /// <summary>Repaid.</summary>
    public long RepaidUnits;

    /// <summary>Bonus, in the quote asset, to the insurance fund.</summary>
    public long BonusUnits;
}

/// <summary>LoanTakenOver: the liquidation account has what the book did not take, and the debt with it (R-1104).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct LoanTakenOver
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Liquidation.</summary>
    public long LiquidationId;

    /// <summary>Base asset taken.</summary>
    public long BaseUnits;

    /// <summary>Quote asset taken.</summary>
    public long QuoteUnits;

    /// <summary>Debt in the base asset.</summary>
    public long BaseOwedUnits;

    /// <summary>Debt in the quote asset.</summary>
    public long QuoteOwedUnits;
}

/// <summary>BadLoan: a debt that collateral did not cover, and who bore it (R-1013).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct BadLoan
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Liquidation.</summary>
    public long LiquidationId;

    /// <summary>Asset owed.</summary>
    public long AssetId;

    /// <summary>What was missing, in the quote asset.</summary>
    public long ShortfallUnits;

    /// <summary>Paid by the market's insurance fund, in the quote asset.</summary>
    public long InsuranceUnits;

    /// <summary>Written off by the pool, in the asset owed.</summary>
    public long PoolUnits;
}

/// <summary>PoolLoss: what a pool wrote off, and what became of its exchange rate (R-1013).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct PoolLoss
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>Written off.</summary>
    public long LossUnits;

    /// <summary>Borne by the reserves.</summary>
    public long ReserveUnits;

    /// <summary>Lenders' assets before it.</summary>
    public long AssetsBeforeUnits;

    /// <summary>Lenders' assets after it.</summary>
    public long AssetsAfterUnits;

    /// <summary>Lenders' shares.</summary>
    public long SupplyShares;
}
