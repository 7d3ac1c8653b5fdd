using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>Which margin parameters can work together: a position opened at its initial margin must not be liquidatable at once.</summary>
public static class MarginRules
{
    private const int MostLeverage = 1000;
    private const int DayMs = 86_400_000;
    private const int MostNoticeMs = 20 * DayMs;

    /// <summary>Whether they can; rates of fees, penalty and margin are known to be within their ranges.</summary>
    public static bool AreValid(in MarketParameters p)
    {
        int side = Math.Min(p.InitialMarginLongRate, p.InitialMarginShortRate);
        if (p.TierCount is < 0 or > MarginTiers.Most || p.MaxLeverage is < 1 or > MostLeverage)
        {
            return false;
        }

        return AreAddOnsValid(in p)
            && (p.TierCount == 0 ? side >= p.MaintenanceMarginRate + (long)p.ReserveRate : AreTiersValid(side, in p))
            && AreUnusedTiersZero(in p);
    }

    private static bool AreAddOnsValid(in MarketParameters p)
    {
        long initial = Math.Max(p.InitialMarginLongRate, p.InitialMarginShortRate);
        long maintenance = p.TierCount == 0 ? p.MaintenanceMarginRate : p.Tiers[p.TierCount - 1].MaintenanceRate;
        return p.VolatilityThresholdRate is >= 0 and <= Rate.Scale
            && p.VolatilityMultiplierRate is >= Rate.Scale and <= 10 * Rate.Scale
            && p.VolatilityWindowMs is >= 1000 and <= DayMs
            && (p.VolatilityThresholdRate == 0 || (Fits(initial, GradedMargin.MostRate, in p) && Fits(maintenance, Rate.Scale / 2, in p)))
            && p.AddOnGraceMs is >= 0 and <= MostNoticeMs && p.AddOnNoticeMs is >= 0 and <= MostNoticeMs
            && p.MaintenanceNoticeMs is >= 0 and <= MostNoticeMs
            && p.SizeAddOnRate is >= 0 and <= Rate.Scale && IsAmount(p.SizeAddOnStepUnits) && IsAmount(p.SizeAddOnFromUnits)
            && (p.SizeAddOnRate == 0 || p.SizeAddOnStepUnits > 0)
            && IsAmount(p.OpenInterestFromUnits) && IsAmount(p.OpenInterestToUnits)
            && (p.OpenInterestToUnits == 0 ? p.OpenInterestFromUnits == 0 : p.OpenInterestToUnits > p.OpenInterestFromUnits);
    }

    private static bool IsAmount(long units) => units is >= 0 and <= Exact.MaxNotionalUnits;

    private static bool Fits(long rate, int most, in MarketParameters p) => rate >= 0 && rate <= GradedMargin.MostRate
        && GradedMargin.Multiplied(rate, p.VolatilityMultiplierRate) <= most;

    /// <summary>Limits rise, maintenance does not fall, leverage does not rise, and each tier's initial margin covers what it is liquidated at.</summary>
    private static bool AreTiersValid(int side, in MarketParameters p)
    {
        long limit = 0;
        int maintenance = 0;
        int leverage = MostLeverage;
        for (int i = 0; i < p.TierCount; i++)
        {
            ref readonly MarginTier tier = ref p.Tiers[i];
            bool endless = tier.LimitUnits == MarginTier.NoLimit && i == p.TierCount - 1;
            if (tier.LimitUnits <= limit || (!endless && tier.LimitUnits > Exact.MaxNotionalUnits)
                || tier.MaintenanceRate < maintenance || tier.MaintenanceRate is < 1 or > Rate.Scale / 2
                || tier.MaxLeverage < 1 || tier.MaxLeverage > leverage
                || Math.Max(side, GradedMargin.TierRate(tier.MaxLeverage, p.MaxLeverage)) < tier.MaintenanceRate + (long)p.ReserveRate)
            {
                return false;
            }

            limit = tier.LimitUnits;
            maintenance = tier.MaintenanceRate;
            leverage = tier.MaxLeverage;
        }

        return true;
    }

    /// <summary>Two sets of parameters that say the same are the same bytes.</summary>
    private static bool AreUnusedTiersZero(in MarketParameters p)
    {
        for (int i = p.TierCount; i < MarginTiers.Most; i++)
        {
            if (p.Tiers[i].LimitUnits != 0 || p.Tiers[i].MaxLeverage != 0 || p.Tiers[i].MaintenanceRate != 0)
            {
                return false;
            }
        }

        return true;
    }
}
