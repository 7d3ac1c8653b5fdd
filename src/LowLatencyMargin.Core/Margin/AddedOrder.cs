using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Margin;

/// <summary>One or several orders of a side, as a check books them.</summary>
public readonly struct AddedOrder(Side side, long lots, long units, long holdUnits)
{
    /// <summary>Side.</summary>
    public Side Side { get; } = side;

    /// <summary>Quantity.</summary>
    public long Lots { get; } = lots;

    /// <summary>What it comes to at the limits.</summary>
    public long Units { get; } = units;

    /// <summary>What it comes to at the hold prices.</summary>
    public long HoldUnits { get; } = holdUnits;
}
