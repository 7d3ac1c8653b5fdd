using LowLatencyMargin.Journal.Format;
using LowLatencyMargin.Journal.Reading;
using LowLatencyMargin.Journal.Storage;
using LowLatencyMargin.Journal.Writing;

namespace LowLatencyMargin.Journal;

/// <summary>
/// Brings a journal directory into a state that a writer may go on from: verifies everything, keeps a torn tail aside, and writes again
/// whatever may have been read from the page cache only.
/// </summary>
public sealed class JournalRecovery
{
    private readonly JournalOptions _options;
    private readonly SegmentFactory _factory;
    private readonly List<string> _broken = [];
    private long _epoch;

    private JournalRecovery(JournalOptions options, SegmentFactory factory)
    {
        _options = options;
        _factory = factory;
    }

    /// <summary>Reads a journal to its end without changing it.</summary>
    public static JournalEnd Verify(string directory, IJournalStorage? storage = null)
    {
        using JournalReader reader = JournalReader.Open(directory, 0, storage);
        while (reader.TryRead(out _))
        {
        }

        return reader.End!;
    }

    /// <summary>Recovers under the writer's lock.</summary>
    internal static RecoveredJournal Run(JournalOptions options, SegmentFactory factory) => new JournalRecovery(options, factory).Run();

    private RecoveredJournal Run()
    {
        long started = _options.TimeProvider.GetTimestamp();
        string? poison = PoisonMarker.Read(_options.Storage, _options.Directory);
        using JournalReader reader = JournalReader.Open(_options.Directory, 0, _options.Storage);
        while (reader.TryRead(out _))
        {
        }

        JournalEnd end = reader.End!;
        if (end.Kind == JournalEndKind.Corrupt)
            throw new JournalCorruptException(end);
        foreach (SegmentSummary summary in reader.Summaries)
            RequireOurs(summary);
        _epoch = reader.Segments.MaxEpoch + 1;
        RemoveLeftovers(reader.Segments);
        SetAside(reader);
        RecoveredJournal journal = Continue(reader);
        if (poison is not null)
            PoisonMarker.Remove(_options.Storage, _options.Directory);
        long first = reader.CommandCount > 0 ? reader.Summaries[0].Header.FirstSequence : 0;
        return journal with
        {
            Report = new RecoveryReport(
                first, journal.Sequence, reader.CommandCount, reader.RecordBytes, reader.Summaries.Count, _epoch, end, _broken, poison,
                _options.TimeProvider.GetElapsedTime(started)),
        };
    }

    private void RequireOurs(in SegmentSummary summary)
    {
        if (summary.Header.ShardId != _options.ShardId)
            throw new JournalException($"'{PathOf(summary.Name)}' belongs to shard {summary.Header.ShardId}, expected shard {_options.ShardId}");
        if (summary.Header.LimitsHash != _options.LimitsHash)
        {
            throw new JournalException(
                $"'{PathOf(summary.Name)}' was written under limits {summary.Header.LimitsHash:x16}, this build has {_options.LimitsHash:x16}");
        }
    }

    /// <summary>Takes away what a crash in the middle of preparing or recovering left.</summary>
    private void RemoveLeftovers(SegmentList segments)
    {
        foreach (string name in segments.Temporary)
            JournalFile.Delete(_options.Storage, Path.Combine(_options.Directory, name));
        foreach (SegmentName name in segments.Superseded)
            KeepBroken(name);
    }

    /// <summary>Keeps the segments that begin after the end of the log.</summary>
    private void SetAside(JournalReader reader)
    {
        IReadOnlyList<SegmentName> names = reader.Segments.Names;
        for (int i = names.Count - 1; i >= reader.Summaries.Count; i--)
            KeepBroken(names[i]);
        if (_broken.Count > 0)
            JournalFile.SyncDirectory(_options.Storage, _options.Directory);
    }

    private RecoveredJournal Continue(JournalReader reader)
    {
        IReadOnlyList<SegmentSummary> all = reader.Summaries;
        if (all.Count == 0)
            return Fresh(_options.FirstSequence - 1, 0, 0);
        for (int i = 0; i < all.Count - 1; i++)
        {
            // sealed, but its seal may not have been synced: no later header vouches for it
            if (all[i].LastSequence >= reader.Cursor.DurableUpTo && all[i + 1].Header.DurableUpTo < all[i + 1].Header.FirstSequence - 1)
                Rewrite(all[i], isTail: false, isTorn: false).Dispose();
        }

        SegmentSummary tail = all[^1];
        if (tail.IsClosed)
            return Fresh(tail.LastSequence, tail.LastTimeNs, tail.SealChecksum);
        JournalFile file = Rewrite(tail, isTail: true, reader.End!.Kind == JournalEndKind.TornTail, out uint checksum, out long position);
        if (tail.Header.SegmentBytes - position >= BatchEncoder.MinRoomBytes)
        {
            return new RecoveredJournal(
                file, position, tail.Header.SegmentBytes, _epoch, tail.Header.FirstSequence, checksum, tail.LastSequence, tail.LastTimeNs);
        }

        file.Dispose();
        return Fresh(tail.LastSequence, tail.LastTimeNs, checksum);
    }

