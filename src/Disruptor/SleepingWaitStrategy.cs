namespace Disruptor;

/// <summary>Spins, then yields, then sleeps a millisecond at a time. Costs producers nothing and an idle consumer next to nothing.</summary>
public sealed class SleepingWaitStrategy : IWaitStrategy
{
    private const int DefaultCount = 100;
    private const int SleepMs = 1;

    private readonly int _busySpinCount;
    private readonly int _yieldCount;

    /// <summary>Creates the strategy with 100 looks, then 100 yields.</summary>
    public SleepingWaitStrategy()
        : this(DefaultCount, DefaultCount)
    {
    }

    /// <summary>Creates the strategy.</summary>
    /// <param name="busySpinCount">How many times to look before the first yield.</param>
    /// <param name="yieldCount">How many times to yield before the first sleep.</param>
    public SleepingWaitStrategy(int busySpinCount, int yieldCount)
    {
        _busySpinCount = busySpinCount;
        _yieldCount = yieldCount;
    }

    /// <inheritdoc/>
    public bool IsBlockingStrategy => false;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
        => new Waiter(dependentSequences, _busySpinCount, _yieldCount);

    /// <inheritdoc/>
    public void SignalAllWhenBlocking()
    {
    }

    private sealed class Waiter(DependentSequenceGroup dependentSequences, int busySpinCount, int yieldCount) : ISequenceWaiter
    {
        public SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
        {
            var spins = busySpinCount;
            var yields = yieldCount;
            long available;
            while ((available = dependentSequences.Value) < sequence)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (spins > 0)
                {
                    spins--;
                }
                else if (yields > 0)
                {
                    yields--;
                    Thread.Yield();
                }
                else
                {
                    Thread.Sleep(SleepMs);
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
