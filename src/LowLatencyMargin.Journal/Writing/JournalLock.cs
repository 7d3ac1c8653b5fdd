using System.Globalization;
using System.Text;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Writing;

/// <summary>
/// The lock that makes a writer the only one: an advisory lock on a file in the directory, which the kernel drops when the process ends.
/// </summary>
internal sealed class JournalLock : IDisposable
{
    internal const string FileName = "journal.lock";

    private readonly JournalFile _file;

    private JournalLock(JournalFile file) => _file = file;

    internal static JournalLock Acquire(IJournalStorage storage, string directory)
    {
        JournalFile file = JournalFile.Open(storage, Path.Combine(directory, FileName), OpenMode.OpenOrCreate);
        try
        {
            Span<byte> text = stackalloc byte[32];
            if (!file.TryLock())
            {
                string holder = Encoding.ASCII.GetString(text[..file.ReadAt(text, 0)]).Trim();
                throw new JournalLockedException(directory, holder.Length > 0 ? holder : "(unknown)");
            }

            file.Truncate(0);
            file.WriteAt(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"), 0);
            return new JournalLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();
}
