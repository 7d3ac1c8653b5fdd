using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Margin;

/// <summary>Margin rates of a market that are in force: what the formulas read. They follow parameters and add-ons .</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MarginRates
{
    /// <summary><see cref="CoversFromBits"/> where the requirement of any notional can be above its initial margin.</summary>
    public const byte NeverCovers = 63;

    /// <summary>Initial margin of longs; of a graded market what tiers and size leave it at least.</summary>
    public int InitialLongRate;

    /// <summary>Initial margin of shorts.</summary>
    public int InitialShortRate;

    /// <summary>Maintenance margin; of a market with tiers that of the first.</summary>
    public int MaintenanceRate;

    /// <summary>1: initial margin depends on the notional, by tiers or size (R-506 c).</summary>
    public byte IsGraded;

    /// <summary>
    /// Initial margin covers the requirement of any notional of 2^this units or more; below, roundings can be larger than what is between the rates.
    /// </summary>
    public byte CoversFromBits;

    /// <summary>1: rates follow the mark (R-506 a, b).</summary>
    public byte IsDynamic;

    /// <summary>Tiers of maintenance, which follow the parameters' with their notice; 0: one rate for any notional.</summary>
    public byte TierCount;
}

/// <summary>What the rates in force of a market come from besides its parameters.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MarginState
{
    /// <summary>Maintenance by tier as in force, multiplied: leverages do not count here.</summary>
    public MarginTiers Maintenance;

    /// <summary>The same before the volatility add-on: behind the parameters while a notice runs.</summary>
    public MarginTiers Announced;

    /// <summary>Tiers of both, 1 for one rate.</summary>
    public int Count;

    /// <summary>How far initial margin is on its way to 100 %, for the open interest (R-506 b).</summary>
    public int OpenInterestShare;

    /// <summary>When maintenance follows the parameters, 0: it does.</summary>
    public long NoticeEndsNs;

    /// <summary>Place of that timer in the timer queue plus one, 0: it does not run.</summary>
    public int NoticeTimerPlace;

    /// <summary>Place of the timer of <see cref="IsVolatileForInitial"/> plus one.</summary>
    public int GraceTimerPlace;

    /// <summary>Place of the timer of <see cref="IsVolatileForMaintenance"/> plus one.</summary>
    public int AddOnTimerPlace;

    /// <summary>1: the marks of the window are too far apart (R-506 a).</summary>
    public byte IsVolatile;

    /// <summary>1: initial margins are multiplied.</summary>
    public byte IsVolatileForInitial;

    /// <summary>1: maintenance margins are multiplied.</summary>
    public byte IsVolatileForMaintenance;

    /// <summary>Zero.</summary>
    public byte Reserved;
}
