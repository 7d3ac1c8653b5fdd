using System;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Commands;

/// <summary>Names of the sets of parameters of REQUIREMENTS section 23: each source's values.</summary>
public enum MarketPreset
{
    /// <summary>The defaults.</summary>
    Default,

    /// <summary>Isolated margin with waterfall: maintenance on entry, liquidation where equity reaches it.</summary>
    S1,

    /// <summary>The code base of S1: positions fully backed.</summary>
    S1r,

    /// <summary>Order-book exchange with tiers.</summary>
    S2,

    /// <summary>Margin on lending pools, five to one.</summary>
    S3,

    /// <summary>Isolated margin with trader rules: the account sets its leverage.</summary>
    S4,

    /// <summary>Cross and isolated at up to a hundred.</summary>
    S5,
}

/// <summary>The presets; what a source says nothing about has its default.</summary>
public static class MarketPresets
{
    private const int Percent = 100 * Rate.BasisPoint;

    /// <summary>The portfolio leverage that goes with a preset for an account; 0: none.</summary>
    public static int PortfolioLeverage(MarketPreset preset) => preset == MarketPreset.S2 ? 20 : 0;

    /// <summary>The parameters of a preset, for a market quoted in the collateral asset, which has so many decimals.</summary>
    [ColdPath]
    public static MarketParameters Of(MarketPreset preset, int decimals) => Of(preset, decimals, decimals);

    /// <summary>The parameters of a preset, for a quote asset of so many decimals; volumes are in the collateral asset.</summary>
    [ColdPath]
    public static MarketParameters Of(MarketPreset preset, int decimals, int collateralDecimals)
    {
        MarketParameters p = MarketParameters.Default;
        p.FeeTiers = MarketParameters.DefaultFeeTiers(Power(collateralDecimals));
        switch (preset)
        {
            case MarketPreset.S1:
                p.MaintenanceMarginBase = MarginBase.Entry;
                p.Trigger = LiquidationTrigger.Reaches;
                break;
            case MarketPreset.S1r:
                SetS1r(ref p);
                break;
            case MarketPreset.S2:
                SetS2(ref p, Power(decimals));
                break;
            case MarketPreset.S3:
                p.InitialMarginLongRate = p.InitialMarginShortRate = 20 * Percent;
                p.MaxLeverage = 5;
                p.LoanTopUp = 0;
                break;
            case MarketPreset.S4:
                p.InitialMarginLongRate = p.InitialMarginShortRate = 10 * Percent;
                p.LiquidationLevelRate = 100 * Percent;
                break;
            case MarketPreset.S5:
                SetS5(ref p, Power(decimals));
                break;
            default:
                break;
        }

        return p;
    }

    private static void SetS1r(ref MarketParameters p)
    {
        p.InitialMarginLongRate = 100 * Percent;
        p.InitialMarginShortRate = 150 * Percent;
        p.MaintenanceMarginRate = 20 * Percent;
        p.MaxLeverage = 1;
        p.PenaltyRate = 10 * Percent;
        p.PenaltyKeeperRate = p.PenaltyProtocolRate = 0;
        p.PenaltyMakersRate = 100 * Percent;
        p.MakerFeeRate = p.TakerFeeRate = 10 * Rate.BasisPoint;
        p.FeeTiers = default;
        p.MaxSlippageRate = 15 * Percent;
        p.PriceBandRate = 5 * Percent;
    }

    private static void SetS2(ref MarketParameters p, long one)
    {
        p.InitialMarginLongRate = p.InitialMarginShortRate = 10 * Percent;
        p.PriceBandRate = 5 * Percent;
        p.BreakerRate = 15 * Percent;
        p.CloseFactorRate = 25 * Percent;
        p.TierCount = 3;
        p.Tiers[0] = new MarginTier { LimitUnits = Math.Min(100_000 * one, Exact.MaxNotionalUnits - 1), MaxLeverage = 20, MaintenanceRate = 5 * Percent };
        p.Tiers[1] = new MarginTier { LimitUnits = Math.Min(500_000 * one, Exact.MaxNotionalUnits), MaxLeverage = 10, MaintenanceRate = 5 * Percent };
        p.Tiers[2] = new MarginTier { LimitUnits = MarginTier.NoLimit, MaxLeverage = 5, MaintenanceRate = 5 * Percent };
    }

    private static void SetS5(ref MarketParameters p, long one)
    {
        p.InitialMarginLongRate = p.InitialMarginShortRate = 1 * Percent;
        p.MaintenanceMarginRate = Percent / 2;
        p.MaxLeverage = 100;
        p.MakerFeeRate = p.TakerFeeRate = 0;
        p.FeeTiers = default;
        p.PenaltyRate = 125 * Rate.BasisPoint;
        p.PenaltyKeeperRate = 100 * Percent;
        p.PenaltyProtocolRate = 0;
        p.MinPenaltyUnits = (one + 99) / 100;
        p.TriggerIncludesFee = 0;
        p.OffsetPosition = 0;
        p.WithdrawRequirement = WithdrawRequirement.Maintenance;
        p.PriceBandRate = 5 * Percent;
        p.CloseFactorRate = 100 * Percent;
        p.SelfTrade = SelfTradePrevention.None;
        p.MaxOpenOrders = 10;
    }

    private static long Power(int decimals)
    {
        long one = 1;
        for (int i = 0; i < decimals; i++)
        {
            one *= 10;
        }

        return one;
    }
}
