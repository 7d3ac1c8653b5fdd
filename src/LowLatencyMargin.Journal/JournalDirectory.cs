using LowLatencyMargin.Journal.Format;
using LowLatencyMargin.Journal.Reading;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal;

/// <summary>One segment file of a journal.</summary>
/// <param name="Path">The file.</param>
/// <param name="Epoch">Epoch of the writer that began it.</param>
/// <param name="FirstSequence">The first command in it.</param>
/// <param name="FileBytes">Its size.</param>
public sealed record JournalSegment(string Path, long Epoch, long FirstSequence, long FileBytes);

/// <summary>What a journal directory holds.</summary>
public static class JournalDirectory
{
    /// <summary>The segments in order; none for a new journal.</summary>
    public static IReadOnlyList<JournalSegment> Segments(string directory, IJournalStorage? storage = null)
    {
        storage ??= LinuxStorage.Instance;
        SegmentList list = SegmentList.Read(storage, directory);
        var segments = new List<JournalSegment>(list.Names.Count);
        foreach (SegmentName name in list.Names)
        {
            using JournalFile file = JournalFile.Open(storage, list.PathOf(name), OpenMode.Read);
            segments.Add(new JournalSegment(file.Path, name.Epoch, name.FirstSequence, file.LengthBytes()));
        }

        return segments;
    }

    /// <summary>Size of all segments together.</summary>
    public static long TotalBytes(string directory, IJournalStorage? storage = null)
    {
        long total = 0;
        foreach (JournalSegment segment in Segments(directory, storage))
            total += segment.FileBytes;
        return total;
    }

    /// <summary>Creates the directory when it is missing and makes its name durable in its parent.</summary>
    public static void Ensure(string directory)
    {
        string full = Path.GetFullPath(directory);
        Directory.CreateDirectory(full);
        JournalFile.SyncDirectory(LinuxStorage.Instance, Path.GetDirectoryName(full) ?? "/");
    }
}
