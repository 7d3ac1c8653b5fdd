using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.MarketData;
using LowLatencyMargin.Pipeline.MarketData;
using LowLatencyMargin.Pipeline.Tests.Support;

namespace LowLatencyMargin.Pipeline.Tests;

/// <summary>Market data as it comes out of a pipeline.</summary>
internal sealed class MarketDataTests
{
    [Test]
    [Description("R-104, R-1704: behind the pipeline, where the ring wraps within commands, a feed tells what it tells of the events directly")]
    public void MarketDataIsThatOfTheEvents([Values("one", "two", "four")] string layout)
    {
        using CommandFlow flow = CommandFlow.Quiet(5, 6_000);
        using var direct = new Exchange();
        direct.Apply(Command.Genesis());
        List<EventSlot> events = Rig.Apply(direct, Rig.Stamped(flow.Commands, 2, 0));
        List<Increment> expected = [];
        using (var feed = new BookFeed(direct.State!.Orders.Capacity, direct.State.Limits.MaxMarkets))
        {
            var sink = new ListSink(expected);
            feed.OnEvents(CollectionsMarshal.AsSpan(events), ref sink);
        }

        List<Increment> told = [];
        using var behind = new BookFeed(direct.State.Orders.Capacity, direct.State.Limits.MaxMarkets);
        var source = new ListSource(flow.Commands);
        using var exchange = new Exchange();
        exchange.Apply(Command.Genesis());
        var engine = new ExchangeEngine(exchange, ExchangeState.EventsPerCommand(64));
        var consumer = new MarketDataConsumer<ListSink>(behind, new ListSink(told));
        using (var pipeline = new ExchangePipeline<ExchangeEngine>(Rig.Options(layout), engine, 1, 0, null, source, consumer))
        {
            pipeline.Start();
            pipeline.UntilDrained(source);
            Assert.That(pipeline.Failure, Is.Null);
        }

        Assert.That(told, Has.Count.GreaterThan(6_000));
        Assert.That(Bytes(told).SequenceEqual(Bytes(expected)), Is.True);
    }

    [Test]
    [Description("R-104, R-1704: after a restart the feed goes on where it was, with the same numbers, and tells nothing of the replay")]
    public void MarketDataGoesOnAfterARestart()
    {
        const int Parts = 3;
        using CommandFlow flow = CommandFlow.Quiet(5, 6_000);
        using var whole = new TemporaryDirectory();
        using var parted = new TemporaryDirectory();
        Rig.BeginInFuture(Rig.Journal(whole.Path));
        Rig.BeginInFuture(Rig.Journal(parted.Path));
        List<Increment> expected = Told(whole.Path, flow.Commands);
        List<Increment> told = [];
        for (int part = 0; part < Parts; part++)
        {
            int length = flow.Commands.Count / Parts;
            told.AddRange(Told(parted.Path, flow.Commands.GetRange(part * length, length)));
        }

        Assert.That(told, Has.Count.GreaterThan(6_000));
        Assert.That(Bytes(told).SequenceEqual(Bytes(expected)), Is.True);
    }

    private static List<Increment> Told(string directory, List<byte[]> commands)
    {
        List<Increment> told = [];
        Genesis genesis = Command.GenesisOf();
        using var feed = new BookFeed(genesis.MaxOrders, genesis.MaxMarkets);
        var source = new ListSource(commands);
        var consumer = new MarketDataConsumer<ListSink>(feed, new ListSink(told));
        using ExchangeHost host = ExchangeHost.Open(Rig.Options("two", Rig.Journal(directory)), genesis, source, [consumer]);
        host.Pipeline.Start();
        host.Pipeline.UntilDrained(source);
        Assert.That(host.Pipeline.Failure, Is.Null);
        return told;
    }

    private static ReadOnlySpan<byte> Bytes(List<Increment> increments) => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(increments));

    private readonly struct ListSink(List<Increment> list) : IMarketDataSink
    {
        public void OnIncrement(ref readonly Increment increment) => list.Add(increment);
    }
}
