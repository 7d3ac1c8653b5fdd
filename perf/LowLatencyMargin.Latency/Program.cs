using System.Globalization;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Latency.Flow;
using LowLatencyMargin.Latency.Runs;
using LowLatencyMargin.Pipeline.Threads;

int count = 2_000_000;
using Workload workload = args.Contains("liq") ? Workloads.Liquidations(7, count) : Workloads.Mix(7, count);
foreach (string note in workload.Notes)
{
    Console.WriteLine(note);
}

if (args.Contains("core"))
{
    CoreRun.Result core = CoreRun.Run(workload, 15);
    Console.WriteLine($"core median {core.Median:F1} best {core.Best:F1} ns; allocated {core.AllocatedBytes} B, {core.Collections} collections");
    return;
}

var run = new PipelineRun(workload, DurabilityMode.Buffered, ThreadLayout.For(Environment.ProcessorCount), "/tmp/llm-perf");
for (int i = 0; i < 4; i++)
{
    PipelineResult r = run.Exchange(0, long.MaxValue);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"flat {r.AchievedPerSecond / 1e6:F2} M/s busy {r.Busy} trades {r.Trades} liq {r.Liquidations} ticks {r.Ticks} alloc {string.Join(",", r.AllocatedBytes)}"));
}

foreach (double rate in new[] { 1e5, 5e5, 1e6, 2e6 })
{
    foreach (bool control in new[] { true, false })
    {
        PipelineResult r = control ? run.Control(rate, (long)rate) : run.Exchange(rate, (long)rate);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(control ? "control" : "exchange")} {rate:N0}/s p50 {r.EndToEnd.GetValueAtPercentile(50)} p90 {r.EndToEnd.GetValueAtPercentile(90)} p99 {r.EndToEnd.GetValueAtPercentile(99)} p99.9 {r.EndToEnd.GetValueAtPercentile(99.9)} alloc {string.Join(",", r.AllocatedBytes)}"));
    }
}
