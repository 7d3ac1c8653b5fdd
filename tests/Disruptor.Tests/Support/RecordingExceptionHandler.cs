using System.Collections.Concurrent;

namespace Disruptor.Tests.Support;

/// <summary>Writes exceptions down and lets the processor go on.</summary>
internal sealed class RecordingExceptionHandler : IValueExceptionHandler<Slot>
{
    public ConcurrentQueue<string> Calls { get; } = new();

    public void HandleEventException(Exception ex, long sequence, ref Slot evt) => Calls.Enqueue($"event {sequence} {evt.Value}");

    public void HandleOnTimeoutException(Exception ex, long sequence) => Calls.Enqueue($"timeout {sequence}");

    public void HandleOnStartException(Exception ex) => Calls.Enqueue("start");

    public void HandleOnShutdownException(Exception ex) => Calls.Enqueue("shutdown");
}
