using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>Which parameters of a market can work together, and which rule those break that can't.</summary>
public static class ListingRules
{
    private const int DayMs = 86_400_000;

    /// <summary>The first rule that the parameters break; none when they can work.</summary>
    public static ParameterRule Broken(in MarketParameters p)
    {
        ParameterRule rule = OfRanges(in p);
        rule = rule != ParameterRule.None ? rule : OfProtections(in p);
        rule = rule != ParameterRule.None ? rule : OfLoans(in p);
        rule = rule != ParameterRule.None ? rule : OfFees(in p);
        return rule != ParameterRule.None ? rule : MarginRules.Broken(in p);
    }

    /// <summary>Whether a book can have a ladder of so many ticks.</summary>
    public static bool IsLadder(int ticks) => ticks is >= PriceLadder.MinWindowTicks and <= 1 << 20 && (ticks & (ticks - 1)) == 0;

    private static ParameterRule OfRanges(in MarketParameters p)
    {
        int one = Rate.Scale;
        bool choices = p.MaintenanceMarginBase <= MarginBase.Entry && p.Trigger <= LiquidationTrigger.Reaches && p.TriggerIncludesFee <= 1
            && p.IsolatedOrderMargin <= OrderMarginRule.Max && p.WithdrawRequirement <= WithdrawRequirement.Maintenance
            && p.InsuranceEnabled <= 1 && p.OffsetPosition <= 1 && p.WithdrawUnrealizedProfit <= 1
            && ((long)p.Reserved | p.Reserved2 | (long)p.Reserved3) == 0 && p.LoanTopUp is 0 or 1
            && p.SelfTrade is >= SelfTradePrevention.None and <= SelfTradePrevention.Decrement
            && p.ModeSwitch is ModeSwitchPolicy.FlatOnly or ModeSwitchPolicy.Checked;
        bool penalties = IsRate(p.PenaltyKeeperRate, one) && IsRate(p.PenaltyProtocolRate, one)
            && IsRate(p.PenaltyInsuranceRate, one) && IsRate(p.PenaltyMakersRate, one)
            && (long)p.PenaltyKeeperRate + p.PenaltyProtocolRate + p.PenaltyInsuranceRate + p.PenaltyMakersRate == one;
        return !choices ? ParameterRule.UnknownChoice
            : !IsRate(p.InitialMarginLongRate, 8 * one) || !IsRate(p.InitialMarginShortRate, 8 * one) ? ParameterRule.InitialMargin
            : p.MaintenanceMarginRate <= 0 || p.MaintenanceMarginRate > one / 2 ? ParameterRule.MaintenanceMargin
            : !IsRate(p.TakerFeeRate, one / 10) ? ParameterRule.TakerFee
            : !IsRate(p.PenaltyRate, one / 4) ? ParameterRule.Penalty
            : p.MinPenaltyUnits is < 0 or > Exact.MaxNotionalUnits ? ParameterRule.MinPenalty
            : !penalties ? ParameterRule.PenaltySplit
            : !IsRate(p.MaxSlippageRate, one / 2) ? ParameterRule.MaxSlippage
            : p.MaxLeverage is < 1 or > 1000 ? ParameterRule.MaxLeverage
            : p.MaxOpenOrders is < 1 or > 100_000 ? ParameterRule.MaxOpenOrders
            : ParameterRule.None;
    }

    private static ParameterRule OfProtections(in MarketParameters p)
    {
        int one = Rate.Scale;
        bool breaker = IsRate(p.BreakerRate, one) && (p.BreakerRate == 0 || p.BreakerWindowMs is >= 1000 and <= DayMs)
            && p.BreakerHaltMs is >= 0 and <= DayMs;
        bool orders = p.MinQuantityLots is >= 0 and <= Exact.MaxQuantityLots && p.MinNotionalUnits is >= 0 and <= Exact.MaxNotionalUnits;
        bool positions = p.MaxPositionLots is >= 0 and <= Exact.MaxQuantityLots && p.MaxPositionUnits is >= 0 and <= Exact.MaxNotionalUnits;
        bool limits = p.LimitOfCollateralRate >= 0 && p.LimitOfDepthRate >= 0 && p.LimitOfOpenInterestRate >= 0 && p.LimitOfInsuranceRate >= 0;
        return !IsRate(p.PriceBandRate, one) ? ParameterRule.PriceBand
            : !breaker ? ParameterRule.Breaker
            : !IsRate(p.StopBufferRate, one / 100) ? ParameterRule.StopBuffer
            : !IsRate(p.MaxSpreadRate, one) ? ParameterRule.MaxSpread
            : !orders ? ParameterRule.MinOrder
            : !positions ? ParameterRule.MaxPosition
            : !limits ? ParameterRule.DynamicLimit
            : p.MaxOpenPositions is < 1 or > Exact.MaxPositionsPerAccount ? ParameterRule.MaxOpenPositions
            : ParameterRule.None;
    }

    private static ParameterRule OfLoans(in MarketParameters p)
    {
        int one = Rate.Scale;
        bool levels = p.LiquidationLevelRate >= one && p.InitialLevelRate > p.LiquidationLevelRate && p.InitialLevelRate <= 10 * one;
        return !levels ? ParameterRule.LoanLevels
            : p.CloseFactorRate < 1 || p.CloseFactorRate > one ? ParameterRule.CloseFactor
            : !IsRate(p.LiquidationBonusRate, one / 2) ? ParameterRule.LiquidationBonus
            : !IsRate(p.CloseBufferRate, one / 10) ? ParameterRule.CloseBuffer
            : ParameterRule.None;
    }

    /// <summary>Fees fall from tier to tier, a rebate never costs more than the trade brings in, the receivers get all (R-1601, R-1602).</summary>
    private static ParameterRule OfFees(in MarketParameters p)
    {
        int one = Rate.Scale;
        var last = new FeeTier { MakerFeeRate = p.MakerFeeRate, TakerFeeRate = p.TakerFeeRate };
        bool ended = false;
        for (int i = 0; i < FeeTiers.Count; i++)
        {
            FeeTier tier = p.FeeTiers[i];
            ended |= tier.VolumeUnits == 0;
            bool none = (tier.MakerFeeRate | tier.TakerFeeRate) == 0 && tier.VolumeUnits == 0;
            bool falls = tier.VolumeUnits > last.VolumeUnits && tier.MakerFeeRate <= last.MakerFeeRate && tier.TakerFeeRate <= last.TakerFeeRate;
            if (ended ? !none : !falls)
            {
                return ParameterRule.FeeTiers;
            }

            last = ended ? last : tier;
        }

        bool shares = IsRate(p.FeeProtocolRate, one) && IsRate(p.FeeInsuranceRate, one) && IsRate(p.FeeLendersRate, one) && IsRate(p.FeeCommunityRate, one)
            && (long)p.FeeProtocolRate + p.FeeInsuranceRate + p.FeeLendersRate + p.FeeCommunityRate == one;
        return p.MakerFeeRate > one / 10 || last.MakerFeeRate < -one / 10 ? ParameterRule.MakerFee
            : last.TakerFeeRate < 0 ? ParameterRule.TakerFee
            : -last.MakerFeeRate > last.TakerFeeRate ? ParameterRule.Rebate
            : !shares ? ParameterRule.FeeSplit
            : ParameterRule.None;
    }

    private static bool IsRate(int rate, int most) => rate >= 0 && rate <= most;
}
