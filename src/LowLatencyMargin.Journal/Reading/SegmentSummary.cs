using LowLatencyMargin.Journal.Format;

namespace LowLatencyMargin.Journal.Reading;

/// <summary>What the reader learned about a segment when it left it.</summary>
internal readonly record struct SegmentSummary(
    SegmentName Name,
    SegmentHeader Header,
    long FileBytes,
    long EndOffsetBytes,
    uint EndChecksum,
    long LastSequence,
    long LastTimeNs,
    uint OpenBatchCount,
    uint OpenBatchChecksum,
    bool IsSealed,
    uint SealChecksum)
{
    /// <summary>Sealed and cut to size: only a close whose syncs all succeeded leaves a segment so.</summary>
    internal bool IsClosed => IsSealed && FileBytes == EndOffsetBytes + JournalFormat.OwnRecordBytes;
}
