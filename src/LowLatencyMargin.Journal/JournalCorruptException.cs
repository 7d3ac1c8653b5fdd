namespace LowLatencyMargin.Journal;

/// <summary>
/// Something that was durable can't be read back as written. The journal refuses to serve rather than drop it; repair means taking the
/// segment from a replica or a backup.
/// </summary>
public sealed class JournalCorruptException : JournalException
{
    /// <summary>Creates the exception from where reading ended.</summary>
    public JournalCorruptException(JournalEnd end)
        : base(end.ToString() + ". Nothing was changed. Restore this file from a replica or a backup.") => End = end;

    /// <summary>File, byte offset, sequence and reason.</summary>
    public JournalEnd End { get; }
}
