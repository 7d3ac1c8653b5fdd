namespace LowLatencyMargin.Journal.Reading;

/// <summary>What is wrong with the bytes at which reading stopped.</summary>
internal enum Defect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The file ends.</summary>
    EndOfFile,

    /// <summary>The file ends inside a record.</summary>
    CutRecord,

    /// <summary>Zeros: never written.</summary>
    Empty,

    /// <summary>A length that no record has.</summary>
    Length,

    /// <summary>The checksum does not fit the record.</summary>
    Checksum,

    /// <summary>A whole record, but not the one that follows its predecessor: stale or misplaced.</summary>
    Chain,

    /// <summary>A whole record with a sequence that does not follow.</summary>
    Sequence,

    /// <summary>A commit record that does not fit its batch.</summary>
    Commit,

    /// <summary>A type that this version does not know.</summary>
    Type,

    /// <summary>The segment header.</summary>
    Header,

    /// <summary>The next segment is missing.</summary>
    MissingSegment,
}
