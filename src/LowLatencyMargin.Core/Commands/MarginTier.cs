using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>A bracket of position notional with its own leverage and maintenance .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MarginTier
{
    /// <summary>Notional in units from which the next tier begins; <see cref="NoLimit"/>: it has no end.</summary>
    public long LimitUnits;

    /// <summary>Highest leverage, 1 to 1,000.</summary>
    public int MaxLeverage;

    /// <summary>Maintenance margin, as a share of the part of the notional within the tier.</summary>
    public int MaintenanceRate;

    /// <summary>The limit of a tier without end.</summary>
    public const long NoLimit = long.MaxValue;
}

/// <summary>Up to eight tiers, by rising limit.</summary>
[InlineArray(Most)]
public struct MarginTiers
{
    /// <summary>The most there can be.</summary>
    public const int Most = 8;

    private MarginTier _first;
}
