using Disruptor;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>Where the events of each command go: a struct type, as what stands behind the core in the pipeline.</summary>
internal interface IEventOutput
{
    void Take(ReadOnlySpan<EventSlot> events);
}

/// <summary>Counts events and drops them: the engine without the way out.</summary>
internal struct CountedEvents : IEventOutput
{
    public long Count { get; private set; }

    public void Take(ReadOnlySpan<EventSlot> events) => Count += events.Length;
}

/// <summary>
/// Copies events into an event ring as the core thread of the pipeline does; a consumer on the same thread gives slots back without reading them.
/// </summary>
internal struct RingedEvents : IEventOutput
{
    private const int Slots = 1 << 16;
    private const int Batch = 64;

    private readonly ValueRingBuffer<EventSlot> _ring =
        ValueRingBuffer<EventSlot>.CreateSingleProducer(static () => default, Slots, new BusySpinWaitStrategy());
    private readonly Sequence _consumed = new();
    private long _published = -1;

    public RingedEvents()
    {
        _ring.AddGatingSequences(_consumed);
    }

    public void Take(ReadOnlySpan<EventSlot> events)
    {
        long last = _ring.Next(events.Length);
        long at = last - events.Length + 1;
        for (int i = 0; i < events.Length; i++)
        {
            _ring[at + i] = events[i];
        }

        if (last - _published >= Batch)
        {
            _ring.Publish(_published + 1, last);
            _published = last;
            _consumed.SetValue(last);
        }
    }
}
