using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Rules;

/// <summary>Margin levels and their bands (R-1503): level = equity / requirement, compared exactly. No state.</summary>
public static class MarginLevels
{
    /// <summary>
    /// The band of a scope that was in <paramref name="current"/>: a worse one as soon as a level is passed, a better one only when its level is
    /// exceeded by the hysteresis.
    /// </summary>
    public static LevelBand Of(in TraderRules rules, LevelBand current, long equityUnits, long requirementUnits)
    {
        if (requirementUnits == 0)
        {
            return LevelBand.Safe;
        }

        LevelBand plain = LevelBand.Safe;
        while (plain < LevelBand.Liquidation && !IsIn(in rules, plain, 0, equityUnits, requirementUnits))
        {
            plain++;
        }

        if (plain >= current)
        {
            return plain;
        }

        LevelBand better = plain;
        while (better < current && !IsIn(in rules, better, rules.LevelHysteresis, equityUnits, requirementUnits))
        {
            better++;
        }

        return better;
    }

    /// <summary>
    /// How far, in units, the quantity <c>equity - level x requirement</c> may move before the band can change; <see cref="long.MaxValue"/>: it
    /// can't. <paramref name="level"/> is the higher of the two levels concerned, for the reach of a price.
    /// </summary>
    public static long Distance(
        in TraderRules rules, LevelBand band, long equityUnits, long requirementUnits, int positions, out long level)
    {
        level = 0;
        if (requirementUnits == 0)
        {
            return long.MaxValue;
        }

        Int128 distance = long.MaxValue;
        if (band != LevelBand.Liquidation)
        {
            level = LowerLevel(in rules, band);
            distance = equityUnits - AtLevel(requirementUnits, level);
        }

        if (band != LevelBand.Safe)
        {
            long upper = (long)LowerLevel(in rules, band - 1) + rules.LevelHysteresis;
            distance = Int128.Min(distance, AtLevel(requirementUnits, upper) - equityUnits);
            level = Math.Max(level, upper);
        }

        // the requirement of each position is a sum of two amounts rounded up
        Int128 roundings = 4 + (((2 * (Int128)positions) + 2) * level / Rate.Scale);
        return (long)Int128.Clamp(distance - roundings, 0, long.MaxValue - 1);
    }

    private static bool IsIn(in TraderRules rules, LevelBand band, int above, long equityUnits, long requirementUnits)
    {
        Int128 have = (Int128)equityUnits * Rate.Scale;
        Int128 need = (Int128)((long)LowerLevel(in rules, band) + above) * requirementUnits;
        return band == LevelBand.Critical ? have > need : have >= need;
    }

    private static int LowerLevel(in TraderRules rules, LevelBand band) => band switch
    {
        LevelBand.Safe => rules.SafeLevel,
        LevelBand.Caution => rules.CautionLevel,
        LevelBand.Warning => rules.WarningLevel,
        _ => rules.LiquidationLevel,
    };

    private static Int128 AtLevel(long requirementUnits, long level) => (((Int128)requirementUnits * level) + (Rate.Scale - 1)) / Rate.Scale;
}
