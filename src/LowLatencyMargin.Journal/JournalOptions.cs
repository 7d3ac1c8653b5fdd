using LowLatencyMargin.Journal.Format;
using LowLatencyMargin.Journal.Storage;
using LowLatencyMargin.Journal.Writing;

namespace LowLatencyMargin.Journal;

/// <summary>How a journal is written.</summary>
public sealed record JournalOptions
{
    /// <summary>The journal directory; must exist. An empty one is a new journal.</summary>
    public required string Directory { get; init; }

    /// <summary>What an acknowledgement is worth.</summary>
    public DurabilityMode Mode { get; init; } = DurabilityMode.Synced;

    /// <summary>Which shard's journal this is; stored in every segment and compared.</summary>
    public uint ShardId { get; init; }

    /// <summary>Hash of the limits that the commands were made under; stored in every segment and compared.</summary>
    public ulong LimitsHash { get; init; }

    /// <summary>Size of a segment, a multiple of 4096.</summary>
    public long SegmentBytes { get; init; } = JournalFormat.DefaultSegmentBytes;

    /// <summary>Size of each of the two batch buffers: how much can arrive while the disk works.</summary>
    public int BatchBytes { get; init; } = 4 << 20;

    /// <summary>The first sequence of a new journal.</summary>
    public long FirstSequence { get; init; } = 1;

    /// <summary>
    /// In <see cref="DurabilityMode.Synced"/> each batch begins on a multiple of this, so that no sector with acknowledged records is
    /// written again: 512, or 4096 for a disk that has such sectors. A power of two.
    /// </summary>
    public int SectorBytes { get; init; } = 512;

    /// <summary>After how long without a command a commit record vouches for the last batch.</summary>
    public int IdleCommitMs { get; init; } = 5;

    /// <summary>In <see cref="DurabilityMode.Buffered"/>, how often the file is synced behind the acknowledgements; the loss window.</summary>
    public int BackgroundSyncMs { get; init; } = 1000;

    /// <summary>Whether flushing and preparing segments have threads of their own; a simulation runs everything on the caller's.</summary>
    public bool UseThreads { get; init; } = true;

    /// <summary>Where the files are.</summary>
    public IJournalStorage Storage { get; init; } = LinuxStorage.Instance;

    /// <summary>The clock for the two intervals above; never decides what is written as a command.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        Require(SegmentBytes is >= JournalFormat.MinSegmentBytes and <= JournalFormat.MaxSegmentBytes && SegmentBytes % 4096 == 0,
            $"SegmentBytes {SegmentBytes}: expected a multiple of 4096 from {JournalFormat.MinSegmentBytes} to {JournalFormat.MaxSegmentBytes}");
        Require(
            SectorBytes is >= 8 and <= 4096 && (SectorBytes & (SectorBytes - 1)) == 0,
            $"SectorBytes {SectorBytes}: expected a power of two from 8 to 4096");
        Require(BatchBytes is >= BatchEncoder.MinBufferBytes and <= 256 << 20, $"BatchBytes {BatchBytes}: expected {BatchEncoder.MinBufferBytes} to 256 MiB");
        Require(FirstSequence >= 1, $"FirstSequence {FirstSequence}: expected 1 or more");
        Require(IdleCommitMs >= 0 && BackgroundSyncMs >= 0, "IdleCommitMs and BackgroundSyncMs: expected 0 or more");
    }

    private static void Require(bool isSo, string message)
    {
        if (!isSo)
            throw new JournalException("journal options: " + message);
    }
}
