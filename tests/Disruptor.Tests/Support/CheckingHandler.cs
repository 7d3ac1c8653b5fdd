namespace Disruptor.Tests.Support;

/// <summary>Checks that events come whole, in order, once each; counts the violations. Allocates nothing per event.</summary>
internal sealed class CheckingHandler : IValueEventHandler<Slot>
{
    private long _next;
    private long _count;
    private long _faults;

    public long Count => Volatile.Read(ref _count);

    public long Faults => Volatile.Read(ref _faults);

    public int? MaxBatchSize { get; init; }

    /// <summary>Slows the handler down every so many events, so that producers run into it.</summary>
    public int PauseEvery { get; init; }

    /// <summary>Whether the event's value is its sequence: one producer, or several that write it so.</summary>
    public bool ValueIsSequence { get; init; } = true;

    public void OnEvent(ref Slot data, long sequence, bool endOfBatch)
    {
        if (!data.IsWhole || sequence != _next || (ValueIsSequence && data.Value != sequence))
            _faults++;
        _next = sequence + 1;
        if (PauseEvery != 0 && sequence % PauseEvery == 0)
            Thread.Yield();
        Volatile.Write(ref _count, _count + 1);
    }
}
