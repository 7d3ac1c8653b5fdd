using HdrHistogram;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>What a run of the pipeline measured.</summary>
internal sealed record PipelineResult
{
    /// <summary>Rate of the open loop; 0: flat out.</summary>
    public long PerSecond { get; init; }

    public long Commands { get; init; }

    public double Seconds { get; init; }

    /// <summary>Ticks that the sequencer added.</summary>
    public long Ticks { get; init; }

    /// <summary>How often the pipeline answered Busy.</summary>
    public long Busy { get; init; }

    public long Trades { get; init; }

    /// <summary>Sides of trades, as their accounts see them.</summary>
    public long Fills { get; init; }

    public long Liquidations { get; init; }

    public long Rejected { get; init; }

    /// <summary>Bytes that each pipeline thread allocated after the set-up.</summary>
    public required IReadOnlyDictionary<string, long> AllocatedBytes { get; init; }

    public int Collections { get; init; }

    /// <summary>Threads that are not on the processor that the layout names.</summary>
    public required IReadOnlyList<string> NotPinned { get; init; }

    public long RingBytes { get; init; }

    public required LongHistogram EndToEnd { get; init; }

    public required LongHistogram ToCore { get; init; }

    public required LongHistogram ToShown { get; init; }

    public Hash128 StateHash { get; init; }

    public Hash128 ChainHash { get; init; }

    public long LastSequence { get; init; }

    public double AchievedPerSecond => Commands / Seconds;

    /// <summary>Both runs taken together; hashes are the other's.</summary>
    public PipelineResult With(PipelineResult other)
    {
        EndToEnd.Add(other.EndToEnd);
        ToCore.Add(other.ToCore);
        ToShown.Add(other.ToShown);
        return other with
        {
            Commands = Commands + other.Commands,
            Seconds = Seconds + other.Seconds,
            Ticks = Ticks + other.Ticks,
            Busy = Busy + other.Busy,
            Trades = Trades + other.Trades,
            Fills = Fills + other.Fills,
            Liquidations = Liquidations + other.Liquidations,
            Rejected = Rejected + other.Rejected,
            AllocatedBytes = other.AllocatedBytes.ToDictionary(pair => pair.Key, pair => pair.Value + AllocatedBytes[pair.Key]),
            Collections = Collections + other.Collections,
            NotPinned = [.. NotPinned.Union(other.NotPinned)],
            EndToEnd = EndToEnd,
            ToCore = ToCore,
            ToShown = ToShown,
        };
    }
}
