using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal.Format;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Journal.Tests;

/// <summary>Commands to journal and ways to read them back.</summary>
internal static class Fixture
{
    internal const string Directory = "/mem/j";

    internal static JournalOptions Options(IJournalStorage storage, DurabilityMode mode = DurabilityMode.Synced) => new()
    {
        Directory = Directory,
        Mode = mode,
        Storage = storage,
        SegmentBytes = JournalFormat.MinSegmentBytes,
        BatchBytes = 64 << 10,
        UseThreads = false,
        BackgroundSyncMs = 0,
        IdleCommitMs = 0,
    };

    /// <summary>The command with a sequence: its size and bytes follow from the sequence, so that no copy needs to be kept.</summary>
    internal static byte[] Command(long sequence, int bodyBytes = -1)
    {
        if (bodyBytes < 0)
            bodyBytes = (int)(sequence * 7 % 13) * 8;
        byte[] record = new byte[CommandHeader.SizeBytes + bodyBytes];
        var header = new CommandHeader
        {
            LengthBytes = (uint)record.Length,
            Type = CommandType.PlaceOrder,
            Version = 1,
            Sequence = sequence,
            TimeNs = 1_700_000_000_000_000_000 + sequence,
        };
        MemoryMarshal.Write(record, in header);
        new Random((int)sequence).NextBytes(record.AsSpan(CommandHeader.SizeBytes));
        return record;
    }

    internal static void Append(this JournalWriter writer, long from, long to, int bodyBytes = -1)
    {
        for (long sequence = from; sequence <= to; sequence++)
            Assert.That(writer.TryAppend(Command(sequence, bodyBytes)), Is.True, $"sequence {sequence}, fault {writer.Fault}");
    }

    /// <summary>Reads everything and requires it to be the commands from 1 on; returns how it ended.</summary>
    internal static JournalEnd ReadAll(IJournalStorage storage, out long last, int bodyBytes = -1, string directory = Directory)
    {
        using JournalReader reader = JournalReader.Open(directory, 0, storage);
        last = 0;
        while (reader.TryRead(out RecordView record))
        {
            if (record.IsCheckpoint)
                continue;
            last++;
            if (!IsCommand(record, last, bodyBytes))
                Assert.Fail($"sequence {last} does not read back as written");
        }

        return reader.End!;
    }

    internal static bool IsCommand(RecordView record, long sequence, int bodyBytes = -1)
    {
        byte[] expected = Command(sequence, bodyBytes);
        return record.Sequence == sequence && record.Body.SequenceEqual(expected.AsSpan(CommandHeader.SizeBytes))
            && record.TimeNs == 1_700_000_000_000_000_000 + sequence && record.Bytes.Length == expected.Length;
    }

    internal static string OnlySegment(MemoryStorage storage) =>
        storage.Paths.Single(path => path.EndsWith(JournalFormat.SegmentExtension, StringComparison.Ordinal));

    internal static string Temporary()
    {
        string path = Path.Combine(Path.GetTempPath(), "llm-journal-" + Guid.NewGuid().ToString("n"));
        System.IO.Directory.CreateDirectory(path);
        return path;
    }
}
