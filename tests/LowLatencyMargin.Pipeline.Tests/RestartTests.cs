using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Tests.Support;

namespace LowLatencyMargin.Pipeline.Tests;

/// <summary>Close, reopen, go on.</summary>
internal sealed class RestartTests
{
    [Test]
    [Description("R-2001, R-104: a run that is stopped and reopened again and again ends in the chain and state hash of one that was not, "
        + "shows each event once over all parts, and replays to the same")]
    public void RestartsChangeNothing([Values] DurabilityMode mode, [Values("one", "two", "four")] string layout)
    {
        const int Parts = 4;
        using CommandFlow flow = CommandFlow.Quiet(7, 4_000);
        using var whole = new TemporaryDirectory();
        using var parted = new TemporaryDirectory();
        Rig.BeginInFuture(Rig.Journal(whole.Path, mode));
        Rig.BeginInFuture(Rig.Journal(parted.Path, mode));
        List<EventSlot> wholeEvents = Run(whole.Path, mode, layout, flow.Commands, out Exchange uninterrupted);
        var partedEvents = new List<EventSlot>();
        Exchange? last = null;
        for (int part = 0; part < Parts; part++)
        {
            last?.Dispose();
            List<byte[]> commands = flow.Commands.GetRange(part * flow.Commands.Count / Parts, flow.Commands.Count / Parts);
            partedEvents.AddRange(Run(parted.Path, mode, layout, commands, out last));
        }

        using (uninterrupted)
        using (last)
        {
            Assert.That(last!.Sequence, Is.EqualTo(uninterrupted.Sequence));
            Assert.That(last.ChainHash, Is.EqualTo(uninterrupted.ChainHash));
            Assert.That(last.ComputeStateHash(), Is.EqualTo(uninterrupted.ComputeStateHash()));
            Rig.AssertSame(partedEvents, wholeEvents);
            using var replayed = new Exchange();
            ReplayReport report = JournalReplay.Run(parted.Path, replayed);
            Assert.That(report.End.Kind, Is.EqualTo(JournalEndKind.Clean));
            Assert.That(replayed.ComputeStateHash(), Is.EqualTo(last.ComputeStateHash()));
        }
    }

    [Test]
    [Description("Recovery publishes nothing by itself: a reopened exchange shows no event until a new command comes")]
    public void RecoveryShowsNothing()
    {
        using CommandFlow flow = CommandFlow.Quiet(8, 500);
        using var directory = new TemporaryDirectory();
        Run(directory.Path, DurabilityMode.Buffered, "one", flow.Commands, out Exchange first);
        first.Dispose();
        var consumer = new Recorder();
        var source = new ListSource([CommandFlow.Deposit(2, 5)]) { Limit = 0 };
        using ExchangeHost host = ExchangeHost.Open(Rig.Options("four", Rig.Journal(directory.Path)), Command.GenesisOf(), source, [consumer]);
        Assert.That(host.Replay!.Commands, Is.EqualTo(501));
        host.Pipeline.Start();
        Waiting.Until(() => source.Sequencer is not null && host.Pipeline.IsDrained, "running");
        Assert.That(consumer.Count, Is.Zero);
        source.Limit = 1;
        host.Pipeline.UntilDrained(source);
        Assert.That(consumer.Events[0].Header.CommandSequence, Is.EqualTo(502));
    }

    [Test]
    [Description("R-104: limits are the journal's: a host that asks for another genesis over a journal that has one gets the journal's")]
    public void GenesisOfTheJournalHolds()
    {
        using var directory = new TemporaryDirectory();
        using (ExchangeHost.Open(Rig.Options("one", Rig.Journal(directory.Path)), Command.GenesisOf(maxWorkPerCommand: 32), new ListSource([]), []))
        {
        }

        using ExchangeHost again = ExchangeHost.Open(
            Rig.Options("one", Rig.Journal(directory.Path)), Command.GenesisOf(maxWorkPerCommand: 999), new ListSource([]), []);
        Assert.That(again.Exchange.State!.Limits.MaxWorkPerCommand, Is.EqualTo(32));
        Assert.That(again.Exchange.Sequence, Is.EqualTo(1));
    }

    [Test]
    [Description("A genesis that can't work is refused with its reason, and leaves a directory that a good one can begin in")]
    public void BadGenesisIsRefused()
    {
        using var directory = new TemporaryDirectory();
        Genesis bad = Command.GenesisOf(maxWorkPerCommand: 1);
        Assert.That(
            () => ExchangeHost.Open(Rig.Options("one", Rig.Journal(directory.Path)), bad, new ListSource([]), []),
            Throws.ArgumentException.With.Message.StartsWith("genesis: "));
        using ExchangeHost good = ExchangeHost.Open(Rig.Options("one", Rig.Journal(directory.Path)), Command.GenesisOf(), new ListSource([]), []);
        Assert.That(good.Exchange.Sequence, Is.EqualTo(1));
    }

    [Test]
    [Description("R-2001: a journal made under other limits (another limits hash or shard) is refused, and so is one that another writer has")]
    public void ForeignOrLockedJournalIsRefused()
    {
        using var directory = new TemporaryDirectory();
        JournalOptions journal = Rig.Journal(directory.Path);
        using (ExchangeHost.Open(Rig.Options("one", journal), Command.GenesisOf(), new ListSource([]), []))
        {
            Assert.That(
                () => ExchangeHost.Open(Rig.Options("one", journal), Command.GenesisOf(), new ListSource([]), []),
                Throws.InstanceOf<JournalLockedException>());
        }

        Assert.That(
            () => ExchangeHost.Open(Rig.Options("one", journal with { LimitsHash = 5 }), Command.GenesisOf(), new ListSource([]), []),
            Throws.InstanceOf<JournalException>());
        Assert.That(
            () => ExchangeHost.Open(Rig.Options("one", journal with { ShardId = 5 }), Command.GenesisOf(), new ListSource([]), []),
            Throws.InstanceOf<JournalException>());
    }

    [Test]
    [Description("An engine that is not where the journal is, is refused with both sequences")]
    public void EngineAndJournalMustAgree()
    {
        using var directory = new TemporaryDirectory();
        JournalOptions journal = Rig.Journal(directory.Path);
        Rig.BeginInFuture(journal);
        using JournalWriter writer = JournalWriter.Open(journal);
        Assert.That(
            () => new ExchangePipeline<ScriptedEngine>(
                Rig.Options("one", journal), new ScriptedEngine(new Script()), 7, 0, writer, new ListSource([]), new Recorder()),
            Throws.ArgumentException.With.Message.Contains("command 1").And.Message.Contains("7"));
    }

    private static List<EventSlot> Run(string path, DurabilityMode mode, string layout, IReadOnlyList<byte[]> commands, out Exchange exchange)
    {
        var source = new ListSource(commands);
        var consumer = new Recorder();
        ExchangeHost host = ExchangeHost.Open(Rig.Options(layout, Rig.Journal(path, mode)), Command.GenesisOf(), source, [consumer]);
        host.Pipeline.Start();
        host.Pipeline.UntilDrained(source);
        host.Pipeline.Dispose();
        Assert.That(consumer.Violations, Is.Empty);
        exchange = host.Exchange;
        return consumer.Events;
    }
}
