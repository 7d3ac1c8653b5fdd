using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Policy;

/// <summary>How far a market is on its way out (R-2101).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MarketSettlement
{
    /// <summary>The price at which positions are closed, from the moment when that begins.</summary>
    public long PriceTicks;

    /// <summary>The deadline; 0: none.</summary>
    public long DueNs;

    /// <summary>Lots closed so far.</summary>
    public long Lots;

    /// <summary>Positions closed so far.</summary>
    public int Positions;

    /// <summary>The next account to look at; 0: not under way.</summary>
    public int Cursor;

    /// <summary>Place of the deadline among the timers plus one; 0: none.</summary>
    public int TimerPlace;

    /// <summary>Zero.</summary>
    public int Reserved;
}
