namespace Disruptor;

/// <summary>Spins for a while, then offers the processor to others at every look. Low latency; keeps a core busy if nobody wants it.</summary>
public sealed class YieldingWaitStrategy : IWaitStrategy
{
    private const int DefaultBusySpinCount = 100;

    private readonly int _busySpinCount;

    /// <summary>Creates the strategy with 100 looks before the first yield.</summary>
    public YieldingWaitStrategy()
        : this(DefaultBusySpinCount)
    {
    }

    /// <summary>Creates the strategy.</summary>
    /// <param name="busySpinCount">How many times to look before the first yield.</param>
    public YieldingWaitStrategy(int busySpinCount) => _busySpinCount = busySpinCount;

    /// <inheritdoc/>
    public bool IsBlockingStrategy => false;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
        => new Waiter(dependentSequences, _busySpinCount);

    /// <inheritdoc/>
    public void SignalAllWhenBlocking()
    {
    }

    private sealed class Waiter(DependentSequenceGroup dependentSequences, int busySpinCount) : ISequenceWaiter
    {
        public SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
        {
            var spins = busySpinCount;
            long available;
            while ((available = dependentSequences.Value) < sequence)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (spins > 0)
                {
                    spins--;
                    Thread.SpinWait(1); // see DependentSequenceGroup.AggressiveSpinWaitFor
                }
                else
                {
                    Thread.Yield();
                }
            }

            return new SequenceWaitResult(available);
        }

        public void Cancel()
        {
        }

        public void Dispose()
        {
        }
    }
}
