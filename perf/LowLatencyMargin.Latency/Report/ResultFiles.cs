using System.Globalization;
using HdrHistogram;
using LowLatencyMargin.Latency.CommandLine;

namespace LowLatencyMargin.Latency.Report;

/// <summary>The folder with the results of one session.</summary>
internal static class ResultFiles
{
    private const string Solution = "LowLatencyMargin.sln";

    /// <summary>The folder asked for, or one of its own under perf/results of the solution.</summary>
    public static string DirectoryFor(LatencyOptions options)
    {
        if (options.OutDirectory.Length > 0)
        {
            return Path.GetFullPath(options.OutDirectory);
        }

        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, Solution)))
        {
            root = Path.GetDirectoryName(root);
        }

        string workload = options.Flow is null ? options.Profile : "flow";
        string name = $"{DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{workload}";
        return Path.Combine(root ?? Environment.CurrentDirectory, "perf", "results", name);
    }

    /// <exception cref="UsageException">It can't be created.</exception>
    public static void Create(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--out {directory}: {error.Message}");
        }
    }

    public static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    public static void Write(string directory, Measurements measured)
    {
        File.WriteAllText(Path.Combine(directory, "results.json"), JsonReport.Of(measured) + "\n");
        File.WriteAllText(Path.Combine(directory, "throughput.svg"), ThroughputPlot.Draw(measured));
        if (measured.Latency.Count > 0)
        {
            File.WriteAllText(Path.Combine(directory, "latency.svg"), LatencyPlot.Draw(measured));
        }

        foreach (LatencyPair pair in measured.Latency)
        {
            WriteHgrm(directory, $"control-{pair.PerSecond}.hgrm", pair.Control.EndToEnd);
            WriteHgrm(directory, $"exchange-{pair.PerSecond}.hgrm", pair.Exchange.EndToEnd);
            WriteHgrm(directory, $"exchange-{pair.PerSecond}-to-core.hgrm", pair.Exchange.ToCore);
            WriteHgrm(directory, $"exchange-{pair.PerSecond}-to-shown.hgrm", pair.Exchange.ToShown);
        }
    }

    private static void WriteHgrm(string directory, string name, LongHistogram histogram)
    {
        using StreamWriter writer = File.CreateText(Path.Combine(directory, name));
        histogram.OutputPercentileDistribution(writer, percentileTicksPerHalfDistance: 5, outputValueUnitScalingRatio: 1_000);
    }
}
