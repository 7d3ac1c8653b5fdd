using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Commands;

/// <summary>A price from outside: one of the two feeds of a market's index .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FeedPrice
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>Price in ticks, 1 to 2^40 - 1.</summary>
    public long PriceTicks;

    /// <summary>Which feed: 1 or 2.</summary>
    public long Source;
}

/// <summary>How a market's mark is made of its sources; all at once.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetPriceRules
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>The rules.</summary>
    public PriceRules Rules;
}

/// <summary>Parameters of a market's mark (docs/prices.md).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PriceRules
{
    /// <summary>What the target is made of .</summary>
    public MarkRule Rule;

    /// <summary>Window of own trades in milliseconds, 1,000 to 86,400,000.</summary>
    public int VwapWindowMs;

    /// <summary>How long a feed price is fresh, in milliseconds, 100 to 86,400,000 .</summary>
    public int FreshMs;

    /// <summary>Half-life of the smoothing in milliseconds, up to 3,600,000; 0: none .</summary>
    public int HalfLifeMs;

    /// <summary>How often the mark is looked at when nothing happens, and what the gap is counted in, in milliseconds, 1,000 to 3,600,000.</summary>
    public int IntervalMs;

    /// <summary>How far the mark may move in an interval, as a rate, unless two sources confirm it, up to 50 %; 0: anywhere .</summary>
    public int GapRate;

    /// <summary>How far from the mark a source may be that stands alone, as a rate, 0.01 % to 100 % (R-802).</summary>
    public int BandRate;

    /// <summary>How far from the index the middle of the touch may be, as a rate, 0.01 % to 50 %.</summary>
    public int ClampRate;

    /// <summary>The defaults of REQUIREMENTS section 23.</summary>
    public static PriceRules Default => new()
    {
        Rule = MarkRule.Median,
        VwapWindowMs = 3_600_000,
        FreshMs = 60_000,
        HalfLifeMs = 5_000,
        IntervalMs = 5_000,
        GapRate = 500 * Rate.BasisPoint,
        BandRate = 500 * Rate.BasisPoint,
        ClampRate = 500 * Rate.BasisPoint,
    };

    /// <summary>Those of a preset (section 23).</summary>
    [ColdPath]
    public static PriceRules Of(MarketPreset preset)
    {
        PriceRules rules = Default;
        rules.Rule = preset switch
        {
            MarketPreset.S1r => MarkRule.Hybrid,
            MarketPreset.S2 => MarkRule.MidAndExternal,
            MarketPreset.S3 or MarketPreset.S4 => MarkRule.External,
            MarketPreset.S5 => MarkRule.Touch,
            _ => MarkRule.Median,
        };
        rules.HalfLifeMs = preset is MarketPreset.Default or MarketPreset.S1 ? rules.HalfLifeMs : 0;
        return rules;
    }

    /// <summary>Whether every parameter is in its range.</summary>
    public readonly bool AreValid =>
        Rule is >= MarkRule.Manual and <= MarkRule.Hybrid && VwapWindowMs is >= 1_000 and <= DayMs && FreshMs is >= 100 and <= DayMs
            && HalfLifeMs is >= 0 and <= HourMs
        && IntervalMs is >= 1_000 and <= HourMs && GapRate is >= 0 and <= Rate.Scale / 2
        && BandRate is >= Rate.BasisPoint and <= Rate.Scale && ClampRate is >= Rate.BasisPoint and <= Rate.Scale / 2;

    private const int HourMs = 3_600_000;

    private const int DayMs = 24 * HourMs;
}

/// <summary>What a mark's target is made of .</summary>
public enum MarkRule : int
{
    /// <summary>Nothing: the mark is set by command.</summary>
    Manual = 0,

    /// <summary>The median of own trades and both feeds.</summary>
    Median = 1,

    /// <summary>The feeds.</summary>
    External = 2,

    /// <summary>The middle of the book.</summary>
    Mid = 3,

    /// <summary>The mean of the book's middle and the feeds.</summary>
    MidAndExternal = 4,

    /// <summary>The median of best bid, best ask and the feeds.</summary>
    Touch = 5,

    /// <summary>Own trades and feeds, weighted by the number of trades.</summary>
    Hybrid = 6,
}
