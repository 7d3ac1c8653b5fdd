using Disruptor.Processing;

namespace Disruptor.Dsl;

/// <summary>A processor in the dependency graph, with what is known of it.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
internal sealed class Consumer<T>(IEventProcessor processor, IValueEventHandler<T>? handler, SequenceBarrier? barrier)
    where T : struct
{
    public IEventProcessor Processor { get; } = processor;

    public IValueEventHandler<T>? Handler { get; } = handler;

    public SequenceBarrier? Barrier { get; } = barrier;

    /// <summary>Whether no other consumer waits for this one: then producers do.</summary>
    public bool IsEndOfChain { get; set; } = true;

    /// <summary>Whether it has an exception handler of its own, which a later default does not replace.</summary>
    public bool HasOwnExceptionHandler { get; private set; }

    public void SetExceptionHandler(IValueExceptionHandler<T> exceptionHandler)
    {
        HasOwnExceptionHandler = true;
        SetDefaultExceptionHandler(exceptionHandler);
    }

    public void SetDefaultExceptionHandler(IValueExceptionHandler<T> exceptionHandler)
    {
        if (Processor is IValueEventProcessor<T> valueProcessor)
            valueProcessor.SetExceptionHandler(exceptionHandler);
    }
}
