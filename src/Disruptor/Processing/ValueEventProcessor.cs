using System.Runtime.CompilerServices;

namespace Disruptor.Processing;

/// <summary>The batch event processor: one wait on the barrier, then all events it let through, then one release of their slots.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
internal sealed class ValueEventProcessor<T> : IValueEventProcessor<T>
    where T : struct
{
    private readonly ValueRingBuffer<T> _ringBuffer;
    private readonly SequenceBarrier _barrier;
    private readonly IValueEventHandler<T> _handler;
    private readonly IWaitStrategy? _signalled;
    private readonly long _maxBatchSize;
    private readonly Lock _stateChanges = new();
    private IValueExceptionHandler<T> _exceptionHandler = new ValueFatalExceptionHandler<T>();
    private volatile Run? _run;

    public ValueEventProcessor(ValueRingBuffer<T> ringBuffer, SequenceBarrier barrier, IValueEventHandler<T> handler)
    {
        _ringBuffer = ringBuffer;
        _barrier = barrier;
        _handler = handler;
        _signalled = barrier.BlockingStrategy;
        _maxBatchSize = handler.MaxBatchSize ?? long.MaxValue;
        ArgumentOutOfRangeException.ThrowIfLessThan(_maxBatchSize, 1, nameof(handler.MaxBatchSize));
        if (handler is IEventProcessorSequenceAware aware)
            aware.SetSequenceCallback(Sequence);
    }

    public Sequence Sequence { get; } = new();

    public bool IsRunning => _run is { Stopped.Task.IsCompleted: false };

    /// <summary>Whether the caller is in this processor's loop, where it cannot wait for the loop to end.</summary>
    internal bool IsCurrentThread => _run is { } run && run.ThreadId == Environment.CurrentManagedThreadId;

    public void SetExceptionHandler(IValueExceptionHandler<T> exceptionHandler) => Volatile.Write(ref _exceptionHandler, exceptionHandler);

    public Task Start(TaskScheduler taskScheduler)
    {
        lock (_stateChanges)
        {
            if (IsRunning)
                throw new InvalidOperationException("The processor is already running.");

            _barrier.Reset();
            var run = new Run();
            _run = run;
            Task.Factory.StartNew(() => RunToEnd(run), CancellationToken.None, TaskCreationOptions.LongRunning, taskScheduler);
            return run.Started.Task;
        }
    }

    public Task Halt()
    {
        lock (_stateChanges)
        {
            if (_run is not { } run)
                return Task.CompletedTask;

            _barrier.CancelProcessing();
            return run.Stopped.Task;
        }
    }

    public void Dispose()
    {
        var halted = Halt();
        if (!IsCurrentThread)
            halted.Wait();
        _barrier.Dispose();
    }

    private void RunToEnd(Run run)
    {
        run.ThreadId = Environment.CurrentManagedThreadId;
        try
        {
            NotifyStart();
            run.Started.TrySetResult();
            try
            {
                ProcessEvents();
            }
            finally
            {
                NotifyShutdown();
            }
        }
        catch (Exception ex)
        {
            // The exception handler wanted the processor to stop, and has had the exception. Only a start that failed has somebody
            // else to tell: whoever awaits it.
            run.Started.TrySetException(ex);
        }
        finally
        {
            run.ThreadId = 0;
            run.Stopped.TrySetResult();
        }
    }

    private void ProcessEvents()
    {
        var next = Sequence.Value + 1;
        while (true)
        {
            try
            {
                var result = _barrier.WaitForPublishedSequence(next);
                if (result.IsTimeout)
                    NotifyTimeout(next - 1);
                else
                    ProcessBatch(ref next, result.UnsafeAvailableSequence);
            }
            catch (OperationCanceledException) when (_barrier.IsCancelled)
            {
                return;
            }
            catch (Exception ex)
            {
                Volatile.Read(ref _exceptionHandler).HandleEventException(ex, next, ref _ringBuffer[next]);
                Release(next);
                next++;
            }
        }
    }

    // A method of its own, called once per batch: so the runtime can replace it by an optimised one while the loop around it never
    // returns. After an exception, next is the event that failed.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ProcessBatch(ref long next, long available)
    {
        if (available - next >= _maxBatchSize)
            available = next + _maxBatchSize - 1;

        var handler = _handler;
        var ringBuffer = _ringBuffer;
        handler.OnBatchStart(available - next + 1);
        while (next <= available)
        {
            handler.OnEvent(ref ringBuffer[next], next, next == available);
            next++;
        }

        Release(available);
    }

    // Release write: the events are read, and what the handler made of them is written, before producers may use the slots again
    // and before consumers behind this one go on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Release(long sequence)
    {
        Sequence.SetValue(sequence);
        _signalled?.SignalAllWhenBlocking();
    }

    private void NotifyStart()
    {
        try
        {
            _handler.OnStart();
        }
        catch (Exception ex)
        {
            Volatile.Read(ref _exceptionHandler).HandleOnStartException(ex);
        }
    }

    private void NotifyShutdown()
    {
        try
        {
            _handler.OnShutdown();
        }
        catch (Exception ex)
        {
            Volatile.Read(ref _exceptionHandler).HandleOnShutdownException(ex);
        }
    }

    private void NotifyTimeout(long sequence)
    {
        try
        {
            _handler.OnTimeout(sequence);
        }
        catch (Exception ex)
        {
            Volatile.Read(ref _exceptionHandler).HandleOnTimeoutException(ex, sequence);
        }
    }

    /// <summary>One run of the loop, from start to halt.</summary>
    private sealed class Run
    {
        // Continuations elsewhere: an awaiting caller must not come to run on the processor's thread.
        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int ThreadId { get; set; }
    }
}
