using System;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Lending;

/// <summary>
/// The lending pool of an asset (R-1001): its money, what is owed to it, whose it is. The formulas of docs/lending.md; every one is total within
/// the limits that lending and borrowing keep.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct LendingPool
{
    /// <summary>The debt index of a pool that never charged interest.</summary>
    public const long IndexOne = 1_000_000_000_000_000;

    /// <summary>Where the index ends: 256 times its beginning.</summary>
    public const long MaxIndex = SharesPerUnit * IndexOne;

    /// <summary>Shares of debt that are one unit at index one, and lenders' shares that are one unit at rate one.</summary>
    public const long SharesPerUnit = 256;

    /// <summary>Liquidity and borrowed together: 2^54 units.</summary>
    public const long MaxUnits = 1L << 54;

    /// <summary>The fewest shares that a lender holds.</summary>
    public const long MinLentShares = 1 << 16;

    private const long MaxSupplyShares = 1L << 62;
    private const long SecondsPerYear = 365 * 86_400;

    /// <summary>Asset.</summary>
    public int Asset;

    /// <summary>Place of its timer in the timer queue plus one; 0: nothing accrues.</summary>
    public int TimerPlace;

    /// <summary>Parameters.</summary>
    public PoolParameters Parameters;

    /// <summary>When it was made: steps of interest count from there.</summary>
    public long CreatedNs;

    /// <summary>Money in the pool.</summary>
    public long LiquidityUnits;

    /// <summary>Sum of the shares of all loans.</summary>
    public long DebtShares;

    /// <summary>What a share of debt is worth: <see cref="IndexOne"/> at first.</summary>
    public long DebtIndex;

    /// <summary>Sum of what loans borrowed and have not repaid.</summary>
    public long PrincipalUnits;

    /// <summary>The operator's claim on the pool.</summary>
    public long ReserveUnits;

    /// <summary>Sum of the lenders' shares.</summary>
    public long SupplyShares;

    /// <summary>What resting orders with auto-borrow may still draw.</summary>
    public long PromisedUnits;

    /// <summary>The epoch that the next two fields are of.</summary>
    public long Epoch;

    /// <summary>Lenders' assets when it began.</summary>
    public long EpochAssetUnits;

    /// <summary>What lenders took out in it.</summary>
    public long EpochOutUnits;

    /// <summary>Loans open in it.</summary>
    public int Loans;

    /// <summary>1: loans are left to be looked at after a step of interest.</summary>
    public int IsPending;

    /// <summary>Losses that its lenders bore so far (R-1013).</summary>
    public long LostUnits;

    /// <summary>What is owed to it, as far as lenders may count on it: principal alone when interest is charged in full at once.</summary>
    public readonly long BorrowedUnits => Parameters.Model == InterestModel.FixedFull
        ? PrincipalUnits
        : (long)((UInt128)(ulong)DebtShares * (ulong)DebtIndex / (ulong)(SharesPerUnit * IndexOne));

    /// <summary>All that borrowers owe.</summary>
    public readonly long OwedUnits => (long)((UInt128)(ulong)DebtShares * (ulong)DebtIndex / (ulong)(SharesPerUnit * IndexOne));

    /// <summary>What belongs to the lenders.</summary>
    public readonly long AssetUnits => LiquidityUnits + BorrowedUnits - ReserveUnits;

    /// <summary>What can be lent or taken out.</summary>
    public readonly long FreeUnits => LiquidityUnits - PromisedUnits;

    /// <summary>Borrowed over liquidity and borrowed, rounded down.</summary>
    public readonly int Utilisation => UtilisationOf(BorrowedUnits, LiquidityUnits);

    /// <summary>The kinked rate of a utilisation, or the fixed one that a loan would get there; a year.</summary>
    public readonly int RateAt(int utilisation)
    {
        ref readonly PoolParameters p = ref Parameters;
        if (p.Model == InterestModel.FixedFull)
        {
            return p.FixedBaseRate + (int)Rate.OfRoundedDown(p.FixedSlopeRate, utilisation);
        }

        return utilisation <= p.OptimalUtilisation
            ? p.RateAtZero + (int)Exact.MultiplyDivideUp(p.RateAtOptimal - p.RateAtZero, utilisation, p.OptimalUtilisation)
            : p.RateAtOptimal + (int)Exact.MultiplyDivideUp(
                p.RateAtMax - p.RateAtOptimal, utilisation - p.OptimalUtilisation, Rate.Scale - p.OptimalUtilisation);
    }

    /// <summary>The rate that the next loan or step of interest gets.</summary>
    public readonly int CurrentRate => RateAt(Utilisation);

    /// <summary>Utilisation with this much borrowed and this much left.</summary>
    public static int UtilisationOf(long borrowedUnits, long liquidityUnits) => borrowedUnits == 0
        ? 0
        : (int)((UInt128)(ulong)borrowedUnits * Rate.Scale / (ulong)(borrowedUnits + liquidityUnits));

    /// <summary>Interest of a fixed loan: the whole term's.</summary>
    public readonly long FixedInterest(long amountUnits, int rate) => DivideUp(
        (UInt128)(ulong)amountUnits * (ulong)rate * (ulong)Parameters.FixedTermSeconds, (UInt128)Rate.Scale * SecondsPerYear);

    /// <summary>Fee of a borrowing.</summary>
    public readonly long BorrowFee(long amountUnits) =>
        Math.Max(Parameters.MinBorrowFeeUnits, Rate.OfRoundedUp(amountUnits, Parameters.BorrowFeeRate));

    /// <summary>What shares of debt owe.</summary>
    public readonly long DebtOf(long shares) => DebtAt(shares, DebtIndex);

    /// <summary>What shares of debt owe at an index.</summary>
    public static long DebtAt(long shares, long index) => DivideUp((UInt128)(ulong)shares * (ulong)index, SharesPerUnit * IndexOne);

    /// <summary>The shares that owe exactly this much.</summary>
    public readonly long DebtSharesOf(long debtUnits) =>
        (long)((UInt128)(ulong)debtUnits * (ulong)(SharesPerUnit * IndexOne) / (ulong)DebtIndex);

    /// <summary>Lenders' shares for money that comes in; -1: too many to count.</summary>
    public readonly long SharesFor(long amountUnits)
    {
        UInt128 shares = SupplyShares == 0
            ? (UInt128)(ulong)amountUnits * SharesPerUnit
            : (UInt128)(ulong)amountUnits * (ulong)SupplyShares / (ulong)AssetUnits;
        return shares > (UInt128)(ulong)(MaxSupplyShares - SupplyShares) ? -1 : (long)shares;
    }

    /// <summary>Lenders' shares that an amount of money costs; more than there are when the assets are not enough.</summary>
    public readonly long SharesCosting(long amountUnits) =>
        amountUnits > AssetUnits ? long.MaxValue : DivideUp((UInt128)(ulong)amountUnits * (ulong)SupplyShares, (ulong)AssetUnits);

    /// <summary>What lenders' shares are worth.</summary>
    public readonly long ValueOf(long shares) =>
        SupplyShares == 0 ? 0 : (long)((UInt128)(ulong)shares * (ulong)Math.Max(0, AssetUnits) / (ulong)SupplyShares);

    /// <summary>Charges one step of interest; what all loans together owe more.</summary>
    public long Accrue(int rate, out long reserveUnits)
    {
        long before = BorrowedUnits;
        long growth = DivideUp(
            (UInt128)(ulong)DebtIndex * (ulong)rate * (ulong)Parameters.InterestStepSeconds, (UInt128)Rate.Scale * SecondsPerYear);
        DebtIndex = Math.Min(MaxIndex, DebtIndex + growth);
        long interest = BorrowedUnits - before;
        reserveUnits = Rate.OfRoundedDown(interest, Parameters.ReserveFactorRate);
        ReserveUnits += reserveUnits;
        return interest;
    }

    /// <summary>Begins the epoch of a time, if it is another than the last.</summary>
    public void EnterEpoch(long timeNs)
    {
        long epoch = EpochOf(timeNs);
        if (epoch != Epoch)
        {
            Epoch = epoch;
            EpochAssetUnits = AssetUnits;
            EpochOutUnits = 0;
        }
    }

    /// <summary>The epoch of a time.</summary>
    public readonly long EpochOf(long timeNs) => timeNs / (Parameters.EpochSeconds * 1_000_000_000);

    /// <summary>The end of the step of interest that a time lies in.</summary>
    public readonly long NextStepNs(long timeNs)
    {
        long stepNs = Parameters.InterestStepSeconds * 1_000_000_000L;
        return CreatedNs + ((((timeNs - CreatedNs) / stepNs) + 1) * stepNs);
    }

    private static long DivideUp(UInt128 value, UInt128 divisor) => (long)((value + (divisor - 1)) / divisor);
}
