using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Tests.Support;

namespace LowLatencyMargin.Pipeline.Tests;

/// <summary>Sequence, time and ticks.</summary>
internal sealed class SequencerTests
{
    [Test]
    [Description("R-1404: sequences follow one another without gaps, time never decreases and is the clock's")]
    public void SequenceIsDenseAndTimeRises()
    {
        long before = NowNs();
        var script = new Script();
        var source = new ListSource([.. Enumerable.Range(0, 5_000).Select(i => Command.OfLength(64, (ulong)i))], perPoll: 16);
        using (ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(Rig.Options("four"), script, source, new Recorder()))
        {
            pipeline.Start();
            pipeline.UntilDrained(source);
        }

        Assert.That(script.Commands.Select(c => Command.HeaderOf(c).Sequence), Is.EqualTo(Enumerable.Range(1, 5_000)));
        Assert.That(script.Commands.Select(c => Command.HeaderOf(c).TimeNs), Is.Ordered);
        Assert.That(Command.HeaderOf(script.Commands[0]).TimeNs, Is.GreaterThanOrEqualTo(before - 1_000_000));
        Assert.That(Command.HeaderOf(script.Commands[^1]).TimeNs, Is.GreaterThan(Command.HeaderOf(script.Commands[0]).TimeNs));
    }

    [Test]
    [Description("R-104: a clock behind the journal's last command does not take time back: commands keep that time")]
    public void TimeIsNeverBeforeTheLastCommand()
    {
        var script = new Script();
        var source = new ListSource([.. Enumerable.Range(0, 100).Select(i => Command.OfLength(64, (ulong)i))]);
        using (var pipeline = new ExchangePipeline<ScriptedEngine>(
            Rig.Options("one"), new ScriptedEngine(script), 41, Rig.FutureNs, null, source, new Recorder()))
        {
            pipeline.Start();
            pipeline.UntilDrained(source);
        }

        Assert.That(script.Commands.Select(c => Command.HeaderOf(c).TimeNs), Is.All.EqualTo(Rig.FutureNs));
        Assert.That(script.Commands.Select(c => Command.HeaderOf(c).Sequence), Is.EqualTo(Enumerable.Range(42, 100)));
    }

    [Test]
    [Description("Sequence, time and checksums are the sequencer's: what a source put there is overwritten")]
    public void HeaderFieldsOfTheSourceDoNotCount()
    {
        byte[] command = Command.OfLength(64, 1);
        ref CommandHeader header = ref Command.HeaderOf(command);
        header.Sequence = 999;
        header.TimeNs = long.MaxValue;
        header.Checksum = 0xDEAD;
        header.PreviousChecksum = 0xBEEF;
        var script = new Script();
        var source = new ListSource([command]);
        using (ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(Rig.Options("one"), script, source, new Recorder()))
        {
            pipeline.Start();
            pipeline.UntilDrained(source);
        }

        CommandHeader arrived = Command.HeaderOf(script.Commands[0]);
        Assert.That(arrived.Sequence, Is.EqualTo(1));
        Assert.That(arrived.TimeNs, Is.LessThan(Rig.FutureNs));
        Assert.That(arrived.Checksum | arrived.PreviousChecksum, Is.Zero);
    }

    [Test]
    [Description("R-1101, R-104: a mark move that liquidates more than one command may is worked off by ticks, when nothing else comes; "
        + "the ticks are in the journal, and its replay gives the same hashes")]
    public void PendingWorkDrainsWhenIdle([Values("one", "two", "four")] string layout)
    {
        const int Positions = 300;
        using CommandFlow flow = CommandFlow.Longs(Positions, maxWorkPerCommand: 16);
        List<byte[]> commands = [.. flow.Commands, CommandFlow.Mark(CommandFlow.StartTicks * 9 / 10)];
        using var directory = new TemporaryDirectory();
        var source = new ListSource(commands);
        var consumer = new Recorder();
        using ExchangeHost host = ExchangeHost.Open(
            Rig.Options(layout, Rig.Journal(directory.Path)), Command.GenesisOf(maxWorkPerCommand: 16), source, [consumer]);
        host.Pipeline.Start();
        host.Pipeline.UntilDrained(source);
        host.Pipeline.Dispose();

        Assert.That(host.Exchange.HasPendingWork, Is.False);
        Assert.That(host.Exchange.State!.LastLiquidationId, Is.EqualTo(Positions));
        Assert.That(host.Pipeline.Ticks, Is.GreaterThan(Positions / 16), "one command does not do it");
        Assert.That(consumer.Violations, Is.Empty);
        AssertReplays(directory.Path, host, expectedTicks: host.Pipeline.Ticks);
    }

