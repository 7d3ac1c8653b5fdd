using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace LowLatencyMargin.Latency;

/// <summary>What the figures were measured on.</summary>
internal sealed record Machine(string Processor, int Cores, double MemoryGiB, string System, string Runtime, string Collector)
{
    public static Machine Here()
    {
        string collector = (GCSettings.IsServerGC ? "server" : "workstation")
            + (GCSettings.LatencyMode == GCLatencyMode.Batch ? ", not concurrent" : ", concurrent");
        return new Machine(
            Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30),
            $"{Line("/etc/os-release", "PRETTY_NAME")?.Trim('"') ?? "Linux"}, kernel {Environment.OSVersion.Version}",
            RuntimeInformation.FrameworkDescription,
            collector);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Processor}, {Cores} cores, {MemoryGiB:F0} GiB; {System}; {Runtime}, GC {Collector}");

    private static string? Line(string file, string key)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        string? line = File.ReadLines(file).FirstOrDefault(text => text.StartsWith(key, StringComparison.Ordinal));
        return line?[(line.IndexOfAny([':', '=']) + 1)..].Trim();
    }
}
