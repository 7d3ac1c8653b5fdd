using LowLatencyMargin.Latency.CommandLine;
using LowLatencyMargin.Latency.Flow;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>What orders of one market wait in the whole pipeline while a cascade runs in another, beside the same flow without one.</summary>
internal static class CascadeRun
{
    private const double WarmUpSeconds = 0.3;

    /// <summary>Shorter than any cascade of so many takes: whatever is measured is measured within it.</summary>
    private const double NsPerPosition = 700;

    /// <summary>One rate.</summary>
    public static Row Run(LatencyOptions options, long rate, int positions, int rounds, string journal)
    {
        int warmUp = (int)(rate * WarmUpSeconds);
        int measured = (int)(rate * positions * NsPerPosition / 1e9);
        using Workload fall = CascadeFlow.Build(options.Seed, positions, warmUp, measured, falls: true);
        using Workload calm = CascadeFlow.Build(options.Seed, positions, warmUp, measured, falls: false);
        var falling = new PipelineRun(fall, options.Mode, options.Layout, journal);
        var quiet = new PipelineRun(calm, options.Mode, options.Layout, journal);
        PipelineResult? cascade = null;
        PipelineResult? control = null;
        PipelineResult? empty = null;
        for (int round = 0; round < rounds; round++)
        {
            PipelineResult one = quiet.Exchange(rate, long.MaxValue, warmUp);
            control = control?.With(one) ?? one;
            one = falling.Exchange(rate, long.MaxValue, warmUp);
            cascade = cascade?.With(one) ?? one;
            one = quiet.Control(rate, long.MaxValue, warmUp);
            empty = empty?.With(one) ?? one;
        }

        return new Row(rate, positions, rounds, cascade!, control!, empty!);
    }

    /// <summary>One rate's results.</summary>
    internal sealed record Row(long PerSecond, int Positions, int Rounds, PipelineResult Cascade, PipelineResult Quiet, PipelineResult Empty);
}
