using System.Globalization;
using LowLatencyMargin.Journal;

namespace LowLatencyMargin.Latency.Report;

/// <summary>How figures and modes are written, the same in every report.</summary>
internal static class Figures
{
    /// <summary>The percentiles of every latency line.</summary>
    public static readonly (string Name, double Level)[] Percentiles =
        [("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9), ("p99.99", 99.99), ("max", 100)];

    /// <summary>Nanoseconds in microseconds, with as many decimals as mean something.</summary>
    public static string Micros(long ns) => (ns / 1000.0).ToString(ns < 10_000 ? "F2" : ns < 100_000 ? "F1" : "N0", CultureInfo.InvariantCulture);

    /// <summary>Nanoseconds with the unit that suits.</summary>
    public static string Duration(long ns) => ns switch
    {
        < 1_000 => $"{ns} ns",
        < 1_000_000 => $"{Short(ns / 1e3)} µs",
        < 1_000_000_000 => $"{Short(ns / 1e6)} ms",
        _ => $"{Short(ns / 1e9)} s",
    };

    public static string Millions(double perSecond) => (perSecond / 1e6).ToString("F2", CultureInfo.InvariantCulture);

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Rate(long perSecond) => perSecond >= 1_000_000
        ? $"{Short(perSecond / 1e6)} M/s"
        : perSecond >= 1_000 ? $"{Short(perSecond / 1e3)} k/s" : $"{perSecond}/s";

    public static string Bytes(double bytes) => bytes switch
    {
        < 10_000 => $"{bytes:N0} B",
        < 10_000_000 => $"{bytes / 1e3:N0} KB",
        < 1_000_000_000 => $"{bytes / 1e6:N0} MB",
        _ => $"{bytes / 1e9:N2} GB",
    };

    /// <summary>One honest sentence on what an acknowledgement survives.</summary>
    public static string Sentence(DurabilityMode? mode) => mode switch
    {
        DurabilityMode.Buffered =>
            "buffered: events are shown after pwrite of their command; survives the death of the process (kill -9), "
            + "may lose about the last second on power loss.",
        DurabilityMode.Synced =>
            "synced: events are shown after fdatasync of their command's group; survives power loss on a disk that is honest about flushes.",
        _ => "none: no journal, nothing survives; only to see what the journal costs.",
    };

    private static string Short(double value) => value.ToString(value < 10 ? "0.##" : value < 100 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
