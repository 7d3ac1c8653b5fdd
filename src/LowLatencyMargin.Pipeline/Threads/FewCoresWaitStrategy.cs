using Disruptor;

namespace LowLatencyMargin.Pipeline.Threads;

/// <summary>
/// A wait strategy for machines with fewer cores than consumers: spins long enough for a producer that is running, then gives the processor
/// away, then sleeps. Behind upstream's interface, for consumers wired with <c>HandleEventsWith</c>.
/// </summary>
/// <param name="spins">Looks before the processor is given away.</param>
/// <param name="yields">Looks before sleeping.</param>
public sealed class FewCoresWaitStrategy(int spins = 64, int yields = 512) : IWaitStrategy
{
    /// <inheritdoc/>
    public bool IsBlockingStrategy => false;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences) =>
        new Waiter(dependentSequences, spins, yields);

    /// <inheritdoc/>
    public void SignalAllWhenBlocking()
    {
    }

    private sealed class Waiter(DependentSequenceGroup dependencies, int spins, int yields) : ISequenceWaiter
    {
        public SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
        {
            var backOff = new BackOff(spins, yields);
            long available;
            while ((available = dependencies.Value) < sequence)
            {
                cancellationToken.ThrowIfCancellationRequested();
                backOff.Wait();
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
