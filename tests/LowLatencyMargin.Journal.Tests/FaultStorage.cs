using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Tests;

/// <summary>Passes calls on, and lets chosen ones fail as a kernel would.</summary>
internal sealed class FaultStorage(IJournalStorage inner) : IJournalStorage
{
    /// <summary>Given the call and its number among calls of that name, from 0: the error to answer with, or None.</summary>
    internal Func<string, int, Errno> Decide { get; set; } = (_, _) => Errno.None;

    /// <summary>Reads and writes take at most this many bytes.</summary>
    internal int MaxTransferBytes { get; set; } = int.MaxValue;

    /// <summary>Each call is interrupted this many times before it is done.</summary>
    internal int Interruptions { get; set; }

    internal Dictionary<string, int> Counts { get; } = [];

    private int _interrupted;

    public int Open(string path, OpenMode mode) => Faulty("open") is var e and not 0 ? e : inner.Open(path, mode);

    public int Close(int handle) => inner.Close(handle);

    public long Read(int handle, Span<byte> buffer, long offsetBytes) =>
        Faulty("pread") is var e and not 0 ? e : inner.Read(handle, buffer[..Math.Min(buffer.Length, MaxTransferBytes)], offsetBytes);

    public long Write(int handle, ReadOnlySpan<byte> buffer, long offsetBytes) =>
        Faulty("pwrite") is var e and not 0 ? e : inner.Write(handle, buffer[..Math.Min(buffer.Length, MaxTransferBytes)], offsetBytes);

    public int SyncData(int handle) => Faulty("fdatasync") is var e and not 0 ? e : inner.SyncData(handle);

    public int Sync(int handle) => Faulty("fsync") is var e and not 0 ? e : inner.Sync(handle);

    public int Allocate(int handle, long lengthBytes) => Faulty("fallocate") is var e and not 0 ? e : inner.Allocate(handle, lengthBytes);

    public int Truncate(int handle, long lengthBytes) => Faulty("ftruncate") is var e and not 0 ? e : inner.Truncate(handle, lengthBytes);

    public long Length(int handle) => inner.Length(handle);

    public int TryLock(int handle) => Faulty("flock") is var e and not 0 ? e : inner.TryLock(handle);

    public int Rename(string from, string to) => Faulty("rename") is var e and not 0 ? e : inner.Rename(from, to);

    public int Delete(string path) => Faulty("unlink") is var e and not 0 ? e : inner.Delete(path);

    public int List(string directory, ICollection<string> names) => inner.List(directory, names);

    private int Faulty(string call)
    {
        if (_interrupted < Interruptions)
        {
            _interrupted++;
            return -(int)Errno.EINTR;
        }

        _interrupted = 0;
        Counts.TryGetValue(call, out int number);
        Counts[call] = number + 1;
        return -(int)Decide(call, number);
    }
}
