using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Core.Events;

/// <summary>A scope came into another band (R-1503): the header's detail. Market 0: the cross scope.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct MarginLevelChanged
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Isolated position, 0: the cross scope.</summary>
    public long PositionId;

    /// <summary>Equity of the scope.</summary>
    public long EquityUnits;

    /// <summary>What liquidation holds it against.</summary>
    public long RequirementUnits;

    /// <summary>Band before.</summary>
    public LevelBand Previous;

    /// <summary>1: to be notified.</summary>
    public byte IsAlert;
}

/// <summary>DrawdownBaseSet, DrawdownAlert (detail: 1 or 2), TradingPaused (detail: the policy) (R-1504).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct DrawdownTold
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Equity at the start of the month.</summary>
    public long BaseUnits;

    /// <summary>Loss since then.</summary>
    public long LossUnits;

    /// <summary>The level that it reached.</summary>
    public long LevelRate;
}

/// <summary>A pause ended; the header's detail says why.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct TradingResumed
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;
}

/// <summary>DailyTradesWarning, DailyTradesReached (R-1505).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct DailyTradesCounted
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Trades of the day.</summary>
    public long Trades;

    /// <summary>Trades that it allows itself.</summary>
    public long Limit;
}

/// <summary>The system closes a part of a position, or all of it, with the order that follows (R-1408, R-1504); the detail says why.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct PositionReduced
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Position.</summary>
    public long PositionId;

    /// <summary>Lots to close.</summary>
    public long QuantityLots;

    /// <summary>Margin level to be brought back, 0: all is closed.</summary>
    public long TargetLevel;
}

/// <summary>A position closed (R-1506); the header's detail says how.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct PerformanceUpdated
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Profit of that position less its fees.</summary>
    public long ResultUnits;

    /// <summary>Profit booked this month.</summary>
    public long MonthPnlUnits;

    /// <summary>Fees of this month.</summary>
    public long MonthFeeUnits;

    /// <summary>Positions closed since the rules were set.</summary>
    public long Closed;

    /// <summary>Of them won.</summary>
    public long Won;
}

/// <summary>Why a pause ended.</summary>
public enum ResumeCause : byte
{
    /// <summary>The operator's override.</summary>
    Operator = 0,

    /// <summary>A new month.</summary>
    Month = 1,

    /// <summary>The rule was taken away.</summary>
    Rules = 2,
}

/// <summary>Why the system closes lots of a position.</summary>
public enum ExitCause : byte
{
    /// <summary>Its margin level (R-1408).</summary>
    Level = 0,

    /// <summary>A pause that closes everything (R-1504).</summary>
    Pause = 1,
}
