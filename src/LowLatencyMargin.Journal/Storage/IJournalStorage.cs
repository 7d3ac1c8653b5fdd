namespace LowLatencyMargin.Journal.Storage;

/// <summary>
/// The file calls that the journal makes, one to one with the kernel's: each returns what the call returned, or the negated
/// <see cref="Errno"/>. Retries, short writes and errors are handled above, in <see cref="JournalFile"/>, so that a simulated disk can
/// produce them. An interface, not a struct parameter: one virtual call (2 ns) per system call, and none per appended record.
/// </summary>
public interface IJournalStorage
{
    /// <summary>Opens a file; returns its handle.</summary>
    int Open(string path, OpenMode mode);

    /// <summary>Closes a handle. Never repeated: after an error the handle is gone all the same.</summary>
    int Close(int handle);

    /// <summary>Reads up to a buffer full from an offset; 0 at the end of the file.</summary>
    long Read(int handle, Span<byte> buffer, long offsetBytes);

    /// <summary>Writes up to the whole buffer at an offset; returns how many bytes it took.</summary>
    long Write(int handle, ReadOnlySpan<byte> buffer, long offsetBytes);

    /// <summary>Makes data, and the size when it changed, durable.</summary>
    int SyncData(int handle);

    /// <summary>Makes data and metadata durable; on a directory, its names.</summary>
    int Sync(int handle);

    /// <summary>Reserves disk space and extends the file.</summary>
    int Allocate(int handle, long lengthBytes);

    /// <summary>Sets the file size.</summary>
    int Truncate(int handle, long lengthBytes);

    /// <summary>The file size.</summary>
    long Length(int handle);

    /// <summary>Takes the exclusive advisory lock of a file without waiting.</summary>
    int TryLock(int handle);

    /// <summary>Renames a file, replacing the target.</summary>
    int Rename(string from, string to);

    /// <summary>Removes a name.</summary>
    int Delete(string path);

    /// <summary>Adds the names (not paths) of a directory's files to a list.</summary>
    int List(string directory, ICollection<string> names);
}
