using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal;

/// <summary>A system call failed in a way that the journal does not repair.</summary>
public sealed class JournalIoException : JournalException
{
    /// <summary>Creates the exception from the failed call.</summary>
    public JournalIoException(string call, string path, Errno errno)
        : base($"{call} of '{path}' failed with {Name(errno)}{Hint(errno)}")
    {
        Call = call;
        Path = path;
        Errno = errno;
    }

    /// <summary>The system call, as in "fdatasync".</summary>
    public string Call { get; }

    /// <summary>The file or directory.</summary>
    public string Path { get; }

    /// <summary>The error number.</summary>
    public Errno Errno { get; }

    private static string Name(Errno errno) => Enum.IsDefined(errno) ? $"{errno} ({(int)errno})" : $"errno {(int)errno}";

    private static string Hint(Errno errno) => errno switch
    {
        Errno.ENOENT => ": it does not exist; expected an existing journal directory (empty for a new journal)",
        Errno.EACCES or Errno.EPERM => ": no permission; the journal needs read and write access",
        Errno.ENOTDIR => ": not a directory; expected the journal directory",
        Errno.ENOSPC or Errno.EDQUOT => ": no space left",
        Errno.EROFS => ": the file system is read-only, perhaps after an earlier error",
        _ => string.Empty,
    };
}
