using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Commands;

/// <summary>Who pays in a market what an account can't; all at once (docs/waterfall.md).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetLossRules
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>The rules.</summary>
    public LossRules Rules;
}

/// <summary>What becomes of losses beyond their owner's money (R-1203, R-1204, R-1206).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LossRules
{
    /// <summary>The most holders that a liquidation may close in one command.</summary>
    public const int MostHolders = 1024;

    /// <summary>What follows on insurance.</summary>
    public LossMode Mode;

    /// <summary>Who shares a loss.</summary>
    public LossPool Pool;

    /// <summary>What deleveraging closes at.</summary>
    public AdlPrice Price;

    /// <summary>Who is closed first.</summary>
    public AdlScoring Score;

    /// <summary>1: the global layer pays for this market too.</summary>
    public byte GlobalLayer;

    /// <summary>1: profit of the liquidation account goes to the fund.</summary>
    public byte KeepsSurplus;

    /// <summary>Holders closed for one liquidation in one command, 1 to <see cref="MostHolders"/>.</summary>
    public ushort MaxHolders;

    /// <summary>Deleverage when the fund has lost more than this share of its highest of eight hours; 0: off.</summary>
    public int DrawdownRate;

    /// <summary>Share of trading fees redirected to the fund while it is below the threshold.</summary>
    public int RedirectRate;

    /// <summary>That threshold, up to <see cref="Exact.MaxMoneyUnits"/>; 0: none.</summary>
    public long ThresholdUnits;

    /// <summary>The defaults of REQUIREMENTS section 23.</summary>
    public static LossRules Default => new() { Mode = LossMode.Adl, KeepsSurplus = 1, MaxHolders = 50 };

    /// <summary>Those of a preset.</summary>
    [ColdPath]
    public static LossRules Of(MarketPreset preset)
    {
        LossRules rules = Default;
        switch (preset)
        {
            case MarketPreset.S1r:
                rules.Mode = LossMode.Socialise;
                rules.Pool = LossPool.All;
                break;
            case MarketPreset.S2:
                rules.Score = AdlScoring.PnlLeverage;
                break;
            default:
                break;
        }

        return rules;
    }

    /// <summary>Whether every rule is in its range.</summary>
    public readonly bool AreValid =>
        Mode <= LossMode.Socialise && Pool <= LossPool.All && Price <= AdlPrice.Mark && Score <= AdlScoring.Bitmex && GlobalLayer <= 1 && KeepsSurplus <= 1
        && MaxHolders is >= 1 and <= MostHolders && DrawdownRate is >= 0 and <= Rate.Scale && RedirectRate is >= 0 and <= Rate.Scale
        && ThresholdUnits is >= 0 and <= Exact.MaxMoneyUnits;
}

/// <summary>What becomes of a loss that insurance does not cover.</summary>
public enum LossMode : byte
{
    /// <summary>Bad debt.</summary>
    None = 0,

    /// <summary>Holders of the other side are closed.</summary>
    Adl = 1,

    /// <summary>Holders with profit share it.</summary>
    Socialise = 2,
}

/// <summary>Who shares a loss.</summary>
public enum LossPool : byte
{
    /// <summary>The side opposite to the position that made it.</summary>
    Opposite = 0,

    /// <summary>Both sides.</summary>
    All = 1,
}

/// <summary>What deleveraging closes at.</summary>
public enum AdlPrice : byte
{
    /// <summary>The bankruptcy price of the liquidated position: insurance pays nothing for what is closed so.</summary>
    Bankruptcy = 0,

    /// <summary>The mark: the loss stays with insurance.</summary>
    Mark = 1,
}

/// <summary>How holders are ranked.</summary>
public enum AdlScoring : byte
{
    /// <summary>Profit in per cent x effective leverage.</summary>
    RoiLeverage = 0,

    /// <summary>Profit x effective leverage.</summary>
    PnlLeverage = 1,

    /// <summary>As the first, with losers behind: loss in per cent / effective leverage.</summary>
    Bitmex = 2,
}
