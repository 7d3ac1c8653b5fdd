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

    /// <summary>The first rule that they break, none when they can work; rates of fees, penalty and margin are known to be within their ranges.</summary>
    public static ParameterRule Broken(in MarketParameters p)
    {
        int side = Math.Min(p.InitialMarginLongRate, p.InitialMarginShortRate);
        if (p.TierCount is < 0 or > MarginTiers.Most || !AreUnusedTiersZero(in p))
        {
            return ParameterRule.TierCount;
        }

        ParameterRule rule = p.TierCount != 0 ? OfTiers(side, in p)
            : side < p.MaintenanceMarginRate + (long)p.ReserveRate ? ParameterRule.InitialBelowMaintenance
            : ParameterRule.None;
        return rule != ParameterRule.None ? rule : OfAddOns(in p);
    }

    private static ParameterRule OfAddOns(in MarketParameters p)
    {
        long initial = Math.Max(p.InitialMarginLongRate, p.InitialMarginShortRate);
        long maintenance = p.TierCount == 0 ? p.MaintenanceMarginRate : p.Tiers[p.TierCount - 1].MaintenanceRate;
        bool volatility = p.VolatilityThresholdRate is >= 0 and <= Rate.Scale
            && p.VolatilityMultiplierRate is >= Rate.Scale and <= 10 * Rate.Scale && p.VolatilityWindowMs is >= 1000 and <= DayMs;
        bool fits = !volatility || p.VolatilityThresholdRate == 0 || (Fits(initial, GradedMargin.MostRate, in p) && Fits(maintenance, Rate.Scale / 2, in p));
        bool notice = p.AddOnGraceMs is >= 0 and <= MostNoticeMs && p.AddOnNoticeMs is >= 0 and <= MostNoticeMs
            && p.MaintenanceNoticeMs is >= 0 and <= MostNoticeMs;
        bool size = p.SizeAddOnRate is >= 0 and <= Rate.Scale && IsAmount(p.SizeAddOnStepUnits) && IsAmount(p.SizeAddOnFromUnits)
            && (p.SizeAddOnRate == 0 || p.SizeAddOnStepUnits > 0);
        bool interest = IsAmount(p.OpenInterestFromUnits) && IsAmount(p.OpenInterestToUnits)
            && (p.OpenInterestToUnits == 0 ? p.OpenInterestFromUnits == 0 : p.OpenInterestToUnits > p.OpenInterestFromUnits);
        return !volatility ? ParameterRule.Volatility
            : !fits ? ParameterRule.VolatilityRates
            : !notice ? ParameterRule.Notice
            : !size ? ParameterRule.SizeAddOn
            : !interest ? ParameterRule.OpenInterest
            : ParameterRule.None;
    }

    private static bool IsAmount(long units) => units is >= 0 and <= Exact.MaxNotionalUnits;

    private static bool Fits(long rate, int most, in MarketParameters p) => rate >= 0 && rate <= GradedMargin.MostRate
        && GradedMargin.Multiplied(rate, p.VolatilityMultiplierRate) <= most;

    /// <summary>Limits rise, maintenance does not fall, leverage does not rise, and each tier's initial margin covers what it is liquidated at.</summary>
    private static ParameterRule OfTiers(int side, in MarketParameters p)
    {
        long limit = 0;
        int maintenance = 0;
        int leverage = MostLeverage;
        for (int i = 0; i < p.TierCount; i++)
        {
            ref readonly MarginTier tier = ref p.Tiers[i];
            bool endless = tier.LimitUnits == MarginTier.NoLimit && i == p.TierCount - 1;
            ParameterRule broken = tier.LimitUnits <= limit || (!endless && tier.LimitUnits > Exact.MaxNotionalUnits) ? ParameterRule.TierLimits
                : tier.MaintenanceRate < maintenance || tier.MaintenanceRate is < 1 or > Rate.Scale / 2 ? ParameterRule.TierMaintenance
                : tier.MaxLeverage < 1 || tier.MaxLeverage > leverage ? ParameterRule.TierLeverage
                : Math.Max(side, GradedMargin.TierRate(tier.MaxLeverage, p.MaxLeverage)) < tier.MaintenanceRate + (long)p.ReserveRate
                    ? ParameterRule.TierInitialBelowMaintenance
                : ParameterRule.None;
            if (broken != ParameterRule.None)
            {
                return broken;
            }

            limit = tier.LimitUnits;
            maintenance = tier.MaintenanceRate;
            leverage = tier.MaxLeverage;
        }

        return ParameterRule.None;
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
