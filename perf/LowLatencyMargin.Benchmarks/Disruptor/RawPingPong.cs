using System.Diagnostics;

namespace LowLatencyMargin.Benchmarks.Rings;

/// <summary>
/// The control: two threads and two cache lines, no ring. What it takes is what the cores' distance takes, and no ring can beat it.
/// On a virtual machine that distance changes between runs, by a factor of five where cores are sometimes threads of one core.
/// </summary>
internal static class RawPingPong
{
    private const int RoundTrips = 200_000;
    private const int There = 32;
    private const int Back = 96;

    /// <summary>Runs the control and prints a line.</summary>
    public static void Run()
    {
        var words = new long[128];
        var samples = new long[RoundTrips];

        // Both on threads of their own: a process started by a pinned thread would inherit its one core.
        Thread[] threads = [new(() => Ask(words, samples)), new(() => Answer(words))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Array.Sort(samples);
        var nsPerTick = 1e9 / Stopwatch.Frequency;
        Console.WriteLine(
            $"{"control: raw round trip",-34} p50 {samples[RoundTrips / 2] * nsPerTick:F0}  p99 {samples[RoundTrips * 99L / 100] * nsPerTick:F0} ns");
    }

    private static void Ask(long[] words, long[] samples)
    {
        Affinity.Pin(0);
        for (var i = 1L; i <= RoundTrips; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Volatile.Write(ref words[There], i);
            while (Volatile.Read(ref words[Back]) < i)
            {
            }

            samples[i - 1] = Stopwatch.GetTimestamp() - start;
        }
    }

    private static void Answer(long[] words)
    {
        Affinity.Pin(1);
        for (var i = 1L; i <= RoundTrips; i++)
        {
            while (Volatile.Read(ref words[There]) < i)
            {
            }

            Volatile.Write(ref words[Back], i);
        }
    }
}
