namespace Disruptor.Dsl;

/// <summary>A disruptor that makes its ring.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public class ValueDisruptor<T> : ValueTypeDisruptor<T>
    where T : struct
{
    private readonly ValueRingBuffer<T> _ring;

    /// <summary>Creates a disruptor for several producers whose handlers block.</summary>
    /// <param name="eventFactory">Makes the initial value of each slot.</param>
    /// <param name="ringBufferSize">The number of slots, a power of two.</param>
    public ValueDisruptor(Func<T> eventFactory, int ringBufferSize)
        : this(eventFactory, ringBufferSize, new BlockingWaitStrategy())
    {
    }

    /// <summary>Creates a disruptor for several producers.</summary>
    /// <param name="eventFactory">Makes the initial value of each slot.</param>
    /// <param name="ringBufferSize">The number of slots, a power of two.</param>
    /// <param name="waitStrategy">How handlers wait.</param>
    public ValueDisruptor(Func<T> eventFactory, int ringBufferSize, IWaitStrategy waitStrategy)
        : this(eventFactory, ringBufferSize, TaskScheduler.Default, ProducerType.Multi, waitStrategy)
    {
    }

    /// <summary>Creates a disruptor for several producers whose handlers block.</summary>
    /// <param name="eventFactory">Makes the initial value of each slot.</param>
    /// <param name="ringBufferSize">The number of slots, a power of two.</param>
    /// <param name="taskScheduler">Makes the handlers' threads.</param>
    public ValueDisruptor(Func<T> eventFactory, int ringBufferSize, TaskScheduler taskScheduler)
        : this(eventFactory, ringBufferSize, taskScheduler, ProducerType.Multi, new BlockingWaitStrategy())
    {
    }

    /// <summary>Creates a disruptor.</summary>
    /// <param name="eventFactory">Makes the initial value of each slot.</param>
    /// <param name="ringBufferSize">The number of slots, a power of two.</param>
    /// <param name="taskScheduler">Makes the handlers' threads.</param>
    /// <param name="producerType">One producer or several.</param>
    /// <param name="waitStrategy">How handlers wait.</param>
    public ValueDisruptor(
        Func<T> eventFactory,
        int ringBufferSize,
        TaskScheduler taskScheduler,
        ProducerType producerType,
        IWaitStrategy waitStrategy)
        : this(ValueRingBuffer<T>.Create(producerType, eventFactory, ringBufferSize, waitStrategy), taskScheduler)
    {
    }

    private ValueDisruptor(ValueRingBuffer<T> ring, TaskScheduler taskScheduler)
        : base(ring, taskScheduler)
    {
        _ring = ring;
    }

    /// <summary>The ring.</summary>
    public new ValueRingBuffer<T> RingBuffer => _ring;

    /// <summary>The highest sequence claimed (several producers) or published (one producer).</summary>
    public long Cursor => _ring.Cursor;

    /// <summary>The number of slots.</summary>
    public long BufferSize => _ring.BufferSize;

    /// <summary>The slot of an event.</summary>
    /// <param name="sequence">The sequence of the event.</param>
    public ref T this[long sequence] => ref _ring[sequence];

    /// <inheritdoc cref="ValueRingBuffer{T}.PublishEvent"/>
    public ValueRingBuffer<T>.UnpublishedEventScope PublishEvent() => _ring.PublishEvent();

    /// <inheritdoc cref="ValueRingBuffer{T}.PublishEvents"/>
    public ValueRingBuffer<T>.UnpublishedEventBatchScope PublishEvents(int count) => _ring.PublishEvents(count);
}
