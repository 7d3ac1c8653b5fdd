namespace Disruptor;

/// <summary>Coordinates the claims of producers with the progress of consumers.</summary>
public interface ISequencer : ISequenced, ICursored, IPublishedSequenceReader
{
    /// <summary>Makes <paramref name="sequence"/> the last one claimed. Only for an empty ring that nobody uses yet.</summary>
    /// <param name="sequence">The sequence.</param>
    void Claim(long sequence);

    /// <summary>Whether an event is published and not yet overwritten.</summary>
    /// <param name="sequence">The sequence of the event.</param>
    /// <returns>Whether it can be read.</returns>
    bool IsAvailable(long sequence);

    /// <summary>Adds sequences that producers must not overtake by more than the ring's size. Each is set to the cursor.</summary>
    /// <param name="gatingSequences">The sequences.</param>
    void AddGatingSequences(params Sequence[] gatingSequences);

    /// <summary>Removes a gating sequence.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>Whether it was there.</returns>
    bool RemoveGatingSequence(Sequence sequence);

    /// <summary>Creates a barrier that waits for the cursor, or for other consumers.</summary>
    /// <param name="owner">Who is going to wait.</param>
    /// <param name="sequencesToTrack">The consumers to wait for; none: the cursor.</param>
    /// <returns>The barrier.</returns>
    SequenceBarrier NewBarrier(SequenceWaiterOwner owner, params Sequence[] sequencesToTrack);

    /// <summary>The lowest gating sequence, or the cursor if there is none.</summary>
    /// <returns>The sequence.</returns>
    long GetMinimumSequence();

    /// <summary>Creates a poller. Its sequence is not gating until it is added with <see cref="AddGatingSequences"/>.</summary>
    /// <typeparam name="T">The type of the events.</typeparam>
    /// <param name="provider">Where the events are.</param>
    /// <param name="gatingSequences">The consumers that the poller must not overtake; none: the cursor.</param>
    /// <returns>The poller.</returns>
    ValueEventPoller<T> NewPoller<T>(IValueDataProvider<T> provider, params Sequence[] gatingSequences)
        where T : struct;
}
