using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>A market's losses beyond their owners' money: the rules, what waits to be shared, and totals (R-1202).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MarketLoss
{
    /// <summary>The rules.</summary>
    public LossRules Rules;

    /// <summary>Shortfalls so far.</summary>
    public long Shortfalls;

    /// <summary>Paid by the market's own fund.</summary>
    public long InsurancePaidUnits;

    /// <summary>Paid by the global layer.</summary>
    public long GlobalPaidUnits;

    /// <summary>Borne by holders with profit.</summary>
    public long SocialisedUnits;

    /// <summary>Times that a holder was closed.</summary>
    public long Deleveraged;

    /// <summary>Lots closed so.</summary>
    public long DeleveragedLots;

    /// <summary>What for.</summary>
    public long DeleveragedUnits;

    /// <summary>Liquidation that deleverages and ran out of work, 0: none.</summary>
    public long LiquidationId;

    /// <summary>Liquidation of what the liquidation account holds, 0: none.</summary>
    public long InventoryLiquidationId;

    /// <summary>Mark at which that last began.</summary>
    public long InventoryMarkTicks;

    /// <summary>What it has closed.</summary>
    public long InventoryClosedLots;

    /// <summary>The side that the inventory had.</summary>
    public LossKind InventoryKind;

    /// <summary>Losses that wait to be shared, of no side in particular.</summary>
    public long PendingUnits;

    /// <summary>Of longs.</summary>
    public long PendingOfLongsUnits;

    /// <summary>Of shorts.</summary>
    public long PendingOfShortsUnits;

    /// <summary>The loss that is being shared.</summary>
    public LossJob Job;

    /// <summary>The fund's highest of eight hours.</summary>
    public InsuranceWindow Window;

    /// <summary>A loss of this kind that waits.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ref long Pending(LossKind kind)
    {
        switch (kind)
        {
            case LossKind.Longs:
                return ref PendingOfLongsUnits;
            case LossKind.Shorts:
                return ref PendingOfShortsUnits;
            default:
                return ref PendingUnits;
        }
    }

    /// <summary>Whether a loss waits or is being shared.</summary>
    public readonly bool IsPending => Job.Cursor != 0 || (PendingUnits | PendingOfLongsUnits | PendingOfShortsUnits) != 0;

    /// <summary>All that is neither paid nor bad debt yet.</summary>
    public readonly long OpenUnits => PendingUnits + PendingOfLongsUnits + PendingOfShortsUnits + Job.LossUnits - Job.CollectedUnits;
}

/// <summary>A loss that is being shared: two walks over the rows, one that adds up profits and one that charges.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LossJob
{
    /// <summary>The loss.</summary>
    public long LossUnits;

    /// <summary>Mark when it began.</summary>
    public long MarkTicks;

    /// <summary>Profits of all holders.</summary>
    public long TotalProfitUnits;

    /// <summary>Paid so far.</summary>
    public long CollectedUnits;

    /// <summary>Holders with profit, then those charged.</summary>
    public int Holders;

    /// <summary>Row that is looked at next, 0: no loss is being shared.</summary>
    public int Cursor;

    /// <summary>1: the walk that charges.</summary>
    public byte Charges;

    /// <summary>Whose loss it is.</summary>
    public LossKind Kind;
}

/// <summary>Whose positions made a loss.</summary>
public enum LossKind : byte
{
    /// <summary>Nobody's in particular, or all share it.</summary>
    Any = 0,

    /// <summary>Longs.</summary>
    Longs = 1,

    /// <summary>Shorts.</summary>
    Shorts = 2,
}
