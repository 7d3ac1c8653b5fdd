namespace Disruptor;

/// <summary>
/// The default: reports on standard error and rethrows, which stops the processor. Its sequence stays on the last good event, so
/// the ring fills up and the failure cannot be overrun.
/// </summary>
/// <typeparam name="T">The type of the events.</typeparam>
public sealed class ValueFatalExceptionHandler<T> : IValueExceptionHandler<T>
    where T : struct
{
    /// <inheritdoc/>
    public void HandleEventException(Exception ex, long sequence, ref T evt)
        => Fail($"Exception processing sequence {sequence} for event {evt}", ex);

    /// <inheritdoc/>
    public void HandleOnTimeoutException(Exception ex, long sequence) => Fail($"Exception in OnTimeout after sequence {sequence}", ex);

    /// <inheritdoc/>
    public void HandleOnStartException(Exception ex) => Fail("Exception in OnStart", ex);

    /// <inheritdoc/>
    public void HandleOnShutdownException(Exception ex) => Fail("Exception in OnShutdown", ex);

    private static void Fail(string message, Exception ex)
    {
        Console.Error.WriteLine($"{message}: {ex}");
        throw new InvalidOperationException(message, ex);
    }
}
