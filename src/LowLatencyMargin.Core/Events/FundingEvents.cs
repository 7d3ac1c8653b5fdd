using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Events;

/// <summary>An interval of funding was charged; the header's detail is 1 when the operator asked for it.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct FundingUpdated
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>When the interval ended.</summary>
    public long IntervalEndNs;

    /// <summary>What longs pay of their notional, in 10^-8.</summary>
    public long RateE8;

    /// <summary>How far the mark was from the index, in 10^-8 of that, before dampening.</summary>
    public long PremiumE8;

    /// <summary>The mark.</summary>
    public long MarkTicks;

    /// <summary>The index price.</summary>
    public long IndexTicks;

    /// <summary>The cumulative index after it: that before, and mark x rate.</summary>
    public long CumulativeE8;
}

/// <summary>A position was settled: what it paid is size x (index - entry), rounded up. For the sums that are behind it see docs/funding.md.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct FundingPaid
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Whose it is.</summary>
    public long AccountId;

    /// <summary>Position.</summary>
    public long PositionId;

    /// <summary>Its size, signed.</summary>
    public long SizeLots;

    /// <summary>The cumulative index when it was settled before, in 10^-8 ticks.</summary>
    public long EntryE8;

    /// <summary>The same now.</summary>
    public long IndexE8;

    /// <summary>What it paid; below 0: got.</summary>
    public long AmountUnits;
}

/// <summary>A market has new rules for its funding.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct FundingParamsUpdated
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>The rules.</summary>
    public FundingRules Rules;
}
