namespace Disruptor;

/// <summary>Where the consumers of a blocking strategy sleep. A signal that wakes nobody costs a fence, not a lock.</summary>
internal sealed class BlockingGate
{
    // A consumer behind other consumers is signalled by their processors. One of them may be something that does not signal, a
    // poller say: so it looks again by itself after a while, instead of spinning on a core as long as the others are idle.
    private const int LookAgainMs = 1;

    private readonly object _lock = new(); // Monitor.Wait needs an object
    private int _sleepers;

    /// <summary>Waits until the group has reached a sequence.</summary>
    /// <returns>Whether it has; false after the timeout.</returns>
    public bool WaitFor(DependentSequenceGroup group, long sequence, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (SpinBriefly(group, sequence))
            return true;

        var deadline = timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        lock (_lock)
        {
            // Full fence between announcing the sleeper and looking at the sequence. Signal has one between writing the sequence
            // (its caller did) and looking for sleepers: at least one of the two sees the other.
            Interlocked.Increment(ref _sleepers);
            try
            {
                while (group.Value < sequence)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var left = deadline == long.MaxValue ? Timeout.Infinite : (int)Math.Clamp(deadline - Environment.TickCount64, 0, int.MaxValue);
                    if (left == 0)
                        return false;
                    Monitor.Wait(_lock, group.DependsOnCursor ? left : LookAgainMs);
                }

                return true;
            }
            finally
            {
                Interlocked.Decrement(ref _sleepers);
            }
        }
    }

    /// <summary>Wakes all sleepers, if there are any.</summary>
    public void Signal()
    {
        Interlocked.MemoryBarrier(); // see WaitFor
        if (Volatile.Read(ref _sleepers) == 0)
            return;

        lock (_lock)
            Monitor.PulseAll(_lock);
    }

    // Falling asleep and being woken costs microseconds: worth avoiding when the next event is that near.
    private static bool SpinBriefly(DependentSequenceGroup group, long sequence)
    {
        var spin = default(SpinWait);
        while (group.Value < sequence)
        {
            if (spin.NextSpinWillYield)
                return false;
            spin.SpinOnce();
        }

        return true;
    }
}
