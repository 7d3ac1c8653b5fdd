using BenchmarkDotNet.Attributes;
using Disruptor;
using Disruptor.Dsl;

namespace LowLatencyMargin.Benchmarks.Rings;

/// <summary>The instructions of one event without any other thread: claim, fill, publish, and the poll that takes it out again.</summary>
[MemoryDiagnoser]
public class SequencerBenchmarks
{
    private ValueRingBuffer<Event64> _ring = null!;
    private ValueEventPoller<Event64> _poller = null!;
    private EventPoller.ValueHandler<Event64> _handler = null!;
    private long _sum;

    /// <summary>One producer or several.</summary>
    [Params(ProducerType.Single, ProducerType.Multi)]
    public ProducerType Producer { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _ring = ValueRingBuffer<Event64>.Create(Producer, () => default, 1024, new BusySpinWaitStrategy());
        _poller = _ring.NewPoller();
        _ring.AddGatingSequences(_poller.Sequence);
        _handler = (ref data, _, _) =>
        {
            _sum += data.Value;
            return true;
        };
    }

    [Benchmark]
    public long PublishAndPoll()
    {
        var sequence = _ring.Next();
        _ring[sequence].Fill(sequence);
        _ring.Publish(sequence);
        _poller.Poll(_handler);
        return _sum;
    }
}