    [Test]
    [Description("R-1101: while work is left over and commands keep coming, a tick goes in among every few commands, and the commands "
        + "still go through")]
    public void TicksInterleaveUnderLoad()
    {
        const int Positions = 300;
        using CommandFlow flow = CommandFlow.Longs(Positions, maxWorkPerCommand: 16);
        int mark = flow.Commands.Count;
        List<byte[]> commands = [.. flow.Commands, CommandFlow.Mark(CommandFlow.StartTicks * 9 / 10)];
        commands.AddRange(Enumerable.Range(0, 2_000).Select(_ => CommandFlow.Deposit(2, 1)));
        using var directory = new TemporaryDirectory();
        var source = new ListSource(commands, perPoll: 64) { Limit = mark };
        using ExchangeHost host = ExchangeHost.Open(
            Rig.Options("two", Rig.Journal(directory.Path), commandSlots: 64), Command.GenesisOf(maxWorkPerCommand: 16), source, [new Recorder()]);
        host.Pipeline.Start();
        source.Limit = commands.Count;
        host.Pipeline.UntilDrained(source);
        host.Pipeline.Dispose();

        Assert.That(host.Exchange.State!.LastLiquidationId, Is.EqualTo(Positions));
        List<byte[]> journaled = AssertReplays(directory.Path, host, expectedTicks: host.Pipeline.Ticks);
        int between = CommandsBetweenTicks(journaled);
        Assert.That(between, Is.GreaterThan(0), "deposits went through between ticks: liquidations do not stall the exchange");
        Assert.That(between, Is.LessThanOrEqualTo(64 + CommandSequencer.CommandsPerTick), "a tick waits for a full ring at most");
    }

    [Test]
    [Description("R-1101: commands that come in one go, faster than the core, still have a tick among every few of them while work is left over")]
    public void TicksGoInAmongCommandsOfOnePoll()
    {
        const int All = 1_000;
        var source = new ListSource([.. Enumerable.Range(0, All).Select(i => Command.OfLength(64, (ulong)i))], perPoll: All) { Limit = 1 };
        var script = new Script();
        int ordinary = 0;
        script.HasPendingWork = () => (ordinary = script.Commands.Count(c => Command.HeaderOf(c).Type != CommandType.Tick)) < All;
        using (ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(Rig.Options("four", commandSlots: 1 << 12), script, source, new Recorder()))
        {
            pipeline.Start();
            Waiting.Until(() => pipeline.Ticks > 0, "the first tick");
            source.Limit = All;
            pipeline.UntilDrained(source);
        }

        Assert.That(ordinary, Is.EqualTo(All));
        Assert.That(CommandsBetweenTicks(script.Commands), Is.InRange(1, CommandSequencer.CommandsPerTick));
    }

    [Test]
    [Description("Whoever sees that a command has been applied sees whether it left work over: no moment in which the pipeline seems "
        + "drained and is not")]
    public void PendingWorkIsKnownBeforeTheCommandCountsAsApplied()
    {
        var script = new Script();
        var source = new ListSource([Command.OfLength(64, 1)]);
        string? seen = null;
        bool isAsked = false;
        using ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(Rig.Options("four"), script, source, new Recorder());
        script.HasPendingWork = () =>
        {
            bool isFirst = !isAsked;
            isAsked = true;
            if (isFirst)
            {
                // the core has this much time to say that work is left; the consumer is through by then
                Thread.Sleep(50);
                Volatile.Write(ref seen, $"drained: {pipeline.IsDrained}");
            }

            return isFirst;
        };
        pipeline.Start();
        Waiting.Until(() => Volatile.Read(ref seen) is not null, "the core to ask");
        Assert.That(seen, Is.EqualTo("drained: False"));
        Waiting.Until(() => pipeline.IsDrained, "drained");
        Assert.That(pipeline.Ticks, Is.GreaterThan(0), "the work that was left over was asked for by a tick");
    }

    private static List<byte[]> AssertReplays(string directory, ExchangeHost host, long expectedTicks)
    {
        List<byte[]> commands = Rig.Read(directory).Commands;
        Assert.That(commands.Count(c => Command.HeaderOf(c).Type == CommandType.Tick), Is.EqualTo(expectedTicks));
        using var replayed = new Exchange();
        JournalReplay.Run(directory, replayed);
        Assert.That(replayed.Sequence, Is.EqualTo(commands.Count));
        Assert.That(replayed.ChainHash, Is.EqualTo(host.Exchange.ChainHash));
        Assert.That(replayed.ComputeStateHash(), Is.EqualTo(host.Exchange.ComputeStateHash()));
        Assert.That(Conservation.Imbalance(replayed.State!), Is.EqualTo((Int128)0));
        return commands;
    }

    /// <summary>The most other commands between two ticks.</summary>
    private static int CommandsBetweenTicks(List<byte[]> commands)
    {
        int most = 0;
        int since = -1;
        foreach (byte[] command in commands)
        {
            if (Command.HeaderOf(command).Type == CommandType.Tick)
            {
                most = Math.Max(most, since);
                since = 0;
            }
            else if (since >= 0)
            {
                since++;
            }
        }

        return most;
    }

    private static long NowNs() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
}
