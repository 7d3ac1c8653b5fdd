namespace LowLatencyMargin.Journal.Storage;

/// <summary>How a file is opened.</summary>
public enum OpenMode
{
    /// <summary>Read only; must exist. Also opens a directory, for <see cref="IJournalStorage.Sync"/>.</summary>
    Read,

    /// <summary>Read and write; created when missing, contents kept.</summary>
    OpenOrCreate,

    /// <summary>Read and write; created when missing, emptied when not.</summary>
    Create,
}
