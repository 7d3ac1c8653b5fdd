namespace Disruptor;

/// <summary>Spins. The lowest latency; takes a core per consumer and is for no more consumers than there are cores.</summary>
public sealed class BusySpinWaitStrategy : IWaitStrategy
{
    /// <inheritdoc/>
    public bool IsBlockingStrategy => false;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
        => new Waiter(dependentSequences);

    /// <inheritdoc/>
    public void SignalAllWhenBlocking()
    {
    }

    private sealed class Waiter(DependentSequenceGroup dependentSequences) : ISequenceWaiter
    {
        public SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
            => new(dependentSequences.AggressiveSpinWaitFor(sequence, cancellationToken));

        public void Cancel()
        {
        }

        public void Dispose()
        {
        }
    }
}
