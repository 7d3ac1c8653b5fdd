namespace Disruptor;

/// <summary>Creates pollers and holds the types they share.</summary>
public static class EventPoller
{
    /// <summary>Handles one polled event.</summary>
    /// <typeparam name="T">The type of the events.</typeparam>
    /// <param name="data">The slot of the event.</param>
    /// <param name="sequence">The sequence of the event.</param>
    /// <param name="endOfBatch">Whether this is the last event available to this poll.</param>
    /// <returns>Whether to go on with the next event.</returns>
    public delegate bool ValueHandler<T>(ref T data, long sequence, bool endOfBatch)
        where T : struct;

    /// <summary>What a poll found.</summary>
    public enum PollState
    {
        /// <summary>Events, which were handled.</summary>
        Processing = 0,

        /// <summary>Events that other consumers, or their producers, are not done with.</summary>
        Gating = 1,

        /// <summary>Nothing.</summary>
        Idle = 2,
    }

    /// <summary>Creates a poller.</summary>
    /// <typeparam name="T">The type of the events.</typeparam>
    /// <param name="dataProvider">Where the events are.</param>
    /// <param name="sequencer">The sequencer of the ring.</param>
    /// <param name="sequence">The poller's progress.</param>
    /// <param name="cursorSequence">The cursor of the ring.</param>
    /// <param name="gatingSequences">The consumers that the poller must not overtake; none: the cursor.</param>
    /// <returns>The poller.</returns>
    public static ValueEventPoller<T> Create<T>(
        IValueDataProvider<T> dataProvider,
        ISequencer sequencer,
        Sequence sequence,
        Sequence cursorSequence,
        params Sequence[] gatingSequences)
        where T : struct
        => new(dataProvider, sequencer, sequence, new DependentSequenceGroup(cursorSequence, gatingSequences));
}
