using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>
/// Keys of markets that have charged funding. A key has no part in what the funding index does later: it moves the thresholds, by as much for
/// every position of a side.
/// </summary>
public static partial class LiquidationPrices
{
    /// <summary>Beyond every threshold.</summary>
    private const long MostKey = 1L << 62;

    /// <summary>More than the roundings of one key can come to, in 2^-16 ticks.</summary>
    private const int KeyRounding = 3;

    /// <summary>Whether the tier of a position depends on its notional at the mark.</summary>
    public static bool HasTiers(in Market market) => market.Rates.TierCount > 1 && market.Parameters.MaintenanceMarginBase == MarginBase.Mark;

    /// <summary>Notes the funding index of a market as the keys have it.</summary>
    public static void NoteFunding(ref Market market)
    {
        market.FundingKeyDown = FundingKey(market.FundingIndexE8, roundsUp: false);
        market.FundingKeyUp = FundingKey(market.FundingIndexE8, roundsUp: true);
    }

    /// <summary>A funding index as a key.</summary>
    private static long FundingKey(long indexE8, bool roundsUp)
    {
        Int128 scaled = (Int128)indexE8 * KeyFraction;
        long down = (long)(scaled / Rate.Scale);
        Int128 back = (Int128)down * Rate.Scale;
        return back == scaled ? down : roundsUp ? down + (back < scaled ? 1 : 0) : down - (back > scaled ? 1 : 0);
    }

    /// <summary>
    /// Key of a position whose money would be so much without any funding. A long that no price makes due can be made due by funding, so every
    /// position has a key.
    /// </summary>
    private static IndexKey KeyWithFunding(in Position position, long money, long lotValue, in Market market)
    {
        bool isLong = position.SizeLots > 0;
        bool isSettled = position.FundingIndexE8 == market.FundingIndexE8;
        int tier = 0;
        Int128 deduction = 0;
        if (HasTiers(in market))
        {
            long early = Early(position.FundingIndexE8, money, lotValue, isLong, in market, out tier, out deduction);
            money += isLong ? early : -early;
        }

        Int128 scaled = Math.BigMul(money, (long)KeyFraction);
        Int128 divisor = lotValue;
        if (deduction != 0)
        {
            scaled = (scaled * Rate.Scale) + ((isLong ? -deduction : deduction) * KeyFraction);
            divisor *= Rate.Scale;
        }

        Int128 price = scaled / divisor;
        Int128 back = price * divisor;
        price += isLong ? back < scaled ? 1 : 0 : back > scaled ? -1 : 0;
        Int128 key = isLong
            ? price - (isSettled ? market.FundingKeyDown : FundingKey(position.FundingIndexE8, roundsUp: false))
            : (isSettled ? market.FundingKeyUp : FundingKey(position.FundingIndexE8, roundsUp: true)) - price;
        return new IndexKey((long)Int128.Clamp(key, -MostKey, MostKey), tier);
    }

    /// <summary>
    /// Which tier decides about a position depends on what it will owe. The tier at the lowest index that the keys are for does, and so much money
    /// earlier as the requirement at the highest index is above that tier's line: requirements are convex, so between the two it is never late.
    /// </summary>
    private static long Early(long entryE8, long money, long lotValue, bool isLong, in Market market, out int tier, out Int128 deduction)
    {
        long highest = MoneyAt(Math.Max(market.KeysToE8, market.FundingIndexE8), entryE8, money, lotValue);
        tier = TierOf(MoneyAt(Math.Min(market.KeysFromE8, market.FundingIndexE8), entryE8, money, lotValue), isLong, in market, out deduction);
        int last = TierOf(highest, isLong, in market, out Int128 lastDeduction);
        if (last == tier)
        {
            return 1;
        }

        long rate = RateOf(last, in market);
        long divisor = isLong ? Rate.Scale - rate : Rate.Scale + rate;
        Int128 rest = ((Int128)highest * Rate.Scale) + (isLong ? -lastDeduction : lastDeduction);
        Int128 notional = divisor <= 0 ? Exact.MaxNotionalUnits : Int128.Clamp((rest / divisor) + 1, 0, Exact.MaxNotionalUnits);
        Int128 above = (notional * (rate - RateOf(tier, in market))) - (lastDeduction - deduction);
        return (long)Int128.Max(0, (above / Rate.Scale) + KeyRounding);
    }

    /// <summary>The same money with what would be owed at a funding index; both sides have more of it the higher that is.</summary>
    private static long MoneyAt(long indexE8, long entryE8, long money, long lotValue) =>
        (long)Int128.Clamp(money + (((Int128)indexE8 - entryE8) * lotValue / Rate.Scale), -4 * Exact.MaxMoneyUnits, 4 * Exact.MaxMoneyUnits);

    /// <summary>
    /// A key that is due no later than either of two in different tiers, for all funding indexes that the keys are for: where the marks cross that they
    /// are due at, one of them is moved up to the other.
    /// </summary>
    private static IndexKey SoonerWithFunding(in IndexKey one, in IndexKey other, bool isLong, in Market market)
    {
        long lowest = FundingKey(Math.Min(market.KeysFromE8, market.FundingIndexE8), roundsUp: false);
        long highest = FundingKey(Math.Max(market.KeysToE8, market.FundingIndexE8), roundsUp: true);
        long sign = isLong ? -1 : 1;
        long ofOne = Math.Max(1, Rate.Scale + (sign * RateOf(one.Tier, in market)));
        long ofOther = Math.Max(1, Rate.Scale + (sign * RateOf(other.Tier, in market)));
        Int128 key = Int128.Max(
            one.Value,
            Int128.Max(AsIf(other.Value, lowest, isLong, ofOther, ofOne), AsIf(other.Value, highest, isLong, ofOther, ofOne)));
        return new IndexKey((long)Int128.Clamp(key, -MostKey, MostKey), one.Tier);
    }

    /// <summary>The key that is due at the same mark at another rate, at a funding index.</summary>
    private static Int128 AsIf(long key, long fundingKey, bool isLong, long from, long to)
    {
        Int128 distance = isLong ? (Int128)key + fundingKey : (Int128)fundingKey - key;
        Int128 moved = distance * to / from;
        return isLong ? moved - fundingKey + KeyRounding : fundingKey - moved + KeyRounding;
    }
}
