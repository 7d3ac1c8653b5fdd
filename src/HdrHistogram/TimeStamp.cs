using System.Diagnostics;

namespace HdrHistogram;

/// <summary>Lengths of time in the ticks that <see cref="Stopwatch.GetTimestamp"/> counts.</summary>
public static class TimeStamp
{
    private const long SecondsPerMinute = 60;
    private const long SecondsPerHour = 60 * SecondsPerMinute;

    /// <summary>Ticks of a number of seconds.</summary>
    /// <param name="seconds">The seconds.</param>
    /// <returns>The ticks.</returns>
    public static long Seconds(long seconds) => Stopwatch.Frequency * seconds;

    /// <summary>Ticks of a number of minutes.</summary>
    /// <param name="minutes">The minutes.</param>
    /// <returns>The ticks.</returns>
    public static long Minutes(long minutes) => Seconds(minutes * SecondsPerMinute);

    /// <summary>Ticks of a number of hours.</summary>
    /// <param name="hours">The hours.</param>
    /// <returns>The ticks.</returns>
    public static long Hours(int hours) => Seconds(hours * SecondsPerHour);
}
