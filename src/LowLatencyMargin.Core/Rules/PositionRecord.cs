using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Rules;

/// <summary>
/// What trader rules keep of an open position, or of a scope with loans: its band, its result so far, its prices in the watch index. Of other holdings only
/// the latter, under the market that prices them.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct PositionRecord
{
    /// <summary>Id of the position: another one in its row means that it closed.</summary>
    public long PositionId;

    /// <summary>Row of the position; 0: a holding of <see cref="Account"/>.</summary>
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

    /// <summary>Account of a holding.</summary>
    public int Account;

    /// <summary>Next holding of the account.</summary>
    public int NextHolding;

    /// <summary>Band of an isolated position.</summary>
    public LevelBand Band;

    /// <summary>What closed lots of it last.</summary>
    public ExitKind LastExit;
}
