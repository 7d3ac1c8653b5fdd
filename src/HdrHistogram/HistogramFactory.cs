namespace HdrHistogram;

/// <summary>Builds histograms step by step: counter size, range, precision, and who may write and read at the same time.</summary>
public abstract class HistogramFactory
{
    private const int DefaultSignificantValueDigits = 3;

    private HistogramFactory()
    {
        LowestTrackableValue = 1;
        HighestTrackableValue = TimeStamp.Minutes(10);
        NumberOfSignificantValueDigits = DefaultSignificantValueDigits;
    }

    private HistogramFactory(HistogramFactory source)
    {
        LowestTrackableValue = source.LowestTrackableValue;
        HighestTrackableValue = source.HighestTrackableValue;
        NumberOfSignificantValueDigits = source.NumberOfSignificantValueDigits;
    }

    /// <summary>Smallest value told apart from 0; 1 unless set.</summary>
    public long LowestTrackableValue { get; private set; }

    /// <summary>Largest value that can be recorded; ten minutes in <see cref="TimeStamp"/> ticks unless set.</summary>
    public long HighestTrackableValue { get; private set; }

    /// <summary>Significant decimal digits kept; 3 unless set.</summary>
    public int NumberOfSignificantValueDigits { get; private set; }

    /// <summary>Starts with 64-bit counters.</summary>
    /// <returns>A new factory.</returns>
    public static HistogramFactory With64BitBucketSize() => new LongFactory();

    /// <summary>Starts with 32-bit counters.</summary>
    /// <returns>A new factory.</returns>
    public static HistogramFactory With32BitBucketSize() => new NarrowFactory<int>();

    /// <summary>Starts with 16-bit counters.</summary>
    /// <returns>A new factory.</returns>
    public static HistogramFactory With16BitBucketSize() => new NarrowFactory<short>();

    /// <summary>Lets many threads write at the same time. The counters are then 64-bit.</summary>
    /// <returns>A factory with the same range and precision.</returns>
    public HistogramFactory WithThreadSafeWrites() => new ConcurrentFactory(this);

    /// <summary>Lets one thread read while others write, by way of a <see cref="Recorder"/>.</summary>
    /// <returns>A factory of recorders.</returns>
    public RecorderFactory WithThreadSafeReads() => new(this);

    /// <summary>Makes a histogram that belongs to no recorder.</summary>
    /// <param name="lowestDiscernibleValue">Smallest value told apart from 0.</param>
    /// <param name="highestTrackableValue">Largest value that can be recorded.</param>
    /// <param name="numberOfSignificantValueDigits">Significant decimal digits kept.</param>
    /// <returns>The histogram.</returns>
    public abstract HistogramBase Create(long lowestDiscernibleValue, long highestTrackableValue, int numberOfSignificantValueDigits);

    /// <summary>Makes a histogram with a given identity.</summary>
    /// <param name="instanceId">Identity of the owner.</param>
    /// <param name="lowestDiscernibleValue">Smallest value told apart from 0.</param>
    /// <param name="highestTrackableValue">Largest value that can be recorded.</param>
    /// <param name="numberOfSignificantValueDigits">Significant decimal digits kept.</param>
    /// <returns>The histogram.</returns>
    public abstract HistogramBase Create(
        long instanceId,
        long lowestDiscernibleValue,
        long highestTrackableValue,
        int numberOfSignificantValueDigits);

    /// <summary>Sets the smallest value told apart from 0.</summary>
    /// <param name="lowestDiscernibleValue">The value, at least 1.</param>
    /// <returns>This factory.</returns>
    public HistogramFactory WithValuesFrom(long lowestDiscernibleValue)
    {
        LowestTrackableValue = lowestDiscernibleValue;
        return this;
    }

    /// <summary>Sets the largest value that can be recorded.</summary>
    /// <param name="highestTrackableValue">The value, at least twice the lowest.</param>
    /// <returns>This factory.</returns>
    public HistogramFactory WithValuesUpTo(long highestTrackableValue)
    {
        HighestTrackableValue = highestTrackableValue;
        return this;
    }

    /// <summary>Sets the precision.</summary>
    /// <param name="numberOfSignificantValueDigits">Significant decimal digits, 0 to 5.</param>
    /// <returns>This factory.</returns>
    public HistogramFactory WithPrecisionOf(int numberOfSignificantValueDigits)
    {
        NumberOfSignificantValueDigits = numberOfSignificantValueDigits;
        return this;
    }

    /// <summary>Makes a histogram of the range and precision set.</summary>
    /// <returns>The histogram.</returns>
    public HistogramBase Create() => Create(LowestTrackableValue, HighestTrackableValue, NumberOfSignificantValueDigits);

    /// <summary>Builds recorders.</summary>
    public sealed class RecorderFactory
    {
        private readonly HistogramFactory _histograms;

        internal RecorderFactory(HistogramFactory histograms)
        {
            _histograms = histograms;
        }

        /// <summary>Makes a recorder of the range and precision set.</summary>
        /// <returns>The recorder.</returns>
        public Recorder Create() => new(
            _histograms.LowestTrackableValue,
            _histograms.HighestTrackableValue,
            _histograms.NumberOfSignificantValueDigits,
            _histograms.Create);
    }

    private sealed class LongFactory : HistogramFactory
    {
        public override HistogramBase Create(long lowestDiscernibleValue, long highestTrackableValue, int numberOfSignificantValueDigits) =>
            new LongHistogram(lowestDiscernibleValue, highestTrackableValue, numberOfSignificantValueDigits);

        public override HistogramBase Create(
            long instanceId,
            long lowestDiscernibleValue,
            long highestTrackableValue,
            int numberOfSignificantValueDigits) =>
            new LongHistogram(instanceId, lowestDiscernibleValue, highestTrackableValue, numberOfSignificantValueDigits);
    }

    private sealed class NarrowFactory<TCount> : HistogramFactory
        where TCount : struct, System.Numerics.IBinaryInteger<TCount>, System.Numerics.IMinMaxValue<TCount>
    {
        public override HistogramBase Create(long lowestDiscernibleValue, long highestTrackableValue, int numberOfSignificantValueDigits) =>
            new NarrowHistogram<TCount>(lowestDiscernibleValue, highestTrackableValue, numberOfSignificantValueDigits);

        public override HistogramBase Create(
            long instanceId,
            long lowestDiscernibleValue,
            long highestTrackableValue,
            int numberOfSignificantValueDigits) =>
            new NarrowHistogram<TCount>(instanceId, lowestDiscernibleValue, highestTrackableValue, numberOfSignificantValueDigits);
    }

    private sealed class ConcurrentFactory : HistogramFactory
    {
        public ConcurrentFactory(HistogramFactory source)
            : base(source)
        {
        }

        public override HistogramBase Create(long lowestDiscernibleValue, long highestTrackableValue, int numberOfSignificantValueDigits) =>
            new LongConcurrentHistogram(lowestDiscernibleValue, highestTrackableValue, numberOfSignificantValueDigits);

        public override HistogramBase Create(
            long instanceId,
            long lowestDiscernibleValue,
            long highestTrackableValue,
            int numberOfSignificantValueDigits) =>
            new LongConcurrentHistogram(instanceId, lowestDiscernibleValue, highestTrackableValue, numberOfSignificantValueDigits);
    }
}
