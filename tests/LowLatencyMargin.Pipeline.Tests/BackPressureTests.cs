using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Tests.Support;

namespace LowLatencyMargin.Pipeline.Tests;

/// <summary>A full ring is an answer, not a loss.</summary>
internal sealed class BackPressureTests
{
    private const int CommandSlots = 64;
    private const int EventSlots = 128;
    private const int All = 5_000;

    [Test]
    [Description("A consumer that blocks fills the event ring, the core waits, the command ring fills and submitting answers Busy; once it "
        + "goes on, nothing is lost, doubled or out of order, for the blocked consumer and for the others")]
    public void BlockedConsumerMakesTheGatewayBusy([Values] bool isJournaled, [Values(0, 1)] int blocked)
    {
        using var directory = new TemporaryDirectory();
        var script = new Script();
        var source = new ListSource([.. Enumerable.Range(0, All).Select(i => Command.OfLength(64, (ulong)i))]);
        Recorder[] consumers = [new(), new()];
        consumers[blocked].Hold();
        PipelineOptions options = Rig.Options("four", isJournaled ? Rig.Journal(directory.Path) : null, CommandSlots, EventSlots);
        using ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(options, script, source, consumers);
        pipeline.Start();
        Waiting.Until(() => source.Refused > 1_000, "Busy again and again");
        Assert.That(source.Submitted, Is.LessThanOrEqualTo(CommandSlots + EventSlots), "no more than the rings hold was taken");
        Assert.That(pipeline.IsDrained, Is.False);

        consumers[blocked].Release();
        pipeline.UntilDrained(source);
        Assert.That(consumers.SelectMany(c => c.Violations), Is.Empty);
        Assert.That(consumers.Select(c => c.Count), Is.All.EqualTo(All));
        Assert.That(source.Sequences, Is.EqualTo(Enumerable.Range(1, All)), "a refused command takes no sequence");
        Assert.That(
            script.Commands.Select(c => Command.HeaderOf(c).Sequence),
            Is.EqualTo(Enumerable.Range(1, All)), "a command whose events had to wait is applied once");
    }

    [Test]
    [Description("A disk that stands still fills the command ring and submitting answers Busy; once it goes on, nothing is lost")]
    public void BlockedDiskMakesTheGatewayBusy()
    {
        using var directory = new TemporaryDirectory();
        var storage = new WatchedStorage { HeldCall = "pwrite" };
        var script = new Script();
        var source = new ListSource([.. Enumerable.Range(0, All).Select(i => Command.OfLength(64, (ulong)i))]) { Limit = 10 };
        var consumer = new Recorder();
        PipelineOptions options = Rig.Options("four", Rig.Journal(directory.Path, DurabilityMode.Buffered, storage), CommandSlots, EventSlots);
        using ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(options, script, source, consumer);
        pipeline.Start();
        Waiting.Until(() => consumer.LastSequence == 10, "what came before the disk stopped");
        storage.Hold();
        source.Limit = All;
        Waiting.Until(() => source.Refused > 1_000, "Busy again and again");
        Assert.That(consumer.LastSequence, Is.EqualTo(10));
        storage.Release();
        pipeline.UntilDrained(source);
        Assert.That(consumer.Violations, Is.Empty);
        Assert.That(consumer.Count, Is.EqualTo(All));
    }

    [Test]
    [Description("R-2001: a disk without room for a further segment makes orders Busy while cancels still go through; "
        + "with room again, orders go on; nothing is lost")]
    public void FullDiskRefusesOrdersButNotCancels()
    {
        const int Cancels = 10;
        using var directory = new TemporaryDirectory();
        var storage = new WatchedStorage { IsFull = false };
        var script = new Script();
        var source = new OrdersAndCancels();
        var consumer = new Recorder();
        JournalOptions journal = Rig.Journal(directory.Path, DurabilityMode.Buffered, storage) with { SegmentBytes = 512 << 10 };
        PipelineOptions options = Rig.Options("four", journal);
        using ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(options, script, source, consumer);
        storage.IsFull = true;
        pipeline.Start();
        Waiting.Until(() => IsRefusedWhileEmpty(pipeline, source), "orders refused although the rings are empty");
        long orders = source.Orders;
        source.WantedCancels = Cancels;
        Waiting.Until(() => source.Cancels == Cancels && pipeline.IsDrained, "cancels");
        Assert.That(source.Orders, Is.EqualTo(orders));

        storage.IsFull = false;
        Waiting.Until(() => source.Orders > orders + 1_000, "orders once there is room again");
        source.Stop();
        Waiting.Until(() => source.IsStopped && pipeline.IsDrained, "drained");
        Assert.That(pipeline.Failure, Is.Null);
        Assert.That(consumer.Violations, Is.Empty);
        Assert.That(consumer.Count, Is.EqualTo(source.Orders + Cancels));
    }

    [TestCase(64, 1, 128)]
    [TestCase(64, 100, 512)]
    [TestCase(4096, 1000, 4096)]
    [TestCase(4096, 1025, 8192)]
    [Description("The event ring holds at least four times the most events of one command, however small it was asked for")]
    public void EventRingHoldsFourTimesTheMostEvents(int asked, int eventsPerCommand, int expected)
    {
        int slots = Math.Max(asked, 128);
        var script = new Script { EventsPerCommand = eventsPerCommand };
        using ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(
            Rig.Options("one", null, CommandSlots, slots), script, new ListSource([]), new Recorder());
        long eventBytes = pipeline.RingBytes - ((long)CommandSlots * CommandSlot.SizeBytes);
        Assert.That(eventBytes / 64, Is.EqualTo(expected));
        Assert.That(eventBytes / 64, Is.GreaterThanOrEqualTo(4 * eventsPerCommand));
    }

    private static bool IsRefusedWhileEmpty(ExchangePipeline<ScriptedEngine> pipeline, OrdersAndCancels source)
    {
        if (!pipeline.IsDrained)
        {
            return false;
        }

        long refused = source.RefusedInARow;
        Thread.Sleep(20);
        return source.RefusedInARow > refused + 3 && pipeline.IsDrained;
    }
}
