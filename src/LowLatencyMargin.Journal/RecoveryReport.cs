namespace LowLatencyMargin.Journal;

/// <summary>What opening a journal found and did.</summary>
/// <param name="FirstSequence">First command in the journal; 0 when there is none.</param>
/// <param name="LastSequence">Last command in the journal.</param>
/// <param name="CommandCount">Commands read.</param>
/// <param name="RecordBytes">Bytes of records read.</param>
/// <param name="SegmentCount">Segments read.</param>
/// <param name="Epoch">Epoch of the writer that was opened.</param>
/// <param name="End">How the journal ended; its torn bytes are kept in <paramref name="BrokenFiles"/>.</param>
/// <param name="BrokenFiles">Files that were taken out of the journal and kept.</param>
/// <param name="PoisonText">What the last writer left behind when it ended in a fault; null when it did not.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record RecoveryReport(
    long FirstSequence,
    long LastSequence,
    long CommandCount,
    long RecordBytes,
    int SegmentCount,
    long Epoch,
    JournalEnd End,
    IReadOnlyList<string> BrokenFiles,
    string? PoisonText,
    TimeSpan Elapsed);
