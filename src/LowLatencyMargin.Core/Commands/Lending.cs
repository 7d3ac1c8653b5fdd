using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>Makes the lending pool of an asset, or gives it new parameters, all of them at once (R-1001, R-1002).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetPool
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>Parameters.</summary>
    public PoolParameters Parameters;
}

/// <summary>Money of an account into the pool of its asset, for shares (R-1001).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Lend
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

/// <summary>Money out of a pool, as far as it has liquidity (R-1010).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Unlend
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>Amount in smallest units; 0: everything.</summary>
    public long AmountUnits;

    /// <summary>1: only announces it, for pools that ask for that.</summary>
    public long Announce;
}

/// <summary>Parameters of a lending pool. Rates are in hundred-millionths (<see cref="Numerics.Rate"/>), interest rates a year.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PoolParameters
{
    /// <summary>How interest is charged.</summary>
    public InterestModel Model;

    /// <summary>1: lenders announce a withdrawal and may take it from the next epoch on (R-1010).</summary>
    public byte Unlock;

    /// <summary>Zero.</summary>
    public ushort Reserved;

    /// <summary>Kinked: rate when nothing is borrowed.</summary>
    public int RateAtZero;

    /// <summary>Kinked: rate at the optimal utilisation.</summary>
    public int RateAtOptimal;

    /// <summary>Kinked: rate when everything is borrowed.</summary>
    public int RateAtMax;

    /// <summary>Kinked: the utilisation where the curve bends.</summary>
    public int OptimalUtilisation;

    /// <summary>Kinked: seconds from one charge of interest to the next.</summary>
    public int InterestStepSeconds;

    /// <summary>Fixed: rate when nothing is borrowed.</summary>
    public int FixedBaseRate;

    /// <summary>Fixed: what full utilisation adds.</summary>
    public int FixedSlopeRate;

    /// <summary>Fixed: seconds that the interest charged at once is for.</summary>
    public int FixedTermSeconds;

    /// <summary>Share of interest that goes to the pool's reserves.</summary>
    public int ReserveFactorRate;

    /// <summary>Fee of a borrowing (R-1011).</summary>
    public int BorrowFeeRate;

    /// <summary>Share of the pool that lenders may take out in an epoch; 0: any (R-1010).</summary>
    public int FlowCapRate;

    /// <summary>Smallest fee of a borrowing, in units.</summary>
    public long MinBorrowFeeUnits;

    /// <summary>Smallest borrowing, in units (R-1011).</summary>
    public long MinBorrowUnits;

    /// <summary>Most that may be borrowed and promised, in units; 0: what is there (R-1007).</summary>
    public long BorrowCapUnits;

    /// <summary>Seconds of an epoch.</summary>
    public long EpochSeconds;

    /// <summary>In billionths of the asset: a debt that a liquidation closes whole (R-1011).</summary>
    public long DustE9;

    /// <summary>Kinked, hourly, 0 / 4 / 30 % with the bend at 80 %; fixed 6 % + 4 % x utilisation for 30 days (R-1002).</summary>
    public static PoolParameters Default => new()
    {
        RateAtOptimal = 4 * Percent,
        RateAtMax = 30 * Percent,
        OptimalUtilisation = 80 * Percent,
        InterestStepSeconds = 3_600,
        FixedBaseRate = 6 * Percent,
        FixedSlopeRate = 4 * Percent,
        FixedTermSeconds = 30 * 86_400,
        EpochSeconds = 86_400,
        DustE9 = 2_000_000_000,
    };

    private const int Percent = Numerics.Rate.Scale / 100;
}

/// <summary>How a pool charges interest (R-1002).</summary>
public enum InterestModel : byte
{
    /// <summary>Accrues step by step at a rate that follows utilisation, with a bend.</summary>
    Kinked = 0,

    /// <summary>Rate fixed with the loan, a whole term's interest charged at once.</summary>
    FixedFull = 1,
}

/// <summary>Borrows an asset of a spot-margin market's pair into the scope that trades there (R-1003).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Borrow
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Spot-margin market.</summary>
    public long MarketId;

    /// <summary>Its base or quote asset.</summary>
    public long AssetId;

    /// <summary>Amount in smallest units, above 0.</summary>
    public long AmountUnits;
}

/// <summary>Repays a loan, interest first (R-1008).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Repay
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Spot-margin market.</summary>
    public long MarketId;

    /// <summary>Its base or quote asset.</summary>
    public long AssetId;

    /// <summary>Amount in smallest units; 0: all that is owed. More than is owed repays what is owed.</summary>
    public long AmountUnits;
}

/// <summary>Trades just enough to repay the loans of a spot-margin market, and repays them (R-1005, R-1006).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CloseLoans
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Spot-margin market.</summary>
    public long MarketId;

    /// <summary>The client's name for the order that it makes.</summary>
    public long ClientOrderId;

    /// <summary>How far from the mark the order may trade; 0: as the market says.</summary>
    public int MaxSlippageRate;

    /// <summary>Zero.</summary>
    public int Reserved;
}
