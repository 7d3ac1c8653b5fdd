using System.Runtime.InteropServices;

namespace LowLatencyMargin.Pipeline;

/// <summary>The few words that threads tell each other outside the rings, each on cache lines of its own.</summary>
internal sealed class PipelineSignals
{
    private Padded _pendingWork;
    private Padded _stopped;
    private PaddedTime _nextDue = new() { Ns = long.MaxValue };
    private Exception? _failure;

    /// <summary>Written by the core thread: work is left over.</summary>
    public bool HasPendingWork
    {
        get => Volatile.Read(ref _pendingWork.Value) != 0;
        set
        {
            // most commands change nothing here: do not take the line from its readers
            if (value != (_pendingWork.Value != 0))
            {
                Volatile.Write(ref _pendingWork.Value, value ? 1 : 0);
            }
        }
    }

    /// <summary>Written by the core thread: when its next timer is due; <see cref="long.MaxValue"/>: none runs.</summary>
    public long NextDueNs
    {
        get => Volatile.Read(ref _nextDue.Ns);
        set
        {
            if (value != _nextDue.Ns)
            {
                Volatile.Write(ref _nextDue.Ns, value);
            }
        }
    }

    /// <summary>Nothing further is taken in or done.</summary>
    public bool IsStopped => Volatile.Read(ref _stopped.Value) != 0;

    /// <summary>What stopped it, when it was not asked to.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    public void Stop() => Volatile.Write(ref _stopped.Value, 1);

    public void Fail(Exception failure)
    {
        _ = Interlocked.CompareExchange(ref _failure, failure, null);
        Stop();
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Padded
    {
        [FieldOffset(128)]
        public int Value;
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedTime
    {
        [FieldOffset(128)]
        public long Ns;
    }
}
