using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>All trader rules of an account at once, so that they are checked as a whole (R-1501 to R-1506); all 0 removes them.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SetTraderRules
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Its rules.</summary>
    public TraderRules Rules;
}

/// <summary>The operator ends a pause by drawdown by hand (R-1504).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ResumeTrading
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;
}

/// <summary>Rules that a trader trades by. Rates and levels are in hundred-millionths (<see cref="Numerics.Rate"/>); 0 is off.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TraderRules
{
    /// <summary>Share of the capital that one trade may lose at its stop (R-1501).</summary>
    public int RiskPerTradeRate;

    /// <summary>Share of the available margin that one trade may take (R-1501).</summary>
    public int SizingCapRate;

    /// <summary>Worst case: how far behind the stop it may be executed, as a rate of the stop.</summary>
    public int SizingBufferRate;

    /// <summary>Worst case: how far the price may jump over the stop, as a rate of the entry.</summary>
    public int SizingGapRate;

    /// <summary>Worst case: fees of entry and exit together, as a rate of the entry.</summary>
    public int SizingFeesRate;

    /// <summary>A stop is near the liquidation price within this share of the way from the entry to it.</summary>
    public int StopWarningRate;

    /// <summary>Monthly drawdown that is told first (R-1504).</summary>
    public int DrawdownFirstRate;

    /// <summary>Monthly drawdown that is told next.</summary>
    public int DrawdownSecondRate;

    /// <summary>Monthly drawdown that pauses the account.</summary>
    public int DrawdownPauseRate;

    /// <summary>Trades a UTC day after which only closing orders are taken (R-1505).</summary>
    public int DailyTrades;

    /// <summary>Trades a UTC day that are told.</summary>
    public int DailyTradesWarning;

    /// <summary>Margin level from which a scope is safe (R-1503).</summary>
    public int SafeLevel;

    /// <summary>Margin level from which it asks for caution.</summary>
    public int CautionLevel;

    /// <summary>Margin level from which it is a warning; below is critical.</summary>
    public int WarningLevel;

    /// <summary>Margin level at and below which it is for liquidation.</summary>
    public int LiquidationLevel;

    /// <summary>How far above a band's level a scope must come to enter it from below.</summary>
    public int LevelHysteresis;

    /// <summary>Margin level that a partial close at Warning brings back (R-1408).</summary>
    public int AutoReduceTarget;

    /// <summary>1: orders above the computed quantity are refused (R-1502).</summary>
    public byte EnforceSizing;

    /// <summary>1: buffer, gap and fees count in the loss per lot (R-1501).</summary>
    public byte WorstCaseSizing;

    /// <summary>What follows from the pause (R-1504).</summary>
    public PausePolicy PausePolicy;

    /// <summary>What counts as a trade (R-1505).</summary>
    public TradeCount TradeCount;

    /// <summary>1: a margin level that becomes worse than Caution is marked for notification (R-1503).</summary>
    public byte Alerts;

    /// <summary>Zero.</summary>
    public byte Reserved;

    /// <summary>Zero.</summary>
    public ushort Reserved2;

    /// <summary>Zero.</summary>
    public int Reserved3;

    /// <summary>The rules of the fourth source: REQUIREMENTS section 23, preset S4.</summary>
    public static TraderRules S4 => new()
    {
        RiskPerTradeRate = 1 * Percent,
        SizingCapRate = 50 * Percent,
        SizingFeesRate = 15 * Numerics.Rate.BasisPoint,
        StopWarningRate = 10 * Percent,
        DrawdownFirstRate = 2 * Percent,
        DrawdownSecondRate = 3 * Percent,
        DrawdownPauseRate = 4 * Percent,
        DailyTrades = 50,
        DailyTradesWarning = 40,
        SafeLevel = 200 * Percent,
        CautionLevel = 130 * Percent,
        WarningLevel = 110 * Percent,
        LiquidationLevel = 100 * Percent,
        LevelHysteresis = 5 * Percent,
        Alerts = 1,
    };

    /// <summary>The rules of that source's own code: enforced worst-case sizing, no override of a pause, another table of levels.</summary>
    public static TraderRules S4r => S4 with
    {
        EnforceSizing = 1,
        WorstCaseSizing = 1,
        PausePolicy = PausePolicy.Close,
        CautionLevel = 150 * Percent,
        WarningLevel = 130 * Percent,
        LiquidationLevel = 110 * Percent,
    };

    /// <summary>Whether there is no rule at all.</summary>
    public readonly bool AreNone => (RiskPerTradeRate | DailyTrades) == 0 && !WatchesLevel && !WatchesDrawdown;

    /// <summary>Whether margin levels are watched.</summary>
    public readonly bool WatchesLevel => SafeLevel != 0;

    /// <summary>Whether the drawdown is watched.</summary>
    public readonly bool WatchesDrawdown => (DrawdownFirstRate | DrawdownSecondRate | DrawdownPauseRate) != 0;

    private const int Percent = 100 * Numerics.Rate.BasisPoint;
}

/// <summary>What follows from a pause by drawdown.</summary>
public enum PausePolicy : byte
{
    /// <summary>The operator can end it by hand.</summary>
    Override = 0,

    /// <summary>Nobody can this month, and every position is closed.</summary>
    Close = 1,
}

/// <summary>What counts as one trade of a day.</summary>
public enum TradeCount : byte
{
    /// <summary>An order, with its first fill.</summary>
    Orders = 0,

    /// <summary>Every fill.</summary>
    Fills = 1,
}
