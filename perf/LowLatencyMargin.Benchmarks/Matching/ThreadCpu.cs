using System.Runtime.InteropServices;

namespace LowLatencyMargin.Benchmarks.Matching;

/// <summary>What the calling thread has used of a processor: on a shared machine the figure that repeats.</summary>
internal static partial class ThreadCpu
{
    private const int ThreadClock = 3;

    public static long Ns => ClockGetTime(ThreadClock, out TimeSpec time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : 0;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
