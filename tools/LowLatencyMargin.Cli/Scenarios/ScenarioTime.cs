using System.Globalization;
using LowLatencyMargin.Cli.Text;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>Times in scenarios: UTC, absolute or as a step forward.</summary>
internal static class ScenarioTime
{
    internal const string Expected = "2026-01-31T23:59:59Z, or a step such as +30s, +5m, +1h, +1d";

    private const string ExpectedLength = "a whole number with its unit, such as 500ms, 10s, 5m, 1h or 1d";

    private const long NsPerMs = 1_000_000;

    /// <summary>When a scenario begins that names no later time.</summary>
    private static readonly long StartNs = NsOf(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd"];

    private static readonly long LastNs = NsOf(new DateTimeOffset(2200, 12, 31, 0, 0, 0, TimeSpan.Zero));

    /// <summary>
    /// When a scenario begins: with the month in which its first 'time' lies or which that time ends. So the first time lies ahead, and neither years of
    /// interest nor of month's ends lie before it.
    /// </summary>
    internal static long StartOf(IEnumerable<ScenarioLine> lines)
    {
        string? first = lines.Where(line => line.Verb == "time").SelectMany(line => line.Words).FirstOrDefault(word => !word.StartsWith('+'));
        if (first is null || !TryParse(first, out DateTimeOffset time) || NsOf(time) <= StartNs)
        {
            return StartNs;
        }

        DateTimeOffset before = time.AddTicks(-1);
        return NsOf(new DateTimeOffset(before.Year, before.Month, 1, 0, 0, 0, TimeSpan.Zero));
    }

    internal static long Parse(ScenarioLine line, string text, long nowNs)
    {
        if (text.StartsWith('+'))
        {
            return ParseStep(line, text, nowNs);
        }

        if (!TryParse(text, out DateTimeOffset time))
        {
            throw line.Error($"'{text}' is not a time", Expected);
        }

        long ns = NsOf(time);
        return ns >= nowNs ? ns : throw line.Error($"time only moves forward and it is {Format(nowNs)}", "that time or a later one");
    }

    /// <summary>A time that may lie in the past, or a step from now.</summary>
    internal static long ParseAny(ScenarioLine line, string text, long nowNs) => Parse(line, text, text.StartsWith('+') ? nowNs : 0);

    /// <summary>A length of time in milliseconds: 10s, 500ms.</summary>
    internal static int ParseMs(ScenarioLine line, string text) => (int)Math.Min(ParseLength(line, text), int.MaxValue);

    /// <summary>A length of time in milliseconds, however long.</summary>
    internal static long ParseLength(ScenarioLine line, string text) =>
        TimeLength.TryParseMs(text, out long ms) ? ms : throw line.Error($"'{text}' is not a length of time", ExpectedLength);

    internal static string Format(long ns) =>
        DateTimeOffset.UnixEpoch.AddTicks(ns / TimeSpan.NanosecondsPerTick).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static long ParseStep(ScenarioLine line, string text, long nowNs)
    {
        bool inRange = TimeLength.TryParseMs(text[1..], out long ms) && ms <= (LastNs - nowNs) / NsPerMs;
        return inRange ? nowNs + (ms * NsPerMs) : throw line.Error($"'{text}' is not a step of time", Expected);
    }

    private static bool TryParse(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time) && time.Year is >= 1970 and <= 2200;

    private static long NsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
