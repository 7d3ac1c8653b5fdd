using System.Runtime.InteropServices;

namespace LowLatencyMargin.Benchmarks.MarketData;

/// <summary>What the calling thread has used of a processor.</summary>
internal static partial class ThreadCpu
{
    private const int ThreadClock = 3;

    public static long Now => ClockGetTime(ThreadClock, out TimeSpec time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : 0;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
