using System.Globalization;

namespace LowLatencyMargin.Benchmarks.Liquidation;

/// <summary>Figures beside their bars.</summary>
internal static class Figures
{
    internal static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    internal static string Bar(double measured, double bar, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"bar {bar:N0} {unit}: {(measured <= bar ? "held" : "missed")}");
}
