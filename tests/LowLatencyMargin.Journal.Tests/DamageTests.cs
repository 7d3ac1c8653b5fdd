using LowLatencyMargin.Journal.Format;

namespace LowLatencyMargin.Journal.Tests;

/// <summary>Every byte, bit and sector of a small journal.</summary>
public sealed class DamageTests
{
    private const int Batches = 6;
    private const int BatchRecords = 5;
    private const int Records = Batches * BatchRecords;
    private const int SwapDistanceSectors = 9;

    private static MemoryStorage Killed(DurabilityMode mode, bool idle)
    {
        var storage = new MemoryStorage();
        JournalWriter writer = JournalWriter.Open(Fixture.Options(storage, mode) with { BackgroundSyncMs = 0 });
        for (int batch = 0; batch < Batches; batch++)
        {
            writer.Append((batch * BatchRecords) + 1, (batch + 1) * BatchRecords);
            Assert.That(writer.Flush(), Is.True);
        }

        for (int i = 0; idle && i < 3; i++)
            writer.Flush();
        Assert.That(writer.DurableSequence, Is.EqualTo(Records));
        MemoryStorage killed = storage.Copy();
        writer.Dispose();
        return killed;
    }

    private static MemoryStorage With(string path, byte[] image)
    {
        var storage = new MemoryStorage();
        storage.Put(path, image);
        return storage;
    }

    /// <summary>Opens for writing; the last sequence, or null when refused. What was recovered must be the commands, before and after.</summary>
    private static long? Recover(MemoryStorage storage, DurabilityMode mode)
    {
        string[] before = [.. Files(storage)];
        try
        {
            long last;
            using (JournalWriter writer = JournalWriter.Open(Fixture.Options(storage, mode)))
            {
                last = writer.Recovery.LastSequence;
                Assert.That(writer.Recovery.End.TornBytes == 0 || writer.Recovery.BrokenFiles.Count > 0, Is.True, "torn bytes are kept");
                writer.Append(last + 1, last + 1);
            }

            JournalEnd end = Fixture.ReadAll(storage, out long read);
            Assert.That((end.Kind, read), Is.EqualTo((JournalEndKind.Clean, last + 1)));
            return last;
        }
        catch (JournalCorruptException refusal)
        {
            Assert.That(Files(storage), Is.EqualTo(before), "a refusal changes nothing");
            Assert.That(refusal.Message, Does.Contain("at byte"));
            return null;
        }
    }

    private static IEnumerable<string> Files(MemoryStorage storage) =>
        storage.Paths.Where(path => !path.EndsWith(".lock", StringComparison.Ordinal));

    [Test, Description("R-2101 cut at every byte: what remains whole is recovered; a file that was written out before use is refused when short")]
    public void CutAtEveryByte([Values] DurabilityMode mode)
    {
        MemoryStorage killed = Killed(mode, idle: false);
        string path = Fixture.OnlySegment(killed);
        byte[] image = killed.Contents(path);
        var oracle = new ImageOracle(image);
        for (int cut = 0; cut <= oracle.EndBytes + 8; cut++)
        {
            long? expected = mode == DurabilityMode.Synced || cut < JournalFormat.SegmentHeaderBytes ? null : oracle.LastBefore(cut);
            Assert.That(Recover(With(path, image[..cut]), mode), Is.EqualTo(expected), $"cut at {cut}");
        }
    }

