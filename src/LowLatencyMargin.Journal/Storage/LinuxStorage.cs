using System.Runtime.InteropServices;

namespace LowLatencyMargin.Journal.Storage;

/// <summary>
/// The kernel's files, by direct calls. .NET's own file classes are not used for writing: in .NET 10.0.12 FileStream.Flush(true) and
/// RandomAccess.FlushToDisk return normally when fsync failed, they can't sync a directory, and they can't take a lock that a second
/// writer in the same process respects.
/// </summary>
public sealed unsafe class LinuxStorage : IJournalStorage
{
    private const int NewFileMode = 0x1A4; // rw-r--r--

    private LinuxStorage()
    {
    }

    /// <summary>The one instance; it has no state.</summary>
    public static LinuxStorage Instance { get; } = new();

    /// <inheritdoc/>
    public int Open(string path, OpenMode mode)
    {
        int flags = mode switch
        {
            OpenMode.Read => Libc.ReadOnly,
            OpenMode.OpenOrCreate => Libc.ReadWrite | Libc.CreateFile,
            _ => Libc.ReadWrite | Libc.CreateFile | Libc.TruncateFile,
        };
        return Result(Libc.Open(path, flags | Libc.CloseOnExec, NewFileMode));
    }

    /// <inheritdoc/>
    public int Close(int handle) => Result(Libc.Close(handle));

    /// <inheritdoc/>
    public long Read(int handle, Span<byte> buffer, long offsetBytes)
    {
        fixed (byte* pointer = buffer)
            return Result(Libc.Read(handle, pointer, buffer.Length, offsetBytes));
    }

    /// <inheritdoc/>
    public long Write(int handle, ReadOnlySpan<byte> buffer, long offsetBytes)
    {
        fixed (byte* pointer = buffer)
            return Result(Libc.Write(handle, pointer, buffer.Length, offsetBytes));
    }

    /// <inheritdoc/>
    public int SyncData(int handle) => Result(Libc.SyncData(handle));

    /// <inheritdoc/>
    public int Sync(int handle) => Result(Libc.Sync(handle));

    /// <inheritdoc/>
    public int Allocate(int handle, long lengthBytes) => Result(Libc.Allocate(handle, 0, 0, lengthBytes));

    /// <inheritdoc/>
    public int Truncate(int handle, long lengthBytes) => Result(Libc.Truncate(handle, lengthBytes));

    /// <inheritdoc/>
    public long Length(int handle) => Result(Libc.Seek(handle, 0, Libc.SeekEnd));

    /// <inheritdoc/>
    public int TryLock(int handle) => Result(Libc.Lock(handle, Libc.LockExclusive | Libc.LockNoWait));

    /// <inheritdoc/>
    public int Rename(string from, string to) => Result(Libc.Rename(from, to));

    /// <inheritdoc/>
    public int Delete(string path) => Result(Libc.Unlink(path));

    /// <inheritdoc/>
    public int List(string directory, ICollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        try
        {
            foreach (string path in Directory.EnumerateFiles(directory))
                names.Add(Path.GetFileName(path));
            return 0;
        }
        catch (DirectoryNotFoundException)
        {
            return -(int)(File.Exists(directory) ? Errno.ENOTDIR : Errno.ENOENT);
        }
        catch (UnauthorizedAccessException)
        {
            return -(int)Errno.EACCES;
        }
        catch (IOException)
        {
            return -(int)(File.Exists(directory) ? Errno.ENOTDIR : Errno.EIO);
        }
    }

    private static int Result(int result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    private static long Result(long result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();
}
