using System.Diagnostics;
using Disruptor;
using Disruptor.Dsl;

namespace LowLatencyMargin.Benchmarks.Rings;

/// <summary>Round trip over two rings between two threads: one event at a time there and back.</summary>
internal static class PingPong
{
    private const int RingSize = 1024;

    /// <summary>Runs one configuration and prints a line.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="newStrategy">Makes the wait strategy of a ring.</param>
    /// <param name="roundTrips">Round trips per run.</param>
    /// <param name="runs">The number of runs that count, after two that do not.</param>
    public static void Run(string name, Func<IWaitStrategy> newStrategy, int roundTrips, int runs)
    {
        using var there = NewDisruptor(newStrategy());
        using var back = NewDisruptor(newStrategy());
        var pinger = new Pinger(there.RingBuffer, roundTrips);
        there.HandleEventsWith(new Ponger(back.RingBuffer));
        back.HandleEventsWith(pinger);
        Task.WaitAll(there.Start(), back.Start());

        var byRun = new List<double[]>();
        for (var run = -2; run < runs; run++)
        {
            var samples = pinger.Run();
            if (run < 0)
                continue;
            Array.Sort(samples);
            byRun.Add([At(samples, 0.5), At(samples, 0.9), At(samples, 0.99), At(samples, 0.999), samples[^1] * NsPerTick]);
        }

        var columns = Enumerable.Range(0, 5).Select(column => byRun.Select(run => run[column]).Order().ToArray()).ToArray();
        Console.WriteLine(
            $"{name,-34} median of runs: " + string.Join("  ", columns.Zip(Labels, (c, label) => $"{label} {c[c.Length / 2]:F0}")) + " ns   best p50 "
            + $"{columns[0][0]:F0} p99 {columns[2][0]:F0} ns");
    }

    private static readonly string[] Labels = ["p50", "p90", "p99", "p99.9", "max"];

    private static double NsPerTick => 1e9 / Stopwatch.Frequency;

    private static double At(long[] sorted, double quantile) => sorted[(int)(quantile * (sorted.Length - 1))] * NsPerTick;

    private static ValueDisruptor<Event64> NewDisruptor(IWaitStrategy waitStrategy)
        => new(() => default, RingSize, TaskScheduler.Default, ProducerType.Single, waitStrategy);

    private sealed class Ponger(ValueRingBuffer<Event64> back) : IValueEventHandler<Event64>
    {
        public void OnStart() => Affinity.Pin(0);

        public void OnEvent(ref Event64 data, long sequence, bool endOfBatch)
        {
            var reply = back.Next();
            back[reply].Fill(data.Value);
            back.Publish(reply);
        }
    }

    private sealed class Pinger(ValueRingBuffer<Event64> there, int roundTrips) : IValueEventHandler<Event64>
    {
        private readonly long[] _samples = new long[roundTrips];
        private long _sent;
        private int _count;
        private bool _done;

        public long[] Run()
        {
            _count = 0;
            Volatile.Write(ref _done, false);
            Send(); // the ring's producer is this thread now and the handler's afterwards, never both at once
            while (!Volatile.Read(ref _done))
                Thread.Sleep(1); // this thread has no core of its own
            return (long[])_samples.Clone();
        }

        public void OnStart() => Affinity.Pin(1);

        public void OnEvent(ref Event64 data, long sequence, bool endOfBatch)
        {
            _samples[_count++] = Stopwatch.GetTimestamp() - _sent;
            if (_count < _samples.Length)
                Send();
            else
                Volatile.Write(ref _done, true);
        }

        private void Send()
        {
            var sequence = there.Next();
            _sent = Stopwatch.GetTimestamp();
            there[sequence].Fill(_sent);
            there.Publish(sequence);
        }
    }
}
