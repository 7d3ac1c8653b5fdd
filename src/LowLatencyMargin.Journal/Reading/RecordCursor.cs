using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal.Format;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Reading;

/// <summary>Goes through the records of one segment and verifies each: length, checksum, chain, sequence, batch.</summary>
internal sealed unsafe class RecordCursor : IDisposable
{
    internal const int ReadBytes = 1 << 20;

    private readonly NativeBuffer _buffer = new(ReadBytes + JournalFormat.MaxRecordBytes);
    private JournalFile? _file;
    private byte* _next;
    private byte* _end;
    private long _endOffsetBytes;
    private uint _batchChecksum;

    /// <summary>Checksum of the last record: what the next must be linked to.</summary>
    internal uint Checksum { get; private set; }

    /// <summary>Last command sequence.</summary>
    internal long Sequence { get; private set; }

    /// <summary>Time of the last command.</summary>
    internal long TimeNs { get; private set; }

    /// <summary>Records since the last commit.</summary>
    internal uint BatchCount { get; private set; }

    /// <summary>What a commit of those records would carry.</summary>
    internal uint BatchChecksum => ~_batchChecksum;

    /// <summary>The highest durable sequence that any record or header read so far claims.</summary>
    internal long DurableUpTo { get; private set; }

    /// <summary>Where the next record begins.</summary>
    internal long OffsetBytes => _endOffsetBytes - (_end - _next);

    internal void Begin(JournalFile file, in SegmentHeader header)
    {
        _file = file;
        _next = _end = _buffer.Pointer;
        _endOffsetBytes = JournalFormat.SegmentHeaderBytes;
        Checksum = header.PreviousChecksum;
        Sequence = header.FirstSequence - 1;
        DurableUpTo = Math.Max(DurableUpTo, header.DurableUpTo);
        BatchCount = 0;
        _batchChecksum = Crc32C.Seed;
    }

    /// <summary>Reads again from the file what follows the last good record.</summary>
    internal void Reload()
    {
        _endOffsetBytes = OffsetBytes;
        _next = _end = _buffer.Pointer;
    }

    /// <summary>Whether the next record is there and linked to the last.</summary>
    internal bool IsNextWhole() =>
        Fill(out byte* record) == Defect.None && RecordCodec.IsLength(*(uint*)record)
        && RecordCodec.Checksum(record, *(uint*)record) == ((CommandHeader*)record)->Checksum
        && ((CommandHeader*)record)->PreviousChecksum == Checksum;

    /// <summary>The next record, valid until the next call; or what is wrong, and then nothing has moved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Defect TryNext(out byte* record)
    {
        record = _next;
        long available = _end - record;
        if (available < JournalFormat.MinRecordBytes || available < *(uint*)record)
        {
            Defect defect = Fill(out record);
            if (defect != Defect.None)
                return defect;
        }

        uint length = *(uint*)record;
        if (!RecordCodec.IsLength(length))
            return length == 0 ? Defect.Empty : Defect.Length;
        uint checksum = RecordCodec.Checksum(record, length);
        var header = (CommandHeader*)record;
        if (checksum != header->Checksum)
            return Defect.Checksum;
        if (header->PreviousChecksum != Checksum)
            return Defect.Chain;
        if ((ushort)header->Type >= JournalFormat.FirstOwnType)
        {
            Defect defect = AcceptOwn(record, length);
            if (defect != Defect.None)
                return defect;
        }
        else
        {
            if (header->Sequence != Sequence + 1)
                return Defect.Sequence;
            if (length > CommandHeader.MaxCommandBytes || header->Type == CommandType.None)
                return Defect.Type;
            Sequence = header->Sequence;
            TimeNs = header->TimeNs;
            Count(checksum);
        }

        Checksum = checksum;
        _next = record + length;
        return Defect.None;
    }

    /// <summary>Says what was found and what was expected at the present place.</summary>
    internal string Describe(Defect defect)
    {
        var header = (CommandHeader*)_next;
        return defect switch
        {
            Defect.EndOfFile => "the file ends, a record was expected",
            Defect.CutRecord => "the file ends inside a record",
            Defect.Empty => "zeros where a record was expected",
            Defect.Length => $"record length {header->LengthBytes}, expected a multiple of 8 from {JournalFormat.MinRecordBytes} to "
                + $"{JournalFormat.MaxRecordBytes}",
            Defect.Checksum => $"record checksum {header->Checksum:x8}, expected {RecordCodec.Checksum(_next, header->LengthBytes):x8}",
            Defect.Chain => $"a record that follows checksum {header->PreviousChecksum:x8}, expected one that follows {Checksum:x8}: "
                + "stale or misplaced",
            Defect.Sequence => $"record with sequence {header->Sequence}, expected {Sequence + 1}",
            Defect.Commit => $"a commit record that does not fit its batch of {BatchCount} records with checksum {BatchChecksum:x8}",
            Defect.Type => $"record type {(ushort)header->Type:x4}, which format version {JournalFormat.Version} does not have",
            _ => $"{defect}",
        };
    }

    public void Dispose() => _buffer.Dispose();

    private Defect AcceptOwn(byte* record, uint length)
    {
        var header = (CommandHeader*)record;
        if (header->Sequence != Sequence)
            return Defect.Sequence;
        if (length < JournalFormat.OwnRecordBytes)
            return Defect.Type;
        switch ((OwnRecordType)header->Type)
        {
            case OwnRecordType.Checkpoint:
                Count(header->Checksum);
                return Defect.None;
            case OwnRecordType.Commit:
            case OwnRecordType.SegmentEnd:
                var body = (CommitBody*)(record + CommandHeader.SizeBytes);
                if (body->Count != BatchCount || body->BatchChecksum != BatchChecksum || body->DurableUpTo > Sequence)
                    return Defect.Commit;
                DurableUpTo = Math.Max(DurableUpTo, body->DurableUpTo);
                BatchCount = 0;
                _batchChecksum = Crc32C.Seed;
                return Defect.None;
            default:
                return Defect.Type;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Count(uint checksum)
    {
        BatchCount++;
        _batchChecksum = Crc32C.Word(_batchChecksum, checksum);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Defect Fill(out byte* record)
    {
        record = _next;
        long available = _end - _next;
        if (available >= JournalFormat.MinRecordBytes && !RecordCodec.IsLength(*(uint*)_next))
            return Defect.None; // the caller names it
        if (available > 0)
            Buffer.MemoryCopy(_next, _buffer.Pointer, _buffer.LengthBytes, available);
        record = _next = _buffer.Pointer;
        int read = _file!.ReadAt(_buffer.Span[(int)available..], _endOffsetBytes);
        _endOffsetBytes += read;
        _end = _next + available + read;
        available += read;
        if (available == 0)
            return Defect.EndOfFile;
        if (available < JournalFormat.MinRecordBytes)
            return Defect.CutRecord;
        return RecordCodec.IsLength(*(uint*)_next) && available < *(uint*)_next ? Defect.CutRecord : Defect.None;
    }
}
