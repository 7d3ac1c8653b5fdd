namespace Disruptor;

/// <summary>Sleeps until signalled, but not longer than a given time: then the handler's OnTimeout is called.</summary>
public sealed class TimeoutBlockingWaitStrategy : IWaitStrategy
{
    private readonly BlockingGate _gate = new();
    private readonly TimeSpan _timeout;

    /// <summary>Creates the strategy.</summary>
    /// <param name="timeout">The longest wait, in steps of a millisecond.</param>
    public TimeoutBlockingWaitStrategy(TimeSpan timeout) => _timeout = timeout;

    /// <inheritdoc/>
    public bool IsBlockingStrategy => true;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
        => new Waiter(_gate, dependentSequences, _timeout);

    /// <inheritdoc/>
    public void SignalAllWhenBlocking() => _gate.Signal();

    private sealed class Waiter(BlockingGate gate, DependentSequenceGroup dependentSequences, TimeSpan timeout) : ISequenceWaiter
    {
        public SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
            => gate.WaitFor(dependentSequences, sequence, timeout, cancellationToken)
                ? new SequenceWaitResult(dependentSequences.Value)
                : SequenceWaitResult.Timeout;

        public void Cancel() => gate.Signal();

        public void Dispose()
        {
        }
    }
}
