using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Writing;

/// <summary>Where a writer goes on.</summary>
internal sealed record RecoveredJournal(
    JournalFile File, long PositionBytes, long SegmentBytes, long Epoch, long SegmentFirstSequence, uint Checksum, long Sequence, long TimeNs)
{
    internal RecoveryReport? Report { get; init; }
}
