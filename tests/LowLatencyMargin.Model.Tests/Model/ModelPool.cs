#if LENDING
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>What one account lends.</summary>
internal sealed class ModelLender
{
    public Big Shares { get; set; }

    public Big Announced { get; set; }

    public long AnnouncedEpoch { get; set; }
}

/// <summary>A lending pool (docs/lending.md); everything that can be computed is computed anew.</summary>
internal sealed class ModelPool
{
    public const long SharesPerUnit = 256;
    public const long FewestShares = 65_536;

    private const long NsPerSecond = 1_000_000_000;
    private const long SecondsPerYear = 365 * 86_400;

    public static readonly Big IndexOne = 1_000_000_000_000_000;
    public static readonly Big MaxIndex = SharesPerUnit * IndexOne;
    public static readonly Big MaxUnits = Big.Pow(2, 54);
    public static readonly Big MaxSupply = Big.Pow(2, 62);

    public required ModelAsset Asset { get; init; }

    public required long CreatedNs { get; init; }

    public PoolParameters Parameters { get; set; }

    public Big Liquidity { get; set; }

    public Big DebtShares { get; set; }

    public Big Index { get; set; } = IndexOne;

    public Big Principal { get; set; }

    public Big Reserves { get; set; }

    public Big Promised { get; set; }

    public SortedDictionary<long, ModelLender> Lenders { get; } = [];

    public long Epoch { get; private set; }

    public Big EpochAssets { get; private set; }

    public Big EpochOut { get; set; }

    public Big Supply => Lenders.Values.Aggregate(Big.Zero, (sum, lender) => sum + lender.Shares);

    public bool IsKinked => Parameters.Model == InterestModel.Kinked;

    public Big Borrowed => IsKinked ? BorrowedAt(Index) : Principal;

    public Big Assets => Liquidity + Borrowed - Reserves;

    public Big Free => Liquidity - Promised;

    public Big Utilisation => UtilisationOf(Liquidity, Borrowed);

    public Big KinkedRate
    {
        get
        {
            PoolParameters p = Parameters;
            Big u = Utilisation;
            return u <= p.OptimalUtilisation
                ? p.RateAtZero + Rounding.Up((p.RateAtOptimal - p.RateAtZero) * u, p.OptimalUtilisation)
                : p.RateAtOptimal + Rounding.Up((p.RateAtMax - p.RateAtOptimal) * (u - p.OptimalUtilisation), Rounding.Scale - p.OptimalUtilisation);
        }
    }

    public static Big UtilisationOf(Big liquidity, Big borrowed) =>
        (liquidity + borrowed).IsZero ? 0 : Rounding.Down(borrowed * Rounding.Scale, liquidity + borrowed);

    public long EpochAt(long timeNs) => timeNs / (Parameters.EpochSeconds * NsPerSecond);

    /// <summary>The first step of interest after a time.</summary>
    public long StepAfter(long timeNs)
    {
        long step = Parameters.InterestStepSeconds * NsPerSecond;
        return CreatedNs + ((((timeNs - CreatedNs) / step) + 1) * step);
    }

    /// <summary>Before a change: the first one of an epoch says what flow caps are a share of.</summary>
    public void Enter(long timeNs)
    {
        long epoch = EpochAt(timeNs);
        if (epoch != Epoch)
        {
            Epoch = epoch;
            EpochAssets = Assets;
            EpochOut = 0;
        }
    }

    /// <summary>One step of interest. Returns rate, interest and the operator's part.</summary>
    public (Big Rate, Big Interest, Big Reserve) Accrue()
    {
        Big rate = KinkedRate;
        Big before = Borrowed;
        Big more = Rounding.Up(Index * rate * Parameters.InterestStepSeconds, Rounding.Scale * SecondsPerYear);
        Index = Big.Min(MaxIndex, Index + more);
        Big interest = Borrowed - before;
        Big reserve = Rounding.RateDown(interest, Parameters.ReserveFactorRate);
        Reserves += reserve;
        return (rate, interest, reserve);
    }

    public Big BorrowedAt(Big index) => Rounding.Down(DebtShares * index, SharesPerUnit * IndexOne);

    public Big Debt(Big shares) => Rounding.Up(shares * Index, SharesPerUnit * IndexOne);

    public Big SharesOf(Big debt) => Rounding.Down(debt * SharesPerUnit * IndexOne, Index);
}
#endif
