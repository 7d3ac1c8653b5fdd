using System.Globalization;

namespace LowLatencyMargin.Cli.Text;

/// <summary>Lengths of time as people write them: 500ms, 10s, 5m, 1h, 1d.</summary>
internal static class TimeLength
{
    private const long MsPerDay = 86_400_000;
    private const long MostMs = 300 * 365 * MsPerDay;

    internal static bool TryParseMs(string text, out long ms)
    {
        long unitMs = text.Length == 0 ? 0 : text[^1] switch { 's' => 1_000, 'm' => 60_000, 'h' => 3_600_000, 'd' => MsPerDay, _ => 0 };
        string digits = unitMs == 0 ? string.Empty : text[..^1];
        if (text.EndsWith("ms", StringComparison.Ordinal))
        {
            unitMs = 1;
            digits = text[..^2];
        }

        bool parsed = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long count);
        bool inRange = parsed && unitMs != 0 && count <= MostMs / unitMs;
        ms = inRange ? count * unitMs : 0;
        return inRange;
    }

    internal static string Format(long ms) => ms % 1_000 == 0 ? $"{ms / 1_000}s" : $"{ms}ms";
}
