namespace Disruptor;

/// <summary>
/// Decides what happens to exceptions from a handler. Returning means going on with the next event; throwing stops the processor.
/// </summary>
/// <typeparam name="T">The type of the events.</typeparam>
public interface IValueExceptionHandler<T>
    where T : struct
{
    /// <summary>Called for an exception from the handling of an event.</summary>
    /// <param name="ex">The exception.</param>
    /// <param name="sequence">The sequence of the event.</param>
    /// <param name="evt">The slot of the event.</param>
    void HandleEventException(Exception ex, long sequence, ref T evt);

    /// <summary>Called for an exception from <see cref="IEventHandler.OnTimeout"/>.</summary>
    /// <param name="ex">The exception.</param>
    /// <param name="sequence">The last sequence processed.</param>
    void HandleOnTimeoutException(Exception ex, long sequence);

    /// <summary>Called for an exception from <see cref="IEventHandler.OnStart"/>.</summary>
    /// <param name="ex">The exception.</param>
    void HandleOnStartException(Exception ex);

    /// <summary>Called for an exception from <see cref="IEventHandler.OnShutdown"/>.</summary>
    /// <param name="ex">The exception.</param>
    void HandleOnShutdownException(Exception ex);
}
