using LowLatencyMargin.Latency.CommandLine;
using LowLatencyMargin.Latency.Flow;
using LowLatencyMargin.Latency.Runs;

namespace LowLatencyMargin.Latency;

/// <summary>Control and exchange at one rate.</summary>
internal sealed record LatencyPair(long PerSecond, PipelineResult Control, PipelineResult Exchange);

/// <summary>Everything that one session measured, as far as it has come.</summary>
internal sealed class Measurements(LatencyOptions options, Machine machine, Workload workload)
{
    public LatencyOptions Options { get; } = options;

    public Machine Machine { get; } = machine;

    public Workload Workload { get; } = workload;

    public DateTime StartedAt { get; } = DateTime.UtcNow;

    public IReadOnlyList<string> NotPinned { get; set; } = [];

    public long BoundBytes { get; set; }

    public long RingBytes { get; set; }

    public CoreRun.Result? Core { get; set; }

    public FlatOut? Flat { get; set; }

    public FlatOut? FlatWithoutJournal { get; set; }

    public List<LatencyPair> Latency { get; } = [];

    /// <summary>Rates too close to what flat out reached, or beyond it.</summary>
    public List<long> SkippedRates { get; } = [];

    public ReplayResult? Replay { get; set; }

    public MarkMoves.Result? FewPositions { get; set; }

    public MarkMoves.Result? ManyPositions { get; set; }

    public double? ReplayToLive => Replay?.Median / Flat?.Median;
}
