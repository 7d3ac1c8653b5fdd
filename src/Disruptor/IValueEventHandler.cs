namespace Disruptor;

/// <summary>Handles the events of a ring, one after the other, on one thread.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public interface IValueEventHandler<T> : IEventHandler
    where T : struct
{
    /// <summary>Called for each event.</summary>
    /// <param name="data">The slot of the event.</param>
    /// <param name="sequence">The sequence of the event.</param>
    /// <param name="endOfBatch">Whether this is the last event of the batch.</param>
    void OnEvent(ref T data, long sequence, bool endOfBatch);

    /// <summary>Called before the first event of each batch.</summary>
    /// <param name="batchSize">The number of events in the batch.</param>
    void OnBatchStart(long batchSize)
    {
    }
}
