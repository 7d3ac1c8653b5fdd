using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Lending;

/// <summary>Which parameters of a pool can work together, and which rule those break that can't.</summary>
public static class PoolRules
{
    private const int Day = 86_400;
    private const int Year = 365 * Day;
    private const long MostDustE9 = 1_000_000_000_000_000_000;

    /// <summary>The first rule that the parameters break; none when they can work.</summary>
    public static ParameterRule Broken(in PoolParameters p)
    {
        int one = Rate.Scale;
        bool curve = p.RateAtZero >= 0 && p.RateAtZero <= p.RateAtOptimal && p.RateAtOptimal <= p.RateAtMax && p.RateAtMax <= 10 * one;
        bool step = p.InterestStepSeconds is >= 1 and <= Day && Day % p.InterestStepSeconds == 0;
        bool fixedRates = p.FixedBaseRate >= 0 && p.FixedBaseRate <= 10 * one && p.FixedSlopeRate >= 0 && p.FixedSlopeRate <= 10 * one
            && p.FixedTermSeconds is >= 1 and <= Year;
        bool flow = p.FlowCapRate >= 0 && p.FlowCapRate <= one && p.EpochSeconds is >= 1 and <= Year;
        bool amounts = p.MinBorrowFeeUnits is >= 0 and <= LendingPool.MaxUnits && p.MinBorrowUnits is >= 0 and <= LendingPool.MaxUnits
            && p.DustE9 is >= 0 and <= MostDustE9 && p.BorrowCapUnits is >= 0 and <= LendingPool.MaxUnits;
        return p.Model > InterestModel.FixedFull || p.Unlock > 1 || p.Reserved != 0 ? ParameterRule.UnknownChoice
            : !curve ? ParameterRule.InterestCurve
            : p.OptimalUtilisation <= 0 || p.OptimalUtilisation >= one ? ParameterRule.OptimalUtilisation
            : !step ? ParameterRule.InterestStep
            : !fixedRates ? ParameterRule.FixedInterest
            : p.ReserveFactorRate < 0 || p.ReserveFactorRate > one ? ParameterRule.ReserveFactor
            : p.BorrowFeeRate < 0 || p.BorrowFeeRate > one / 10 ? ParameterRule.BorrowFee
            : !flow ? ParameterRule.FlowCap
            : !amounts ? ParameterRule.PoolAmounts
            : ParameterRule.None;
    }
}
