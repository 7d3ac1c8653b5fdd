using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Policy;

/// <summary>What an account has seldom: its own rate limit and its dead-man timer.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AccountControl
{
    /// <summary>Its own rate limit, if <see cref="HasRateLimit"/>.</summary>
    public RateLimit RateLimit;

    /// <summary>Place of the dead-man timer in the timer queue plus one, 0: it does not run.</summary>
    public int TimerPlace;

    /// <summary>Highest leverage of the cross scope, 0: none .</summary>
    public int PortfolioLeverage;

    /// <summary>1: the dead-man timer leaves waiting reduce-only orders.</summary>
    public byte TimerSparesStops;

    /// <summary>1: it has a rate limit of its own.</summary>
    public byte HasRateLimit;

    /// <summary>1: a mass cancel of it goes on with the next ticks.</summary>
    public byte HasCancelJob;

    /// <summary>1: that leaves waiting reduce-only orders.</summary>
    public byte JobSparesStops;
}

/// <summary>A rate limit (R-1316); <see cref="IntervalNs"/> 0: none.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RateLimit
{
    /// <summary>Time in which one weight comes back.</summary>
    public long IntervalNs;

    /// <summary>Weight that can be spent at once.</summary>
    public int Burst;

    /// <summary>Weight beyond that for what reduces risk.</summary>
    public int Reserve;
}
