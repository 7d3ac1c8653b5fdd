using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Events;

/// <summary>A market turned volatile, or calm again .</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct VolatilityAddOnChanged
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Lowest mark of the window.</summary>
    public long LowTicks;

    /// <summary>Highest mark of the window.</summary>
    public long HighTicks;

    /// <summary>What rates are multiplied by; 100 %: by nothing.</summary>
    public long MultiplierRate;

    /// <summary>From when on that counts for initial margin.</summary>
    public long InitialFromNs;
}

/// <summary>Initial margin rates of a market from now on, without what tiers and size add.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct InitialMarginChanged
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Of longs.</summary>
    public long LongRate;

    /// <summary>Of shorts.</summary>
    public long ShortRate;
}

/// <summary>MaintenanceMarginAnnounced, MaintenanceMarginChanged: maintenance rates that will count, or count from now on.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct MaintenanceMarginChanged
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>From when on; 0: what was announced does not come.</summary>
    public long FromNs;

    /// <summary>Rate, with tiers that of the first.</summary>
    public long Rate;
}
