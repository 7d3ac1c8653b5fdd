using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>Margins of markets whose rates depend on the notional: tiers and size add-on (R-506 c).</summary>
public static class GradedMargin
{
    /// <summary>The highest initial margin rate: 800 %.</summary>
    public const int MostRate = 8 * Rate.Scale;

    /// <summary>Initial margin rate of a notional, with the leverage that its owner set.</summary>
    public static int InitialRate(long notionalUnits, bool isShort, int leverageRate, in Market market)
    {
        ref readonly MarketParameters p = ref market.Parameters;
        int own = isShort ? p.InitialMarginShortRate : p.InitialMarginLongRate;
        long rate = p.TierCount == 0 ? own : Math.Max(own, TierRate(p.Tiers[TierOf(notionalUnits, in p.Tiers, p.TierCount)].MaxLeverage, p.MaxLeverage));
        rate = WithAddOns(rate, in market);
        if (p.SizeAddOnRate != 0 && notionalUnits > p.SizeAddOnFromUnits && rate < Rate.Scale)
        {
            UInt128 addOn = (((UInt128)(ulong)p.SizeAddOnRate * (ulong)(notionalUnits - p.SizeAddOnFromUnits)) + (ulong)(p.SizeAddOnStepUnits - 1))
                / (ulong)p.SizeAddOnStepUnits;
            rate = Math.Min(Rate.Scale, rate + (long)UInt128.Min(addOn, Rate.Scale));
        }

        return (int)Math.Min(MostRate, Math.Max(rate, leverageRate));
    }

    /// <summary>A rate with the add-ons for volatility and open interest (R-506 a, b).</summary>
    public static long WithAddOns(long rate, in Market market)
    {
        long multiplied = market.Margin.IsVolatileForInitial == 0 ? rate : Multiplied(rate, market.Parameters.VolatilityMultiplierRate);
        return multiplied >= Rate.Scale || market.Margin.OpenInterestShare == 0
            ? multiplied
            : multiplied + Rate.OfRoundedUp(Rate.Scale - multiplied, market.Margin.OpenInterestShare);
    }

    /// <summary>A rate times a multiplier, rounded up.</summary>
    public static long Multiplied(long rate, int multiplierRate) => Rate.OfRoundedUp(rate, multiplierRate);

    /// <summary>What a tier's highest leverage asks for at least; the market's own leverage caps every tier (R-505, C-28).</summary>
    public static long TierRate(int tierLeverage, int marketLeverage)
    {
        int leverage = Math.Min(tierLeverage, marketLeverage);
        return (Rate.Scale + leverage - 1) / leverage;
    }

    /// <summary>
    /// The tier that a notional belongs to, from 0: a limit belongs to the tier above it, and what is beyond the last limit to the last tier.
    /// </summary>
    public static int TierOf(long notionalUnits, in MarginTiers tiers, int count)
    {
        int tier = 0;
        while (tier < count - 1 && notionalUnits >= tiers[tier].LimitUnits)
        {
            tier++;
        }

        return tier;
    }

    /// <summary>Initial margin of a whole notional.</summary>
    public static long Initial(long notionalUnits, bool isShort, int leverageRate, in Market market) =>
        Rate.OfRoundedUp(notionalUnits, InitialRate(notionalUnits, isShort, leverageRate, in market));

    /// <summary>What orders add to the initial margin of a position on their side .</summary>
    public static long Added(long heldUnits, long addedUnits, bool isShort, int leverageRate, in Market market) => addedUnits == 0
        ? 0
        : Initial(heldUnits + addedUnits, isShort, leverageRate, in market) - Initial(heldUnits, isShort, leverageRate, in market);

    /// <summary>Maintenance margin: each part of the notional pays the rate of its tier, the sum rounded up .</summary>
    public static long Maintenance(long notionalUnits, in Market market) => market.Rates.TierCount == 0
        ? Rate.OfRoundedUp(notionalUnits, market.Rates.MaintenanceRate)
        : (long)((MaintenanceE8(notionalUnits, in market) + (Rate.Scale - 1)) / Rate.Scale);

    /// <summary>The same before it is rounded, in units x <see cref="Rate.Scale"/>.</summary>
    public static Int128 MaintenanceE8(long notionalUnits, in Market market)
    {
        int count = market.Rates.TierCount;
        if (count == 0)
        {
            return Math.BigMul(notionalUnits, (long)market.Rates.MaintenanceRate);
        }

        Int128 sum = 0;
        long from = 0;
        for (int tier = 0; tier < count && from < notionalUnits; tier++)
        {
            long to = tier == count - 1 ? notionalUnits : Math.Min(notionalUnits, market.Margin.Maintenance[tier].LimitUnits);
            sum += Math.BigMul(to - from, (long)market.Margin.Maintenance[tier].MaintenanceRate);
            from = to;
        }

        return sum;
    }

    /// <summary>
    /// The tier in which the equity of a position meets its requirement, whatever its mark: the first at whose limit it does for a long, no longer
    /// does for a short.
    /// </summary>
    /// <param name="moneyUnits">Of a long what it cost less the margin behind it, of a short both together.</param>
    /// <param name="isLong">Side.</param>
    /// <param name="market">Market, with tiers.</param>
    /// <param name="deduction">The deduction of that tier, in units x <see cref="Rate.Scale"/>.</param>
    public static int CriticalTier(long moneyUnits, bool isLong, in Market market, out Int128 deduction)
    {
        ref readonly MarginTiers tiers = ref market.Margin.Maintenance;
        Int128 money = (Int128)moneyUnits * Rate.Scale;
        long reserve = market.ReserveRate;
        deduction = 0;
        int tier = 0;
        while (tier < market.Rates.TierCount - 1)
        {
            long limit = tiers[tier].LimitUnits;
            long required = tiers[tier].MaintenanceRate + reserve;
            Int128 left = isLong ? ((Int128)limit * (Rate.Scale - required)) + deduction : ((Int128)limit * (Rate.Scale + required)) - deduction;
            if (left >= money)
            {
                break;
            }

            deduction += (Int128)limit * (tiers[tier + 1].MaintenanceRate - tiers[tier].MaintenanceRate);
            tier++;
        }

        return tier;
    }

    /// <summary>The deduction of a tier in units x <see cref="Rate.Scale"/>: notional x rate of the tier less this is the maintenance margin.</summary>
    public static Int128 Deduction(int tier, in Market market)
    {
        Int128 sum = 0;
        for (int i = 0; i < tier; i++)
        {
            sum += (Int128)market.Margin.Maintenance[i].LimitUnits
                * (market.Margin.Maintenance[i + 1].MaintenanceRate - market.Margin.Maintenance[i].MaintenanceRate);
        }

        return sum;
    }
}
