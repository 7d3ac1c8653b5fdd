using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>Where equity meets the requirement: the price that is shown, and the key that the liquidation index sorts by.</summary>
public static partial class LiquidationPrices
{
    /// <summary>Keys of the liquidation index are prices in ticks x 2^16.</summary>
    public const int KeyFraction = 1 << 16;

    /// <summary>A short that no price makes due.</summary>
    private const ulong MostShort = (ulong)Exact.MaxPriceTicks * KeyFraction * 16;

    /// <summary>
    /// Liquidation price of a position with this margin behind it, rounded to the tick toward the mark. 0 when there is none.
    /// </summary>
    public static long Of(in Position position, long marginUnits, in Market market)
    {
        if (position.SizeLots == 0)
        {
            return 0;
        }

        long atEntry = AtEntry(in position, in market);
        long lotValue = position.AbsoluteLots * market.TickValueUnits;
        if (position.SizeLots > 0)
        {
            long due = position.EntryCostUnits + atEntry - marginUnits;
            int tier = TierOf(due, true, in market, out Int128 deduction);
            long rate = RateOf(tier, in market);
            Int128 rest = Math.BigMul(due, (long)Rate.Scale) - deduction;
            if (rest <= 0 || rate >= Rate.Scale)
            {
                return 0;
            }

            return (long)UInt128.Min(DivideUp((UInt128)rest, Product(lotValue, Rate.Scale - rate)), (ulong)Exact.MaxPriceTicks);
        }

        long credit = position.EntryCostUnits - atEntry + marginUnits;
        int tierOfShort = TierOf(credit, false, in market, out Int128 deductionOfShort);
        Int128 sum = Math.BigMul(credit, (long)Rate.Scale) + deductionOfShort;
        if (sum <= 0)
        {
            return 1;
        }

        UInt128 price = (UInt128)sum / Product(lotValue, Rate.Scale + RateOf(tierOfShort, in market));
        return price > (ulong)Exact.MaxPriceTicks ? 0 : Math.Max(1, (long)price);
    }

    /// <summary>
    /// Key of a position in the liquidation index, the larger the sooner: for longs the price per lot that its margin leaves it, for shorts
    /// that price negated; less the funding index that it was settled at. Neither the mark nor funding enters, nor does a rate unless maintenance is a
    /// share of the entry, so none of them rewrites it. Rounded, with a unit for each rounding of requirement and funding, so that the index is never
    /// late; the exact test decides.
    /// </summary>
    public static IndexKey KeyOf(in Position position, long marginUnits, in Market market)
    {
        long atEntry = AtEntry(in position, in market);
        long lotValue = position.AbsoluteLots * market.TickValueUnits;
        bool isLong = position.SizeLots > 0;
        long money = isLong ? position.EntryCostUnits + atEntry + 2 - marginUnits : position.EntryCostUnits - atEntry - 2 + marginUnits;
        if (market.HasFunded != 0)
        {
            return KeyWithFunding(in position, isLong ? money + 1 : money - 1, lotValue, in market);
        }

        if (market.Rates.TierCount > 1)
        {
            return KeyInTiers(money, lotValue, isLong, in market);
        }

        if (isLong)
        {
            return new IndexKey(money <= 0 ? IndexKey.None : ForLong(Product(money, KeyFraction), (ulong)lotValue), 0);
        }

        return new IndexKey(money <= 0 ? 0 : ForShort(Product(money, KeyFraction), (ulong)lotValue), 0);
    }

    /// <summary>Positions of a side and tier whose key is at or above this are to be examined at the market's mark.</summary>
    public static long Threshold(bool isLong, int tier, in Market market)
    {
        long rate = RateOf(tier, in market);
        long threshold = isLong
            ? Rate.OfRoundedDown(market.MarkTicks * KeyFraction, Math.Max(0, Rate.Scale - rate))
            : -Rate.OfRoundedUp(market.MarkTicks * KeyFraction, Rate.Scale + rate);
        return market.HasFunded == 0 ? threshold
            : isLong ? threshold - market.FundingKeyUp
            : threshold + market.FundingKeyDown;
    }

    /// <summary>Whether a key of a side is due at the market's mark.</summary>
    public static bool IsDue(in IndexKey key, bool isLong, in Market market) =>
        key.Value >= Threshold(isLong, key.Tier, in market) && key.Value != IndexKey.None;