    [Test, Description("R-2102 every bit flipped: refused where a later commit vouches for the place, else the records before it; never a lie")]
    public void EveryBitFlipped([Values] DurabilityMode mode, [Values] bool idle)
    {
        MemoryStorage killed = Killed(mode, idle);
        string path = Fixture.OnlySegment(killed);
        byte[] image = killed.Contents(path);
        var oracle = new ImageOracle(image);
        int refused = 0;
        for (int bit = 0; bit < (oracle.EndBytes + 16) * 8; bit++)
        {
            int at = bit / 8;
            // the header is checked whole: one bit of each byte is enough there
            if (at < JournalFormat.SegmentHeaderBytes && bit % 8 != at % 8)
                continue;
            byte[] damaged = (byte[])image.Clone();
            damaged[at] ^= (byte)(1 << (bit % 8));
            bool isForeign = at is >= 8 and < 12;
            if (isForeign)
            {
                Assert.That(() => Recover(With(path, damaged), mode), Throws.TypeOf<JournalException>().With.Message.Contains("format version"));
                continue;
            }

            bool isRefused = at < JournalFormat.SegmentHeaderBytes || oracle.IsVouchedFor(damaged, at);
            long? expected = isRefused ? null : oracle.LastBefore(at);
            refused += isRefused ? 1 : 0;
            Assert.That(Recover(With(path, damaged), mode), Is.EqualTo(expected), $"bit {bit % 8} of byte {at}");
        }

        TestContext.Out.WriteLine($"{mode}, idle {idle}: {oracle.EndBytes + 16} bytes, refused {refused}");
    }

    [Test, Description("R-2103 once idle, rot anywhere in the acknowledged commands is refused, not taken for a torn tail")]
    public void OnceIdleNoAcknowledgedCommandCanRotAway([Values] DurabilityMode mode)
    {
        MemoryStorage killed = Killed(mode, idle: true);
        string path = Fixture.OnlySegment(killed);
        byte[] image = killed.Contents(path);
        int lastCommand = FindLastCommand(image);
        for (int at = JournalFormat.SegmentHeaderBytes; at < lastCommand; at++)
        {
            byte[] damaged = (byte[])image.Clone();
            damaged[at] ^= 0x10;
            Assert.That(JournalRecovery.Verify(Fixture.Directory, With(path, damaged)).Kind, Is.EqualTo(JournalEndKind.Corrupt), $"byte {at}");
        }

        static int FindLastCommand(byte[] image)
        {
            int at = JournalFormat.SegmentHeaderBytes;
            int end = at;
            while (BitConverter.ToInt32(image, at) is var length and > 0)
            {
                at += length;
                if (image[at - length + 13] != 0xFF)
                    end = at;
            }

            return end;
        }
    }

    [Test, Description("R-2104 every 512-byte sector zeroed, set, copied over another or swapped")]
    public void SectorFaults([Values] DurabilityMode mode, [Values("zero", "ones", "copy", "swap")] string kind)
    {
        MemoryStorage killed = Killed(mode, idle: false);
        string path = Fixture.OnlySegment(killed);
        byte[] image = killed.Contents(path);
        var oracle = new ImageOracle(image);
        int sectors = (oracle.EndBytes / 512) + 1;
        for (int first = 0; first < sectors; first++)
        {
            for (int distance = 1; distance <= (kind is "copy" or "swap" ? SwapDistanceSectors : 1); distance++)
            {
                int second = (first + distance) % sectors;
                byte[] damaged = (byte[])image.Clone();
                Span<byte> sector = damaged.AsSpan(first * 512, 512);
                if (kind is "zero" or "ones")
                    sector.Fill(kind == "zero" ? (byte)0 : (byte)0xFF);
                else
                    image.AsSpan(second * 512, 512).CopyTo(sector);
                if (kind == "swap")
                    image.AsSpan(first * 512, 512).CopyTo(damaged.AsSpan(second * 512));
                int at = damaged.AsSpan().CommonPrefixLength(image);
                if (at == damaged.Length)
                    continue;
                string what = $"{kind} {first} {second}";
                if (BitConverter.ToUInt64(damaged) == BitConverter.ToUInt64(image) && BitConverter.ToInt32(damaged, 8) != 1)
                    continue;
                long? recovered = Recover(With(path, damaged), mode);
                if (at < JournalFormat.SegmentHeaderBytes || oracle.IsVouchedFor(damaged, at))
                    Assert.That(recovered, Is.Null, what);
                else if (recovered is not null || kind is "zero" or "ones")
                    Assert.That(recovered, Is.EqualTo(oracle.LastBefore(at)), what);
            }
        }
    }

