using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Commands;

/// <summary>What a perpetual's funding is computed by; all at once .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetFundingRules
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>The rules.</summary>
    public FundingRules Rules;
}

/// <summary>Charges one interval now.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ForceFunding
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Market.</summary>
    public long MarketId;
}

/// <summary>Parameters of a market's funding (docs/funding.md).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FundingRules
{
    /// <summary>Length of an interval in milliseconds, 60,000 to 604,800,000; intervals are counted from the epoch.</summary>
    public int IntervalMs;

    /// <summary>Interest of an interval, as a rate, -1 % to 1 %.</summary>
    public int InterestRate;

    /// <summary>How far the rate may be from the premium, as a rate, up to 1 %.</summary>
    public int ClampRate;

    /// <summary>The most of an interval, as a rate, up to 100 %; 0: none.</summary>
    public int CapRate;

    /// <summary>The part of the premium that counts, as a rate, up to 100 %.</summary>
    public int DampeningRate;

    /// <summary>1: on.</summary>
    public int IsOn;

    /// <summary>The defaults of REQUIREMENTS section 23.</summary>
    public static FundingRules Default => new()
    {
        IntervalMs = 3_600_000,
        InterestRate = Rate.BasisPoint,
        ClampRate = 5 * Rate.BasisPoint,
        DampeningRate = Rate.Scale,
        IsOn = 1,
    };

    /// <summary>Those of a preset (section 23).</summary>
    [ColdPath]
    public static FundingRules Of(MarketPreset preset)
    {
        FundingRules rules = Default;
        if (preset == MarketPreset.S2)
        {
            rules.IntervalMs *= 8;
            rules.InterestRate = rules.ClampRate = 0;
            rules.CapRate = 5 * Rate.BasisPoint;
            rules.DampeningRate = 95 * 100 * Rate.BasisPoint;
        }

        return rules;
    }

    /// <summary>Length of an interval.</summary>
    public readonly long IntervalNs => IntervalMs * 1_000_000L;

    /// <summary>Whether every parameter is in its range.</summary>
    public readonly bool AreValid =>
        IntervalMs is >= 60_000 and <= 7 * 24 * 3_600_000
        && InterestRate is >= -Rate.Scale / 100 and <= Rate.Scale / 100 && ClampRate is >= 0 and <= Rate.Scale / 100
        && CapRate is >= 0 and <= Rate.Scale && DampeningRate is >= 0 and <= Rate.Scale && IsOn is (0 or 1);
}
