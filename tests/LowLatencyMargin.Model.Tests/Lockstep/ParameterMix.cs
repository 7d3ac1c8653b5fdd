using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Random fee steps, tiers and add-ons around the notionals that a profile trades.</summary>
internal static class ParameterMix
{
    private const int Percent = Rate.Scale / 100;

    public static void Vary(ref MarketParameters p, Prng random, long notional)
    {
        if (p.FeeTiers[0].VolumeUnits != 0)
        {
            VaryFees(ref p, random, notional);
        }

        if (p.TierCount != 0 && random.Chance(60))
        {
            SetTiers(ref p, random, notional);
        }

        if (p.VolatilityThresholdRate != 0)
        {
            p.VolatilityThresholdRate = random.Chance(10) ? 0 : random.Below(12 * Percent);
            p.AddOnGraceMs = random.Chance(50) ? 0 : random.Below(100_000);
            p.AddOnNoticeMs = random.Chance(30) ? 0 : random.Below(200_000);
            p.MaintenanceNoticeMs = random.Chance(30) ? 0 : random.Below(200_000);
        }

        if (p.SizeAddOnRate != 0)
        {
            p.SizeAddOnRate = 1 + random.Below(3 * Percent);
            p.SizeAddOnStepUnits = random.Between(1, notional);
            p.SizeAddOnFromUnits = random.Between(0, notional);
        }

        if (p.OpenInterestToUnits != 0)
        {
            p.OpenInterestFromUnits = random.Between(0, notional * 3);
            p.OpenInterestToUnits = p.OpenInterestFromUnits + random.Between(1, notional * 20);
        }
    }

    public static void SetTiers(ref MarketParameters p, Prng random, long notional)
    {
        p.TierCount = 1 + random.Below(MarginTiers.Most);
        long limit = 0;
        int leverage = 20;
        int rate = 2 * Percent;
        for (int i = 0; i < MarginTiers.Most; i++)
        {
            limit += random.Between(1, Math.Max(2, notional / 2));
            bool isEndless = i == p.TierCount - 1 && random.Chance(70);
            p.Tiers[i] = i >= p.TierCount
                ? default
                : new MarginTier { LimitUnits = isEndless ? MarginTier.NoLimit : limit, MaxLeverage = leverage, MaintenanceRate = rate };
            leverage = Math.Max(1, leverage - random.Below(4));
            rate += random.Below(3 * Percent / 2);
        }

        if (random.Chance(4))
        {
            int at = random.Below(p.TierCount);
            p.Tiers[at].MaintenanceRate += 20 * Percent;
        }
    }

    private static void VaryFees(ref MarketParameters p, Prng random, long notional)
    {
        int steps = 1 + random.Below(FeeTiers.Count);
        long volume = 0;
        int maker = p.MakerFeeRate;
        int taker = p.TakerFeeRate;
        for (int i = 0; i < FeeTiers.Count; i++)
        {
            volume += random.Between(1, notional * 40);
            taker = Math.Max(20_000, taker - random.Below(20_000));
            maker = Math.Max(-20_000, maker - random.Below(30_000));
            p.FeeTiers[i] = i < steps ? new FeeTier { VolumeUnits = volume, MakerFeeRate = maker, TakerFeeRate = taker } : default;
        }

        int rest = Rate.Scale;
        p.FeeInsuranceRate = random.Below(rest);
        rest -= p.FeeInsuranceRate;
        p.FeeLendersRate = random.Below(rest + 1);
        rest -= p.FeeLendersRate;
        p.FeeCommunityRate = random.Below(rest + 1);
        p.FeeProtocolRate = rest - p.FeeCommunityRate + (random.Chance(3) ? 1 : 0);
    }
}
