using System.Diagnostics;
using HdrHistogram.Iteration;

namespace HdrHistogram;

/// <summary>Statistics, iteration, output and timing on top of the counts.</summary>
public static class HistogramExtensions
{
    /// <summary>Largest value equivalent to the largest one recorded.</summary>
    /// <param name="histogram">The histogram.</param>
    /// <returns>The value, 0 when nothing was recorded.</returns>
    public static long GetMaxValue(this HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        int index = histogram.LastRecordedIndex();
        return index < 0 ? 0 : histogram.HighestEquivalentValue(histogram.ValueAt(index));
    }

    /// <summary>Mean of the recorded values, each taken as the middle of its equivalents.</summary>
    /// <param name="histogram">The histogram.</param>
    /// <returns>The mean, 0 when nothing was recorded.</returns>
    public static double GetMean(this HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        if (histogram.TotalCount == 0)
        {
            return 0.0;
        }

        double sum = 0.0;
        for (int index = 0; index < histogram.CountsLength; index++)
        {
            long count = histogram.CountAt(index);
            if (count != 0)
            {
                sum += histogram.MedianEquivalentValue(histogram.ValueAt(index)) * (double)count;
            }
        }

        return sum / histogram.TotalCount;
    }

    /// <summary>Standard deviation of the recorded values (of the whole, not of a sample), each taken as the middle of its equivalents.</summary>
    /// <param name="histogram">The histogram.</param>
    /// <returns>The deviation, 0 when nothing was recorded.</returns>
    public static double GetStdDeviation(this HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        if (histogram.TotalCount == 0)
        {
            return 0.0;
        }

        double mean = histogram.GetMean();
        double sumOfSquares = 0.0;
        for (int index = 0; index < histogram.CountsLength; index++)
        {
            long count = histogram.CountAt(index);
            if (count != 0)
            {
                double deviation = histogram.MedianEquivalentValue(histogram.ValueAt(index)) - mean;
                sumOfSquares += deviation * deviation * count;
            }
        }

        return Math.Sqrt(sumOfSquares / histogram.TotalCount);
    }

    /// <summary>Largest value counted together with a value.</summary>
    /// <param name="histogram">The histogram.</param>
    /// <param name="value">The value.</param>
    /// <returns>The upper end of the range, inclusive.</returns>
    public static long HighestEquivalentValue(this HistogramBase histogram, long value)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return histogram.NextNonEquivalentValue(value) - 1;
    }

    /// <summary>Makes another histogram hold the same counts, time stamps and tag.</summary>
    /// <param name="source">What to copy.</param>
    /// <param name="targetHistogram">Where to; what it held is forgotten.</param>
    public static void CopyInto(this HistogramBase source, HistogramBase targetHistogram)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(targetHistogram);
        targetHistogram.Reset();
        targetHistogram.Add(source);
        targetHistogram.StartTimeStamp = source.StartTimeStamp;
        targetHistogram.EndTimeStamp = source.EndTimeStamp;
        targetHistogram.Tag = source.Tag;
    }

    /// <summary>Steps through percentile levels that lie closer together the nearer they are to 100.</summary>
    /// <param name="histogram">The histogram.</param>
    /// <param name="percentileTicksPerHalfDistance">How many levels divide each half of the distance to 100; at least 1.</param>
    /// <returns>The steps; the last is at level 100.</returns>
    public static IEnumerable<HistogramIterationValue> Percentiles(this HistogramBase histogram, int percentileTicksPerHalfDistance)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        ArgumentOutOfRangeException.ThrowIfLessThan(percentileTicksPerHalfDistance, 1);
        return HistogramIteration.Percentiles(histogram, percentileTicksPerHalfDistance);
    }

    /// <summary>Writes the percentile distribution as text: the .hgrm form that plotters read, or comma-separated.</summary>
    /// <param name="histogram">The histogram.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="percentileTicksPerHalfDistance">How many levels divide each half of the distance to 100; at least 1.</param>
    /// <param name="outputValueUnitScalingRatio">What to divide the values by; see <see cref="OutputScalingFactor"/>.</param>
    /// <param name="useCsvFormat">Comma-separated, without the summary at the end.</param>
    public static void OutputPercentileDistribution(
        this HistogramBase histogram,
        TextWriter writer,
        int percentileTicksPerHalfDistance = 5,
        double outputValueUnitScalingRatio = OutputScalingFactor.None,
        bool useCsvFormat = false)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentOutOfRangeException.ThrowIfLessThan(percentileTicksPerHalfDistance, 1);
        PercentileDistribution distribution = new(histogram, percentileTicksPerHalfDistance, outputValueUnitScalingRatio);
        if (useCsvFormat)
        {
            distribution.WriteCsv(writer);
        }
        else
        {
            distribution.WriteHgrm(writer);
        }
    }

    /// <summary>Runs an action and records how long it took, in <see cref="TimeStamp"/> ticks.</summary>
    /// <param name="recorder">Where to.</param>
    /// <param name="action">What to time.</param>
    public static void Record(this IRecorder recorder, Action action)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        ArgumentNullException.ThrowIfNull(action);
        long start = Stopwatch.GetTimestamp();
        action();
        recorder.RecordValue(Stopwatch.GetTimestamp() - start);
    }

    /// <summary>Records the time until the scope is disposed, in <see cref="TimeStamp"/> ticks.</summary>
    /// <param name="recorder">Where to.</param>
    /// <returns>The scope.</returns>
    public static IDisposable RecordScope(this IRecorder recorder)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        return new Scope(recorder);
    }

    private sealed class Scope(IRecorder recorder) : IDisposable
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        private IRecorder? _recorder = recorder;

        public void Dispose()
        {
            _recorder?.RecordValue(Stopwatch.GetTimestamp() - _start);
            _recorder = null;
        }
    }
}
