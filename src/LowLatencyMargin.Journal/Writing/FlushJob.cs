using LowLatencyMargin.Journal.Format;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Writing;

/// <summary>What the flush thread is to do; one instance, handed to and fro.</summary>
internal sealed unsafe class FlushJob
{
    /// <summary>The batch to write before the sync; length 0 for a sync alone.</summary>
    internal byte* Batch;
    internal int BatchBytes;
    internal long BatchOffsetBytes;

    /// <summary>Last command of the batch or of what is synced.</summary>
    internal long Sequence;

    /// <summary>What will be on stable storage after the job: a segment by its number, and an offset in it.</summary>
    internal long SegmentNumber;
    internal long OffsetBytes;

    /// <summary>Whether the batch is the first of a segment, which then gets this header and its name.</summary>
    internal bool Begins;
    internal SegmentHeader Header;

    /// <summary>Files of sealed segments that were not synced yet.</summary>
    internal readonly List<JournalFile> Sealed = new(8);

    /// <summary>The file to sync.</summary>
    internal JournalFile? Active;
}
