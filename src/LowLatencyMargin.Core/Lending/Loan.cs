using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Lending;

/// <summary>What one scope owes of one asset. Two cache lines; rows only where something is owed.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
public struct Loan
{
    /// <summary>Row of account and market.</summary>
    public int Position;

    /// <summary>Pool.</summary>
    public int Pool;

    /// <summary>Id .</summary>
    public long LoanId;

    /// <summary>Borrowed and not repaid.</summary>
    public long PrincipalUnits;

    /// <summary>Shares of the pool's debt.</summary>
    public long Shares;

    /// <summary>When it was opened.</summary>
    public long OpenedNs;

    /// <summary>Interest and fees repaid so far (R-1009).</summary>
    public long InterestPaidUnits;

    /// <summary>The debt index up to which the liquidation index has counted its interest.</summary>
    public long IndexLimit;

    /// <summary>Place in the pool's heap of such limits plus one; 0: it accrues nothing.</summary>
    public int LimitPlace;

    /// <summary>Place of its timer in the timer queue plus one; 0: it has no term.</summary>
    public int TimerPlace;
}

/// <summary>What a row of a spot-margin market has beyond its orders: loans and promises. One cache line, only where there is something.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct MarginScope
{
    /// <summary>Row of account and market.</summary>
    public int Position;

    /// <summary>Loan of the quote asset.</summary>
    public int QuoteLoan;

    /// <summary>Loan of the base asset.</summary>
    public int BaseLoan;

    /// <summary>1: its liquidation is under way; no new risk (R-1114).</summary>
    public int IsLiquidating;

    /// <summary>Notional of its resting buys with auto-borrow.</summary>
    public long AutoBuyUnits;

    /// <summary>Lots of its resting sells with auto-borrow.</summary>
    public long AutoSellLots;

    /// <summary>What the quote asset's pool promised them.</summary>
    public long PromisedQuoteUnits;

    /// <summary>What the base asset's pool promised them.</summary>
    public long PromisedBaseUnits;

    /// <summary>What these orders hold of the quote asset themselves.</summary>
    public long OwnQuoteUnits;

    /// <summary>What these orders hold of the base asset themselves.</summary>
    public long OwnBaseUnits;

    /// <summary>Whether it holds nothing that keeps it.</summary>
    public readonly bool IsEmpty => (QuoteLoan | BaseLoan | IsLiquidating) == 0
        && (AutoBuyUnits | AutoSellLots | PromisedQuoteUnits | PromisedBaseUnits) == 0;
}
