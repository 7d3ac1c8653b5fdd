using LowLatencyMargin.Journal.Format;
using LowLatencyMargin.Journal.Storage;
using LowLatencyMargin.Journal.Writing;

namespace LowLatencyMargin.Journal.Tests;

public sealed class FaultTests
{
    private const int MaxCallNumber = 30;
    private const long Count = 1500;

    [Test, Description("R-2301 each call failing at each time with each error: typed fault or refusal, durability stops, nothing acknowledged is lost")]
    public void AnyCallMayFail(
        [Values] DurabilityMode mode,
        [Values("open", "pwrite", "fdatasync", "fsync", "rename", "ftruncate", "fallocate", "flock", "unlink", "pread")] string call,
        [Values(Errno.EIO, Errno.ENOSPC, Errno.EROFS)] Errno errno)
    {
        for (int failing = 0; failing < MaxCallNumber; failing++)
        {
            var disk = new MemoryStorage();
            var faulty = new FaultStorage(disk) { Decide = (name, number) => name == call && number >= failing ? errno : Errno.None };
            long acknowledged = 0;
            try
            {
                using JournalWriter writer = JournalWriter.Open(Fixture.Options(faulty, mode));
                for (long next = 1; next <= Count; next++)
                {
                    if (!writer.TryAppend(Fixture.Command(next)))
                        break;
                    if (next % 20 == 0)
                        writer.Flush();
                }

                acknowledged = writer.DurableSequence;
                if (writer.Fault is { } fault)
                {
                    Assert.That(fault.Cause, Is.Null.Or.Property(nameof(JournalIoException.Errno)).EqualTo(errno));
                    Assert.That(writer.TryAppend(Fixture.Command(writer.AppendedSequence + 1)), Is.False);
                    Assert.That(writer.Flush(), Is.False);
                    Assert.That(writer.DurableSequence, Is.EqualTo(acknowledged));
                }
            }
            catch (JournalIoException refused)
            {
                Assert.That(refused.Errno, Is.EqualTo(errno));
                Assert.That(refused.Message, Does.Contain(call).And.Contain(errno.ToString()));
            }

            JournalEnd end = Fixture.ReadAll(disk.Copy(), out long last);
            Assert.That(end.Kind, Is.Not.EqualTo(JournalEndKind.Corrupt), $"{call} {failing}: {end}");
            Assert.That(last, Is.GreaterThanOrEqualTo(acknowledged), $"{call} {failing}");
            using JournalWriter again = JournalWriter.Open(Fixture.Options(disk.Copy(), mode));
            Assert.That(again.Recovery.LastSequence, Is.EqualTo(last));
        }
    }

    [Test, Description("R-2302 a failed fsync is never tried again: one failure that would not repeat still ends the writer, with a marker")]
    public void AFailedSyncStopsForGood()
    {
        var disk = new MemoryStorage();
        bool fail = false;
        int syncs = 0;
        var faulty = new FaultStorage(disk)
        {
            Decide = (name, _) =>
            {
                if (name != "fdatasync")
                    return Errno.None;
                syncs++;
                bool now = fail;
                fail = false;
                return now ? Errno.EIO : Errno.None;
            },
        };
        using (JournalWriter writer = JournalWriter.Open(Fixture.Options(faulty)))
        {
            writer.Append(1, 10);
            Assert.That(writer.Flush(), Is.True);
            fail = true;
            syncs = 0;
            writer.Append(11, 20);
            Assert.That(writer.Flush(), Is.False);
            Assert.That(writer.Fault!.Cause!.Call, Is.EqualTo("fdatasync"));
            Assert.That(writer.Fault.DurableSequence, Is.EqualTo(10));
            for (int i = 0; i < 10; i++)
                Assert.That(writer.Flush() || writer.TryAppend(Fixture.Command(21)), Is.False);
            Assert.That(writer.DurableSequence, Is.EqualTo(10));
        }

        Assert.That(syncs, Is.EqualTo(1), "no second try, not at close either");
        string marker = Path.Combine(Fixture.Directory, PoisonMarker.FileName);
        Assert.That(disk.Paths, Does.Contain(marker));
        using JournalWriter again = JournalWriter.Open(Fixture.Options(disk));
        Assert.That(again.Recovery.PoisonText, Does.Contain("fdatasync").And.Contain("EIO (5)").And.Contain("sequence 10"));
        Assert.That(disk.Paths, Does.Not.Contain(marker));
        Assert.That(again.Recovery.LastSequence, Is.InRange(10, 20));
    }