    [Test, Description("R-2105 records of an older segment that a disk left behind the end are not read, not lost, and not taken for damage")]
    public void StaleRecordsAreATornTail([Values] DurabilityMode mode)
    {
        var storage = new MemoryStorage();
        JournalWriter writer = JournalWriter.Open(Fixture.Options(storage, mode));
        for (long sequence = 1; sequence <= 1200; sequence++)
        {
            writer.Append(sequence, sequence);
            if (sequence % 10 == 0)
                writer.Flush();
        }

        MemoryStorage killed = storage.Copy();
        writer.Dispose();
        string[] segments = [.. killed.Paths.Where(path => path.EndsWith(".jnl", StringComparison.Ordinal))];
        Assert.That(segments, Has.Length.GreaterThan(1));
        byte[] older = killed.Contents(segments[0]);
        byte[] newest = killed.Contents(segments[^1]);
        int end = newest.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        end = (end + 511) / 512 * 512;
        older.AsSpan(end, newest.Length - end).CopyTo(newest.AsSpan(end));
        killed.Put(segments[^1], newest);
        Assert.That(Recover(killed, mode), Is.EqualTo(1200));
        Assert.That(killed.Paths.Count(path => path.EndsWith(".broken", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test, Description("R-2106 a missing, renamed or exchanged segment is refused")]
    public void MissingSegmentsAreRefused([Values] DurabilityMode mode)
    {
        var storage = new MemoryStorage();
        using (JournalWriter writer = JournalWriter.Open(Fixture.Options(storage, mode)))
        {
            for (long sequence = 1; sequence <= 3000; sequence++)
            {
                writer.Append(sequence, sequence);
                if (sequence % 10 == 0)
                    writer.Flush();
            }
        }

        string[] segments = [.. storage.Paths.Where(path => path.EndsWith(".jnl", StringComparison.Ordinal))];
        for (int i = 1; i < segments.Length - 1; i++)
        {
            MemoryStorage missing = storage.Copy();
            missing.Remove(segments[i]);
            Assert.That(Recover(missing, mode), Is.Null);
            MemoryStorage exchanged = storage.Copy();
            exchanged.Put(segments[i], storage.Contents(segments[i + 1]));
            Assert.That(Recover(exchanged, mode), Is.Null);
        }
    }

    [Test, Description("R-2107 an unknown format version is refused and named, by reader and writer")]
    public void UnknownVersionsAreRefused()
    {
        MemoryStorage killed = Killed(DurabilityMode.Synced, idle: false);
        string path = Fixture.OnlySegment(killed);
        byte[] image = killed.Contents(path);
        image[8] = 9;
        MemoryStorage foreign = With(path, image);
        Assert.That(() => JournalRecovery.Verify(Fixture.Directory, foreign), Throws.TypeOf<JournalException>()
            .With.Message.Contains("format version 9, this build reads version 1").And.Message.Contains(path));
        Assert.That(() => JournalWriter.Open(Fixture.Options(foreign)), Throws.TypeOf<JournalException>().With.Message.Contains("version 9"));
    }

    [Test, Description("R-2108 the journal of another shard or of other limits is refused")]
    public void ForeignJournalsAreRefused()
    {
        MemoryStorage killed = Killed(DurabilityMode.Synced, idle: false);
        Assert.That(() => JournalWriter.Open(Fixture.Options(killed.Copy()) with { ShardId = 3 }),
            Throws.TypeOf<JournalException>().With.Message.Contains("belongs to shard 0, expected shard 3"));
        Assert.That(() => JournalWriter.Open(Fixture.Options(killed.Copy()) with { LimitsHash = 3 }),
            Throws.TypeOf<JournalException>().With.Message.Contains("limits"));
    }
}
