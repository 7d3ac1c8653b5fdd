namespace Disruptor.Dsl;

/// <summary>The consumers of a disruptor, found by handler or by sequence. Changed only before the start.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
internal sealed class ConsumerRepository<T>
    where T : struct
{
    private readonly List<Consumer<T>> _consumers = [];

    public IReadOnlyList<Consumer<T>> Consumers => _consumers;

    public bool IsRunning => _consumers.Exists(consumer => consumer.Processor.IsRunning);

    public void Add(Consumer<T> consumer)
    {
        // A handler has one thread at a time only because it has one processor.
        if (consumer.Handler is { } handler && _consumers.Exists(other => ReferenceEquals(other.Handler, handler)))
            throw new ArgumentException("The handler is used already.", nameof(consumer));
        _consumers.Add(consumer);
    }

    public Consumer<T> Get(IValueEventHandler<T> handler)
        => _consumers.Find(consumer => ReferenceEquals(consumer.Handler, handler))
            ?? throw new ArgumentException("The handler is not used in this disruptor.", nameof(handler));

    public Consumer<T>? Find(Sequence sequence) => _consumers.Find(consumer => ReferenceEquals(consumer.Processor.Sequence, sequence));

    /// <summary>Whether a running consumer at the end of a chain has not reached the cursor. One that died never will.</summary>
    public bool HasBacklog(long cursor)
        => _consumers.Exists(consumer => consumer is { IsEndOfChain: true, Processor.IsRunning: true } && consumer.Processor.Sequence.Value < cursor);
}
