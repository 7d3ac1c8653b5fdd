using System.Globalization;
using LowLatencyMargin.Latency.CommandLine;
using LowLatencyMargin.Latency.Flow;
using LowLatencyMargin.Latency.Runs;

namespace LowLatencyMargin.Latency;

/// <summary>One measurement from start to end.</summary>
internal sealed class Session(LatencyOptions options, TextWriter output, TextWriter errors)
{
    public int Run()
    {
        using Workload workload = options.Profile == "liquidations"
            ? Workloads.Liquidations(options.Seed, options.Commands)
            : Workloads.Mix(options.Seed, options.Commands, options.RestingOrders, uniform: options.Uniform);
        foreach (string note in workload.Notes)
        {
            output.WriteLine(note);
        }

        errors.WriteLine($"{options.CoreRounds} rounds");
        CoreRun.Result core = CoreRun.Run(workload, options.CoreRounds, options.CoreCommands);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"core alone: {core.Median:F1} ns a command (median of {options.CoreRounds}), best {core.Best:F1}; allocated {core.AllocatedBytes:N0} B, {core.Collections} collections"));
        return ExitCode.Done;
    }
}
