using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Tests.Support;
using LowLatencyMargin.Pipeline.Threads;

namespace LowLatencyMargin.Pipeline.Tests;

/// <summary>What comes out is what applying the commands one by one gives.</summary>
internal sealed class EventOrderTests
{
    [Test]
    [Description("R-104, R-105, R-1404: through every layout, with and without a journal, each consumer gets all events whole, in order and once, "
        + "and chain and state hash are those of applying the same commands directly")]
    public void ResultsAreThoseOfApplyingDirectly(
        [Values("one", "two", "four")] string layout, [Values] bool isJournaled, [Values(1UL, 2UL)] ulong seed)
    {
        using CommandFlow flow = CommandFlow.Quiet(seed, 6_000);
        using var directory = new TemporaryDirectory();
        var source = new ListSource(flow.Commands);
        Recorder[] consumers = [new(), new(), new()];
        using var exchange = new Exchange();
        exchange.Apply(Command.Genesis(timeNs: Rig.FutureNs));
        JournalOptions journal = Rig.Journal(directory.Path);
        JournalWriter? writer = null;
        if (isJournaled)
        {
            Rig.BeginInFuture(journal);
            writer = JournalWriter.Open(journal);
        }

        var engine = new ExchangeEngine(exchange, ExchangeState.EventsPerCommand(64));
        PipelineOptions options = Rig.Options(layout, isJournaled ? journal : null);
        using (var pipeline = new ExchangePipeline<ExchangeEngine>(options, engine, 1, Rig.FutureNs, writer, source, consumers))
        {
            pipeline.Start();
            pipeline.UntilDrained(source);
            Assert.That(pipeline.Ticks, Is.Zero, "nothing is liquidated here, so that the commands are exactly the ones given");
        }

        using var direct = new Exchange();
        direct.Apply(Command.Genesis(timeNs: Rig.FutureNs));
        List<EventSlot> expected = Rig.Apply(direct, Rig.Stamped(flow.Commands, 2, Rig.FutureNs));
        foreach (Recorder consumer in consumers)
        {
            Assert.That(consumer.Violations, Is.Empty);
            Rig.AssertSame(consumer.Events, expected);
        }

        Assert.That(exchange.ChainHash, Is.EqualTo(direct.ChainHash));
        Assert.That(exchange.ComputeStateHash(), Is.EqualTo(direct.ComputeStateHash()));
        Assert.That(direct.State!.LastTradeId, Is.GreaterThan(100), "the flow trades");
    }

    [Test]
    [Description("The default layout of this machine, with what it spins and pins, runs the same flow to the same result")]
    public void DefaultLayoutRuns()
    {
        using CommandFlow flow = CommandFlow.Quiet(3, 3_000);
        var source = new ListSource(flow.Commands);
        var consumer = new Recorder();
        using var exchange = new Exchange();
        exchange.Apply(Command.Genesis());
        var options = new PipelineOptions { Threads = ThreadLayout.For(Environment.ProcessorCount) };
        var engine = new ExchangeEngine(exchange, ExchangeState.EventsPerCommand(64));
        using (var pipeline = new ExchangePipeline<ExchangeEngine>(options, engine, 1, 0, null, source, consumer))
        {
            pipeline.Start();
            pipeline.UntilDrained(source);
        }

        Assert.That(consumer.Violations, Is.Empty);
        Assert.That(exchange.ChainHash, Is.EqualTo(flow.Exchange.ChainHash));
    }

    [Test]
    [Description("R-105: a command of more events than a poll hands over, or than fit before the ring's end, still comes whole and in "
        + "order to each consumer")]
    public void LongCommandsComeWhole([Values("one", "two", "four")] string layout)
    {
        var script = new Script { EventsPerCommand = 5_000, EventsOf = sequence => sequence % 7 == 3 ? 5_000 : 1 + (int)(sequence % 50) };
        var source = new ListSource([.. Enumerable.Range(0, 200).Select(_ => Command.OfLength(64, 1))]);
        Recorder[] consumers = [new(), new()];
        using (ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(Rig.Options(layout), script, source, consumers))
        {
            pipeline.Start();
            pipeline.UntilDrained(source);
        }

        int expected = Enumerable.Range(1, 200).Sum(sequence => script.EventsOf(sequence));
        foreach (Recorder consumer in consumers)
        {
            Assert.That(consumer.Violations, Is.Empty);
            Assert.That(consumer.Events, Has.Count.EqualTo(expected));
            Assert.That(Misnumbered(consumer.Events), Is.Zero, "events that are not where they were in their command");
        }
    }

    [Test]
    [Description("R-105: a pipeline that stops between two calls has not shown part of a command: the last event shown is its command's last")]
    public void StoppingShowsNoPartOfACommand([Values("one", "four")] string layout)
    {
        var script = new Script { EventsPerCommand = 5_000, EventsOf = _ => 5_000 };
        var source = new ListSource([.. Enumerable.Range(0, 8).Select(_ => Command.OfLength(64, 1))]);
        var consumer = new Recorder();
        consumer.Hold();
        ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(Rig.Options(layout), script, source, consumer);
        pipeline.Start();
        Waiting.Until(() => consumer.IsHeld, "the first call");
        Task stopping = Task.Run(pipeline.Dispose);
        Waiting.Until(() => pipeline.IsStopped, "stopped");
        consumer.Release();
        stopping.Wait();

        Assert.That(consumer.Events, Is.Not.Empty);
        Assert.That(consumer.Violations, Is.Empty);
        Assert.That(consumer.EndsWhole, Is.True, $"{consumer.Events.Count} events of commands of 5,000 were shown");
    }

    private static int Misnumbered(List<EventSlot> events)
    {
        int wrong = 0;
        long expected = 0;
        foreach (EventSlot slot in events)
        {
            wrong += EventSlot.As<BalanceChanged>(in slot).AmountUnits == expected ? 0 : 1;
            expected = (slot.Header.Flags & EventFlags.Last) != 0 ? 0 : expected + 1;
        }

        return wrong;
    }
}