    /// <summary>
    /// The key that is just not due at the market's mark, and is with any move against the position; none when the threshold is too coarse for that.
    /// </summary>
    public static bool TryNotDue(bool isLong, int tier, in Market market, out IndexKey key)
    {
        key = new IndexKey(Threshold(isLong, tier, in market) - 1, tier);
        return !isLong || Rate.Scale - RateOf(tier, in market) > Rate.Scale / KeyFraction;
    }

    /// <summary>The one of two keys of a side that falls due first.</summary>
    public static IndexKey Sooner(in IndexKey one, in IndexKey other, bool isLong, in Market market)
    {
        if (one.Value == IndexKey.None || other.Value == IndexKey.None)
        {
            return one.Value == IndexKey.None ? other : one;
        }

        if (market.HasFunded != 0 && one.Tier != other.Tier)
        {
            return SoonerWithFunding(in one, in other, isLong, in market);
        }

        long sign = isLong ? -1 : 1;
        Int128 ofOne = Math.BigMul(one.Value, Rate.Scale + (sign * RateOf(other.Tier, in market)));
        Int128 ofOther = Math.BigMul(other.Value, Rate.Scale + (sign * RateOf(one.Tier, in market)));
        return ofOther > ofOne ? other : one;
    }

    private static IndexKey KeyInTiers(long money, long lotValue, bool isLong, in Market market)
    {
        int tier = TierOf(money, isLong, in market, out Int128 deduction);
        Int128 rest = Math.BigMul(money, (long)Rate.Scale) + (isLong ? -deduction : deduction);
        if (rest <= 0)
        {
            return new IndexKey(isLong ? IndexKey.None : 0, tier);
        }

        UInt128 scaled = (UInt128)rest * KeyFraction;
        UInt128 divisor = Product(lotValue, Rate.Scale);
        return new IndexKey(isLong ? ForLong(scaled, divisor) : ForShort(scaled, divisor), tier);
    }

    // losses elsewhere can leave a share far below zero: beyond every threshold is far enough
    private static long ForLong(UInt128 scaled, UInt128 divisor) => (long)UInt128.Min(DivideUp(scaled, divisor), long.MaxValue);

    private static long ForShort(UInt128 scaled, UInt128 divisor)
    {
        UInt128 key = scaled / divisor;
        return key > MostShort ? IndexKey.None : -(long)key;
    }

    // all 0 or more, and far from 128 bits
    private static UInt128 Product(long left, long right)
    {
        ulong high = Wide.Multiply((ulong)left, (ulong)right, out ulong low);
        return new UInt128(high, low);
    }

    private static UInt128 DivideUp(UInt128 value, UInt128 divisor) => unchecked(value + (divisor - 1)) / divisor;

    /// <summary>The part of the requirement that no mark changes.</summary>
    private static long AtEntry(in Position position, in Market market) => market.Parameters.MaintenanceMarginBase == MarginBase.Entry
        ? Requirements.MaintenanceMargin(0, position.EntryCostUnits, in market)
        : 0;

    private static int TierOf(long moneyUnits, bool isLong, in Market market, out Int128 deduction)
    {
        deduction = 0;
        return market.Rates.TierCount <= 1 || market.Parameters.MaintenanceMarginBase == MarginBase.Entry
            ? 0
            : GradedMargin.CriticalTier(moneyUnits, isLong, in market, out deduction);
    }

    /// <summary>What the requirement of a position grows by with its notional.</summary>
    private static long RateOf(int tier, in Market market) =>
        market.ReserveRate + (market.Parameters.MaintenanceMarginBase == MarginBase.Entry ? 0
            : tier == 0 ? market.Rates.MaintenanceRate
            : market.Margin.Maintenance[tier].MaintenanceRate);
}

/// <summary>Place of a position in the liquidation index of its market.</summary>
public readonly struct IndexKey(long value, int tier)
{
    /// <summary>In place of a value: not in the index.</summary>
    public const long None = long.MinValue;

    /// <summary>Before all others: its liquidation is under way.</summary>
    public static IndexKey First => new(long.MaxValue, 0);

    /// <summary>The larger the sooner; <see cref="None"/>: it can't be liquidated.</summary>
    public long Value { get; } = value;

    /// <summary>The tier that its liquidation price lies in.</summary>
    public int Tier { get; } = tier;
}
