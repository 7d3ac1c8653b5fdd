using LowLatencyMargin.Journal.Format;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Reading;

/// <summary>
/// Tells a torn tail from corruption. The records after the bad place are asked what they claim was durable when they were written: if
/// that covers the bad place, acknowledged data is damaged.
/// </summary>
internal static class TailExamination
{
    /// <summary>Judges the end of a journal.</summary>
    /// <param name="storage">Where the files are.</param>
    /// <param name="segments">All segments.</param>
    /// <param name="index">The segment with the bad place.</param>
    /// <param name="offsetBytes">The bad place.</param>
    /// <param name="sequence">The last good command.</param>
    /// <param name="preparedBytes">Size that the segment was really written to before use.</param>
    /// <param name="defect">What is wrong there.</param>
    /// <param name="reason">The same in words.</param>
    internal static JournalEnd Judge(
        IJournalStorage storage, SegmentList segments, int index, long offsetBytes, long sequence, long preparedBytes, Defect defect, string reason)
    {
        using var scan = new ClaimScan();
        string path = segments.PathOf(segments.Names[index]);
        string? verdict = null;
        long tornBytes;
        using (JournalFile file = JournalFile.Open(storage, path, OpenMode.Read))
        {
            long length = file.LengthBytes();
            if (preparedBytes > length && defect != Defect.MissingSegment)
                verdict = $"the file has {length} bytes, {preparedBytes} were written before its first use";
            scan.Scan(file, defect == Defect.MissingSegment ? length : offsetBytes, sequence);
            tornBytes = scan.UsedBytes - offsetBytes;
            if (defect == Defect.Header && index == 0)
                verdict ??= "the first segment of a journal is synced before anything is acknowledged";
            if (scan.DurableOffsetBytes > offsetBytes)
                verdict ??= $"a later record says that this file was durable up to byte {scan.DurableOffsetBytes}";
        }

        for (int later = index + 1; later < segments.Names.Count; later++)
        {
            tornBytes += JudgeLater(storage, segments.PathOf(segments.Names[later]), scan, sequence, ref verdict);
            if (defect == Defect.Empty)
                reason = "the segment has no end record, but another segment follows";
        }

        if (scan.DurableUpTo > sequence)
            verdict ??= $"a later record says that everything up to sequence {scan.DurableUpTo} was durable";
        if (verdict is not null)
            return End(JournalEndKind.Corrupt, $"{reason}; {verdict}");
        bool isClean = tornBytes == 0 && defect is Defect.Empty or Defect.EndOfFile && index == segments.Names.Count - 1;
        return isClean ? End(JournalEndKind.Clean, "not closed") : End(JournalEndKind.TornTail, reason);

        JournalEnd End(JournalEndKind kind, string why) => new(kind, path, offsetBytes, sequence, tornBytes, why);
    }

    private static long JudgeLater(IJournalStorage storage, string path, ClaimScan scan, long sequence, ref string? verdict)
    {
        Span<byte> block = stackalloc byte[JournalFormat.SegmentHeaderBytes];
        using JournalFile file = JournalFile.Open(storage, path, OpenMode.Read);
        int headerBytes = file.ReadAt(block, 0);
        string? bad = SegmentHeader.Read(block[..headerBytes], out SegmentHeader header);
        if (bad is null)
        {
            scan.Claim(header.DurableUpTo);
            // a segment begun when everything before it was durable vouches for the end record before it too
            if (header.DurableUpTo >= header.FirstSequence - 1)
                verdict ??= $"'{path}' was begun when everything before it was durable";
        }

        scan.Scan(file, JournalFormat.SegmentHeaderBytes, sequence);
        if (scan.DurableOffsetBytes > 0)
            verdict ??= $"a record in '{path}' says that everything before that file was durable";
        return file.LengthBytes();
    }
}
