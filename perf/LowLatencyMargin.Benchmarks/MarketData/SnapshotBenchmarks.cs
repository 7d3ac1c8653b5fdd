using BenchmarkDotNet.Attributes;
using LowLatencyMargin.Core.MarketData;

namespace LowLatencyMargin.Benchmarks.MarketData;

/// <summary>A whole snapshot of a book, order by order and the best 20 levels.</summary>
[MemoryDiagnoser]
public class SnapshotBenchmarks : IDisposable
{
    private readonly Increment[] _slots = new Increment[1_024];
    private BookFeed _feed = null!;

    [Params(1_000, 100_000)]
    public int Resting { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        using var recorded = new RecordedEvents(Resting, 1);
        _feed = new BookFeed(recorded.Exchange.State!.Orders.Capacity, 2);
        var sink = default(NoSink);
        _feed.OnEvents(recorded.Before, ref sink);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _feed.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public int Orders() => Write(BookContent.Orders, 0);

    [Benchmark]
    public int Best20Levels() => Write(BookContent.Levels, 20);

    private int Write(BookContent content, int depth)
    {
        _ = _feed.TryBegin(1, content, depth, out BookSnapshot snapshot);
        int written = 0;
        while (!snapshot.IsWhole)
        {
            written += _feed.Write(ref snapshot, _slots);
        }

        return written;
    }

    private readonly struct NoSink : IMarketDataSink
    {
        public void OnIncrement(ref readonly Increment increment)
        {
        }
    }
}
