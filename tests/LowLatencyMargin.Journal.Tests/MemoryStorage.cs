using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Tests;

/// <summary>
/// A disk in memory that knows what was synced: <see cref="Crash"/> gives back what a power loss leaves, with the unsynced sectors
/// written, not written or filled with rubbish at random.
/// </summary>
internal sealed class MemoryStorage : IJournalStorage
{
    internal const int SectorBytes = 512;

    private readonly object _gate = new();
    private readonly Dictionary<string, Node> _names = [];
    private readonly Dictionary<string, Node> _durableNames = [];
    private readonly List<Node?> _handles = [];
    private readonly HashSet<Node> _locked = [];

    internal IEnumerable<string> Paths => _names.Keys.Order(StringComparer.Ordinal);

    public int Open(string path, OpenMode mode)
    {
        lock (_gate)
        {
            if (!_names.TryGetValue(path, out Node? node))
            {
                if (mode == OpenMode.Read && !path.EndsWith("/j", StringComparison.Ordinal))
                    return -(int)Errno.ENOENT;
                node = new Node();
                if (mode != OpenMode.Read)
                    _names[path] = node;
                else
                    node.IsDirectory = true;
            }

            if (mode == OpenMode.Create)
                node.Data = [];
            _handles.Add(node);
            return _handles.Count - 1;
        }
    }

    public int Close(int handle)
    {
        lock (_gate)
        {
            _locked.Remove(_handles[handle]!);
            _handles[handle] = null;
            return 0;
        }
    }

    public long Read(int handle, Span<byte> buffer, long offsetBytes)
    {
        lock (_gate)
        {
            byte[] data = _handles[handle]!.Data;
            int length = (int)Math.Clamp(data.Length - offsetBytes, 0, buffer.Length);
            data.AsSpan((int)Math.Min(offsetBytes, data.Length), length).CopyTo(buffer);
            return length;
        }
    }

    public long Write(int handle, ReadOnlySpan<byte> buffer, long offsetBytes)
    {
        lock (_gate)
        {
            Node node = _handles[handle]!;
            if (node.Data.Length < offsetBytes + buffer.Length)
                Array.Resize(ref node.Data, (int)(offsetBytes + buffer.Length));
            buffer.CopyTo(node.Data.AsSpan((int)offsetBytes));
            return buffer.Length;
        }
    }

    public int SyncData(int handle) => Sync(handle);

    public int Sync(int handle)
    {
        lock (_gate)
        {
            Node node = _handles[handle]!;
            if (!node.IsDirectory)
            {
                node.Durable = (byte[])node.Data.Clone();
                return 0;
            }

            _durableNames.Clear();
            foreach ((string path, Node named) in _names)
                _durableNames[path] = named;
            return 0;
        }
    }

    public int Allocate(int handle, long lengthBytes) => Truncate(handle, Math.Max(lengthBytes, Length(handle)));

    public int Truncate(int handle, long lengthBytes)
    {
        lock (_gate)
        {
            Array.Resize(ref _handles[handle]!.Data, (int)lengthBytes);
            return 0;
        }
    }

    public long Length(int handle) => _handles[handle]!.Data.Length;

    public int TryLock(int handle)
    {
        lock (_gate)
            return _locked.Add(_handles[handle]!) ? 0 : -(int)Errno.EAGAIN;
    }

    public int Rename(string from, string to)
    {
        lock (_gate)
        {
            if (!_names.Remove(from, out Node? node))
                return -(int)Errno.ENOENT;
            _names[to] = node;
            return 0;
        }
    }

    public int Delete(string path)
    {
        lock (_gate)
            return _names.Remove(path) ? 0 : -(int)Errno.ENOENT;
    }

    public int List(string directory, ICollection<string> names)
    {
        lock (_gate)
        {
            foreach (string path in _names.Keys)
                names.Add(path[(directory.Length + 1)..]);
            return 0;
        }
    }

    internal byte[] Contents(string path) => (byte[])_names[path].Data.Clone();

    /// <summary>Places a file that is wholly on the disk.</summary>
    internal void Put(string path, byte[] data) =>
        _names[path] = _durableNames[path] = new Node { Data = data, Durable = (byte[])data.Clone() };

    internal void Remove(string path)
    {
        _names.Remove(path);
        _durableNames.Remove(path);
    }

    /// <summary>The same files on another disk: what the next process finds when this one was killed.</summary>
    internal MemoryStorage Copy()
    {
        var copy = new MemoryStorage();
        lock (_gate)
        {
            foreach ((string path, Node node) in _names)
                copy.Put(path, (byte[])node.Data.Clone());
        }

        return copy;
    }

    /// <summary>What a power loss leaves: names and data as synced, plus any part of what was not synced.</summary>
    internal MemoryStorage Crash(Random random)
    {
        var after = new MemoryStorage();
        lock (_gate)
        {
            // the directory is ordered: all of its unsynced changes are there or none
            foreach ((string path, Node node) in random.Next(2) == 0 ? _durableNames : _names)
                after.Put(path, Torn(node, random));
        }

        return after;
    }

    private static byte[] Torn(Node node, Random random)
    {
        bool isSizeThere = node.Durable.Length == node.Data.Length || random.Next(2) == 0;
        byte[] left = new byte[isSizeThere ? node.Data.Length : node.Durable.Length];
        int kind = random.Next(4);
        for (int at = 0; at < left.Length; at += SectorBytes)
        {
            int length = Math.Min(SectorBytes, left.Length - at);
            Span<byte> sector = left.AsSpan(at, length);
            Part(node.Durable, at, length).CopyTo(sector);
            ReadOnlySpan<byte> now = Part(node.Data, at, length);
            if (sector[..now.Length].SequenceEqual(now))
                continue;
            switch (kind == 3 ? random.Next(3) : kind)
            {
                case 0:
                    break;
                case 1:
                    now.CopyTo(sector);
                    break;
                default:
                    random.NextBytes(sector);
                    break;
            }
        }

        return left;
    }

    private static ReadOnlySpan<byte> Part(byte[] data, int at, int length) =>
        at < data.Length ? data.AsSpan(at, Math.Min(length, data.Length - at)) : [];

    private sealed class Node
    {
        internal byte[] Data = [];
        internal byte[] Durable = [];
        internal bool IsDirectory;
    }
}
