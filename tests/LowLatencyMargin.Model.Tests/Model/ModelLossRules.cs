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

    public bool HasGlobalLayer { get; init; } = true;

    public bool KeepsSurplus { get; init; } = true;

    public Big RedirectRate { get; init; }

    public Big Threshold { get; init; }
}
