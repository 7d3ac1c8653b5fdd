using System.Diagnostics;
using Disruptor;
using Disruptor.Dsl;

namespace LowLatencyMargin.Benchmarks.Rings;

/// <summary>Events per second through a ring: one producer, and handlers one behind the other.</summary>
internal static class Throughput
{
    private const int RingSize = 1 << 16;

    /// <summary>Runs one configuration and prints a line.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="waitStrategy">How handlers wait.</param>
    /// <param name="steps">The number of handlers.</param>
    /// <param name="publishBatch">Events per claim and publish.</param>
    /// <param name="events">Events per run.</param>
    /// <param name="runs">The number of runs that count, after two that do not.</param>
    public static void Run(string name, IWaitStrategy waitStrategy, int steps, int publishBatch, long events, int runs)
    {
        using var disruptor = new ValueDisruptor<Event64>(
            () => default, RingSize, TaskScheduler.Default, ProducerType.Single, waitStrategy);
        var handlers = Enumerable.Range(1, steps).Select(core => new SummingHandler(core)).ToArray();
        var group = disruptor.HandleEventsWith(handlers[0]);
        foreach (var handler in handlers.Skip(1))
            group = group.Then(handler);
        disruptor.Start().Wait();
        Affinity.Pin(0);

        var last = handlers[^1];
        var rates = new List<double>();
        var batches = 0L;
        for (var run = -2; run < runs; run++)
        {
            last.Expect(disruptor.Cursor + events);
            var start = Stopwatch.GetTimestamp();
            if (publishBatch == 1)
                PublishOneByOne(disruptor.RingBuffer, events);
            else
                PublishInBatches(disruptor.RingBuffer, events, publishBatch);
            var sum = last.Wait();
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (sum != events * (events - 1) / 2)
                throw new InvalidOperationException("Events were lost.");
            batches = last.Batches;
            if (run >= 0)
                rates.Add(events / seconds / 1e6);
        }

        rates.Sort();
        Console.WriteLine(
            $"{name,-34} median {rates[rates.Count / 2],7:F1}  best {rates[^1],7:F1}  worst {rates[0],7:F1} M/s   batch {events / (double)batches:F0}");
    }

    private static void PublishOneByOne(ValueRingBuffer<Event64> ring, long events)
    {
        for (var i = 0L; i < events; i++)
        {
            var sequence = ring.Next();
            ring[sequence].Fill(i);
            ring.Publish(sequence);
        }
    }

    private static void PublishInBatches(ValueRingBuffer<Event64> ring, long events, int batch)
    {
        for (var i = 0L; i < events; i += batch)
        {
            var hi = ring.Next(batch);
            var lo = hi - batch + 1;
            for (var j = 0; j < batch; j++)
                ring[lo + j].Fill(i + j);
            ring.Publish(lo, hi);
        }
    }
}
