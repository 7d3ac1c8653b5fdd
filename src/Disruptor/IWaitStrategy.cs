namespace Disruptor;

/// <summary>How consumers wait for the next event: what they pay in processor time and in latency.</summary>
public interface IWaitStrategy
{
    /// <summary>Whether waiters sleep until signalled. If not, producers need not call <see cref="SignalAllWhenBlocking"/>.</summary>
    bool IsBlockingStrategy { get; }

    /// <summary>Creates the waiter of one consumer.</summary>
    /// <param name="owner">Who is going to wait.</param>
    /// <param name="dependentSequences">What the consumer waits for.</param>
    /// <returns>The waiter.</returns>
    ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences);

    /// <summary>Wakes blocked waiters after a sequence has advanced.</summary>
    void SignalAllWhenBlocking();
}
