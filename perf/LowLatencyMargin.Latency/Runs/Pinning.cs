using System.Globalization;
using LowLatencyMargin.Pipeline.Threads;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>Asks the kernel where the threads of a pipeline may run.</summary>
internal static class Pinning
{
    private const string Tasks = "/proc/self/task";
    private const string Allowed = "Cpus_allowed_list:";

    /// <summary>Threads of the layout that are not pinned as it says. While the pipeline runs.</summary>
    public static IReadOnlyList<string> Missing(ThreadLayout layout)
    {
        Dictionary<string, string> allowed = [];
        foreach (string task in Directory.Exists(Tasks) ? Directory.GetDirectories(Tasks) : [])
        {
            try
            {
                string name = File.ReadAllText(Path.Combine(task, "comm")).Trim();
                string? line = File.ReadLines(Path.Combine(task, "status"))
                    .FirstOrDefault(text => text.StartsWith(Allowed, StringComparison.Ordinal));
                allowed[name] = line?[Allowed.Length..].Trim() ?? string.Empty;
            }
            catch (IOException)
            {
                // a thread that has ended since
            }
        }

        return
        [
            .. layout.Threads
                .Where(plan => plan.Processor >= 0
                    && allowed.GetValueOrDefault(plan.Name) != plan.Processor.ToString(CultureInfo.InvariantCulture))
                .Select(plan => plan.Name),
        ];
    }
}
