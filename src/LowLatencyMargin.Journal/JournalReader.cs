using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal.Format;
using LowLatencyMargin.Journal.Reading;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal;

/// <summary>
/// Reads a journal forward, verifying everything, without changing it: also while a writer is at work. Memory use does not depend on the
/// size of the journal; no allocation per record.
/// </summary>
public sealed unsafe class JournalReader : IDisposable
{
    private readonly IJournalStorage _storage;
    private readonly RecordCursor _cursor = new();
    private readonly List<SegmentSummary> _summaries = [];
    private readonly long _fromSequence;
    private SegmentList _segments;
    private SegmentHeader _header;
    private JournalFile? _file;
    private int _index;

    private JournalReader(string directory, long fromSequence, IJournalStorage storage)
    {
        _storage = storage;
        _fromSequence = fromSequence;
        _segments = SegmentList.Read(storage, directory);
        _index = -1;
        while (_index + 2 < _segments.Names.Count && _segments.Names[_index + 2].FirstSequence <= fromSequence)
            _index++;
        if (fromSequence > 0 && _segments.Names.Count > 0 && _segments.Names[0].FirstSequence > fromSequence)
        {
            throw new JournalException(
                $"journal '{directory}' begins at sequence {_segments.Names[0].FirstSequence}, sequence {fromSequence} was asked for");
        }
    }

    /// <summary>How the journal ended; null while there may be more.</summary>
    public JournalEnd? End { get; private set; }

    /// <summary>The last command read.</summary>
    public long LastSequence => _cursor.Sequence;

    /// <summary>Commands read so far.</summary>
    public long CommandCount { get; private set; }

    /// <summary>Bytes of records read so far.</summary>
    public long RecordBytes { get; private set; }

    internal RecordCursor Cursor => _cursor;

    internal SegmentList Segments => _segments;

    internal IReadOnlyList<SegmentSummary> Summaries => _summaries;

    /// <summary>Opens a journal directory for reading.</summary>
    /// <param name="directory">The directory; must exist, may be empty.</param>
    /// <param name="fromSequence">The first command wanted; reading starts with the segment that holds it.</param>
    /// <param name="storage">Where the files are; null for the disk.</param>
    public static JournalReader Open(string directory, long fromSequence = 0, IJournalStorage? storage = null) =>
        new(directory, fromSequence, storage ?? LinuxStorage.Instance);

