using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Pipeline.Tests.Support;

namespace LowLatencyMargin.Pipeline.Tests;

/// <summary>Commands that span slots.</summary>
internal sealed class LongCommandTests
{
    [Test]
    [Description("R-105: commands of 32 to 4,096 bytes in any mix, over many wraps of a ring of 64 slots, arrive at the engine and in the "
        + "journal byte for byte, with dense sequences")]
    public void ArriveIntactOverTheWrap([Values("one", "four")] string layout, [Values(1UL, 2UL, 3UL)] ulong seed)
    {
        var prng = new Prng(seed);
        List<byte[]> commands = [Command.OfLength(CommandHeader.MaxCommandBytes, 0)];
        while (commands.Count < 4_000)
        {
            int slots = prng.Below(10) < 7 ? 1 : 1 + prng.Below(32);
            int most = slots * CommandSlot.SizeBytes;
            int length = prng.Below(4) == 0 ? most : Math.Max(CommandHeader.SizeBytes, most - (8 * prng.Below(16)));
            commands.Add(Command.OfLength(length, (ulong)commands.Count));
        }

        using var directory = new TemporaryDirectory();
        var script = new Script();
        var source = new ListSource(commands);
        var consumer = new Recorder();
        using (ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(
            Rig.Options(layout, Rig.Journal(directory.Path), commandSlots: 64), script, source, consumer))
        {
            pipeline.Start();
            pipeline.UntilDrained(source);
        }

        AssertBodies(script.Commands, commands);
        AssertBodies(Rig.Read(directory.Path).Commands, commands);
        Assert.That(consumer.Violations, Is.Empty);
        Assert.That(consumer.Count, Is.EqualTo(commands.Count));
    }

    [Test]
    [Description("Listing a market takes several slots; at every position before the ring's end it arrives whole")]
    public void ListMarketArrivesAtEveryPosition()
    {
        byte[] listing = Command.Of(CommandType.ListMarket, new ListMarket { QuoteAssetId = 1, Parameters = MarketParameters.Default });
        Assert.That(listing, Has.Length.GreaterThan(CommandSlot.SizeBytes));
        var commands = new List<byte[]>();
        for (int shift = 0; shift < 64; shift++)
        {
            commands.AddRange(Enumerable.Range(0, 1 + (shift % 3)).Select(i => Command.OfLength(64, (ulong)((shift * 7) + i))));
            commands.Add(listing.ToArray());
        }

        var script = new Script();
        var source = new ListSource(commands);
        using (ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(Rig.Options("two", commandSlots: 64), script, source, new Recorder()))
        {
            pipeline.Start();
            pipeline.UntilDrained(source);
        }

        AssertBodies(script.Commands, commands);
    }

    [TestCase(24, 24u)]
    [TestCase(36, 36u)]
    [TestCase(4_104, 4_104u)]
    [TestCase(64, 72u)]
    [TestCase(64, 0u)]
    [Description("A command shorter than its header, no multiple of 8, above the limit or of another length than its header says is an "
        + "error of the caller, said clearly; nothing is taken")]
    public void BadLengthsAreRefused(int lengthBytes, uint headerSays)
    {
        byte[] bad = new byte[lengthBytes];
        BitConverter.TryWriteBytes(bad, headerSays);
        var source = new ListSource([Command.OfLength(64, 1)]);
        using ExchangePipeline<ScriptedEngine> pipeline = Rig.Scripted(Rig.Options("one"), new Script(), source, new Recorder());
        pipeline.Start();
        pipeline.UntilDrained(source);
        pipeline.Dispose();
        Assert.That(
            () => source.Sequencer!.TrySubmit(bad),
            Throws.ArgumentException.With.Message.Contains($"{lengthBytes} bytes").And.Message.Contains("32 to 4096"));
        Assert.That(source.Sequencer!.LastSequence, Is.EqualTo(1));
    }

    [TestCase(32)]
    [TestCase(16)]
    [Description("A command ring in which the largest command could never find room is refused at once")]
    public void TooSmallARingIsRefused(int commandSlots)
    {
        Assert.That(
            () => Rig.Scripted(Rig.Options("one", commandSlots: commandSlots), new Script(), new ListSource([]), new Recorder()).Dispose(),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("64"));
    }

    private static void AssertBodies(List<byte[]> actual, List<byte[]> expected)
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Count));
        for (int i = 0; i < expected.Count; i++)
        {
            bool isSame = actual[i].Length == expected[i].Length
                && actual[i].AsSpan(CommandHeader.SizeBytes).SequenceEqual(expected[i].AsSpan(CommandHeader.SizeBytes));
            if (!isSame || Command.HeaderOf(actual[i]).Sequence != i + 1 || Command.HeaderOf(actual[i]).Type != Command.HeaderOf(expected[i]).Type)
            {
                Assert.Fail($"command {i + 1} of {expected[i].Length} bytes did not arrive as it was submitted");
            }
        }
    }
}
