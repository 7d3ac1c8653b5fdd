namespace HdrHistogram;

/// <summary>
/// Lets a reader find out when all writers that could still see the old of two structures are done, without ever making a writer wait.
/// A writer counts itself in at the start epoch and out at the end epoch of the phase it came in with; phases alternate between counting up
/// from 0 and from <see cref="long.MinValue"/>, so the sign of the number drawn tells the phase.
/// </summary>
internal sealed class WriterReaderPhaser
{
    private long _startEpoch;
    private long _evenEndEpoch;
    private long _oddEndEpoch = long.MinValue;

    /// <summary>Enters a writer: wait-free. What it returns goes to <see cref="ExitWriter"/>.</summary>
    public long EnterWriter() => Interlocked.Increment(ref _startEpoch) - 1;

    /// <summary>Leaves a writer: wait-free.</summary>
    public void ExitWriter(long ticket)
    {
        if (ticket < 0)
        {
            Interlocked.Increment(ref _oddEndEpoch);
        }
        else
        {
            Interlocked.Increment(ref _evenEndEpoch);
        }
    }

    /// <summary>Starts the next phase and waits until the writers of the one before have left. One reader at a time.</summary>
    public void FlipPhase()
    {
        bool wasOdd = Volatile.Read(ref _startEpoch) < 0;
        ref long endEpoch = ref wasOdd ? ref _oddEndEpoch : ref _evenEndEpoch;
        ref long nextEndEpoch = ref wasOdd ? ref _evenEndEpoch : ref _oddEndEpoch;
        long nextStart = wasOdd ? 0 : long.MinValue;

        Volatile.Write(ref nextEndEpoch, nextStart);
        long entered = Interlocked.Exchange(ref _startEpoch, nextStart);

        var spin = default(SpinWait);
        while (Volatile.Read(ref endEpoch) != entered)
        {
            spin.SpinOnce();
        }
    }
}
