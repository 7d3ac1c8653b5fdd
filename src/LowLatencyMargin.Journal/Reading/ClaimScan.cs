using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal.Format;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Reading;

/// <summary>
/// Looks through bytes that are no longer a chain for whole commit records, because what they claim to be durable decides whether the
/// damage before them is a torn tail or corruption.
/// </summary>
internal sealed unsafe class ClaimScan : IDisposable
{
    private const int ChunkBytes = 1 << 20;

    private readonly NativeBuffer _buffer = new(ChunkBytes);

    /// <summary>Highest sequence claimed durable.</summary>
    internal long DurableUpTo { get; private set; }

    /// <summary>Highest offset claimed durable in the segment scanned last, by records at or after <c>sequence</c>.</summary>
    internal long DurableOffsetBytes { get; private set; }

    /// <summary>Offset after the last byte that is not zero, in the segment scanned last.</summary>
    internal long UsedBytes { get; private set; }

    internal void Scan(JournalFile file, long fromBytes, long sequence)
    {
        DurableOffsetBytes = 0;
        UsedBytes = fromBytes;
        int length;
        do
        {
            length = file.ReadAt(_buffer.Span, fromBytes);
            ReadOnlySpan<byte> chunk = _buffer.Span[..length];
            int last = chunk.LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
                UsedBytes = fromBytes + last + 1;
            // a record that begins in the last bytes of a full chunk is looked at with the next chunk
            int limit = length == ChunkBytes ? length - JournalFormat.MaxRecordBytes : length;
            ScanChunk(length, limit, sequence);
            fromBytes += limit;
        }
        while (length == ChunkBytes);
    }

    internal void Claim(long durableUpTo) => DurableUpTo = Math.Max(DurableUpTo, durableUpTo);

    public void Dispose() => _buffer.Dispose();

    private void ScanChunk(int length, int limit, long sequence)
    {
        for (int at = 0; at + JournalFormat.MinRecordBytes <= length && at < limit; at += 8)
        {
            uint size = *(uint*)(_buffer.Pointer + at);
            if (size == 0)
            {
                int skip = _buffer.Span[at..length].IndexOfAnyExcept((byte)0);
                if (skip < 0)
                    return;
                at += skip / 8 * 8;
                size = *(uint*)(_buffer.Pointer + at);
            }

            if (RecordCodec.IsLength(size) && at + size <= length)
                Look(_buffer.Pointer + at, size, sequence);
        }
    }

    private void Look(byte* record, uint size, long sequence)
    {
        var header = (CommandHeader*)record;
        if (header->Checksum != RecordCodec.Checksum(record, size))
            return;
        var type = (OwnRecordType)header->Type;
        if ((type != OwnRecordType.Commit && type != OwnRecordType.SegmentEnd) || size < JournalFormat.OwnRecordBytes)
            return;
        var body = (CommitBody*)(record + CommandHeader.SizeBytes);
        Claim(body->DurableUpTo);
        // an older commit that a disk left here speaks of offsets in another file
        if (header->Sequence >= sequence)
            DurableOffsetBytes = Math.Max(DurableOffsetBytes, body->DurableOffsetBytes);
    }
}
