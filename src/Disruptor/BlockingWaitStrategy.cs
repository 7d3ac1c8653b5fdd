namespace Disruptor;

/// <summary>Sleeps until signalled. For consumers that may not take a core; producers pay for the signal.</summary>
public sealed class BlockingWaitStrategy : IWaitStrategy
{
    private readonly BlockingGate _gate = new();

    /// <inheritdoc/>
    public bool IsBlockingStrategy => true;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
        => new Waiter(_gate, dependentSequences);

    /// <inheritdoc/>
    public void SignalAllWhenBlocking() => _gate.Signal();

    private sealed class Waiter(BlockingGate gate, DependentSequenceGroup dependentSequences) : ISequenceWaiter
    {
        public SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
        {
            gate.WaitFor(dependentSequences, sequence, Timeout.InfiniteTimeSpan, cancellationToken);
            return new SequenceWaitResult(dependentSequences.Value);
        }

        public void Cancel() => gate.Signal();

        public void Dispose()
        {
        }
    }
}
