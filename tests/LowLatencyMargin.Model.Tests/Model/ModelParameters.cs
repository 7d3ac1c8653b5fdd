using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Parameters as the commands bring them, in the model's words.</summary>
internal sealed partial class ModelMarket
{
    private const long NsPerMs = 1_000_000;
    private const int MostNoticeMs = 20 * 86_400_000;

    public void Take(in MarketParameters parameters, long now, bool isListed)
    {
        Parameters = parameters;
        ModeSwitchIsChecked = parameters.ModeSwitch == ModeSwitchPolicy.Checked;
        FeeSteps = StepsOf(in parameters);
        FeeSplit = SplitOf(in parameters);
        TakeParameters(RulesOf(in parameters), now, isListed);
    }

    public static MarginRules RulesOf(in MarketParameters p)
    {
        var tiers = new List<ModelTier>();
        for (int i = 0; i < Math.Clamp(p.TierCount, 0, MarginTiers.Most); i++)
        {
            MarginTier tier = p.Tiers[i];
            tiers.Add(new ModelTier(tier.LimitUnits == MarginTier.NoLimit ? null : tier.LimitUnits, tier.MaxLeverage, tier.MaintenanceRate));
        }

        return new MarginRules
        {
            Tiers = tiers,
            NoticeNs = p.MaintenanceNoticeMs * NsPerMs,
            VolatilityThreshold = p.VolatilityThresholdRate,
            VolatilityMultiplier = p.VolatilityMultiplierRate,
            VolatilityWindowNs = p.VolatilityWindowMs * NsPerMs,
            GraceNs = p.AddOnGraceMs * NsPerMs,
            AddOnNoticeNs = p.AddOnNoticeMs * NsPerMs,
            SizeRate = p.SizeAddOnRate,
            SizeStep = p.SizeAddOnStepUnits,
            SizeFrom = p.SizeAddOnFromUnits,
            OpenInterestFrom = p.OpenInterestFromUnits,
            OpenInterestTo = p.OpenInterestToUnits,
        };
    }

    /// <summary>Whether fees and margin rules can work, each and together.</summary>
    public static bool CanWork(in MarketParameters p)
    {
        MarginRules rules = RulesOf(in p);
        Big reserve = p.TriggerIncludesFee == 0 ? 0 : (Big)p.TakerFeeRate + p.PenaltyRate;
        Big im = Math.Min(p.InitialMarginLongRate, p.InitialMarginShortRate);
        bool covers = rules.Tiers.Count > 0 || (Big)p.MaintenanceMarginRate + reserve <= im;
        IReadOnlyList<ModelTier> tiers = rules.Tiers;
        for (int i = 0; i < tiers.Count; i++)
        {
            ModelTier tier = tiers[i];
            Big rate = Big.Max(im, Big.Max(Rounding.Up(Rounding.Scale, Math.Max(1, tier.Leverage)), Rounding.Up(Rounding.Scale, Math.Max(1, p.MaxLeverage))));
            covers &= tier.MaintenanceRate + reserve <= rate && tier.Leverage is >= 1 and <= 1_000 && tier.MaintenanceRate.Sign > 0
                && (tier.Limit is { } limit ? limit.Sign > 0 : i == tiers.Count - 1);
            covers &= i == 0
                || (tier.MaintenanceRate >= tiers[i - 1].MaintenanceRate && tier.Leverage <= tiers[i - 1].Leverage
                    && (tier.Limit is null || tier.Limit > tiers[i - 1].Limit));
        }

        Big most = tiers.Count > 0 ? tiers.Max(tier => tier.MaintenanceRate) : p.MaintenanceMarginRate;
        bool isVolatile = rules.VolatilityThreshold >= 0 && rules.VolatilityMultiplier >= Rounding.Scale && rules.VolatilityMultiplier <= 10 * Rounding.Scale
            && p.VolatilityWindowMs is >= 1_000 and <= 86_400_000
            && (rules.VolatilityThreshold == 0 || Rounding.RateUp(most, rules.VolatilityMultiplier) <= Rounding.Scale / 2);
        int[] notices = [p.AddOnGraceMs, p.AddOnNoticeMs, p.MaintenanceNoticeMs];
        bool areNotices = notices.All(notice => notice is >= 0 and <= MostNoticeMs);
        bool isSized = p.SizeAddOnRate >= 0 && p.SizeAddOnFromUnits >= 0 && (p.SizeAddOnRate == 0 || p.SizeAddOnStepUnits > 0);
        bool isOpen = p.OpenInterestToUnits == 0 || (p.OpenInterestFromUnits >= 0 && p.OpenInterestFromUnits < p.OpenInterestToUnits);
        return covers && p.TierCount is >= 0 and <= MarginTiers.Most && most <= Rounding.Scale / 2 && isVolatile && areNotices && isSized && isOpen
            && CanWork(StepsOf(in p), SplitOf(in p), p.MakerFeeRate, p.TakerFeeRate);
    }

    private static List<FeeStep> StepsOf(in MarketParameters p)
    {
        var steps = new List<FeeStep>();
        for (int i = 0; i < FeeTiers.Count && p.FeeTiers[i].VolumeUnits != 0; i++)
        {
            FeeTier tier = p.FeeTiers[i];
            steps.Add(new FeeStep(tier.VolumeUnits, tier.MakerFeeRate, tier.TakerFeeRate));
        }

        return steps;
    }

    private static FeeSplit SplitOf(in MarketParameters p) => new(p.FeeProtocolRate, p.FeeInsuranceRate, p.FeeLendersRate, p.FeeCommunityRate);
}
