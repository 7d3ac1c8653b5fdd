using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

internal enum ModelLossMode
{
    None,
    Adl,
    Socialise,
}

internal enum ModelScore
{
    RoiLeverage,
    PnlLeverage,
    Bitmex,
}

/// <summary>Whose position made a loss that waits to be shared.</summary>
internal enum LossKind
{
    Any,
    Longs,
    Shorts,
}

/// <summary>What becomes of losses in a market (docs/waterfall.md).</summary>
internal sealed record ModelLossRules
{
    public ModelLossMode Mode { get; init; } = ModelLossMode.Adl;

    public bool SharesAmongAll { get; init; }

    public bool AtMark { get; init; }

    public ModelScore Score { get; init; }

    public long MaxHolders { get; init; } = 50;

    /// <summary>0: off.</summary>
    public Big DrawdownRate { get; init; }

    public bool HasGlobalLayer { get; init; }

    public bool KeepsSurplus { get; init; } = true;

    public Big RedirectRate { get; init; }

    public Big Threshold { get; init; }

    public static ModelLossRules Of(in LossRules rules) => new()
    {
        Mode = (ModelLossMode)rules.Mode,
        SharesAmongAll = rules.Pool == LossPool.All,
        AtMark = rules.Price == AdlPrice.Mark,
        Score = (ModelScore)rules.Score,
        MaxHolders = rules.MaxHolders,
        DrawdownRate = rules.DrawdownRate,
        HasGlobalLayer = rules.GlobalLayer == 1,
        KeepsSurplus = rules.KeepsSurplus == 1,
        RedirectRate = rules.RedirectRate,
        Threshold = rules.ThresholdUnits,
    };

    public static bool CanWork(in LossRules rules)
    {
        byte[] switches = [(byte)rules.Pool, (byte)rules.Price, rules.GlobalLayer, rules.KeepsSurplus];
        int[] rates = [rules.DrawdownRate, rules.RedirectRate];
        return switches.All(value => value <= 1) && (byte)rules.Mode <= 2 && (byte)rules.Score <= 2 && rules.MaxHolders is >= 1 and <= 1_024
            && rates.All(rate => rate >= 0 && rate <= Rounding.Scale) && rules.ThresholdUnits >= 0 && rules.ThresholdUnits <= ModelExchange.MaxMoney;
    }
}
