using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
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

    private static ReadOnlySpan<byte> Bytes(List<Increment> increments) => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(increments));

    private readonly struct ListSink(List<Increment> list) : IMarketDataSink
    {
        public void OnIncrement(ref readonly Increment increment) => list.Add(increment);
    }
}
