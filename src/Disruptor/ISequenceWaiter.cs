namespace Disruptor;

/// <summary>The waiting of one consumer. Used by one thread, except <see cref="Cancel"/>.</summary>
public interface ISequenceWaiter : IDisposable
{
    /// <summary>Waits until the sequences it was created for have reached <paramref name="sequence"/>.</summary>
    /// <param name="sequence">The sequence to wait for.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The highest sequence available, or a timeout.</returns>
    SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken);

    /// <summary>Wakes a blocked waiter so that it sees that its token is cancelled.</summary>
    void Cancel();
}
