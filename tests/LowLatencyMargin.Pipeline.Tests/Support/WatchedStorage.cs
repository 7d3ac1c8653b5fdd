using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Pipeline.Tests.Support;

/// <summary>
/// The disk, watched: reads the sequences out of what is written, so that a test knows what was written and what was synced without asking
/// the journal; holds calls back at a gate; lets them fail.
/// </summary>
internal sealed class WatchedStorage : IJournalStorage
{
    private const ushort FirstOwnType = 0xFF00;

    private readonly LinuxStorage _disk = LinuxStorage.Instance;
    private readonly Gate _gate = new();
    private readonly object _lock = new();
    private long _written;
    private long _synced;
    private int _held;

    /// <summary>The last command whose write returned.</summary>
    public long WrittenSequence => Volatile.Read(ref _written);

    /// <summary>The last command that was written before a sync that has returned began.</summary>
    public long SyncedSequence => Volatile.Read(ref _synced);

    /// <summary>Calls that wait at the gate.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Which calls wait while the gate is closed: "pwrite" or "fdatasync".</summary>
    public string HeldCall { get; set; } = "fdatasync";

    /// <summary>The call that fails.</summary>
    public string FailingCall { get; set; } = "fdatasync";

    /// <summary>Calls of that name fail once a write has brought a command at or after this one; 0: none fails.</summary>
    public long FailsFrom { get; set; }

    /// <summary>No room for another file.</summary>
    public bool IsFull { get; set; }

    public void Hold() => _gate.Close();

    public void Release() => _gate.Open();

    public int Open(string path, OpenMode mode) => _disk.Open(path, mode);

    public int Close(int handle) => _disk.Close(handle);

    public long Read(int handle, Span<byte> buffer, long offsetBytes) => _disk.Read(handle, buffer, offsetBytes);

    public long Write(int handle, ReadOnlySpan<byte> buffer, long offsetBytes)
    {
        long last = offsetBytes == 0 ? 0 : LastCommand(buffer);
        if (last > 0)
        {
            Wait("pwrite");
        }

        if (Fails("pwrite", last))
        {
            return -(int)Errno.EIO;
        }

        long result = _disk.Write(handle, buffer, offsetBytes);
        lock (_lock)
        {
            Volatile.Write(ref _written, Math.Max(_written, result == buffer.Length ? last : 0));
        }

        return result;
    }

    public int SyncData(int handle)
    {
        long before = WrittenSequence;
        Wait("fdatasync");
        if (Fails("fdatasync", before))
        {
            return -(int)Errno.EIO;
        }

        int result = _disk.SyncData(handle);
        lock (_lock)
        {
            Volatile.Write(ref _synced, Math.Max(_synced, before));
        }

        return result;
    }

    public int Sync(int handle) => _disk.Sync(handle);

    public int Allocate(int handle, long lengthBytes) => IsFull ? -(int)Errno.ENOSPC : _disk.Allocate(handle, lengthBytes);

    public int Truncate(int handle, long lengthBytes) => _disk.Truncate(handle, lengthBytes);

    public long Length(int handle) => _disk.Length(handle);

    public int TryLock(int handle) => _disk.TryLock(handle);

    public int Rename(string from, string to) => _disk.Rename(from, to);

    public int Delete(string path) => _disk.Delete(path);

    public int List(string directory, ICollection<string> names) => _disk.List(directory, names);

    /// <summary>A batch is records one after another, each with a command's header.</summary>
    private static long LastCommand(ReadOnlySpan<byte> batch)
    {
        long last = 0;
        while (batch.Length >= CommandHeader.SizeBytes)
        {
            CommandHeader header = MemoryMarshal.Read<CommandHeader>(batch);
            if (header.LengthBytes < CommandHeader.SizeBytes || header.LengthBytes > batch.Length)
            {
                break;
            }

            last = (ushort)header.Type is > 0 and < FirstOwnType ? header.Sequence : last;
            batch = batch[(int)header.LengthBytes..];
        }

        return last;
    }

    private bool Fails(string call, long sequence) => FailsFrom > 0 && call == FailingCall && sequence >= FailsFrom;

    private void Wait(string call)
    {
        if (call != HeldCall || !_gate.IsClosed)
        {
            return;
        }

        Interlocked.Increment(ref _held);
        _gate.Pass();
        Interlocked.Decrement(ref _held);
    }
}
