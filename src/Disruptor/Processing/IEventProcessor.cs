namespace Disruptor.Processing;

/// <summary>Waits for events and hands them on, on a thread of its own.</summary>
public interface IEventProcessor : IDisposable
{
    /// <summary>The last sequence processed.</summary>
    Sequence Sequence { get; }

    /// <summary>Whether the processor has been started and has not come to its end.</summary>
    bool IsRunning { get; }

    /// <summary>Stops after the current batch. Events that are not processed stay in the ring.</summary>
    /// <returns>A task that completes when the processor has stopped. Do not wait for it in a handler.</returns>
    Task Halt();

    /// <summary>Starts on a long-running task of its own.</summary>
    /// <param name="taskScheduler">The scheduler; the default one makes a thread for it.</param>
    /// <returns>A task that completes when the handler's OnStart has been called.</returns>
    Task Start(TaskScheduler taskScheduler);
}
