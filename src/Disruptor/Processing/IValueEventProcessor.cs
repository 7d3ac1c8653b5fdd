namespace Disruptor.Processing;

/// <summary>A processor of value-type events.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public interface IValueEventProcessor<T> : IEventProcessor
    where T : struct
{
    /// <summary>Sets what happens to exceptions from the handler. Without a call they are fatal.</summary>
    /// <param name="exceptionHandler">The exception handler.</param>
    void SetExceptionHandler(IValueExceptionHandler<T> exceptionHandler);
}
