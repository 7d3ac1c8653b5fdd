using System.Runtime.InteropServices;
using Disruptor;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Handlers;
using LowLatencyMargin.Pipeline.Tests.Support;

namespace LowLatencyMargin.Pipeline.Tests;

/// <summary>The core's chain hash goes into the journal and is compared at replay.</summary>
internal sealed class CheckpointTests
{
    [Test]
    [Description("R-104, R-2002: a checkpoint for each 10,000 commands is in the journal, behind its command, and replay compares every one of them")]
    public void EveryIntervalIsCompared([Values("one", "two", "four")] string layout)
    {
        using CommandFlow flow = CommandFlow.Quiet(11, 50_500);
        using var directory = new TemporaryDirectory();
        var source = new ListSource(flow.Commands);
        PipelineOptions options = Rig.Options(layout, Rig.Journal(directory.Path) with { SegmentBytes = 8 << 20, BatchBytes = 1 << 20 });
        using (ExchangeHost host = ExchangeHost.Open(options, Command.GenesisOf(), source, [new Recorder()]))
        {
            host.Pipeline.Start();
            host.Pipeline.UntilDrained(source);
        }

        // nobody waits for a checkpoint: the last one may still be on its way when a run stops
        List<(long Sequence, long After)> checkpoints = Rig.Read(directory.Path).Checkpoints;
        Assert.That(checkpoints.Select(c => c.Sequence).Take(4), Is.EqualTo(new[] { 10_000, 20_000, 30_000, 40_000 }));
        Assert.That(checkpoints.Where(c => c.After < c.Sequence), Is.Empty);
        using var replayed = new Exchange();
        Assert.That(JournalReplay.Run(directory.Path, replayed).Checkpoints, Is.EqualTo(checkpoints.Count));
    }

    [Test]
    [Description("R-2002: a checkpoint that the core made before the journal had the command stands behind that command in the journal, "
        + "where replay can compare it")]
    public void ACheckpointStandsBehindItsCommand()
    {
        const long Sequence = CheckpointInterval.Commands;
        using var directory = new TemporaryDirectory();
        using (JournalWriter writer = JournalWriter.Open(Rig.Journal(directory.Path) with { FirstSequence = Sequence }))
        {
            ValueRingBuffer<CommandSlot> ring = ValueRingBuffer<CommandSlot>.CreateSingleProducer(() => default, 64);
            var checkpoints = new CheckpointQueue();
            var handler = new JournalHandler(ring, writer, checkpoints, new PipelineSignals());
            checkpoints.Offer(Sequence, new Hash128 { Low = 1, High = 2 });
            handler.Poll();

            byte[] command = Command.OfLength(64, 1);
            Command.Stamp(command, Sequence, 0);
            long slot = ring.Next();
            MemoryMarshal.Write(MemoryMarshal.AsBytes(new Span<CommandSlot>(ref ring[slot])), MemoryMarshal.Read<Slot64>(command));
            ring.Publish(slot);
            handler.Poll();
            handler.Poll();
        }

        Assert.That(Rig.Read(directory.Path).Checkpoints, Is.EqualTo(new[] { (Sequence, Sequence) }));
    }

    [Test]
    [Description("R-104, R-2002: a journal whose checkpoint is not what the replay comes to is refused at start, with sequence and both hashes")]
    public void DivergenceIsFoundAtStart()
    {
        using CommandFlow flow = CommandFlow.Quiet(12, 10_500);
        using var directory = new TemporaryDirectory();
        JournalOptions journal = Rig.Journal(directory.Path) with { SegmentBytes = 8 << 20 };
        string replayedHash = string.Empty;
        using (JournalWriter writer = JournalWriter.Open(journal))
        using (var exchange = new Exchange())
        {
            foreach (byte[] command in (List<byte[]>)[Command.Genesis(), .. Rig.Stamped(flow.Commands, 2, 0)])
            {
                exchange.Apply(command);
                Assert.That(writer.TryAppend(command), Is.True);
                if (exchange.Sequence == 10_000)
                {
                    replayedHash = exchange.ChainHash.ToString()!;
                    writer.AppendCheckpoint(10_000, exchange.ChainHash.Low, exchange.ChainHash.High ^ 1);
                    writer.Flush();
                }
            }
        }

        Assert.That(
            () => ExchangeHost.Open(Rig.Options("one", journal), Command.GenesisOf(), new ListSource([]), []),
            Throws.InstanceOf<JournalException>().With.Message.Contains("after command 10000").And.Message.Contains(replayedHash)
                .And.Message.Contains("this build does not do what the writer's did"));
        Assert.That(
            () => JournalWriter.Open(journal).Dispose(), Throws.Nothing, "the refused host let go of the journal");
    }

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Slot64
    {
        public CommandHeader Header;
    }
}
