using Disruptor.Processing;

namespace Disruptor;

/// <summary>A ring of value-type events.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public interface IValueRingBuffer<T> : ICursored, ISequenced, IValueDataProvider<T>
    where T : struct
{
    /// <summary>Adds sequences that producers must not overtake by more than the ring's size. Each is set to the cursor.</summary>
    /// <param name="gatingSequences">The sequences.</param>
    void AddGatingSequences(params Sequence[] gatingSequences);

    /// <summary>Removes a gating sequence.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>Whether it was there.</returns>
    bool RemoveGatingSequence(Sequence sequence);

    /// <summary>The lowest gating sequence, or the cursor if there is none.</summary>
    /// <returns>The sequence.</returns>
    long GetMinimumGatingSequence();

    /// <summary>Creates a barrier that waits for the cursor, or for other consumers.</summary>
    /// <param name="owner">Who is going to wait.</param>
    /// <param name="sequencesToTrack">The consumers to wait for; none: the cursor.</param>
    /// <returns>The barrier.</returns>
    SequenceBarrier NewBarrier(SequenceWaiterOwner owner, params Sequence[] sequencesToTrack);

    /// <summary>Creates a processor that hands the events that the barrier lets through to a handler.</summary>
    /// <param name="barrier">The barrier.</param>
    /// <param name="eventHandler">The handler.</param>
    /// <returns>The processor, not started.</returns>
    IValueEventProcessor<T> CreateEventProcessor(SequenceBarrier barrier, IValueEventHandler<T> eventHandler);
}
