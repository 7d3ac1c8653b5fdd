using LowLatencyMargin.Journal.Format;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Reading;

/// <summary>The segments of a directory in their order, without those that recovery has replaced.</summary>
internal sealed class SegmentList
{
    private readonly List<SegmentName> _names = [];
    private readonly List<SegmentName> _superseded = [];
    private readonly List<string> _temporary = [];

    private SegmentList(string directory) => Directory = directory;

    internal string Directory { get; }

    internal IReadOnlyList<SegmentName> Names => _names;

    /// <summary>Segments whose replacement is in place: a crash kept recovery from taking them away.</summary>
    internal IReadOnlyList<SegmentName> Superseded => _superseded;

    /// <summary>Files that were being prepared.</summary>
    internal IReadOnlyList<string> Temporary => _temporary;

    /// <summary>Highest epoch in any name, of kept broken segments too.</summary>
    internal long MaxEpoch { get; private set; }

    internal static SegmentList Read(IJournalStorage storage, string directory)
    {
        var list = new SegmentList(directory);
        var files = new List<string>();
        int result = storage.List(directory, files);
        if (result < 0)
            throw new JournalIoException("list", directory, (Errno)(-result));
        foreach (string file in files)
            list.Add(file);
        list._names.Sort();
        list.RemoveSuperseded(storage);
        return list;
    }

    internal string PathOf(SegmentName name) => Path.Combine(Directory, name.ToString());

    private void Add(string file)
    {
        bool isBroken = file.EndsWith(JournalFormat.BrokenExtension, StringComparison.Ordinal);
        ReadOnlySpan<char> stem = isBroken ? file.AsSpan(0, file.Length - JournalFormat.BrokenExtension.Length) : file;
        if (SegmentName.TryParse(stem, out SegmentName name))
        {
            MaxEpoch = Math.Max(MaxEpoch, name.Epoch);
            if (!isBroken)
                _names.Add(name);
        }
        else if (file.EndsWith(JournalFormat.TemporaryExtension, StringComparison.Ordinal))
        {
            _temporary.Add(file);
        }
        else if (file.EndsWith(JournalFormat.SegmentExtension, StringComparison.Ordinal))
        {
            throw new JournalException(
                $"'{Path.Combine(Directory, file)}' is not a segment name; expected <epoch, hex>-<first sequence, 16 hex digits>.jnl");
        }
    }

    private void RemoveSuperseded(IJournalStorage storage)
    {
        for (int i = 1; i < _names.Count; i++)
        {
            // only segments that share a first sequence can replace each other, so only those need their header read
            if (_names[i - 1].FirstSequence == _names[i].FirstSequence
                && TryReadHeader(storage, PathOf(_names[i]), out SegmentHeader header)
                && header.ReplacesEpoch != 0)
                _superseded.Add(new SegmentName(header.ReplacesEpoch, _names[i].FirstSequence));
        }

        _superseded.RemoveAll(name => !_names.Remove(name));
    }

    private static bool TryReadHeader(IJournalStorage storage, string path, out SegmentHeader header)
    {
        Span<byte> block = stackalloc byte[JournalFormat.SegmentHeaderBytes];
        using JournalFile file = JournalFile.Open(storage, path, OpenMode.Read);
        return SegmentHeader.Read(block[..file.ReadAt(block, 0)], out header) is null;
    }
}
