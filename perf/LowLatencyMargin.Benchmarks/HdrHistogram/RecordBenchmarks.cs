using BenchmarkDotNet.Attributes;
using HdrHistogram;

namespace LowLatencyMargin.Benchmarks.Histograms;

/// <summary>What it costs to record one value, and that it allocates nothing.</summary>
[MemoryDiagnoser]
public class RecordBenchmarks
{
    private const int Values = 1_024;
    private const long Highest = 60_000_000_000;
    private const int Digits = 3;
    private const int MaxMagnitude = 30;

    private readonly long[] _values = new long[Values];
    private readonly LongHistogram _long = new(Highest, Digits);
    private readonly LongConcurrentHistogram _concurrent = new(1, Highest, Digits);
    private readonly Recorder _recorder = new(
        1,
        Highest,
        Digits,
        (id, lowest, highest, digits) => new LongHistogram(id, lowest, highest, digits));

    /// <summary>Fills the values: all magnitudes from nanoseconds to a second, so that the buckets change as they do in earnest.</summary>
    [GlobalSetup]
    public void Fill()
    {
        ulong state = 88_172_645_463_325_252;
        for (int i = 0; i < Values; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            _values[i] = (long)((state >> 8) & ((1UL << (int)(state % MaxMagnitude)) - 1));
        }
    }

    /// <summary>One writer, no reader.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Values)]
    public void Long() => Record(_long);

    /// <summary>Any number of writers.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    public void LongConcurrent() => Record(_concurrent);

    /// <summary>One writer, one reader that takes intervals.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    public void RecorderOfLong()
    {
        foreach (long value in _values)
        {
            _recorder.RecordValue(value);
        }
    }

    /// <summary>One writer with the correction for coordinated omission, of which there is little to correct.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    public void LongWithExpectedInterval()
    {
        foreach (long value in _values)
        {
            _long.RecordValueWithExpectedInterval(value, Highest);
        }
    }

    private void Record(HistogramBase histogram)
    {
        foreach (long value in _values)
        {
            histogram.RecordValue(value);
        }
    }
}
