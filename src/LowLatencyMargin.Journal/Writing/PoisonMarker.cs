using System.Text;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Writing;

/// <summary>The file that tells the next start that this one ended in a fault.</summary>
internal static class PoisonMarker
{
    internal const string FileName = "journal.poison";
    private const int MaxTextBytes = 1024;

    /// <summary>Leaves the marker if the disk still lets it; the fault itself does not depend on it.</summary>
    internal static void TryWrite(IJournalStorage storage, string directory, string text)
    {
        try
        {
            using (JournalFile file = JournalFile.Open(storage, Path.Combine(directory, FileName), OpenMode.Create))
            {
                file.WriteAt(Encoding.UTF8.GetBytes(text), 0);
                file.Sync();
            }

            JournalFile.SyncDirectory(storage, directory);
        }
        catch (JournalIoException)
        {
            // the disk that failed may fail here too
        }
    }

    /// <summary>The marker's text; null when there is none.</summary>
    internal static string? Read(IJournalStorage storage, string directory)
    {
        try
        {
            using JournalFile file = JournalFile.Open(storage, Path.Combine(directory, FileName), OpenMode.Read);
            Span<byte> text = stackalloc byte[MaxTextBytes];
            return Encoding.UTF8.GetString(text[..file.ReadAt(text, 0)]);
        }
        catch (JournalIoException missing) when (missing.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    internal static void Remove(IJournalStorage storage, string directory)
    {
        JournalFile.Delete(storage, Path.Combine(directory, FileName));
        JournalFile.SyncDirectory(storage, directory);
    }
}