    [Test, Description("R-2303 interrupted calls, short writes and short reads change nothing but the number of calls")]
    public void InterruptionsAndShortTransfersAreHarmless([Values] DurabilityMode mode)
    {
        var disk = new MemoryStorage();
        var faulty = new FaultStorage(disk) { Interruptions = 2, MaxTransferBytes = 1000 };
        for (int run = 0; run < 2; run++)
        {
            using JournalWriter writer = JournalWriter.Open(Fixture.Options(faulty, mode));
            writer.Append((run * Count) + 1, (run + 1) * Count);
            Assert.That(writer.Flush(), Is.True);
        }

        Assert.That(Fixture.ReadAll(faulty, out long last).Kind, Is.EqualTo(JournalEndKind.Clean));
        Assert.That(last, Is.EqualTo(2 * Count));
    }

    [Test, Description("R-2304 a full disk: appending stops without a fault and without a loss, and goes on when there is room")]
    public void AFullDiskIsBackPressure([Values] DurabilityMode mode)
    {
        var disk = new MemoryStorage();
        bool isFull = false;
        var faulty = new FaultStorage(disk) { Decide = (name, _) => isFull && name is "open" ? Errno.ENOSPC : Errno.None };
        long next = 1;
        using (JournalWriter writer = JournalWriter.Open(Fixture.Options(faulty, mode)))
        {
            isFull = true;
            while (writer.TryAppend(Fixture.Command(next)))
                next++;
            Assert.That(writer.Fault, Is.Null);
            Assert.That(writer.IsSpaceLow, Is.True);
            Assert.That(writer.AppendedSequence, Is.EqualTo(next - 1));
            isFull = false;
            writer.Append(next, next + 500);
            Assert.That(writer.IsSpaceLow, Is.False);
        }

        Assert.That(Fixture.ReadAll(disk, out long last).Kind, Is.EqualTo(JournalEndKind.Clean));
        Assert.That(last, Is.EqualTo(next + 500));
    }

    [Test, Description("R-2305 what fails is named: missing directory, file in its place, foreign file, bad options")]
    public void RefusalsSayWhatAndWhere()
    {
        string directory = Fixture.Temporary();
        try
        {
            string missing = Path.Combine(directory, "missing");
            Assert.That(() => JournalWriter.Open(new JournalOptions { Directory = missing }),
                Throws.TypeOf<JournalIoException>().With.Message.Contains(missing).And.Message.Contains("does not exist"));
            Assert.That(() => JournalReader.Open(missing), Throws.TypeOf<JournalIoException>().With.Message.Contains("does not exist"));
            string file = Path.Combine(directory, "file");
            File.WriteAllText(file, "x");
            Assert.That(() => JournalReader.Open(file), Throws.TypeOf<JournalIoException>().With.Message.Contains("not a directory"));
            Assert.That(() => JournalWriter.Open(new JournalOptions { Directory = directory, SegmentBytes = 1000 }),
                Throws.TypeOf<JournalException>().With.Message.Contains("SegmentBytes 1000"));
            File.WriteAllText(Path.Combine(directory, new SegmentName(1, 1).ToString()), new string('x', 5000));
            Assert.That(() => JournalWriter.Open(new JournalOptions { Directory = directory }),
                Throws.TypeOf<JournalCorruptException>().With.Message.Contains("not a journal segment"));
            File.WriteAllText(Path.Combine(directory, "old.jnl"), "x");
            Assert.That(() => JournalReader.Open(directory), Throws.TypeOf<JournalException>().With.Message.Contains("old.jnl"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Test, Description("R-2306 the real kernel's errors arrive typed: a sync of a handle that is closed")]
    public void RealErrorsAreTyped()
    {
        Assert.That(LinuxStorage.Instance.Sync(-1), Is.EqualTo(-(int)Errno.EBADF));
        Assert.That(LinuxStorage.Instance.SyncData(-1), Is.EqualTo(-(int)Errno.EBADF));
        Assert.That(LinuxStorage.Instance.Write(-1, new byte[8], 0), Is.EqualTo(-(int)Errno.EBADF));
        Assert.That(LinuxStorage.Instance.Open("/nonexistent/x", OpenMode.Read), Is.EqualTo(-(int)Errno.ENOENT));
        // every write to this device fails for want of space: the error must come up through the whole file layer
        using JournalFile full = JournalFile.Open(LinuxStorage.Instance, "/dev/full", OpenMode.OpenOrCreate);
        Assert.That(() => full.WriteAt(new byte[8], 0), Throws.TypeOf<JournalIoException>().With.Property("Errno").EqualTo(Errno.ENOSPC));
    }
}
