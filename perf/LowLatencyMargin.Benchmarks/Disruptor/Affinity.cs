using System.Runtime.InteropServices;

namespace LowLatencyMargin.Benchmarks.Rings;

/// <summary>Puts the calling thread on a core, so that producer and consumer do not share one.</summary>
internal static partial class Affinity
{
    private const int CallingThread = 0;

    /// <summary>Pins the calling thread.</summary>
    /// <param name="core">The core, taken modulo the number of cores.</param>
    public static void Pin(int core)
    {
        if (!OperatingSystem.IsLinux())
            return;

        var mask = 1UL << (core % Environment.ProcessorCount);
        if (SetAffinity(CallingThread, sizeof(ulong), in mask) != 0)
            Console.Error.WriteLine($"core {core}: not pinned, error {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int pid, nint size, in ulong mask);
}
