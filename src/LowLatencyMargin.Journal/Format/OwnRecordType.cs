namespace LowLatencyMargin.Journal.Format;

/// <summary>The journal's own records. They carry the sequence and time of the last command, not new ones.</summary>
internal enum OwnRecordType : ushort
{
    /// <summary>Ends a batch.</summary>
    Commit = 0xFF01,

    /// <summary>The core's chain hash at a sequence.</summary>
    Checkpoint = 0xFF02,

    /// <summary>Last record of a segment.</summary>
    SegmentEnd = 0xFF03,
}
