namespace Disruptor;

/// <summary>A barrier whose waiter can be told to stop waiting.</summary>
public interface ICancellableBarrier
{
    /// <summary>Ends the current wait and every later one with <see cref="OperationCanceledException"/>.</summary>
    void CancelProcessing();
}
