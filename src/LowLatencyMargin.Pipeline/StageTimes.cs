using System.Diagnostics;

namespace LowLatencyMargin.Pipeline;

/// <summary>
/// When the core was done with a command, for every so many commands: what a latency harness needs to tell the stages apart. Off unless asked for.
/// </summary>
public sealed class StageTimes
{
    private readonly long[] _coreDone;
    private readonly int _mask;
    private readonly int _every;

    /// <summary>Times of every <paramref name="every"/>-th command, kept for the last <paramref name="kept"/> of them; both powers of two.</summary>
    public StageTimes(int every, int kept)
    {
        _every = every;
        _mask = kept - 1;
        _coreDone = new long[kept];
    }

    /// <summary>Whether a command's time is taken.</summary>
    public bool IsSampled(long sequence) => (sequence & (_every - 1)) == 0;

    /// <summary>Stopwatch time at which the core was done with a sampled command.</summary>
    public long CoreDoneAt(long sequence) => Volatile.Read(ref _coreDone[Index(sequence)]);

    internal void CoreDone(long sequence)
    {
        if (IsSampled(sequence))
        {
            Volatile.Write(ref _coreDone[Index(sequence)], Stopwatch.GetTimestamp());
        }
    }

    private int Index(long sequence) => (int)(sequence / _every) & _mask;
}
