using HdrHistogram.Encoding;
using HdrHistogram.Iteration;
using HdrHistogram.Utilities;

namespace HdrHistogram;

/// <summary>
/// Counts of integer values over a wide range at a fixed number of significant decimal digits. Recording is an index computation and an
/// increment; it allocates nothing. Which counters there are is up to the derived class.
/// </summary>
public abstract class HistogramBase : IRecorder
{
    private const int EstimatedOverheadBytes = 512;

    private static long _lastUnassignedInstanceId;

    private readonly BucketLayout _layout;

    private string? _tag;

    /// <summary>Creates a histogram that belongs to no recorder.</summary>
    /// <param name="lowestTrackableValue">Smallest value told apart from 0; at least 1.</param>
    /// <param name="highestTrackableValue">Largest value that can be recorded; at least twice the lowest.</param>
    /// <param name="numberOfSignificantValueDigits">Significant decimal digits kept, 0 to 5.</param>
    protected HistogramBase(long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : this(
            Interlocked.Decrement(ref _lastUnassignedInstanceId),
            lowestTrackableValue,
            highestTrackableValue,
            numberOfSignificantValueDigits)
    {
    }

    /// <summary>Creates a histogram with the identity that its owner gives it.</summary>
    /// <param name="instanceId">Identity of the owner; a recorder takes back only histograms that carry its own.</param>
    /// <param name="lowestTrackableValue">Smallest value told apart from 0; at least 1.</param>
    /// <param name="highestTrackableValue">Largest value that can be recorded; at least twice the lowest.</param>
    /// <param name="numberOfSignificantValueDigits">Significant decimal digits kept, 0 to 5.</param>
    protected HistogramBase(long instanceId, long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
    {
        _layout = new BucketLayout(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits);
        InstanceId = instanceId;
        LowestTrackableValue = lowestTrackableValue;
        HighestTrackableValue = highestTrackableValue;
        NumberOfSignificantValueDigits = numberOfSignificantValueDigits;
    }

    /// <summary>Identity of the owner; negative when there is none.</summary>
    public long InstanceId { get; }

    /// <summary>Largest value that can be recorded.</summary>
    public long HighestTrackableValue { get; }

    /// <summary>Smallest value told apart from 0.</summary>
    public long LowestTrackableValue { get; }

    /// <summary>Significant decimal digits kept.</summary>
    public int NumberOfSignificantValueDigits { get; }

    /// <summary>Start of the interval covered, in milliseconds since the Unix epoch; 0 when not set.</summary>
    public long StartTimeStamp { get; set; }

    /// <summary>End of the interval covered, in milliseconds since the Unix epoch; 0 when not set.</summary>
    public long EndTimeStamp { get; set; }

    /// <summary>Name under which a log keeps this histogram apart from others of the same interval; null for none.</summary>
    /// <exception cref="ArgumentException">The tag holds a comma, a space or a line break, which would break a log line.</exception>
    public string? Tag
    {
        get => _tag;
        set
        {
            if (value is not null && value.AsSpan().IndexOfAny(", \r\n") >= 0)
            {
                throw new ArgumentException("A tag cannot hold commas, spaces or line breaks.", nameof(value));
            }

            _tag = value;
        }
    }

    /// <summary>How many values were recorded.</summary>
    public abstract long TotalCount { get; protected set; }

    /// <summary>Number of buckets, each covering twice the range of the one before.</summary>
    public int BucketCount => _layout.BucketCount;

    /// <summary>Number of linear sub-buckets of a bucket.</summary>
    public int SubBucketCount => _layout.SubBucketCount;

    /// <summary>Size of a counter.</summary>
    public abstract int WordSizeInBytes { get; }

    /// <summary>Largest count that one counter can hold.</summary>
    public abstract long MaxAllowableCount { get; }

    internal int CountsLength => _layout.CountsLength;

    /// <summary>Copies the histogram with its counts, time stamps and tag.</summary>
    /// <returns>The copy, which belongs to no recorder.</returns>
    public abstract HistogramBase Copy();

    /// <summary>Records one value.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="IndexOutOfRangeException">The value is negative or above the trackable range.</exception>
    public void RecordValue(long value) => IncrementCountAtIndex(_layout.IndexOf(value));

    /// <summary>Records a value as many times as <paramref name="count"/> says.</summary>
    /// <param name="value">The value.</param>
    /// <param name="count">How often the value was seen.</param>
    /// <exception cref="IndexOutOfRangeException">The value is negative or above the trackable range.</exception>
    public void RecordValueWithCount(long value, long count) => AddToCountAtIndex(_layout.IndexOf(value), count);

    /// <summary>
    /// Records a value and, when it is longer than the interval at which samples were due, the values value - interval,
    /// value - 2 * interval and so on down to the interval: what the samples missed meanwhile would have shown.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="expectedIntervalBetweenValueSamples">The interval at which samples were due; 0 or less means no correction.</param>
    /// <exception cref="IndexOutOfRangeException">The value is negative or above the trackable range.</exception>
    public void RecordValueWithExpectedInterval(long value, long expectedIntervalBetweenValueSamples)
    {
        RecordValue(value);
        if (expectedIntervalBetweenValueSamples <= 0)
        {
            return;
        }

        for (long missing = value - expectedIntervalBetweenValueSamples;
             missing >= expectedIntervalBetweenValueSamples;
             missing -= expectedIntervalBetweenValueSamples)
        {
            RecordValue(missing);
        }
    }

    /// <summary>Forgets all counts, the time stamps and the tag.</summary>
    public void Reset()
    {
        ClearCounts();
        StartTimeStamp = 0;
        EndTimeStamp = 0;
        Tag = null;
    }

    /// <summary>Adds the counts of another histogram.</summary>
    /// <param name="fromHistogram">The other histogram; its highest trackable value may not exceed that of this one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The other histogram covers a wider range.</exception>
    public void Add(HistogramBase fromHistogram)
    {
        ThrowIfWider(fromHistogram);
        for (int index = 0; index < fromHistogram.CountsLength; index++)
        {
            long count = fromHistogram.GetCountAtIndex(index);
            if (count != 0)
            {
                AddToCountAtIndex(IndexIn(fromHistogram, index), count);
            }
        }
    }

    /// <summary>Takes the counts of another histogram away; nothing is changed when that throws.</summary>
    /// <param name="fromHistogram">The other histogram; its highest trackable value may not exceed that of this one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The other histogram covers a wider range.</exception>
    /// <exception cref="ArgumentException">The other histogram counts a value more often than this one.</exception>
    public void Subtract(HistogramBase fromHistogram)
    {
        ThrowIfWider(fromHistogram);
        long[] remaining = new long[CountsLength];
        CopyCountsInto(remaining);
        for (int index = 0; index < fromHistogram.CountsLength; index++)
        {
            long count = fromHistogram.GetCountAtIndex(index);
            if (count != 0 && (remaining[IndexIn(fromHistogram, index)] -= count) < 0)
            {
                throw new ArgumentException("The other histogram counts a value more often than this one.", nameof(fromHistogram));
            }
        }

        for (int index = 0; index < remaining.Length; index++)
        {
            long change = remaining[index] - GetCountAtIndex(index);
            if (change != 0)
            {
                AddToCountAtIndex(index, change);
            }
        }
    }

    /// <summary>Width of the range of values counted together with a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The width, at least 1.</returns>
    public long SizeOfEquivalentValueRange(long value) => _layout.SizeOfEquivalentValueRange(value);

    /// <summary>Smallest value counted together with a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The lower end of the range, inclusive.</returns>
    public long LowestEquivalentValue(long value) => _layout.LowestEquivalentValue(value);

    /// <summary>Middle of the range of values counted together with a value, rounded up.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The middle.</returns>
    public long MedianEquivalentValue(long value) => _layout.MedianEquivalentValue(value);

    /// <summary>Smallest larger value that is counted apart from a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The upper end of the range, exclusive.</returns>
    public long NextNonEquivalentValue(long value) => _layout.NextNonEquivalentValue(value);

    /// <summary>
    /// Largest value equivalent to the one that ranks at a percentile. The rank is ceil(percentile / 100 * total), at least 1, computed from
    /// the next double below the percentile so that its rounding error cannot lift the rank by one.
    /// </summary>
    /// <param name="percentile">The percentile, 0 to 100.</param>
    /// <returns>The value, 0 when nothing was recorded.</returns>
    public long GetValueAtPercentile(double percentile)
    {
        double requested = Math.Clamp(Math.BitDecrement(percentile), 0.0, 100.0);
        long rank = Math.Max((long)Math.Ceiling(requested * TotalCount / 100.0), 1);
        long seen = 0;
        for (int index = 0; index < CountsLength; index++)
        {
            seen += GetCountAtIndex(index);
            if (seen >= rank)
            {
                return _layout.HighestEquivalentValue(_layout.ValueAt(index));
            }
        }

        return 0;
    }

    /// <summary>Which part of the recorded values is at or below a value, or equivalent to it.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The percentile, 100 when nothing was recorded.</returns>
    public double GetPercentileAtOrBelowValue(long value)
    {
        long total = TotalCount;
        if (total == 0)
        {
            return 100.0;
        }

        int lastIndex = Math.Min(_layout.IndexOf(value), CountsLength - 1);
        long seen = 0;
        for (int index = 0; index <= lastIndex; index++)
        {
            seen += GetCountAtIndex(index);
        }

        return 100.0 * seen / total;
    }

    /// <summary>How often a value, or one equivalent to it, was recorded.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The count.</returns>
    /// <exception cref="IndexOutOfRangeException">The value is negative or above the trackable range.</exception>
    public long GetCountAtValue(long value) => GetCountAtIndex(_layout.IndexOf(value));

    /// <summary>Steps through the values that were recorded, in ascending order.</summary>
    /// <returns>One step per distinct value.</returns>
    public IEnumerable<HistogramIterationValue> RecordedValues() => HistogramIteration.Recorded(this);

    /// <summary>Steps through all values that the histogram can tell apart, recorded or not, in ascending order.</summary>
    /// <returns>One step per counter.</returns>
    public IEnumerable<HistogramIterationValue> AllValues() => HistogramIteration.All(this);

    /// <summary>Size of a buffer that an encoded histogram of this shape always fits in.</summary>
    /// <returns>The size in bytes.</returns>
    public int GetNeededByteBufferCapacity() => HistogramEncoderV2.NeededCapacity(CountsLength);

    /// <summary>Encodes the histogram, not compressed.</summary>
    /// <param name="targetBuffer">Where to write, from its position on.</param>
    /// <param name="encoder">The encoding.</param>
    /// <returns>The number of bytes written.</returns>
    public int Encode(ByteBuffer targetBuffer, IEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(targetBuffer);
        ArgumentNullException.ThrowIfNull(encoder);
        return encoder.Encode(this, targetBuffer);
    }

    /// <summary>Whether a counter ran over, which shows in the counts not adding up to <see cref="TotalCount"/>.</summary>
    /// <returns>True when counts were lost.</returns>
    public bool HasOverflowed()
    {
        long total = 0;
        for (int index = 0; index < CountsLength; index++)
        {
            long count = GetCountAtIndex(index);
            if (count < 0)
            {
                return true;
            }

            total += count;
        }

        return total != TotalCount;
    }

    /// <summary>Rough size in memory.</summary>
    /// <returns>The size in bytes.</returns>
    public int GetEstimatedFootprintInBytes() => EstimatedOverheadBytes + (CountsLength * WordSizeInBytes);

    internal long CountAt(int index) => GetCountAtIndex(index);

    internal void AddAt(int index, long addend) => AddToCountAtIndex(index, addend);

    internal long ValueAt(int index) => _layout.ValueAt(index);

    internal int LastRecordedIndex()
    {
        int index = CountsLength - 1;
        while (index >= 0 && GetCountAtIndex(index) == 0)
        {
            index--;
        }

        return index;
    }

    /// <summary>Reads a counter.</summary>
    /// <param name="index">Which one.</param>
    /// <returns>Its count.</returns>
    protected abstract long GetCountAtIndex(int index);

    /// <summary>Writes a counter; the total count is left as it is.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="value">Its count.</param>
    protected abstract void SetCountAtIndex(int index, long value);

    /// <summary>Adds one to a counter and to the total count.</summary>
    /// <param name="index">Which one; an index outside the counters throws <see cref="IndexOutOfRangeException"/>.</param>
    protected abstract void IncrementCountAtIndex(int index);

    /// <summary>Adds to a counter and to the total count.</summary>
    /// <param name="index">Which one; an index outside the counters throws <see cref="IndexOutOfRangeException"/>.</param>
    /// <param name="addend">How much.</param>
    protected abstract void AddToCountAtIndex(int index, long addend);

    /// <summary>Sets all counters and the total count to 0.</summary>
    protected abstract void ClearCounts();

    /// <summary>Copies the counters.</summary>
    /// <param name="target">Where to, one element per counter.</param>
    protected abstract void CopyCountsInto(long[] target);

    private int IndexIn(HistogramBase other, int indexInOther) =>
        _layout.SharesIndexesWith(other._layout) ? indexInOther : _layout.IndexOf(other.ValueAt(indexInOther));

    private void ThrowIfWider(HistogramBase other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (HighestTrackableValue < other.HighestTrackableValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(other),
                other.HighestTrackableValue,
                $"The other histogram covers a wider range than this one ({HighestTrackableValue}).");
        }
    }
}
