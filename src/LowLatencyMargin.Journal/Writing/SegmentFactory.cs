using LowLatencyMargin.Journal.Format;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Writing;

/// <summary>Makes segment files under a temporary name.</summary>
internal sealed class SegmentFactory(JournalOptions options)
{
    private const int ZeroBytes = 1 << 20;

    private int _number;

    /// <summary>How many bytes of a new segment are really written before use.</summary>
    internal long PreparedBytes(long segmentBytes) => options.Mode == DurabilityMode.Synced ? segmentBytes : 0;

    /// <summary>
    /// Creates a segment with room for its size. Synced: written with zeros and synced, name included, so that later a sync has only data
    /// to write, no allocation, no size, and so that a short file is proof of damage. Buffered: the room is reserved only.
    /// </summary>
    internal JournalFile Create(long segmentBytes)
    {
        string path = Path.Combine(options.Directory, $"segment-{_number++}{JournalFormat.TemporaryExtension}");
        JournalFile? file = null;
        try
        {
            file = JournalFile.Open(options.Storage, path, OpenMode.Create);
            if (options.Mode == DurabilityMode.Synced)
            {
                WriteZeros(file, segmentBytes);
                file.Sync();
                JournalFile.SyncDirectory(options.Storage, options.Directory);
            }
            else if (!file.TryAllocate(segmentBytes))
            {
                WriteZeros(file, segmentBytes);
            }

            return file;
        }
        catch (JournalIoException)
        {
            file?.Dispose();
            TryDelete(path);
            throw;
        }
    }

    internal static void WriteHeader(JournalFile file, in SegmentHeader header)
    {
        Span<byte> block = stackalloc byte[JournalFormat.SegmentHeaderBytes];
        header.WriteTo(block);
        file.WriteAt(block, 0);
    }

    /// <summary>Gives a segment its name, which makes it part of the journal.</summary>
    internal void Name(JournalFile file, in SegmentHeader header) =>
        file.Rename(Path.Combine(options.Directory, new SegmentName(header.Epoch, header.FirstSequence).ToString()));

    /// <summary>Header and name, both durable on return.</summary>
    internal void Activate(JournalFile file, in SegmentHeader header)
    {
        WriteHeader(file, header);
        file.SyncData();
        Name(file, header);
        JournalFile.SyncDirectory(options.Storage, options.Directory);
    }

    /// <summary>A header for a segment of this journal.</summary>
    internal SegmentHeader Header(long epoch, long firstSequence, long segmentBytes, uint previousChecksum, long durableUpTo) => new()
    {
        Magic = SegmentHeader.MagicValue,
        Version = JournalFormat.Version,
        HeaderBytes = JournalFormat.SegmentHeaderBytes,
        ShardId = options.ShardId,
        PreviousChecksum = previousChecksum,
        Epoch = epoch,
        FirstSequence = firstSequence,
        SegmentBytes = segmentBytes,
        PreparedBytes = PreparedBytes(segmentBytes),
        DurableUpTo = durableUpTo,
        LimitsHash = options.LimitsHash,
    };

    internal void TryDelete(string path)
    {
        try
        {
            JournalFile.Delete(options.Storage, path);
        }
        catch (JournalIoException)
        {
            // a temporary file is removed again at the next start
        }
    }

    private static void WriteZeros(JournalFile file, long segmentBytes)
    {
        using var zeros = new NativeBuffer((int)Math.Min(ZeroBytes, segmentBytes));
        zeros.Span.Clear();
        for (long at = 0; at < segmentBytes; at += zeros.LengthBytes)
            file.WriteAt(zeros.Span[..(int)Math.Min(zeros.LengthBytes, segmentBytes - at)], at);
    }
}
