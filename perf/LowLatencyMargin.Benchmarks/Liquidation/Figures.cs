using System.Globalization;
using LowLatencyMargin.Latency.Runs;

namespace LowLatencyMargin.Benchmarks.Liquidation;

/// <summary>Figures beside their bars.</summary>
internal static class Figures
{
    /// <summary>What it costs to ask for the time, to be left out of what is short.</summary>
    internal static long ClockNs { get; } = (long)Median([.. Enumerable.Range(0, 10_000).Select(_ => -(double)(ThreadCpu.Ns - ThreadCpu.Ns))]);

    internal static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    internal static string Bar(double measured, double bar, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"bar {bar:N0} {unit}: {(measured <= bar ? "held" : "missed")}");
}
