using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal.Format;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Tests;

public sealed class RoundTripTests
{
    [Test, Description("R-2001 what was appended reads back, byte for byte, in both modes, across segments and restarts")]
    public void WhatWasAppendedReadsBack([Values] DurabilityMode mode, [Values(1, 7, 500)] int batch)
    {
        var storage = new MemoryStorage();
        const long Count = 3000;
        long next = 1;
        for (int run = 0; run < 3; run++)
        {
            using JournalWriter writer = JournalWriter.Open(Fixture.Options(storage, mode));
            Assert.That(writer.Recovery.LastSequence, Is.EqualTo(next - 1));
            Assert.That(writer.DurableSequence, Is.EqualTo(next - 1));
            for (; next <= (run + 1) * Count / 3; next++)
            {
                writer.Append(next, next);
                if (next % batch == 0)
                    Assert.That(writer.Flush(), Is.True);
            }
        }

        JournalEnd end = Fixture.ReadAll(storage, out long last);
        Assert.That(last, Is.EqualTo(Count));
        Assert.That(end.Kind, Is.EqualTo(JournalEndKind.Clean), end.ToString());
        Assert.That(JournalDirectory.Segments(Fixture.Directory, storage), Has.Count.GreaterThan(3));
    }

    [Test, Description("R-2001 the same on the real disk with the real threads")]
    public void ARealDiskGivesBackWhatWasAppended([Values] DurabilityMode mode)
    {
        string directory = Fixture.Temporary();
        try
        {
            var options = new JournalOptions { Directory = directory, Mode = mode, SegmentBytes = 256 << 10, BatchBytes = 64 << 10, BackgroundSyncMs = 1 };
            const long Count = 20_000;
            using (JournalWriter writer = JournalWriter.Open(options))
            {
                for (long sequence = 1; sequence <= Count; sequence++)
                {
                    while (!writer.TryAppend(Fixture.Command(sequence)))
                        Assert.That(writer.Fault, Is.Null);
                    if (sequence % 100 == 0)
                        writer.Flush();
                }
            }

            JournalEnd end = Fixture.ReadAll(LinuxStorage.Instance, out long last, directory: directory);
            Assert.That(last, Is.EqualTo(Count));
            Assert.That(end.Kind, Is.EqualTo(JournalEndKind.Clean), end.ToString());
            using JournalWriter again = JournalWriter.Open(options);
            Assert.That(again.Recovery.LastSequence, Is.EqualTo(Count));
            Assert.That(Directory.GetFiles(directory, "*.broken"), Is.Empty);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Test, Description("R-2002 reading can begin at any sequence")]
    public void ReadingBeginsAtASequence([Values(1, 2, 777, 2999, 3000)] long from)
    {
        var storage = new MemoryStorage();
        using (JournalWriter writer = JournalWriter.Open(Fixture.Options(storage)))
            writer.Append(1, 3000);
        using JournalReader reader = JournalReader.Open(Fixture.Directory, from, storage);
        long next = from;
        while (reader.TryRead(out RecordView record))
            Assert.That(Fixture.IsCommand(record, next++), Is.True);
        Assert.That(next, Is.EqualTo(3001));
        Assert.That(reader.End!.Kind, Is.EqualTo(JournalEndKind.Clean));
    }

    [Test, Description("R-2003 checkpoints come back after the commands that they cover, and do not move the sequence")]
    public void CheckpointsReadBack([Values] DurabilityMode mode)
    {
        var storage = new MemoryStorage();
        using (JournalWriter writer = JournalWriter.Open(Fixture.Options(storage, mode)))
        {
            for (long sequence = 1; sequence <= 100; sequence++)
            {
                writer.Append(sequence, sequence);
                if (sequence % 10 == 0)
                    writer.AppendCheckpoint(sequence, (ulong)sequence, ~(ulong)sequence);
                if (sequence % 25 == 0)
                    writer.Flush();
            }
        }

        using JournalReader reader = JournalReader.Open(Fixture.Directory, 0, storage);
        var checkpoints = new List<CheckpointBody>();
        long last = 0;
        while (reader.TryRead(out RecordView record))
        {
            if (record.IsCheckpoint)
                checkpoints.Add(record.Checkpoint);
            else
                last = record.Sequence;
            Assert.That(record.Sequence, Is.EqualTo(last));
        }

        Assert.That(checkpoints.Select(c => (c.Sequence, c.HashLow, c.HashHigh)),
            Is.EqualTo(Enumerable.Range(1, 10).Select(i => ((long)i * 10, (ulong)i * 10, ~((ulong)i * 10)))));
    }

    [Test, Description("R-2004 a record that does not follow the last is refused and changes nothing")]
    public void ASequenceGapIsRefused()
    {
        var storage = new MemoryStorage();
        using JournalWriter writer = JournalWriter.Open(Fixture.Options(storage));
        writer.Append(1, 3);
        Assert.That(() => writer.TryAppend(Fixture.Command(5)), Throws.ArgumentException.With.Message.Contains("expected length"));
        Assert.That(() => writer.TryAppend(Fixture.Command(3)), Throws.ArgumentException);
        Assert.That(() => writer.TryAppend(new byte[31]), Throws.ArgumentException.With.Message.Contains("31 bytes"));
        byte[] own = Fixture.Command(4);
        own[13] = 0xFF;
        Assert.That(() => writer.TryAppend(own), Throws.ArgumentException);
        writer.Append(4, 4);
        Assert.That(writer.AppendedSequence, Is.EqualTo(4));
    }

    [Test, Description("R-2005 the largest and the smallest command fit, at any place in a segment")]
    public void ExtremeSizesFit([Values] DurabilityMode mode)
    {
        var storage = new MemoryStorage();
        using (JournalWriter writer = JournalWriter.Open(Fixture.Options(storage, mode)))
        {
            for (long sequence = 1; sequence <= 400; sequence++)
            {
                int body = sequence % 3 == 0 ? CommandHeader.MaxCommandBytes - CommandHeader.SizeBytes : (int)(sequence % 2) * 8;
                Assert.That(writer.TryAppend(Fixture.Command(sequence, body)), Is.True);
                if (sequence % 5 == 0)
                    writer.Flush();
            }
        }

        Assert.That(JournalRecovery.Verify(Fixture.Directory, storage).Sequence, Is.EqualTo(400));
    }

    [Test, Description("R-2006 the checksum is CRC-32C: the published check value")]
    public void ChecksumIsCrc32C()
    {
        // RFC 3720 appendix B.4: 32 bytes of zeros, of ones, and ascending
        Assert.That(Crc32C.Of(new byte[32]), Is.EqualTo(0x8A9136AA));
        Assert.That(Crc32C.Of(Enumerable.Repeat((byte)0xFF, 32).ToArray()), Is.EqualTo(0x62A8AB43));
        Assert.That(Crc32C.Of(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()), Is.EqualTo(0x46DD794E));
    }

    [Test, Description("R-2007 every record's checksum is the one that the format page defines, computed here bit by bit")]
    public void RecordChecksumsFollowTheFormatPage()
    {
        var storage = new MemoryStorage();
        using (JournalWriter writer = JournalWriter.Open(Fixture.Options(storage)))
            writer.Append(1, 20);
        using JournalReader reader = JournalReader.Open(Fixture.Directory, 0, storage);
        while (reader.TryRead(out RecordView record))
        {
            uint crc = uint.MaxValue;
            foreach (byte value in (byte[])[.. record.Bytes[..4], .. record.Bytes[8..]])
            {
                crc ^= value;
                for (int bit = 0; bit < 8; bit++)
                    crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
            }

            Assert.That(record.Header.Checksum, Is.EqualTo(~crc));
        }
    }

    [Test, Description("R-2008 in Synced mode every batch begins on a sector, so acknowledged sectors are never written again")]
    public void SyncedBatchesBeginOnSectors()
    {
        var storage = new MemoryStorage();
        using JournalWriter writer = JournalWriter.Open(Fixture.Options(storage));
        byte[] before = [];
        long durableEnd = JournalFormat.SegmentHeaderBytes;
        for (long sequence = 1; sequence <= 40; sequence++)
        {
            writer.Append(sequence, sequence);
            writer.Flush();
            byte[] now = storage.Contents(Fixture.OnlySegment(storage));
            if (before.Length > 0)
                Assert.That(now.AsSpan(0, (int)durableEnd).SequenceEqual(before.AsSpan(0, (int)durableEnd)), Is.True);
            before = now;
            durableEnd = now.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
            durableEnd = (durableEnd + 511) / 512 * 512;
        }
    }

    [Test, Description("R-2009 a steady appender allocates nothing, nor does a reader")]
    public void NothingIsAllocated([Values] DurabilityMode mode)
    {
        string directory = Fixture.Temporary();
        try
        {
            var options = new JournalOptions { Directory = directory, Mode = mode, SegmentBytes = 16 << 20 };
            const long Count = 100_000;
            byte[] command = Fixture.Command(1, 64);
            using (JournalWriter writer = JournalWriter.Open(options))
            {
                Run(writer, command, 1, 1000);
                long before = GC.GetAllocatedBytesForCurrentThread();
                Run(writer, command, 1001, Count);
                Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
            }

            using JournalReader reader = JournalReader.Open(directory);
            reader.TryRead(out _);
            long beforeReading = GC.GetAllocatedBytesForCurrentThread();
            while (reader.CommandCount < Count && reader.TryRead(out _))
            {
            }

            Assert.That(GC.GetAllocatedBytesForCurrentThread() - beforeReading, Is.Zero);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        static void Run(JournalWriter writer, byte[] command, long from, long to)
        {
            for (long sequence = from; sequence <= to; sequence++)
            {
                BitConverter.TryWriteBytes(command.AsSpan(16), sequence);
                while (!writer.TryAppend(command))
                {
                }

                if (sequence % 64 == 0)
                    writer.Flush();
            }
        }
    }
}