    /// <summary>The next command or checkpoint; false at the end, which <see cref="End"/> then describes.</summary>
    public bool TryRead(out RecordView record)
    {
        while (_file is not null || TryOpenNext())
        {
            Defect defect = _cursor.TryNext(out byte* bytes);
            if (defect != Defect.None)
            {
                if (TryAgain(defect))
                    continue;
                break;
            }

            var header = (CommandHeader*)bytes;
            RecordBytes += header->LengthBytes;
            if ((ushort)header->Type < JournalFormat.FirstOwnType)
            {
                CommandCount++;
                if (header->Sequence < _fromSequence)
                    continue;
            }
            else if ((OwnRecordType)header->Type != OwnRecordType.Checkpoint)
            {
                if ((OwnRecordType)header->Type == OwnRecordType.SegmentEnd)
                    Leave(header);
                continue;
            }
            else if (header->Sequence < _fromSequence)
            {
                continue;
            }

            record = new RecordView(new ReadOnlySpan<byte>(bytes, (int)header->LengthBytes));
            return true;
        }

        record = default;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        _cursor.Dispose();
        End ??= new JournalEnd(JournalEndKind.Clean, string.Empty, 0, 0, 0, "closed by the reader");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Leave(CommandHeader* seal)
    {
        long sealedAt = _cursor.OffsetBytes - seal->LengthBytes;
        Summarize(sealedAt, seal->PreviousChecksum, isSealed: true);
        _file!.Dispose();
        _file = null;
    }

    private void Summarize(long endOffsetBytes, uint checksum, bool isSealed) => _summaries.Add(new SegmentSummary(
        _segments.Names[_index], _header, _file!.LengthBytes(), endOffsetBytes, checksum, _cursor.Sequence, _cursor.TimeNs,
        _cursor.BatchCount, _cursor.BatchChecksum, isSealed, isSealed ? _cursor.Checksum : 0));

    /// <summary>Opens the segment after the present one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryOpenNext()
    {
        if (End is not null)
            return false;
        if (_index + 1 >= _segments.Names.Count && _index >= 0)
            Relist(); // the writer may have begun another since
        if (_index + 1 >= _segments.Names.Count)
        {
            string last = _index >= 0 ? _segments.PathOf(_segments.Names[_index]) : string.Empty;
            End = new JournalEnd(JournalEndKind.Clean, last, 0, _cursor.Sequence, 0, _index >= 0 ? "closed" : "empty journal");
            return false;
        }

        SegmentName name = _segments.Names[_index + 1];
        bool isFirst = _index < 0 || _summaries.Count == 0;
        if (!isFirst && name.FirstSequence != _cursor.Sequence + 1)
        {
            string missing = $"the next segment begins at sequence {name.FirstSequence}, expected {_cursor.Sequence + 1}";
            SegmentSummary last = _summaries[^1];
            End = TailExamination.Judge(
                _storage, _segments, _index, last.EndOffsetBytes + JournalFormat.OwnRecordBytes, _cursor.Sequence, 0, Defect.MissingSegment, missing);
            return false;
        }

        _index++;
        return TryEnter(name, isFirst);
    }

    private bool TryEnter(SegmentName name, bool isFirst)
    {
        Span<byte> block = stackalloc byte[JournalFormat.SegmentHeaderBytes];
        string path = _segments.PathOf(name);
        JournalFile file = JournalFile.Open(_storage, path, OpenMode.Read);
        string? bad = SegmentHeader.Read(block[..file.ReadAt(block, 0)], out _header);
        if (bad is not null && _header.IsForeignVersion)
        {
            file.Dispose();
            throw new JournalException($"'{path}': {bad}");
        }

        if (bad is null && (_header.Epoch != name.Epoch || _header.FirstSequence != name.FirstSequence))
            bad = $"the header says {new SegmentName(_header.Epoch, _header.FirstSequence)}: renamed or copied over";
        if (bad is null && !isFirst && _header.PreviousChecksum != _cursor.Checksum)
            bad = $"the segment follows checksum {_header.PreviousChecksum:x8}, expected {_cursor.Checksum:x8}";
        if (bad is not null)
        {
            file.Dispose();
            End = TailExamination.Judge(_storage, _segments, _index, 0, isFirst ? 0 : _cursor.Sequence, 0, Defect.Header, bad);
            return false;
        }

        _file = file;
        _cursor.Begin(file, _header);
        return true;
    }

    /// <summary>
    /// At a bad record: judges it, then looks once more, because a writer at work may have written there since the buffer was filled.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryAgain(Defect defect)
    {
        long offset = _cursor.OffsetBytes;
        string reason = _cursor.Describe(defect);
        Relist();
        JournalEnd end = TailExamination.Judge(
            _storage, _segments, _index, offset, _cursor.Sequence, _header.PreparedBytes, defect, reason);
        bool mayBeUnwritten = defect is not (Defect.Sequence or Defect.Commit or Defect.Type);
        if (end.Kind != JournalEndKind.Clean && mayBeUnwritten)
        {
            _cursor.Reload();
            if (_cursor.IsNextWhole())
                return true;
        }

        Summarize(offset, _cursor.Checksum, isSealed: false);
        _file!.Dispose();
        _file = null;
        End = end;
        return false;
    }

    private void Relist()
    {
        SegmentName current = _segments.Names[_index];
        SegmentList fresh = SegmentList.Read(_storage, _segments.Directory);
        int index = 0;
        while (index < fresh.Names.Count && fresh.Names[index] != current)
            index++;
        // a segment that was taken away under the reader: it goes on with the file it has open
        if (index == fresh.Names.Count)
            return;
        _segments = fresh;
        _index = index;
    }
}
