using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Tests.Support;

namespace LowLatencyMargin.Pipeline.Tests;

/// <summary>What fails stops the pipeline, and nothing is shown that is not so.</summary>
internal sealed class FailureTests
{
    [Test]
    [Description("R-2001: a failed write or flush stops the pipeline with that failure; nothing beyond the durable point was or is shown, "
        + "nothing further is taken, and the journal still has all that was shown")]
    public void JournalFaultStops([Values] DurabilityMode mode, [Values("one", "two", "four")] string layout)
    {
        const int FailsFrom = 2_000;
        using var directory = new TemporaryDirectory();
        var storage = new WatchedStorage { FailsFrom = FailsFrom, FailingCall = mode == DurabilityMode.Synced ? "fdatasync" : "pwrite" };
        var script = new Script();
        var source = new ListSource([.. Enumerable.Range(0, 50_000).Select(i => Command.OfLength(64, (ulong)i))], perPoll: 8);
        Recorder[] consumers = [new(), new()];
        using (ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(
            Rig.Options(layout, Rig.Journal(directory.Path, mode, storage)), script, source, consumers))
        {
            pipeline.Start();
            Waiting.Until(() => pipeline.IsStopped, "stopped by the fault");
            Assert.That(pipeline.Failure, Is.InstanceOf<JournalException>());
            Assert.That(pipeline.Failure!.Message, Does.Contain(storage.FailingCall).And.Contain("EIO"));
        }

        long durable = mode == DurabilityMode.Synced ? storage.SyncedSequence : storage.WrittenSequence;
        Assert.That(durable, Is.LessThan(FailsFrom));
        Assert.That(consumers.Select(c => c.LastSequence), Is.All.LessThanOrEqualTo(durable));
        Assert.That(consumers.SelectMany(c => c.Violations), Is.Empty);
        Assert.That(source.Sequencer!.TrySubmit(Command.OfLength(64, 1)), Is.False, "taken after the fault");

        using JournalWriter recovered = JournalWriter.Open(Rig.Journal(directory.Path, mode));
        Assert.That(recovered.AppendedSequence, Is.GreaterThanOrEqualTo(consumers.Max(c => c.LastSequence)));
        Assert.That(recovered.Recovery.PoisonText, Does.Contain(storage.FailingCall), "the marker that a fault leaves behind");
    }

    [Test]
    [Description("An exception in the engine stops the pipeline with that failure; no event of that command or a later one is ever shown")]
    public void EngineExceptionStops([Values("one", "two", "four")] string layout, [Values] bool isJournaled)
    {
        const long ThrowsAt = 777;
        using var directory = new TemporaryDirectory();
        var script = new Script { ThrowsAt = ThrowsAt };
        var source = new ListSource([.. Enumerable.Range(0, 2_000).Select(i => Command.OfLength(64, (ulong)i))]);
        Recorder[] consumers = [new(), new()];
        using (ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(
            Rig.Options(layout, isJournaled ? Rig.Journal(directory.Path) : null), script, source, consumers))
        {
            pipeline.Start();
            Waiting.Until(() => pipeline.IsStopped, "stopped by the engine");
            Assert.That(pipeline.Failure, Is.InstanceOf<InvalidOperationException>());
            Assert.That(pipeline.Failure!.Message, Does.Contain("command 777"));
        }

        Assert.That(script.Applied, Is.EqualTo(ThrowsAt - 1), "nothing was applied after it");
        Assert.That(consumers.Select(c => c.LastSequence), Is.All.LessThan(ThrowsAt));
        Assert.That(consumers.SelectMany(c => c.Violations), Is.Empty);
        Assert.That(source.Sequencer!.TrySubmit(Command.OfLength(64, 1)), Is.False, "taken after the failure");
    }

    [Test]
    [Description("An exception in a consumer or a source stops the pipeline with that failure instead of losing events quietly")]
    public void ExceptionOutsideStops([Values] bool isConsumer)
    {
        var script = new Script();
        var source = new ListSource([.. Enumerable.Range(0, 2_000).Select(i => Command.OfLength(64, (ulong)i))]);
        var consumer = new Recorder { Look = isConsumer ? _ => throw new InvalidDataException("scripted") : null };
        ICommandSource from = isConsumer ? source : new ThrowingSource();
        using ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(Rig.Options("four"), script, from, consumer);
        pipeline.Start();
        Waiting.Until(() => pipeline.IsStopped, "stopped");
        Assert.That(pipeline.Failure, Is.InstanceOf<InvalidDataException>());
    }

    [Test]
    [Description("A pipeline that was asked to stop has no failure, and stopping twice or without a start is harmless")]
    public void StoppingIsNoFailure()
    {
        var script = new Script();
        ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(Rig.Options("four"), script, new ListSource([]), new Recorder());
        pipeline.Start();
        Assert.That(pipeline.IsStopped, Is.False);
        pipeline.Dispose();
        pipeline.Dispose();
        Assert.That(pipeline.IsStopped, Is.True);
        Assert.That(pipeline.Failure, Is.Null);

        ExchangePipeline<ScriptedEngine> neverStarted = Rig.Scripted(Rig.Options("one"), script, new ListSource([]), new Recorder());
        neverStarted.Dispose();
        Assert.That(neverStarted.Failure, Is.Null);
    }

    private sealed class ThrowingSource : ICommandSource
    {
        public bool Poll(CommandSequencer sequencer) => throw new InvalidDataException("scripted");
    }
}
