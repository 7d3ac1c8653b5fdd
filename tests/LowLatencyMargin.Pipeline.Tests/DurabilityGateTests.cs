using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Tests.Support;

namespace LowLatencyMargin.Pipeline.Tests;

/// <summary>Nothing leaves the process for a command before that command is durable.</summary>
internal sealed class DurabilityGateTests
{
    private const int Before = 300;
    private const int All = 900;

    [Test]
    [Description("R-2001: while the disk holds back the flush (Synced) or the write (Buffered), the core goes on but no consumer sees a "
        + "command that is not durable; after it, all see all")]
    public void NothingIsShownBeforeItIsDurable([Values] DurabilityMode mode)
    {
        using var directory = new TemporaryDirectory();
        var storage = new WatchedStorage { HeldCall = mode == DurabilityMode.Synced ? "fdatasync" : "pwrite" };
        var script = new Script { EventsPerCommand = 4, EventsOf = sequence => 1 + (int)(sequence % 4) };
        var source = new ListSource([.. Enumerable.Range(0, All).Select(i => Command.OfLength(96, (ulong)i))]) { Limit = Before };
        Recorder[] consumers = [new(), new(), new()];
        PipelineOptions options = Rig.Options("four", Rig.Journal(directory.Path, mode, storage), eventSlots: 1 << 13);
        using ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(options, script, source, consumers);
        pipeline.Start();
        Waiting.Until(() => Array.TrueForAll(consumers, c => c.LastSequence == Before), "what came before the disk stopped");

        storage.Hold();
        try
        {
            source.Limit = All;
            Waiting.Until(() => storage.Held > 0 && script.Applied == All, "the core to be through while the disk waits");
            Assert.That(consumers.Select(c => c.LastSequence), Is.All.EqualTo(Before));
            Thread.Sleep(30);
            Assert.That(consumers.Select(c => c.LastSequence), Is.All.EqualTo(Before));
            Assert.That(pipeline.IsDrained, Is.False);
        }
        finally
        {
            storage.Release();
        }

        Waiting.Until(() => Array.TrueForAll(consumers, c => c.LastSequence == All), "everything after the disk came back");
        Assert.That(consumers.SelectMany(c => c.Violations), Is.Empty);
        Assert.That(pipeline.Failure, Is.Null);
    }

    [Test]
    [Description("R-2001: at every call under load, the last command shown has been written (Buffered) or written and synced (Synced), as "
        + "seen by the disk itself, and a reader of its own finds it in the journal")]
    public void WhatIsShownIsOnTheDisk([Values] DurabilityMode mode, [Values("two", "four")] string layout)
    {
        using var directory = new TemporaryDirectory();
        var storage = new WatchedStorage();
        var late = new List<string>();
        int calls = 0;
        var consumer = new Recorder
        {
            Look = last =>
            {
                long durable = mode == DurabilityMode.Synced ? storage.SyncedSequence : storage.WrittenSequence;
                if (last.Header.CommandSequence > durable)
                {
                    late.Add($"command {last.Header.CommandSequence} shown, durable up to {durable}");
                }

                if (++calls % 20 == 0 && LastReadable(directory.Path) is var readable && readable < last.Header.CommandSequence)
                {
                    late.Add($"command {last.Header.CommandSequence} shown, a reader finds {readable} commands");
                }
            },
        };
        var script = new Script { EventsPerCommand = 3, EventsOf = sequence => 1 + (int)(sequence % 3) };
        var source = new ListSource([.. Enumerable.Range(0, 20_000).Select(i => Command.OfLength(32 + (8 * (i % 20)), (ulong)i))], perPoll: 16);
        using (ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(
            Rig.Options(layout, Rig.Journal(directory.Path, mode, storage)), script, source, consumer))
        {
            pipeline.Start();
            pipeline.UntilDrained(source);
        }

        Assert.That(late, Is.Empty);
        Assert.That(consumer.Violations, Is.Empty);
        Assert.That(consumer.LastSequence, Is.EqualTo(20_000));
        Assert.That(calls, Is.GreaterThan(20), "calls looked at");
    }

    private static long LastReadable(string directory)
    {
        using JournalReader reader = JournalReader.Open(directory);
        while (reader.TryRead(out _))
        {
        }

        return reader.LastSequence;
    }
}
