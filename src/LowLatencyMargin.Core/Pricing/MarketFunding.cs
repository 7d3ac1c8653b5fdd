using System;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Pricing;

/// <summary>What a market's funding is made of, and how far it is; the index itself is <see cref="Matching.Market.FundingIndexE8"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MarketFunding
{
    /// <summary>The rules.</summary>
    public FundingRules Rules;

    /// <summary>What some positions have paid that others have not got yet, signed .</summary>
    public long ClearingUnits;

    /// <summary>What roundings took and the insurance fund has not got yet, in 10^-8 units: less than one.</summary>
    public long RestE8;

    /// <summary>Highest index since the market had no position last.</summary>
    public long HighE8;

    /// <summary>Lowest index since then.</summary>
    public long LowE8;

    /// <summary>End of the last interval that was charged, 0: none was.</summary>
    public long LastNs;

    /// <summary>Its rate.</summary>
    public long LastRateE8;

    /// <summary>Its premium.</summary>
    public long LastPremiumE8;

    /// <summary>End of the present interval, 0: the timer does not run.</summary>
    public long NextNs;

    /// <summary>Place of the timer in the timer queue plus one, 0: it does not run.</summary>
    public int TimerPlace;
}

/// <summary>Premium and rate of an interval, in 10^-8.</summary>
public readonly struct FundingRate
{
    private FundingRate(long premiumE8, long rateE8)
    {
        PremiumE8 = premiumE8;
        RateE8 = rateE8;
    }

    /// <summary>How far the mark is from the index, as a part of that, before dampening.</summary>
    public long PremiumE8 { get; }

    /// <summary>What longs pay of their notional.</summary>
    public long RateE8 { get; }

    /// <summary>The rate of a mark and an index.</summary>
    public static FundingRate Of(long markTicks, long indexTicks, in FundingRules rules)
    {
        // a price is less than 2^40 ticks: the product takes 67 bits
        long premium = (long)Int128.Clamp((Int128)(markTicks - indexTicks) * Rate.Scale / indexTicks, -MostE8, MostE8);
        long counted = (long)((Int128)premium * rules.DampeningRate / Rate.Scale);
        long rate = counted + Math.Clamp(rules.InterestRate - counted, -rules.ClampRate, rules.ClampRate);
        long cap = rules.CapRate == 0 ? Rate.Scale : rules.CapRate;
        return new FundingRate(premium, Math.Clamp(rate, -cap, cap));
    }

    /// <summary>No premium is told beyond this.</summary>
    private const long MostE8 = 1L << 60;
}
