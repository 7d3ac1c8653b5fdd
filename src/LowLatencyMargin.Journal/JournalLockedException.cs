namespace LowLatencyMargin.Journal;

/// <summary>Another writer has this journal.</summary>
public sealed class JournalLockedException : JournalException
{
    /// <summary>Creates the exception.</summary>
    public JournalLockedException(string directory, string holder)
        : base($"journal '{directory}' is in use by the writer in process {holder}; a journal has one writer: stop that process first") =>
        Holder = holder;

    /// <summary>Process id of the holder, as it wrote it.</summary>
    public string Holder { get; }
}
