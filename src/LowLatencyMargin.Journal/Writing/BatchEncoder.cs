using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal.Format;

namespace LowLatencyMargin.Journal.Writing;

/// <summary>Turns commands into linked records in a buffer, and ends batches. One thread.</summary>
internal sealed unsafe class BatchEncoder
{
    internal const int MaxCheckpoints = 16;

    /// <summary>Kept free behind the commands of a batch: checkpoints, a padded commit, a segment end and one more commit by recovery.</summary>
    internal const int TailBytes = (MaxCheckpoints * JournalFormat.OwnRecordBytes) + JournalFormat.MaxRecordBytes / 2 + (3 * JournalFormat.OwnRecordBytes);

    /// <summary>A segment with less room than this is sealed: the largest command would not fit.</summary>
    internal const int MinRoomBytes = CommandHeader.MaxCommandBytes + TailBytes;

    internal const int MinBufferBytes = 2 * MinRoomBytes;

    private readonly CheckpointBody[] _checkpoints = new CheckpointBody[MaxCheckpoints];
    private byte* _buffer;
    private int _limitBytes;
    private int _checkpointCount;
    private uint _count;
    private uint _batchChecksum = Crc32C.Seed;

    internal BatchEncoder(uint checksum, long sequence, long timeNs)
    {
        Checksum = checksum;
        Sequence = sequence;
        TimeNs = timeNs;
    }

    /// <summary>Checksum of the last record.</summary>
    internal uint Checksum { get; private set; }

    /// <summary>Last command.</summary>
    internal long Sequence { get; private set; }

    /// <summary>Time of the last command.</summary>
    internal long TimeNs { get; private set; }

    /// <summary>Bytes in the buffer.</summary>
    internal int LengthBytes { get; private set; }

    /// <summary>Checkpoints that were overtaken by newer ones before they could be written.</summary>
    internal long DroppedCheckpoints { get; private set; }

    internal byte* Buffer => _buffer;

    internal bool IsEmpty => LengthBytes == 0 && _checkpointCount == 0;

    /// <summary>Begins a batch; a room of 0 closes the encoder until there is a segment to write to.</summary>
    internal void Begin(NativeBuffer buffer, long roomBytes)
    {
        _buffer = buffer.Pointer;
        _limitBytes = (int)Math.Max(0, Math.Min(buffer.LengthBytes, roomBytes) - TailBytes);
        LengthBytes = 0;
    }

    /// <summary>Adds a command; false when it does not fit. Throws when it does not follow the last one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryAdd(ReadOnlySpan<byte> record)
    {
        fixed (byte* from = record)
        {
            var header = (CommandHeader*)from;
            if (record.Length < CommandHeader.SizeBytes || record.Length > CommandHeader.MaxCommandBytes || header->LengthBytes != (uint)record.Length
                || (record.Length & 7) != 0 || (ushort)header->Type - 1u >= JournalFormat.FirstOwnType - 1u || header->Sequence != Sequence + 1)
                Refuse(record);
            if (LengthBytes + record.Length > _limitBytes)
                return false;
            Checksum = RecordCodec.CopyLinked(from, _buffer + LengthBytes, (uint)record.Length, Checksum);
            _batchChecksum = Crc32C.Word(_batchChecksum, Checksum);
            _count++;
            LengthBytes += record.Length;
            Sequence = header->Sequence;
            TimeNs = header->TimeNs;
            return true;
        }
    }

    /// <summary>Keeps a checkpoint for the end of the batch.</summary>
    internal void AddCheckpoint(in CheckpointBody checkpoint)
    {
        if (_checkpointCount == MaxCheckpoints)
        {
            DroppedCheckpoints++;
            Array.Copy(_checkpoints, 1, _checkpoints, 0, MaxCheckpoints - 1);
            _checkpointCount--;
        }

        _checkpoints[_checkpointCount++] = checkpoint;
    }

    /// <summary>Ends the batch: checkpoints, commit, padding to the sector, and the segment end when there is little room or it is wanted.</summary>
    /// <param name="durableUpTo">The claim of the commit.</param>
    /// <param name="durableOffsetBytes">The claim in bytes of this segment.</param>
    /// <param name="epoch">The writer's epoch.</param>
    /// <param name="positionBytes">Where in the segment the batch will stand.</param>
    /// <param name="segmentBytes">Size of the segment.</param>
    /// <param name="sectorBytes">The batch ends on a multiple of this.</param>
    /// <param name="seal">Whether the segment ends with this batch in any case.</param>
    /// <returns>Whether the segment ends with this batch.</returns>
    internal bool End(long durableUpTo, long durableOffsetBytes, long epoch, long positionBytes, long segmentBytes, int sectorBytes, bool seal)
    {
        for (int i = 0; i < _checkpointCount; i++)
        {
            Append(OwnRecordType.Checkpoint, _checkpoints[i], JournalFormat.OwnRecordBytes);
            _batchChecksum = Crc32C.Word(_batchChecksum, Checksum);
            _count++;
        }

        _checkpointCount = 0;
        var body = new CommitBody
        {
            Count = _count, BatchChecksum = ~_batchChecksum, DurableUpTo = durableUpTo, DurableOffsetBytes = durableOffsetBytes, Epoch = epoch,
        };
        long end = positionBytes + LengthBytes + JournalFormat.OwnRecordBytes;
        uint paddingBytes = (uint)(-end & (sectorBytes - 1));
        Append(OwnRecordType.Commit, body, JournalFormat.OwnRecordBytes + paddingBytes);
        _count = 0;
        _batchChecksum = Crc32C.Seed;
        seal |= segmentBytes - positionBytes - LengthBytes < MinRoomBytes;
        if (seal)
            Append(OwnRecordType.SegmentEnd, body with { Count = 0, BatchChecksum = ~Crc32C.Seed }, JournalFormat.OwnRecordBytes);
        return seal;
    }

    private void Append<TBody>(OwnRecordType type, in TBody body, uint lengthBytes)
        where TBody : unmanaged
    {
        Checksum = RecordCodec.WriteOwn(_buffer + LengthBytes, type, body, lengthBytes, Checksum, Sequence, TimeNs);
        LengthBytes += (int)lengthBytes;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refuse(ReadOnlySpan<byte> record)
    {
        if (record.Length is < CommandHeader.SizeBytes or > CommandHeader.MaxCommandBytes || (record.Length & 7) != 0)
            throw new ArgumentException(
                $"record of {record.Length} bytes, expected a multiple of 8 from {CommandHeader.SizeBytes} to {CommandHeader.MaxCommandBytes}");
        var header = new RecordView(record).Header;
        throw new ArgumentException(
            $"record with length {header.LengthBytes}, type {(ushort)header.Type:x4}, sequence {header.Sequence}; expected length {record.Length}, "
            + $"a type from 1 to {JournalFormat.FirstOwnType - 1:x4}, sequence {Sequence + 1}");
    }
}
