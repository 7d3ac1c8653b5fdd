using System.Diagnostics;

namespace HdrHistogram;

/// <summary>What to divide recorded values by when they are written out.</summary>
public static class OutputScalingFactor
{
    /// <summary>The values are written as they were recorded.</summary>
    public const double None = 1;

    /// <summary>From <see cref="Stopwatch"/> ticks to microseconds.</summary>
    public static readonly double TimeStampToMicroseconds = Stopwatch.Frequency / 1_000_000.0;

    /// <summary>From <see cref="Stopwatch"/> ticks to milliseconds.</summary>
    public static readonly double TimeStampToMilliseconds = Stopwatch.Frequency / 1_000.0;

    /// <summary>From <see cref="Stopwatch"/> ticks to seconds.</summary>
    public static readonly double TimeStampToSeconds = Stopwatch.Frequency;
}
