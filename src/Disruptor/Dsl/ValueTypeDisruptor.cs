using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Disruptor.Processing;

namespace Disruptor.Dsl;

/// <summary>A ring with its handlers: puts them in order, starts them, stops them.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public abstract class ValueTypeDisruptor<T> : IDisposable
    where T : struct
{
    private const int BacklogPollMs = 1;

    private readonly IValueRingBuffer<T> _ringBuffer;
    private readonly TaskScheduler _taskScheduler;
    private readonly ConsumerRepository<T> _consumers = new();
    private IValueExceptionHandler<T> _exceptionHandler = new ValueFatalExceptionHandler<T>();
    private int _started;

    /// <summary>Creates a disruptor on a ring.</summary>
    /// <param name="ringBuffer">The ring.</param>
    /// <param name="taskScheduler">Makes the handlers' threads.</param>
    protected ValueTypeDisruptor(IValueRingBuffer<T> ringBuffer, TaskScheduler taskScheduler)
    {
        _ringBuffer = ringBuffer;
        _taskScheduler = taskScheduler;
    }

    /// <summary>The ring.</summary>
    public IValueRingBuffer<T> RingBuffer => _ringBuffer;

    /// <summary>Whether <see cref="Start"/> has been called.</summary>
    public bool HasStarted => Volatile.Read(ref _started) != 0;

    /// <summary>Whether a handler's thread is running.</summary>
    public bool IsRunning => _consumers.IsRunning;

    /// <summary>Adds handlers that see an event as soon as it is published.</summary>
    /// <param name="handlers">The handlers, each on a thread of its own.</param>
    /// <returns>A group to put others behind.</returns>
    public ValueEventHandlerGroup<T> HandleEventsWith(params IValueEventHandler<T>[] handlers) => CreateEventProcessors([], handlers);

    /// <summary>Adds processors made elsewhere, which the disruptor starts and stops from now on.</summary>
    /// <param name="processors">The processors.</param>
    /// <returns>A group to put others behind.</returns>
    public ValueEventHandlerGroup<T> HandleEventsWith(params IEventProcessor[] processors)
    {
        AddProcessors(processors);
        return new ValueEventHandlerGroup<T>(this, Array.ConvertAll(processors, processor => processor.Sequence));
    }

    /// <summary>Sets what happens to exceptions from all handlers that have no exception handler of their own.</summary>
    /// <param name="exceptionHandler">The exception handler.</param>
    public void SetDefaultExceptionHandler(IValueExceptionHandler<T> exceptionHandler)
    {
        _exceptionHandler = exceptionHandler;
        foreach (var consumer in _consumers.Consumers)
        {
            if (!consumer.HasOwnExceptionHandler)
                consumer.SetDefaultExceptionHandler(exceptionHandler);
        }
    }

    /// <summary>Chooses the handler whose exceptions are to be handled specially.</summary>
    /// <param name="eventHandler">The handler.</param>
    /// <returns>Where to say how.</returns>
    public ValueExceptionHandlerSetting<T> HandleExceptionsFor(IValueEventHandler<T> eventHandler) => new(_consumers.Get(eventHandler));

    /// <summary>Sets what happens to exceptions from one handler.</summary>
    /// <param name="eventHandler">The handler.</param>
    /// <param name="exceptionHandler">The exception handler.</param>
    public void SetExceptionHandler(IValueEventHandler<T> eventHandler, IValueExceptionHandler<T> exceptionHandler)
        => _consumers.Get(eventHandler).SetExceptionHandler(exceptionHandler);

    /// <summary>Chooses handlers to put others behind.</summary>
    /// <param name="handlers">Handlers added before.</param>
    /// <returns>A group to put others behind.</returns>
    public ValueEventHandlerGroup<T> After(params IValueEventHandler<T>[] handlers)
        => new(this, Array.ConvertAll(handlers, handler => _consumers.Get(handler).Processor.Sequence));

    /// <summary>Chooses processors to put handlers behind.</summary>
    /// <param name="processors">The processors.</param>
    /// <returns>A group to put others behind.</returns>
    public ValueEventHandlerGroup<T> After(params IEventProcessor[] processors)
        => new(this, Array.ConvertAll(processors, processor => processor.Sequence));

    /// <summary>Starts all handlers.</summary>
    /// <returns>A task that completes when each handler's OnStart has been called.</returns>
    public Task Start()
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("The disruptor can be started only once.");
        return Task.WhenAll(_consumers.Consumers.Select(consumer => consumer.Processor.Start(_taskScheduler)));
    }

    /// <summary>Stops all handlers after their current batch, whatever is left in the ring.</summary>
    /// <returns>A task that completes when all have stopped. Do not wait for it in a handler.</returns>
    public Task Halt() => Task.WhenAll(_consumers.Consumers.Select(consumer => consumer.Processor.Halt()));

    /// <summary>Waits until all published events are handled, then stops. Nobody may publish any more.</summary>
    /// <returns>A task that completes when all handlers have stopped.</returns>
    public Task Shutdown() => Shutdown(Timeout.InfiniteTimeSpan);

    /// <summary>Waits until all published events are handled, then stops. Nobody may publish any more.</summary>
    /// <param name="timeout">The longest wait; then the task fails with <see cref="TimeoutException"/> and nothing is stopped.</param>
    /// <returns>A task that completes when all handlers have stopped.</returns>
    public async Task Shutdown(TimeSpan timeout)
    {
        var start = Stopwatch.GetTimestamp();
        while (_consumers.HasBacklog(_ringBuffer.Cursor))
        {
            if (timeout >= TimeSpan.Zero && Stopwatch.GetElapsedTime(start) > timeout)
                throw new TimeoutException("Events were left in the ring.");
            await Task.Delay(BacklogPollMs).ConfigureAwait(false);
        }

        await Halt().ConfigureAwait(false);
    }

    /// <summary>Stops all handlers and waits for that, except where it is called by one of them.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "No finaliser here or below; upstream declares no Dispose(bool).")]
    [SuppressMessage("Design", "CA1063", Justification = "No finaliser here or below; upstream declares no Dispose(bool).")]
    public void Dispose()
    {
        // All are told before any is waited for.
        _ = Halt();
        foreach (var consumer in _consumers.Consumers)
            consumer.Processor.Dispose();
    }

    /// <summary>What a handler waits for.</summary>
    /// <param name="handler">The handler.</param>
    /// <returns>The group.</returns>
    public DependentSequenceGroup GetDependentSequencesFor(IValueEventHandler<T> handler)
        => _consumers.Get(handler).Barrier!.DependentSequences;

    /// <summary>The last sequence that a handler is done with.</summary>
    /// <param name="handler">The handler.</param>
    /// <returns>The sequence.</returns>
    public long GetSequenceValueFor(IValueEventHandler<T> handler) => _consumers.Get(handler).Processor.Sequence.Value;

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name}({_ringBuffer}, {_consumers.Consumers.Count} handlers)";

    internal ValueEventHandlerGroup<T> CreateEventProcessors(Sequence[] behind, IValueEventHandler<T>[] handlers)
    {
        CheckNotStarted();
        var sequences = new Sequence[handlers.Length];
        for (var i = 0; i < handlers.Length; i++)
        {
            var barrier = _ringBuffer.NewBarrier(SequenceWaiterOwner.EventHandler(handlers[i]), behind);
            var processor = _ringBuffer.CreateEventProcessor(barrier, handlers[i]);
            processor.SetExceptionHandler(_exceptionHandler);
            _consumers.Add(new Consumer<T>(processor, handlers[i], barrier));
            sequences[i] = processor.Sequence;
        }

        GateOn(sequences, behind);
        return new ValueEventHandlerGroup<T>(this, sequences);
    }

    internal void AddProcessors(IEventProcessor[] processors)
    {
        CheckNotStarted();
        foreach (var processor in processors)
            _consumers.Add(new Consumer<T>(processor, handler: null, barrier: null));
        GateOn(Array.ConvertAll(processors, processor => processor.Sequence), []);
    }

    // Producers wait only for the ends of the chains: whoever is behind another is never ahead of it. The new ends are added
    // before the old ones are taken away, so that there is no moment without a gate.
    private void GateOn(Sequence[] ends, Sequence[] noLongerEnds)
    {
        if (ends.Length == 0)
            return;

        _ringBuffer.AddGatingSequences(ends);
        foreach (var sequence in noLongerEnds)
        {
            _ringBuffer.RemoveGatingSequence(sequence);
            if (_consumers.Find(sequence) is { } consumer)
                consumer.IsEndOfChain = false;
        }
    }

    private void CheckNotStarted()
    {
        if (HasStarted)
            throw new InvalidOperationException("Handlers can be added only before the start.");
    }
}
