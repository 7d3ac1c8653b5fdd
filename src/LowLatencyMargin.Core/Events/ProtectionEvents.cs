using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Events;

/// <summary>A market's state changed (R-1402).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct MarketStateChanged
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>State now.</summary>
    public MarketState State;

    /// <summary>State before.</summary>
    public MarketState Previous;

    /// <summary>Whose doing it is.</summary>
    public StateCause Cause;

    /// <summary>Zero.</summary>
    public byte Reserved;

    /// <summary>Zero.</summary>
    public int Reserved2;

    /// <summary>Breaker: the mark that it measured from.</summary>
    public long ReferenceTicks;

    /// <summary>Breaker: the mark that set it off.</summary>
    public long MarkTicks;

    /// <summary>When the market opens again by itself; 0: when the operator opens it.</summary>
    public long ResumesNs;
}

/// <summary>The dead-man timer of an account (R-1315).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct CancelAllAfterSet
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>When its orders will be cancelled; 0: stopped.</summary>
    public long DueNs;
}

/// <summary>An account or market was stopped or resumed (R-1315).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct KillSwitchChanged
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account; 0: the whole market.</summary>
    public long AccountId;

    /// <summary>1: stopped.</summary>
    public long On;
}

/// <summary>Maker protection froze an account in a market (R-1314).</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct MakerProtectionTriggered
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Lots filled within the window.</summary>
    public long FilledLots;

    /// <summary>Lots bought less lots sold within the window.</summary>
    public long DeltaLots;

    /// <summary>Fills within the window.</summary>
    public long Fills;

    /// <summary>When protected orders are taken again; <see cref="long.MaxValue"/>: when protection is set again.</summary>
    public long FrozenUntilNs;
}

/// <summary>Whose doing a market's state is.</summary>
public enum StateCause : byte
{
    /// <summary>The operator's.</summary>
    Operator = 0,

    /// <summary>The breaker's.</summary>
    Breaker = 1,

    /// <summary>The end of the breaker's halt.</summary>
    Resumed = 2,

    /// <summary>The sources of the mark went, or came back.</summary>
    Prices = 3,

    /// <summary>The market is being closed for good.</summary>
    Settlement = 4,
}
