using Disruptor.Processing;

namespace Disruptor.Dsl;

/// <summary>Handlers that others can be put behind.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public class ValueEventHandlerGroup<T>
    where T : struct
{
    private readonly ValueTypeDisruptor<T> _disruptor;
    private readonly Sequence[] _sequences;

    internal ValueEventHandlerGroup(ValueTypeDisruptor<T> disruptor, Sequence[] sequences)
    {
        _disruptor = disruptor;
        _sequences = sequences;
    }

    /// <summary>The handlers of both groups.</summary>
    /// <param name="otherHandlerGroup">The other group.</param>
    /// <returns>A group to put others behind.</returns>
    public ValueEventHandlerGroup<T> And(ValueEventHandlerGroup<T> otherHandlerGroup)
        => new(_disruptor, [.. _sequences, .. otherHandlerGroup._sequences]);

    /// <summary>The handlers of this group and processors made elsewhere, which the disruptor starts and stops from now on.</summary>
    /// <param name="processors">The processors.</param>
    /// <returns>A group to put others behind.</returns>
    public ValueEventHandlerGroup<T> And(params IEventProcessor[] processors)
    {
        _disruptor.AddProcessors(processors);
        return new(_disruptor, [.. _sequences, .. Array.ConvertAll(processors, processor => processor.Sequence)]);
    }

    /// <summary>Adds handlers that see an event when all handlers of this group are done with it.</summary>
    /// <param name="handlers">The handlers, each on a thread of its own.</param>
    /// <returns>A group to put others behind.</returns>
    public ValueEventHandlerGroup<T> Then(params IValueEventHandler<T>[] handlers) => HandleEventsWith(handlers);

    /// <summary>The same as <see cref="Then"/>, to be read after <see cref="ValueTypeDisruptor{T}.After(IValueEventHandler{T}[])"/>.</summary>
    /// <param name="handlers">The handlers, each on a thread of its own.</param>
    /// <returns>A group to put others behind.</returns>
    public ValueEventHandlerGroup<T> HandleEventsWith(params IValueEventHandler<T>[] handlers)
        => _disruptor.CreateEventProcessors(_sequences, handlers);

    /// <summary>Creates a barrier that waits for all handlers of this group.</summary>
    /// <returns>The barrier.</returns>
    public SequenceBarrier AsSequenceBarrier() => _disruptor.RingBuffer.NewBarrier(SequenceWaiterOwner.Unknown, _sequences);
}
