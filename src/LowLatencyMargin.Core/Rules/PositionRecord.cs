using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Rules;

/// <summary>What trader rules keep of an open position: its band, its result so far, its prices in the watch index. </summary>
[StructLayout(LayoutKind.Sequential)]
public struct PositionRecord
{
    /// <summary>Id of the position: another one in its row means that it closed.</summary>
    public long PositionId;

    /// <summary>Row of the position.</summary>
    public int Position;

    /// <summary>Market.</summary>
    public int Market;

    /// <summary>A mark at or below is to be looked at; 0: none.</summary>
    public long BelowTicks;

    /// <summary>A mark at or above is to be looked at; 0: none.</summary>
    public long AboveTicks;

    /// <summary>Profit booked less fees since it opened.</summary>
    public long ResultUnits;

    /// <summary>Next with the same lower price.</summary>
    public int NextBelow;

    /// <summary>Previous with the same lower price.</summary>
    public int PreviousBelow;

    /// <summary>Next with the same upper price.</summary>
    public int NextAbove;

    /// <summary>Previous with the same upper price.</summary>
    public int PreviousAbove;

    /// <summary>Band of an isolated position.</summary>
    public LevelBand Band;

    /// <summary>What closed lots of it last.</summary>
    public ExitKind LastExit;
}
