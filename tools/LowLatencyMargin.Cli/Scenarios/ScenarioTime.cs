using System.Globalization;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>Times in scenarios: UTC, absolute or as a step forward.</summary>
internal static class ScenarioTime
{
    internal const string Expected = "2026-01-31T23:59:59Z, or a step such as +30s, +5m, +1h, +1d";

    private const string ExpectedLength = "a whole number with its unit, such as 500ms, 10s, 5m, 1h or 1d";

    private const long NsPerMs = 1_000_000;

    /// <summary>Before any date that a scenario is likely to name, so that its first date lies ahead.</summary>
    internal static readonly long StartNs = NsOf(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static readonly long LastNs = NsOf(new DateTimeOffset(2200, 12, 31, 0, 0, 0, TimeSpan.Zero));

    internal static long Parse(ScenarioLine line, string text, long nowNs)
    {
        if (text.StartsWith('+'))
        {
            return ParseStep(line, text, nowNs);
        }

        string[] formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd"];
        bool parsed = DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
        if (!parsed || time.Year is < 1970 or > 2200)
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
        TryParseMs(text, out long ms) ? ms : throw line.Error($"'{text}' is not a length of time", ExpectedLength);

    /// <summary>Milliseconds in the largest unit that divides them.</summary>
    internal static string FormatMs(long ms) => ms % 1_000 == 0 ? $"{ms / 1_000}s" : $"{ms}ms";

    internal static string Format(long ns) =>
        DateTimeOffset.UnixEpoch.AddTicks(ns / TimeSpan.NanosecondsPerTick).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static long ParseStep(ScenarioLine line, string text, long nowNs)
    {
        bool inRange = TryParseMs(text[1..], out long ms) && ms <= (LastNs - nowNs) / NsPerMs;
        return inRange ? nowNs + (ms * NsPerMs) : throw line.Error($"'{text}' is not a step of time", Expected);
    }

    private static bool TryParseMs(string text, out long ms)
    {
        long unitMs = text.Length == 0 ? 0 : text[^1] switch { 's' => 1_000, 'm' => 60_000, 'h' => 3_600_000, 'd' => 86_400_000, _ => 0 };
        string digits = unitMs == 0 ? string.Empty : text[..^1];
        if (text.EndsWith("ms", StringComparison.Ordinal))
        {
            unitMs = 1;
            digits = text[..^2];
        }

        bool parsed = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long count);
        bool inRange = parsed && unitMs != 0 && count <= LastNs / NsPerMs / unitMs;
        ms = inRange ? count * unitMs : 0;
        return inRange;
    }

    private static long NsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
