namespace HdrHistogram;

/// <summary>A histogram with 64-bit counters for one writer at a time.</summary>
public class LongHistogram : HistogramBase
{
    private readonly long[] _counts;

    private long _totalCount;

    /// <summary>Creates a histogram that tells values apart from 1 on.</summary>
    /// <param name="highestTrackableValue">Largest value that can be recorded; at least 2.</param>
    /// <param name="numberOfSignificantValueDigits">Significant decimal digits kept, 0 to 5.</param>
    public LongHistogram(long highestTrackableValue, int numberOfSignificantValueDigits)
        : this(1, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <summary>Creates a histogram that belongs to no recorder.</summary>
    /// <param name="lowestTrackableValue">Smallest value told apart from 0; at least 1.</param>
    /// <param name="highestTrackableValue">Largest value that can be recorded; at least twice the lowest.</param>
    /// <param name="numberOfSignificantValueDigits">Significant decimal digits kept, 0 to 5.</param>
    public LongHistogram(long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
        _counts = new long[CountsLength];
    }

    /// <summary>Creates a histogram with the identity that its owner gives it.</summary>
    /// <param name="instanceId">Identity of the owner.</param>
    /// <param name="lowestTrackableValue">Smallest value told apart from 0; at least 1.</param>
    /// <param name="highestTrackableValue">Largest value that can be recorded; at least twice the lowest.</param>
    /// <param name="numberOfSignificantValueDigits">Significant decimal digits kept, 0 to 5.</param>
    public LongHistogram(long instanceId, long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(instanceId, lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
        _counts = new long[CountsLength];
    }

    /// <inheritdoc/>
    public override long TotalCount
    {
        get => _totalCount;
        protected set => _totalCount = value;
    }

    /// <inheritdoc/>
    public override int WordSizeInBytes => sizeof(long);

    /// <inheritdoc/>
    public override long MaxAllowableCount => long.MaxValue;

    /// <inheritdoc/>
    public override HistogramBase Copy()
    {
        var copy = new LongHistogram(LowestTrackableValue, HighestTrackableValue, NumberOfSignificantValueDigits)
        {
            _totalCount = _totalCount,
            StartTimeStamp = StartTimeStamp,
            EndTimeStamp = EndTimeStamp,
            Tag = Tag,
        };
        CopyCountsInto(copy._counts);
        return copy;
    }

    /// <inheritdoc/>
    protected override long GetCountAtIndex(int index) => _counts[index];

    /// <inheritdoc/>
    protected override void SetCountAtIndex(int index, long value) => _counts[index] = value;

    /// <inheritdoc/>
    protected override void IncrementCountAtIndex(int index)
    {
        _counts[index]++;
        _totalCount++;
    }

    /// <inheritdoc/>
    protected override void AddToCountAtIndex(int index, long addend)
    {
        _counts[index] += addend;
        _totalCount += addend;
    }

    /// <inheritdoc/>
    protected override void ClearCounts()
    {
        Array.Clear(_counts);
        _totalCount = 0;
    }

    /// <inheritdoc/>
    protected override void CopyCountsInto(long[] target) => _counts.CopyTo(target, 0);
}
