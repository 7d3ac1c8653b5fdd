namespace LowLatencyMargin.Journal.Storage;

/// <summary>
/// One open file and the policy for its calls: interrupted calls are made again, short reads and writes go on where they stopped, and
/// every other error is a <see cref="JournalIoException"/>.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private readonly IJournalStorage _storage;
    private int _handle;

    private JournalFile(IJournalStorage storage, int handle, string path)
    {
        _storage = storage;
        _handle = handle;
        Path = path;
    }

    /// <summary>Where the file is now; changes when renamed.</summary>
    internal string Path { get; private set; }

    internal static JournalFile Open(IJournalStorage storage, string path, OpenMode mode)
    {
        int handle;
        do
            handle = storage.Open(path, mode);
        while (handle == -(int)Errno.EINTR);
        return new JournalFile(storage, (int)Check(handle, "open", path), path);
    }

    /// <summary>Fills the buffer, or as much of it as the file has; returns the bytes read.</summary>
    internal int ReadAt(Span<byte> buffer, long offsetBytes)
    {
        int done = 0;
        while (done < buffer.Length)
        {
            long read = _storage.Read(_handle, buffer[done..], offsetBytes + done);
            if (read == -(int)Errno.EINTR)
                continue;
            if (Check(read, "pread", Path) == 0)
                break;
            done += (int)read;
        }

        return done;
    }

    internal void WriteAt(ReadOnlySpan<byte> buffer, long offsetBytes)
    {
        while (buffer.Length > 0)
        {
            long written = _storage.Write(_handle, buffer, offsetBytes);
            if (written == -(int)Errno.EINTR)
                continue;
            // a write that takes nothing and reports nothing would loop for ever
            if (Check(written, "pwrite", Path) == 0)
                throw new JournalIoException("pwrite", Path, Errno.EIO);
            buffer = buffer[(int)written..];
            offsetBytes += written;
        }
    }

    internal void SyncData()
    {
        int result;
        do
            result = _storage.SyncData(_handle);
        while (result == -(int)Errno.EINTR);
        Check(result, "fdatasync", Path);
    }

    internal void Sync()
    {
        int result;
        do
            result = _storage.Sync(_handle);
        while (result == -(int)Errno.EINTR);
        Check(result, "fsync", Path);
    }

    /// <summary>Reserves space; false when the file system has no such call.</summary>
    internal bool TryAllocate(long lengthBytes)
    {
        int result;
        do
            result = _storage.Allocate(_handle, lengthBytes);
        while (result == -(int)Errno.EINTR);
        if (result == -(int)Errno.EOPNOTSUPP)
            return false;
        Check(result, "fallocate", Path);
        return true;
    }

    internal void Truncate(long lengthBytes)
    {
        int result;
        do
            result = _storage.Truncate(_handle, lengthBytes);
        while (result == -(int)Errno.EINTR);
        Check(result, "ftruncate", Path);
    }

    internal long LengthBytes() => Check(_storage.Length(_handle), "lseek", Path);

    /// <summary>Takes the lock; false when another holds it.</summary>
    internal bool TryLock()
    {
        int result;
        do
            result = _storage.TryLock(_handle);
        while (result == -(int)Errno.EINTR);
        if (result == -(int)Errno.EAGAIN)
            return false;
        Check(result, "flock", Path);
        return true;
    }

    internal void Rename(string path)
    {
        Rename(_storage, Path, path);
        Path = path;
    }

    internal static void Rename(IJournalStorage storage, string from, string to)
    {
        int result;
        do
            result = storage.Rename(from, to);
        while (result == -(int)Errno.EINTR);
        Check(result, "rename", from);
    }

    internal static void Delete(IJournalStorage storage, string path)
    {
        int result;
        do
            result = storage.Delete(path);
        while (result == -(int)Errno.EINTR);
        if (result != -(int)Errno.ENOENT)
            Check(result, "unlink", path);
    }

    internal static void SyncDirectory(IJournalStorage storage, string directory)
    {
        using JournalFile file = Open(storage, directory, OpenMode.Read);
        file.Sync();
    }

    public void Dispose()
    {
        // nothing rests on close succeeding: what must be on disk was synced before
        if (_handle >= 0)
            _storage.Close(_handle);
        _handle = -1;
    }

    private static long Check(long result, string call, string path) =>
        result >= 0 ? result : throw new JournalIoException(call, path, (Errno)(-result));
}
