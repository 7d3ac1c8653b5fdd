using System.Globalization;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>Times in scenarios: UTC, absolute or as a step forward.</summary>
internal static class ScenarioTime
{
    internal const string Expected = "2026-01-31T23:59:59Z, or a step such as +30s, +5m, +1h, +1d";

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

    internal static string Format(long ns) =>
        DateTimeOffset.UnixEpoch.AddTicks(ns / TimeSpan.NanosecondsPerTick).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static long ParseStep(ScenarioLine line, string text, long nowNs)
    {
        long unitMs = text[^1] switch { 's' => 1_000, 'm' => 60_000, 'h' => 3_600_000, 'd' => 86_400_000, _ => 0 };
        string digits = text[1..^1];
        if (text.EndsWith("ms", StringComparison.Ordinal))
        {
            unitMs = 1;
            digits = text[1..^2];
        }

        bool parsed = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long count);
        bool inRange = unitMs != 0 && parsed && count <= (LastNs - nowNs) / 1_000_000 / unitMs;
        return inRange
            ? nowNs + (count * unitMs * 1_000_000)
            : throw line.Error($"'{text}' is not a step of time", Expected);
    }

    private static long NsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
