namespace Disruptor;

/// <summary>Consumes events when asked, on the caller's thread.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public class ValueEventPoller<T>
    where T : struct
{
    private readonly IValueDataProvider<T> _dataProvider;
    private readonly ISequencer _sequencer;
    private readonly DependentSequenceGroup _dependentSequences;

    /// <summary>Creates a poller.</summary>
    /// <param name="dataProvider">Where the events are.</param>
    /// <param name="sequencer">The sequencer of the ring.</param>
    /// <param name="sequence">The poller's progress.</param>
    /// <param name="dependentSequences">What the poller must not overtake.</param>
    public ValueEventPoller(
        IValueDataProvider<T> dataProvider,
        ISequencer sequencer,
        Sequence sequence,
        DependentSequenceGroup dependentSequences)
    {
        _dataProvider = dataProvider;
        _sequencer = sequencer;
        Sequence = sequence;
        _dependentSequences = dependentSequences;
    }

    /// <summary>The last sequence handled. Add it to the ring's gating sequences, or producers overtake the poller.</summary>
    public Sequence Sequence { get; }

    /// <summary>Handles the events that are there, until the handler returns false.</summary>
    /// <param name="eventHandler">The handler. An exception from it leaves the event to the next poll.</param>
    /// <returns>What was found.</returns>
    public EventPoller.PollState Poll(EventPoller.ValueHandler<T> eventHandler)
    {
        var done = Sequence.Value;
        var next = done + 1;
        var available = _dependentSequences.Value;
        if (_dependentSequences.DependsOnCursor)
            available = _sequencer.GetHighestPublishedSequence(next, available);

        if (available < next)
            return _dependentSequences.CursorValue >= next ? EventPoller.PollState.Gating : EventPoller.PollState.Idle;

        try
        {
            var goOn = true;
            while (goOn && done < available)
            {
                goOn = eventHandler(ref _dataProvider[done + 1], done + 1, done + 1 == available);
                done++;
            }
        }
        finally
        {
            // Release: the slots are read before they are given back.
            Sequence.SetValue(done);
        }

        return EventPoller.PollState.Processing;
    }
}
