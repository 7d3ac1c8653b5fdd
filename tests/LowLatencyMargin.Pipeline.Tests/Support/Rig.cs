using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Journal.Storage;

namespace LowLatencyMargin.Pipeline.Tests.Support;

/// <summary>The usual ways to put a pipeline together and to say what should have come of it.</summary>
internal static class Rig
{
    /// <summary>2100-01-01: after any clock, so that every command gets this very time and runs can be compared by state hash.</summary>
    public const long FutureNs = 4_102_444_800_000_000_000;

    public static JournalOptions Journal(
        string directory, DurabilityMode mode = DurabilityMode.Buffered, IJournalStorage? storage = null) => new()
    {
        Directory = directory,
        Mode = mode,
        SegmentBytes = 1 << 20,
        BatchBytes = 256 << 10,
        Storage = storage ?? LinuxStorage.Instance,
    };

    public static PipelineOptions Options(
        string layout, JournalOptions? journal = null, int commandSlots = 1 << 10, int eventSlots = 1 << 12) => new()
    {
        Journal = journal,
        CommandSlots = commandSlots,
        EventSlots = eventSlots,
        Threads = Layouts.Of(layout),
    };

    /// <summary>A pipeline over a scripted engine that begins with command 1.</summary>
    public static ExchangePipeline<ScriptedEngine> Scripted(
        PipelineOptions options, Script script, ICommandSource source, params IReadOnlyList<IEventConsumer> consumers)
    {
        JournalWriter? journal = options.Journal is null ? null : JournalWriter.Open(options.Journal);
        return new ExchangePipeline<ScriptedEngine>(options, new ScriptedEngine(script), 0, 0, journal, source, consumers);
    }

    /// <summary>A journal that holds a genesis at a time in the future.</summary>
    public static void BeginInFuture(JournalOptions options)
    {
        using JournalWriter writer = JournalWriter.Open(options);
        Assert.That(writer.TryAppend(Command.Genesis(timeNs: FutureNs)), Is.True);
    }

    /// <summary>The commands of a journal and how it ends.</summary>
    public static (List<byte[]> Commands, List<(long Sequence, long After)> Checkpoints, JournalEnd End) Read(string directory)
    {
        var commands = new List<byte[]>();
        var checkpoints = new List<(long, long)>();
        using JournalReader reader = JournalReader.Open(directory);
        while (reader.TryRead(out RecordView record))
        {
            if (record.IsCheckpoint)
            {
                checkpoints.Add((record.Checkpoint.Sequence, record.Sequence));
            }
            else
            {
                commands.Add(record.Bytes.ToArray());
            }
        }

        return (commands, checkpoints, reader.End!);
    }

    /// <summary>Applies commands to an exchange directly and returns their events.</summary>
    public static List<EventSlot> Apply(Exchange exchange, IEnumerable<byte[]> commands)
    {
        var events = new List<EventSlot>();
        foreach (byte[] command in commands)
        {
            ResultCode code = exchange.Apply(command);
            if (code == ResultCode.OutOfSequence)
            {
                Assert.Fail($"command {Command.HeaderOf(command).Sequence} does not follow {exchange.Sequence}");
            }

            events.AddRange(exchange.Events.Span);
        }

        return events;
    }

    /// <summary>Commands with the sequences that follow one another from a first on, all at one time.</summary>
    public static List<byte[]> Stamped(IReadOnlyList<byte[]> commands, long firstSequence, long timeNs) => [.. commands.Select((command, i) =>
    {
        byte[] copy = command.ToArray();
        Command.Stamp(copy, firstSequence + i, timeNs);
        return copy;
    })];

    public static void AssertSame(IReadOnlyList<EventSlot> actual, IReadOnlyList<EventSlot> expected)
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Count));
        for (int i = 0; i < actual.Count; i++)
        {
            EventSlot a = actual[i];
            EventSlot b = expected[i];
            if (!BytesOf(in a).SequenceEqual(BytesOf(in b)))
            {
                Assert.Fail(
                    $"event {i} is {a.Header.Type} of command {a.Header.CommandSequence}, expected {b.Header.Type} of {b.Header.CommandSequence}");
            }
        }
    }

    private static ReadOnlySpan<byte> BytesOf(ref readonly EventSlot slot) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<EventSlot>(in slot));
}
