using System.Diagnostics;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Journal;

/// <summary>What a replay did.</summary>
/// <param name="Commands">Commands applied.</param>
/// <param name="Checkpoints">Checkpoints met, each with the chain hash of the replay.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="End">How the journal ended.</param>
public sealed record ReplayReport(long Commands, long Checkpoints, TimeSpan Elapsed, JournalEnd End);

/// <summary>Gets the events of one replayed command.</summary>
public delegate void ReplayedEvents(ReadOnlySpan<EventSlot> events);

/// <summary>Applies a journal to an exchange: recovery, audit and every what-if begin here.</summary>
public static class JournalReplay
{
    private const int ProgressEvery = 1 << 16;

    /// <summary>
    /// Applies all commands of a directory that the exchange has not seen yet, comparing the chain hash at each checkpoint.
    /// </summary>
    /// <param name="directory">Journal directory.</param>
    /// <param name="exchange">Where to apply; at the sequence before the journal's first command or later.</param>
    /// <param name="progress">Called now and then with the number of commands applied.</param>
    /// <param name="replayed">Gets the events of every command applied: for what keeps a picture of its own, such as market data.</param>
    /// <exception cref="JournalException">A checkpoint's hash is not the replay's: this build does not do what the writer's did.</exception>
    public static ReplayReport Run(string directory, Exchange exchange, Action<long>? progress = null, ReplayedEvents? replayed = null)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        using JournalReader reader = JournalReader.Open(directory, exchange.Sequence == 0 ? 0 : exchange.Sequence + 1);
        long start = Stopwatch.GetTimestamp();
        long commands = 0;
        long checkpoints = 0;
        var hashes = new RecentHashes();
        while (reader.TryRead(out RecordView record))
        {
            if (record.IsCheckpoint)
            {
                Format.CheckpointBody checkpoint = record.Checkpoint;
                if (hashes.TryFind(checkpoint.Sequence, out Hash128 hash))
                {
                    checkpoints++;
                    Compare(directory, checkpoint, hash);
                }

                continue;
            }

            if (exchange.Apply(record.Bytes) == ResultCode.OutOfSequence)
            {
                throw new JournalException(
                    $"{directory}: command {record.Sequence} does not follow {exchange.Sequence}, the last one that the exchange has applied");
            }

            commands++;
            replayed?.Invoke(exchange.Events.Span);
            if (record.Sequence % CheckpointInterval.Commands == 0)
            {
                hashes.Add(record.Sequence, exchange.ChainHash);
            }

            if (commands % ProgressEvery == 0)
            {
                progress?.Invoke(commands);
            }
        }

        progress?.Invoke(commands);
        return new ReplayReport(commands, checkpoints, Stopwatch.GetElapsedTime(start), reader.End!);
    }

    private static void Compare(string directory, Format.CheckpointBody checkpoint, Hash128 hash)
    {
        if (hash.Low != checkpoint.HashLow || hash.High != checkpoint.HashHigh)
        {
            var written = new Hash128 { Low = checkpoint.HashLow, High = checkpoint.HashHigh };
            throw new JournalException(
                $"{directory}: after command {checkpoint.Sequence} the replay's chain hash is {hash}, the journal's checkpoint says {written}: "
                + "this build does not do what the writer's did");
        }
    }

    /// <summary>The hashes at the last few intervals: a checkpoint is written a little after its command.</summary>
    private sealed class RecentHashes
    {
        private const int Kept = 64;

        private readonly (long Sequence, Hash128 Hash)[] _hashes = new (long, Hash128)[Kept];
        private int _next;

        public void Add(long sequence, Hash128 hash) => _hashes[_next++ % Kept] = (sequence, hash);

        public bool TryFind(long sequence, out Hash128 hash)
        {
            foreach ((long at, Hash128 found) in _hashes)
            {
                if (at == sequence && at != 0)
                {
                    hash = found;
                    return true;
                }
            }

            hash = default;
            return false;
        }
    }
}

/// <summary>How often the core's chain hash goes into the journal (ARCHITECTURE, Hashes).</summary>
public static class CheckpointInterval
{
    /// <summary>Every so many commands.</summary>
    public const int Commands = 10_000;
}
