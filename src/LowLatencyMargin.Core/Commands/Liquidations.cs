using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Commands;

/// <summary>How a market's positions are liquidated; all at once.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetLiquidationRules
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>The rules.</summary>
    public LiquidationRules Rules;
}

/// <summary>An account joins the keepers' queue, or leaves it (R-1110).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RegisterKeeper
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>1: joins; 0: leaves.</summary>
    public long On;
}

/// <summary>A keeper has a scope liquidated (R-1102, R-1103).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Liquidate
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>The keeper's account.</summary>
    public long KeeperId;

    /// <summary>The account to liquidate.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>Position of a hedge account; 0: the one there is.</summary>
    public long PositionId;
}

/// <summary>Parameters of a market's liquidations (docs/liquidation.md).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LiquidationRules
{
    /// <summary>1: positions are closed in parts (R-1105).</summary>
    public byte Partial;

    /// <summary>Who closes, and how fast (R-1106).</summary>
    public LiquidationStyle Style;

    /// <summary>Whose money follows that of an isolated position (R-1201).</summary>
    public IsolatedRecourse Recourse;

    /// <summary>Who looks for scopes (R-1102).</summary>
    public KeeperLoop KeeperLoop;

    /// <summary>A part is at least this share of the position, as a rate.</summary>
    public int PartialMinFractionRate;

    /// <summary>Equity after a part, as a rate of the requirement then, 100 % to 1000 %.</summary>
    public int PartialTargetRate;

    /// <summary>A stage closes at most this share of the position, as a rate.</summary>
    public int DisposalFractionRate;

    /// <summary>A stage takes at most this share of the other side of the book, as a rate.</summary>
    public int DisposalShareRate;

    /// <summary>Time between stages in milliseconds, 100 to 86,400,000; 0: no stages.</summary>
    public int DisposalIntervalMs;

    /// <summary>Positions below this notional are closed whole.</summary>
    public long PartialMinNotionalUnits;

    /// <summary>Notional that liquidations of one account may close on the book in a second, 0: any (R-1113).</summary>
    public long AccountLimitUnits;

    /// <summary>The same of all accounts together.</summary>
    public long MarketLimitUnits;

    /// <summary>What a keeper gets of a penalty before it is shared out.</summary>
    public long KeeperCostRefundUnits;

    /// <summary>The defaults of REQUIREMENTS section 23.</summary>
    public static LiquidationRules Default => new()
    {
        Partial = 1,
        PartialMinFractionRate = Rate.Scale / 4,
        PartialTargetRate = Rate.Scale / 10 * 11,
        DisposalFractionRate = Rate.Scale / 4,
        DisposalShareRate = Rate.Scale / 4,
    };

    /// <summary>Those of a preset (section 23).</summary>
    [ColdPath]
    public static LiquidationRules Of(MarketPreset preset)
    {
        LiquidationRules rules = Default;
        rules.Recourse = preset == MarketPreset.S1 ? IsolatedRecourse.Wallet : IsolatedRecourse.None;
        rules.Partial = (byte)(preset == MarketPreset.S5 ? 0 : 1);
        return rules;
    }

    /// <summary>Whether every parameter is in its range, and they can work together.</summary>
    public readonly bool AreValid =>
        Partial <= 1 && Style <= LiquidationStyle.Staged && Recourse <= IsolatedRecourse.Wallet && KeeperLoop <= KeeperLoop.Keepers
        && PartialMinFractionRate is >= 0 and <= Rate.Scale && PartialTargetRate is >= Rate.Scale and <= 10 * Rate.Scale
        && DisposalFractionRate is > 0 and <= Rate.Scale && DisposalShareRate is > 0 and <= Rate.Scale
        && (DisposalIntervalMs is 0 or (>= 100 and <= 86_400_000)) && (Style != LiquidationStyle.Staged || DisposalIntervalMs != 0)
        && PartialMinNotionalUnits is >= 0 and <= Exact.MaxMoneyUnits && AccountLimitUnits is >= 0 and <= Exact.MaxMoneyUnits
        && MarketLimitUnits is >= 0 and <= Exact.MaxMoneyUnits && KeeperCostRefundUnits is >= 0 and <= Exact.MaxMoneyUnits;
}

/// <summary>Who closes a position under liquidation, and how fast (R-1106).</summary>
public enum LiquidationStyle : byte
{
    /// <summary>The book, at once.</summary>
    Book = 0,

    /// <summary>A keeper takes it over at the mark; the book if none can.</summary>
    Keeper = 1,

    /// <summary>The book, stage by stage.</summary>
    Staged = 2,
}

/// <summary>Whose money follows that of an isolated position (R-1201).</summary>
public enum IsolatedRecourse : byte
{
    /// <summary>Nobody's: its margin is all that its owner can lose.</summary>
    None = 0,

    /// <summary>What its owner could withdraw.</summary>
    Wallet = 1,
}

/// <summary>Who looks for scopes to liquidate (R-1102).</summary>
public enum KeeperLoop : byte
{
    /// <summary>The engine, at every change; keepers may be faster.</summary>
    Engine = 0,

    /// <summary>Keepers alone.</summary>
    Keepers = 1,
}
