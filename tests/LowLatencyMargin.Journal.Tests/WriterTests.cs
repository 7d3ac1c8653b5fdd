using System.Globalization;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Tests;

public sealed class WriterTests
{
    [Test, Description("R-2401 durable moves after the write (Buffered) or the sync (Synced), never before")]
    public void DurableMovesAfterTheCallThatMakesItSo([Values] DurabilityMode mode)
    {
        JournalWriter? writer = null;
        var seen = new List<long>();
        string deciding = mode == DurabilityMode.Synced ? "fdatasync" : "pwrite";
        var storage = new FaultStorage(new MemoryStorage())
        {
            Decide = (name, _) =>
            {
                if (writer is not null && name == deciding)
                    seen.Add(writer.DurableSequence);
                return Errno.None;
            },
        };
        using (writer = JournalWriter.Open(Fixture.Options(storage, mode) with { BackgroundSyncMs = 100_000 }))
        {
            for (long sequence = 1; sequence <= 20; sequence++)
            {
                writer.Append(sequence, sequence);
                Assert.That(writer.DurableSequence, Is.EqualTo(sequence - 1));
                Assert.That(writer.Flush(), Is.True);
                Assert.That(writer.DurableSequence, Is.EqualTo(sequence));
            }

            Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 20).Select(i => (long)i)));
            writer = null;
        }
    }

    [Test, Description("R-2402 group commit: while the disk works commands gather, and the next flush takes them all")]
    public void CommandsGatherWhileTheDiskWorks()
    {
        using var gate = new SemaphoreSlim(0);
        bool isOpen = false;
        int syncs = 0;
        var storage = new FaultStorage(new MemoryStorage())
        {
            Decide = (name, _) =>
            {
                if (isOpen && name == "fdatasync" && Thread.CurrentThread.Name == "journal-flush")
                {
                    syncs++;
                    gate.Wait();
                }

                return Errno.None;
            },
        };
        long next = 1;
        using (JournalWriter writer = JournalWriter.Open(Fixture.Options(storage) with { UseThreads = true, SegmentBytes = 1 << 20 }))
        {
            isOpen = true;
            writer.Append(1, 1);
            Assert.That(writer.Flush(), Is.True);
            writer.Append(2, 100);
            Assert.That(writer.Flush(), Is.False, "the disk is at work");
            next = 101;
            while (writer.TryAppend(Fixture.Command(next)))
                next++;
            Assert.That(writer.DurableSequence, Is.Zero);
            Assert.That(writer.Fault, Is.Null, "full buffers are back-pressure");
            gate.Release();
            while (!writer.Flush())
                Thread.Yield();
            gate.Release();
            while (writer.DurableSequence < next - 1)
                Thread.Yield();
            Assert.That(syncs, Is.EqualTo(2));
            isOpen = false;
        }

        Assert.That(Fixture.ReadAll(storage, out long last).Kind, Is.EqualTo(JournalEndKind.Clean));
        Assert.That(last, Is.EqualTo(next - 1));
    }

    [Test, Description("R-2403 a journal has one writer: a second is refused and told who holds it, until the first lets go")]
    public void ASecondWriterIsRefused()
    {
        string directory = Fixture.Temporary();
        try
        {
            var options = new JournalOptions { Directory = directory, SegmentBytes = 64 << 10 };
            using (JournalWriter.Open(options))
            {
                Assert.That(() => JournalWriter.Open(options), Throws.TypeOf<JournalLockedException>()
                    .With.Message.Contains(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)).And.Message.Contains(directory));
            }

            using JournalWriter next = JournalWriter.Open(options);
            Assert.That(next.Recovery.Epoch, Is.EqualTo(2));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Test, Description("R-2404 the tail of a killed writer is written again into a new file of a new epoch before anything is served")]
    public void TheTailIsRewritten([Values] DurabilityMode mode)
    {
        var disk = new MemoryStorage();
        JournalWriter writer = JournalWriter.Open(Fixture.Options(disk, mode));
        writer.Append(1, 50);
        writer.Flush();
        MemoryStorage killed = disk.Copy();
        writer.Dispose();
        string before = Fixture.OnlySegment(killed);
        Assert.That(before, Does.EndWith("/1-0000000000000001.jnl"));
        using JournalWriter again = JournalWriter.Open(Fixture.Options(killed, mode));
        Assert.That(again.Recovery.Epoch, Is.EqualTo(2));
        Assert.That(Fixture.OnlySegment(killed), Does.EndWith("/2-0000000000000001.jnl"));
        Assert.That(again.DurableSequence, Is.EqualTo(50));
        // what is served now is on the disk: a power loss at once keeps it
        MemoryStorage lost = killed.Crash(new Random(1));
        Fixture.ReadAll(lost, out long last);
        Assert.That(last, Is.EqualTo(50));
    }

    [Test, Description("R-2405 a reader beside a working writer reads what was durable when it began, and never sees corruption")]
    public void AReaderBesideAWriter([Values] DurabilityMode mode)
    {
        string directory = Fixture.Temporary();
        try
        {
            var options = new JournalOptions { Directory = directory, Mode = mode, SegmentBytes = 256 << 10, BatchBytes = 64 << 10, BackgroundSyncMs = 5 };
            using JournalWriter writer = JournalWriter.Open(options);
            bool isDone = false;
            var appender = new Thread(() =>
            {
                for (long sequence = 1; sequence <= 60_000; sequence++)
                {
                    while (!writer.TryAppend(Fixture.Command(sequence)))
                        Thread.Yield();
                    if (sequence % 32 == 0)
                        writer.Flush();
                }

                while (writer.DurableSequence < 60_000 && writer.Fault is null)
                    writer.Flush();
                Volatile.Write(ref isDone, true);
            });
            appender.Start();
            bool isLast;
            do
            {
                isLast = Volatile.Read(ref isDone);
                long durable = writer.DurableSequence;
                JournalEnd end = Fixture.ReadAll(LinuxStorage.Instance, out long last, directory: directory);
                Assert.That(end.Kind, Is.Not.EqualTo(JournalEndKind.Corrupt), end.ToString());
                Assert.That(last, Is.GreaterThanOrEqualTo(durable), end.ToString());
            }
            while (!isLast);
            appender.Join();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Test, Description("R-2406 checkpoints that outrun the batches push out older ones, and are counted")]
    public void TooManyCheckpointsDropTheOldest()
    {
        var disk = new MemoryStorage();
        using (JournalWriter writer = JournalWriter.Open(Fixture.Options(disk)))
        {
            writer.Append(1, 1);
            for (ulong i = 0; i < 20; i++)
                writer.AppendCheckpoint(1, i, i);
            Assert.That(writer.DroppedCheckpoints, Is.EqualTo(4));
        }

        using JournalReader reader = JournalReader.Open(Fixture.Directory, 0, disk);
        var hashes = new List<ulong>();
        while (reader.TryRead(out RecordView record))
        {
            if (record.IsCheckpoint)
                hashes.Add(record.Checkpoint.HashLow);
        }

        Assert.That(hashes, Is.EqualTo(Enumerable.Range(4, 16).Select(i => (ulong)i)));
    }
}
