namespace Disruptor.Dsl;

/// <summary>The second half of "handle exceptions for ... with ...".</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public class ValueExceptionHandlerSetting<T>
    where T : struct
{
    private readonly Consumer<T> _consumer;

    internal ValueExceptionHandlerSetting(Consumer<T> consumer) => _consumer = consumer;

    /// <summary>Sets the exception handler.</summary>
    /// <param name="exceptionHandler">The exception handler.</param>
    public void With(IValueExceptionHandler<T> exceptionHandler) => _consumer.SetExceptionHandler(exceptionHandler);
}
