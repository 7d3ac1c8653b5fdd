namespace Disruptor;

/// <content>Publishing with a using statement: the event is published at the end of the scope, whatever happens in it.</content>
public sealed partial class ValueRingBuffer<T>
{
    /// <summary>Claims a slot, waiting for room; it is published when the scope is disposed.</summary>
    /// <returns>The scope.</returns>
    public UnpublishedEventScope PublishEvent() => new(this, Next());

    /// <summary>Claims slots, waiting for room; they are published when the scope is disposed.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The scope.</returns>
    public UnpublishedEventBatchScope PublishEvents(int count)
    {
        var end = Next(count);
        return new UnpublishedEventBatchScope(this, end - count + 1, end);
    }

    /// <summary>A claimed slot, published by <see cref="Dispose"/>.</summary>
    public readonly struct UnpublishedEventScope : IDisposable
    {
        private readonly ValueRingBuffer<T> _ringBuffer;

        /// <summary>Creates the scope of a claimed slot.</summary>
        /// <param name="ringBuffer">The ring.</param>
        /// <param name="sequence">The sequence claimed.</param>
        public UnpublishedEventScope(ValueRingBuffer<T> ringBuffer, long sequence)
        {
            _ringBuffer = ringBuffer;
            Sequence = sequence;
        }

        /// <summary>The sequence claimed.</summary>
        public long Sequence { get; }

        /// <summary>The slot.</summary>
        /// <returns>The event to fill.</returns>
        public ref T Event() => ref _ringBuffer[Sequence];

        /// <summary>Publishes the event.</summary>
        public void Dispose() => _ringBuffer.Publish(Sequence);
    }

    /// <summary>Claimed slots, published by <see cref="Dispose"/>.</summary>
    public readonly struct UnpublishedEventBatchScope : IDisposable
    {
        private readonly ValueRingBuffer<T> _ringBuffer;

        /// <summary>Creates the scope of claimed slots.</summary>
        /// <param name="ringBuffer">The ring.</param>
        /// <param name="startSequence">The first sequence claimed.</param>
        /// <param name="endSequence">The last sequence claimed.</param>
        public UnpublishedEventBatchScope(ValueRingBuffer<T> ringBuffer, long startSequence, long endSequence)
        {
            _ringBuffer = ringBuffer;
            StartSequence = startSequence;
            EndSequence = endSequence;
        }

        /// <summary>The first sequence claimed.</summary>
        public long StartSequence { get; }

        /// <summary>The last sequence claimed.</summary>
        public long EndSequence { get; }

        /// <summary>A slot.</summary>
        /// <param name="index">Which, from 0.</param>
        /// <returns>The event to fill.</returns>
        public ref T Event(int index) => ref _ringBuffer[StartSequence + index];

        /// <summary>Publishes the events.</summary>
        public void Dispose() => _ringBuffer.Publish(StartSequence, EndSequence);
    }
}
