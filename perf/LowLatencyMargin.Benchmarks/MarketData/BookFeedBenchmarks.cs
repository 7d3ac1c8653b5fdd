using BenchmarkDotNet.Attributes;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.MarketData;
using LowLatencyMargin.Latency.Runs;

namespace LowLatencyMargin.Benchmarks.MarketData;

/// <summary>
/// What market data costs where events are published, a published event; with a sink that drops increments, and with a view behind it. Prints
/// the least thread CPU time too, which repeats where other programs take the processors away.
/// </summary>
[MemoryDiagnoser]
public class BookFeedBenchmarks : IDisposable
{
    private const int EventCount = 400_000;

    // one call an iteration is too few for the compiler's last tier
    private const int WarmUpRounds = 12;

    private RecordedEvents _recorded = null!;
    private BookFeed _feed = null!;
    private BookView _view = null!;
    private long _increments;
    private long _leastCpuNs = long.MaxValue;

    [Params(1_000, 100_000)]
    public int Resting { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _recorded = new RecordedEvents(Resting, EventCount);
        for (int round = 0; round < WarmUpRounds; round++)
        {
            Prepare();
            _ = FeedAndView();
            Prepare();
            _ = Feed();
        }

        _leastCpuNs = long.MaxValue;
        EventSlot[] events = _recorded.Events;
        int told = events.Count(slot => slot.Header.Type is EventType.OrderAccepted or EventType.OrderCancelled or EventType.OrderAmended
            or EventType.Trade or EventType.Fill);
        int trades = events.Count(slot => slot.Header.Type == EventType.Trade);
        Console.WriteLine($"// {events.Length} events, {told} of orders and trades, {trades} trades, "
            + $"{events.Count(slot => (slot.Header.Flags & EventFlags.Last) != 0)} commands, {_increments} increments");
    }

    [IterationSetup]
    public void Prepare()
    {
        _feed?.Dispose();
        _view?.Dispose();
        _feed = new BookFeed(_recorded.Exchange.State!.Orders.Capacity, 2);
        _view = new BookView(1, _recorded.Exchange.State.Orders.Capacity);
        var sink = default(DroppingSink);
        _feed.OnEvents(_recorded.Before, ref sink);
        _ = _feed.TryBegin(1, BookContent.Orders, 0, out BookSnapshot snapshot);
        Span<Increment> slots = new Increment[snapshot.Entries + 1];
        _ = _feed.Write(ref snapshot, slots);
        foreach (ref readonly Increment slot in slots)
        {
            _view.Apply(in slot);
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        Console.WriteLine($"// least thread CPU time: {_leastCpuNs / (double)EventCount:F1} ns an event");
        _feed.Dispose();
        _view.Dispose();
        _recorded.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = EventCount)]
    public long Feed()
    {
        var sink = default(DroppingSink);
        long start = ThreadCpu.Ns;
        _feed.OnEvents(_recorded.Events, ref sink);
        _leastCpuNs = Math.Min(_leastCpuNs, ThreadCpu.Ns - start);
        return _increments = sink.Count;
    }

    [Benchmark(OperationsPerInvoke = EventCount)]
    public long FeedAndView()
    {
        var sink = new ViewSink { View = _view };
        long start = ThreadCpu.Ns;
        _feed.OnEvents(_recorded.Events, ref sink);
        _leastCpuNs = Math.Min(_leastCpuNs, ThreadCpu.Ns - start);
        return _view.State == ViewState.Live ? sink.Count : throw new InvalidOperationException("the view was lost");
    }

    private struct DroppingSink : IMarketDataSink
    {
        public long Count;

        public void OnIncrement(ref readonly Increment increment) => Count += increment.Header.MarketId;
    }

    private struct ViewSink : IMarketDataSink
    {
        public BookView View;
        public long Count;

        public void OnIncrement(ref readonly Increment increment)
        {
            _ = View.Apply(in increment);
            Count++;
        }
    }
}
