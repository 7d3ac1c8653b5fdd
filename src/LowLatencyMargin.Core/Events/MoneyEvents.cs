using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Events;

/// <summary>Deposited, Withdrawn, MarginAllocated, MarginRemoved, InsuranceFunded: an amount, and what stands where after it.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct BalanceChanged
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account, 0 for the insurance fund.</summary>
    public long AccountId;

    /// <summary>Asset.</summary>
    public long AssetId;

    /// <summary>Amount moved.</summary>
    public long AmountUnits;

    /// <summary>The pool after it; of InsuranceFunded, the fund.</summary>
    public long BalanceUnits;

    /// <summary>The isolated margin after it, where one is concerned.</summary>
    public long MarginUnits;
}

/// <summary>MarginModeChanged, LeverageChanged, PositionModeChanged.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct SettingChanged
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Value before: a <see cref="MarginMode"/>, a <see cref="PositionMode"/>, or a leverage, 0 for the market's own.</summary>
    public long OldValue;

    /// <summary>Value now.</summary>
    public long NewValue;

    /// <summary>Hedge mode: the position; 0: what new positions begin with.</summary>
    public long PositionId;

    /// <summary>Hedge mode, without a position: of longs, shorts or both.</summary>
    public PositionSides Sides;
}
