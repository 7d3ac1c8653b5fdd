using BenchmarkDotNet.Attributes;
using HdrHistogram;
using HdrHistogram.Utilities;

namespace LowLatencyMargin.Benchmarks.Histograms;

/// <summary>What the reader of a histogram pays: a percentile, an interval taken from a recorder, an encoding.</summary>
[MemoryDiagnoser]
public class ReadBenchmarks
{
    private const long Highest = 60_000_000_000;
    private const int Digits = 3;
    private const double Tail = 99.99;

    private readonly LongHistogram _histogram = new(Highest, Digits);
    private readonly ByteBuffer _buffer = ByteBuffer.Allocate(1 << 20);
    private readonly Recorder _recorder = new(
        1,
        Highest,
        Digits,
        (id, lowest, highest, digits) => new LongHistogram(id, lowest, highest, digits));

    private HistogramBase _spare = null!;

    /// <summary>Records values of all magnitudes up to about a second in nanoseconds.</summary>
    [GlobalSetup]
    public void Fill()
    {
        for (long value = 1; value < 1_000_000_000; value += 1 + (value / 100))
        {
            _histogram.RecordValue(value);
        }

        _spare = _recorder.GetIntervalHistogram();
    }

    /// <summary>A percentile far out.</summary>
    /// <returns>The value.</returns>
    [Benchmark]
    public long ValueAtPercentile() => _histogram.GetValueAtPercentile(Tail);

    /// <summary>An interval, with the one before as the spare.</summary>
    [Benchmark]
    public void IntervalHistogram() => _spare = _recorder.GetIntervalHistogram(_spare);

    /// <summary>The compressed encoding.</summary>
    /// <returns>Its length.</returns>
    [Benchmark]
    public int EncodeCompressed()
    {
        _buffer.Position = 0;
        return HistogramEncoding.EncodeIntoCompressedByteBuffer(_histogram, _buffer);
    }
}