    /// <summary>Begins a segment that no old one is copied into.</summary>
    private RecoveredJournal Fresh(long sequence, long timeNs, uint checksum)
    {
        if (PathExists(new SegmentName(_epoch, sequence + 1)))
            _epoch++;
        JournalFile file = _factory.Create(_options.SegmentBytes);
        _factory.Activate(file, _factory.Header(_epoch, sequence + 1, _options.SegmentBytes, checksum, sequence));
        return new RecoveredJournal(
            file, JournalFormat.SegmentHeaderBytes, _options.SegmentBytes, _epoch, sequence + 1, checksum, sequence, timeNs);
    }

    private JournalFile Rewrite(in SegmentSummary summary, bool isTail, bool isTorn) => Rewrite(summary, isTail, isTorn, out _, out _);

    /// <summary>
    /// Copies the good records of a segment into a new file that takes its place. After a failed or missing sync the kernel may hold, and
    /// show, pages that the disk does not have, and will not write them again by itself.
    /// </summary>
    private JournalFile Rewrite(in SegmentSummary summary, bool isTail, bool isTorn, out uint checksum, out long position)
    {
        JournalFile file = _factory.Create(summary.Header.SegmentBytes);
        long copyTo = summary.EndOffsetBytes + (isTail ? 0 : JournalFormat.OwnRecordBytes);
        using (JournalFile old = JournalFile.Open(_options.Storage, PathOf(summary.Name), OpenMode.Read))
            Copy(old, file, copyTo);
        position = copyTo;
        checksum = summary.SealChecksum;
        if (isTail)
            checksum = WriteTail(file, summary, ref position);
        SegmentHeader header = _factory.Header(
            _epoch, summary.Header.FirstSequence, summary.Header.SegmentBytes, summary.Header.PreviousChecksum, summary.Header.FirstSequence - 1);
        header.ReplacesEpoch = summary.Name.Epoch;
        file.Sync();
        ReadBack(file, header, checksum);
        _factory.Activate(file, header);
        if (isTorn)
            KeepBroken(summary.Name);
        else
            JournalFile.Delete(_options.Storage, PathOf(summary.Name));
        JournalFile.SyncDirectory(_options.Storage, _options.Directory);
        return file;
    }

    private static void Copy(JournalFile from, JournalFile to, long endBytes)
    {
        using var buffer = new NativeBuffer(1 << 20);
        for (long at = JournalFormat.SegmentHeaderBytes; at < endBytes; at += buffer.LengthBytes)
        {
            Span<byte> part = buffer.Span[..(int)Math.Min(buffer.LengthBytes, endBytes - at)];
            if (from.ReadAt(part, at) != part.Length)
                throw new JournalException($"'{from.Path}' became shorter while it was copied");
            to.WriteAt(part, at);
        }
    }

    /// <summary>A commit for the records that the crash left without one, and a segment end when little room is left.</summary>
    private unsafe uint WriteTail(JournalFile file, in SegmentSummary summary, ref long position)
    {
        using var buffer = new NativeBuffer(4096 + JournalFormat.OwnRecordBytes + JournalFormat.OwnRecordBytes);
        var body = new CommitBody
        {
            Count = summary.OpenBatchCount,
            BatchChecksum = summary.OpenBatchCount == 0 ? ~Crc32C.Seed : summary.OpenBatchChecksum,
            DurableUpTo = summary.LastSequence,
            DurableOffsetBytes = summary.EndOffsetBytes,
            Epoch = _epoch,
        };
        long room = summary.Header.SegmentBytes - position;
        bool seal = room < BatchEncoder.MinRoomBytes + 4096;
        uint padding = seal ? 0 : (uint)(-(position + JournalFormat.OwnRecordBytes) & (_options.SectorBytes - 1));
        uint length = JournalFormat.OwnRecordBytes + padding;
        uint checksum = RecordCodec.WriteOwn(
            buffer.Pointer, OwnRecordType.Commit, body, length, summary.EndChecksum, summary.LastSequence, summary.LastTimeNs);
        if (seal)
        {
            body.Count = 0;
            body.BatchChecksum = ~Crc32C.Seed;
            checksum = RecordCodec.WriteOwn(
                buffer.Pointer + length, OwnRecordType.SegmentEnd, body, JournalFormat.OwnRecordBytes, checksum, summary.LastSequence,
                summary.LastTimeNs);
            length += JournalFormat.OwnRecordBytes;
        }

        file.WriteAt(buffer.Span[..(int)length], position);
        position = seal ? summary.Header.SegmentBytes : position + length;
        return checksum;
    }

    private static unsafe void ReadBack(JournalFile file, in SegmentHeader header, uint checksum)
    {
        using var cursor = new RecordCursor();
        cursor.Begin(file, header);
        while (cursor.TryNext(out _) == Defect.None)
        {
        }

        if (cursor.Checksum != checksum)
            throw new JournalException($"'{file.Path}' does not read back as written at byte {cursor.OffsetBytes}");
    }

    private void KeepBroken(SegmentName name)
    {
        string kept = PathOf(name) + JournalFormat.BrokenExtension;
        JournalFile.Rename(_options.Storage, PathOf(name), kept);
        _broken.Add(kept);
    }

    private bool PathExists(SegmentName name) => SegmentList.Read(_options.Storage, _options.Directory).Names.Contains(name);

    private string PathOf(SegmentName name) => Path.Combine(_options.Directory, name.ToString());
}
