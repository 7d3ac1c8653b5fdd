using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Pricing;

/// <summary>Where a market's mark and index come from, and how far they are.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MarketPrice
{
    /// <summary>Bits of the mark behind the tick.</summary>
    public const int FractionBits = 16;

    /// <summary>Its own trades.</summary>
    public TradeWindow Trades;

    /// <summary>The rules.</summary>
    public PriceRules Rules;

    /// <summary>Last price of the first feed, 0: none yet.</summary>
    public long Feed1Ticks;

    /// <summary>When it came.</summary>
    public long Feed1Ns;

    /// <summary>Last price of the second feed, 0: none yet.</summary>
    public long Feed2Ticks;

    /// <summary>When it came.</summary>
    public long Feed2Ns;

    /// <summary>The smoothed mark in 2^-16 ticks.</summary>
    public long MarkE16;

    /// <summary>Where it has been going since then, in 2^-16 ticks.</summary>
    public long TargetE16;

    /// <summary>When it was updated last.</summary>
    public long UpdatedNs;

    /// <summary>Number of the interval that the gap is counted in.</summary>
    public long Interval;

    /// <summary>The mark at its beginning.</summary>
    public long GapBaseTicks;

    /// <summary>Place of the update's timer in the timer queue plus one, 0: it does not run.</summary>
    public int TimerPlace;

    /// <summary>1: the rules make the mark.</summary>
    public byte IsAutomatic;

    /// <summary>1: the operator has set a mark; feeds don't make it automatic.</summary>
    public byte IsByHand;

    /// <summary>1: the index was set by hand, and no feed has brought another since.</summary>
    public byte IsIndexByHand;

    /// <summary>1: frozen for want of a source.</summary>
    public byte IsFrozen;

    /// <summary>Whether its own trades count.</summary>
    public readonly bool UsesTrades => IsByHand == 0 && Rules.Rule is MarkRule.Median or MarkRule.Hybrid;

    /// <summary>Whether a feed price ever came: before, a market that is new has no price to hold its trades against.</summary>
    public readonly bool HasFed => (Feed1Ticks | Feed2Ticks) != 0;

    /// <summary>The index of now: the mean of the fresh feeds, halves up; 0: it is missing.</summary>
    public readonly long IndexAt(long timeNs)
    {
        long one = Fresh(Feed1Ticks, Feed1Ns, timeNs);
        long two = Fresh(Feed2Ticks, Feed2Ns, timeNs);
        return one == 0 ? two : two == 0 ? one : (one + two + 1) / 2;
    }

    /// <summary>A feed's price if it is fresh, else 0.</summary>
    public readonly long FeedAt(int source, long timeNs) => source == 1 ? Fresh(Feed1Ticks, Feed1Ns, timeNs) : Fresh(Feed2Ticks, Feed2Ns, timeNs);

    private readonly long Fresh(long ticks, long sinceNs, long timeNs) => timeNs - sinceNs < Rules.FreshMs * 1_000_000L ? ticks : 0;
}
