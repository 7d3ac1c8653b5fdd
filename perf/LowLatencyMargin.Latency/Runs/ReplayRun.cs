using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Journal;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>Replays the journal of a run and compares where it ends.</summary>
internal static class ReplayRun
{
    public static ReplayResult Run(string directory, PipelineResult live, int rounds)
    {
        var perSecond = new double[rounds];
        ReplayResult result = null!;
        for (int round = 0; round < rounds; round++)
        {
            using var exchange = new Exchange();
            ReplayReport report = JournalReplay.Run(directory, exchange);
            perSecond[round] = report.Commands / report.Elapsed.TotalSeconds;
            Hash128 state = exchange.ComputeStateHash();
            result = new ReplayResult
            {
                Commands = report.Commands,
                Checkpoints = report.Checkpoints,
                PerSecond = perSecond,
                End = report.End.ToString(),
                ChainHash = exchange.ChainHash,
                StateHash = state,
                IsEqual = exchange.ChainHash == live.ChainHash && state == live.StateHash && exchange.Sequence == live.LastSequence,
            };
        }

        return result;
    }

    /// <summary>Bytes of the records of a journal from a sequence on, the journal's own records included.</summary>
    public static long RecordBytes(string directory, long fromSequence)
    {
        using JournalReader reader = JournalReader.Open(directory);
        long before = 0;
        while (reader.TryRead(out RecordView record))
        {
            before = record.Sequence < fromSequence ? reader.RecordBytes : before;
        }

        return reader.RecordBytes - before;
    }
}

/// <summary>What a replay did.</summary>
internal sealed record ReplayResult
{
    public long Commands { get; init; }

    /// <summary>Checkpoints in the journal whose chain hash was the replay's.</summary>
    public long Checkpoints { get; init; }

    /// <summary>Speed of each round.</summary>
    public required double[] PerSecond { get; init; }

    /// <summary>How the journal ended.</summary>
    public required string End { get; init; }

    public Hash128 ChainHash { get; init; }

    public Hash128 StateHash { get; init; }

    /// <summary>Chain hash, state hash and last sequence are the live exchange's.</summary>
    public bool IsEqual { get; init; }

    public double Median => PerSecond.Order().ElementAt(PerSecond.Length / 2);
}
