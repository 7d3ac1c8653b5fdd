using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Rules;

/// <summary>The trader rules of an account and what they count: a row only where there are rules.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AccountRules
{
    /// <summary>The rules.</summary>
    public TraderRules Rules;

    /// <summary>Account.</summary>
    public int Account;

    /// <summary>Next of the accounts that are to be looked at.</summary>
    public int NextDue;

    /// <summary>Previous of them.</summary>
    public int PreviousDue;

    /// <summary>Place of the timer of the month in the timer queue plus one, 0: it does not run.</summary>
    public int TimerPlace;

    /// <summary>Day of <see cref="TradesToday"/>.</summary>
    public int Day;

    /// <summary>Trades of that day (R-1505).</summary>
    public int TradesToday;

    /// <summary>First of its holdings in the watch indexes.</summary>
    public int FirstHolding;

    /// <summary>1: among the accounts that are to be looked at.</summary>
    public byte IsDue;

    /// <summary>1: only closing orders are taken (R-1504).</summary>
    public byte IsPaused;

    /// <summary>Drawdown levels told this month: 1, 2, 3 with the pause.</summary>
    public byte DrawdownLevel;

    /// <summary>1: the month began with nothing, and what comes in before the first fill is its base.</summary>
    public byte IsBaseOpen;

    /// <summary>Band of the cross scope.</summary>
    public LevelBand CrossBand;

    /// <summary>Equity at the start of the month (R-1504).</summary>
    public long BaseUnits;

    /// <summary>Money in less money out since then.</summary>
    public long FlowUnits;

    /// <summary>Figures of the last day that had any (R-1506).</summary>
    public PeriodFigures OfDay;

    /// <summary>Figures of the last month that had any.</summary>
    public PeriodFigures OfMonth;

    /// <summary>Figures since the rules were set.</summary>
    public PeriodFigures OfAll;

    /// <summary>Exits by stop and trailing stop.</summary>
    public ExitFigures ByStop;

    /// <summary>Exits by take-profit.</summary>
    public ExitFigures ByTarget;

    /// <summary>Exits by other orders.</summary>
    public ExitFigures ByOther;

    /// <summary>Exits by liquidation.</summary>
    public ExitFigures ByLiquidation;
}

/// <summary>What trading came to in a period (R-1506).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PeriodFigures
{
    /// <summary>Profit booked.</summary>
    public long RealizedPnlUnits;

    /// <summary>Fees and penalties paid, less rebates.</summary>
    public long FeeUnits;

    /// <summary>Funding paid; below 0: got.</summary>
    public long FundingUnits;

    /// <summary>Day or month since 1970.</summary>
    public int Period;

    /// <summary>Positions closed.</summary>
    public int Closed;

    /// <summary>Of them with a profit after fees.</summary>
    public int Won;

    /// <summary>Of them with a loss.</summary>
    public int Lost;
}

/// <summary>What one kind of exit came to (R-1506).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ExitFigures
{
    /// <summary>Profit booked by its fills.</summary>
    public long RealizedPnlUnits;

    /// <summary>Positions that it brought to flat.</summary>
    public long Closed;
}

/// <summary>How far a scope is from liquidation (R-1503), the best first.</summary>
public enum LevelBand : byte
{
    /// <summary>New positions.</summary>
    Safe = 0,

    /// <summary>No new positions recommended.</summary>
    Caution = 1,

    /// <summary>Reduce.</summary>
    Warning = 2,

    /// <summary>Reduce at once.</summary>
    Critical = 3,

    /// <summary>At its requirement or below.</summary>
    Liquidation = 4,
}

/// <summary>What closed a position, or a part of it.</summary>
public enum ExitKind : byte
{
    /// <summary>Any order without a trigger.</summary>
    Other = 0,

    /// <summary>A stop or trailing stop.</summary>
    Stop = 1,

    /// <summary>A take-profit or trailing take-profit.</summary>
    Target = 2,

    /// <summary>The liquidation engine.</summary>
    Liquidation = 3,
}
