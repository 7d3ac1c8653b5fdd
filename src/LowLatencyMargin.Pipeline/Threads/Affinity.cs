using System.Runtime.InteropServices;

namespace LowLatencyMargin.Pipeline.Threads;

/// <summary>Pins threads to processors (Linux; elsewhere nothing happens).</summary>
public static unsafe partial class Affinity
{
    private const int MaxProcessors = 1024;

    /// <summary>Pins the calling thread. False when the system refuses.</summary>
    public static bool TryPin(int processor)
    {
        if (!OperatingSystem.IsLinux() || processor is < 0 or >= MaxProcessors)
        {
            return false;
        }

        ulong* mask = stackalloc ulong[MaxProcessors / 64];
        new Span<ulong>(mask, MaxProcessors / 64).Clear();
        mask[processor / 64] = 1UL << (processor % 64);
        return SetAffinity(0, MaxProcessors / 8, mask) == 0;
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint maskBytes, ulong* mask);
}
