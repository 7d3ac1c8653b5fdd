using System.Runtime.CompilerServices;

namespace Disruptor;

/// <summary>The part of a ring that does not depend on the type of its events.</summary>
public abstract class RingBuffer : ICursored
{
    // Not null where the sequencer is the one-producer one: its methods are then called directly and can be inlined.
    private readonly SingleProducerSequencer? _singleProducer;

    private protected RingBuffer(ISequencer sequencer)
    {
        Sequencer = sequencer;
        _singleProducer = sequencer as SingleProducerSequencer;
        BufferSize = sequencer.BufferSize;
        Guard.BufferSize(BufferSize);
        Mask = BufferSize - 1;
    }

    /// <summary>The number of slots, a power of two.</summary>
    public int BufferSize { get; }

    /// <summary>The highest sequence claimed (several producers) or published (one producer).</summary>
    public long Cursor => Sequencer.Cursor;

    internal ISequencer Sequencer { get; }

    private protected int Mask { get; }

    /// <inheritdoc cref="ISequenced.HasAvailableCapacity"/>
    public bool HasAvailableCapacity(int requiredCapacity) => Sequencer.HasAvailableCapacity(requiredCapacity);

    /// <inheritdoc cref="ISequenced.Next()"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next() => _singleProducer is { } single ? single.Next() : Sequencer.Next();

    /// <inheritdoc cref="ISequenced.Next(int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next(int n) => _singleProducer is { } single ? single.Next(n) : Sequencer.Next(n);

    /// <inheritdoc cref="ISequenced.TryNext(out long)"/>
    public bool TryNext(out long sequence)
        => _singleProducer is { } single ? single.TryNext(out sequence) : Sequencer.TryNext(out sequence);

    /// <inheritdoc cref="ISequenced.TryNext(int, out long)"/>
    public bool TryNext(int n, out long sequence)
        => _singleProducer is { } single ? single.TryNext(n, out sequence) : Sequencer.TryNext(n, out sequence);

    /// <inheritdoc cref="ISequencer.AddGatingSequences"/>
    public void AddGatingSequences(params Sequence[] gatingSequences) => Sequencer.AddGatingSequences(gatingSequences);

    /// <inheritdoc cref="ISequencer.GetMinimumSequence"/>
    public long GetMinimumGatingSequence() => Sequencer.GetMinimumSequence();

    /// <inheritdoc cref="ISequencer.RemoveGatingSequence"/>
    public bool RemoveGatingSequence(Sequence sequence) => Sequencer.RemoveGatingSequence(sequence);

    /// <summary>Creates a barrier for a handler.</summary>
    /// <param name="eventHandler">The handler that is going to wait.</param>
    /// <param name="sequencesToTrack">The consumers to wait for; none: the cursor.</param>
    /// <returns>The barrier.</returns>
    public SequenceBarrier NewBarrier(IEventHandler eventHandler, params Sequence[] sequencesToTrack)
        => Sequencer.NewBarrier(SequenceWaiterOwner.EventHandler(eventHandler), sequencesToTrack);

    /// <inheritdoc cref="ISequencer.NewBarrier"/>
    public SequenceBarrier NewBarrier(SequenceWaiterOwner owner, params Sequence[] sequencesToTrack)
        => Sequencer.NewBarrier(owner, sequencesToTrack);

    /// <inheritdoc cref="ISequenced.Publish(long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(long sequence)
    {
        if (_singleProducer is { } single)
            single.Publish(sequence);
        else
            Sequencer.Publish(sequence);
    }

    /// <inheritdoc cref="ISequenced.Publish(long, long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(long lo, long hi)
    {
        if (_singleProducer is { } single)
            single.Publish(hi);
        else
            Sequencer.Publish(lo, hi);
    }

    /// <inheritdoc cref="ISequenced.GetRemainingCapacity"/>
    public long GetRemainingCapacity() => Sequencer.GetRemainingCapacity();

    /// <inheritdoc cref="ISequencer.IsAvailable"/>
    public bool IsAvailable(long sequence) => Sequencer.IsAvailable(sequence);
}
