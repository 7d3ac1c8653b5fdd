namespace HdrHistogram;

/// <summary>
/// A histogram with 64-bit counters for many writers at a time. Each recording is two atomic additions, so no count is lost; a reader that
/// looks while others write may see a value counted that the total does not yet include.
/// </summary>
public class LongConcurrentHistogram : HistogramBase
{
    private readonly long[] _counts;

    private long _totalCount;

    /// <summary>Creates a histogram that belongs to no recorder.</summary>
    /// <param name="lowestTrackableValue">Smallest value told apart from 0; at least 1.</param>
    /// <param name="highestTrackableValue">Largest value that can be recorded; at least twice the lowest.</param>
    /// <param name="numberOfSignificantValueDigits">Significant decimal digits kept, 0 to 5.</param>
    public LongConcurrentHistogram(long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
        _counts = new long[CountsLength];
    }

    /// <summary>Creates a histogram with the identity that its owner gives it.</summary>
    /// <param name="instanceId">Identity of the owner.</param>
    /// <param name="lowestTrackableValue">Smallest value told apart from 0; at least 1.</param>
    /// <param name="highestTrackableValue">Largest value that can be recorded; at least twice the lowest.</param>
    /// <param name="numberOfSignificantValueDigits">Significant decimal digits kept, 0 to 5.</param>
    public LongConcurrentHistogram(
        long instanceId,
        long lowestTrackableValue,
        long highestTrackableValue,
        int numberOfSignificantValueDigits)
        : base(instanceId, lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
        _counts = new long[CountsLength];
    }

    /// <inheritdoc/>
    public override long TotalCount
    {
        get => Volatile.Read(ref _totalCount);
        protected set => Volatile.Write(ref _totalCount, value);
    }

    /// <inheritdoc/>
    public override int WordSizeInBytes => sizeof(long);

    /// <inheritdoc/>
    public override long MaxAllowableCount => long.MaxValue;

    /// <inheritdoc/>
    public override HistogramBase Copy()
    {
        var copy = new LongConcurrentHistogram(LowestTrackableValue, HighestTrackableValue, NumberOfSignificantValueDigits)
        {
            StartTimeStamp = StartTimeStamp,
            EndTimeStamp = EndTimeStamp,
            Tag = Tag,
        };

        // The total is that of the counts copied, so that the copy is consistent even when others write meanwhile.
        CopyCountsInto(copy._counts);
        foreach (long count in copy._counts)
        {
            copy._totalCount += count;
        }

        return copy;
    }

    /// <inheritdoc/>
    protected override long GetCountAtIndex(int index) => Volatile.Read(ref _counts[index]);

    /// <inheritdoc/>
    protected override void SetCountAtIndex(int index, long value) => Volatile.Write(ref _counts[index], value);

    /// <inheritdoc/>
    protected override void IncrementCountAtIndex(int index)
    {
        Interlocked.Increment(ref _counts[index]);
        Interlocked.Increment(ref _totalCount);
    }

    /// <inheritdoc/>
    protected override void AddToCountAtIndex(int index, long addend)
    {
        Interlocked.Add(ref _counts[index], addend);
        Interlocked.Add(ref _totalCount, addend);
    }

    /// <inheritdoc/>
    protected override void ClearCounts()
    {
        for (int index = 0; index < _counts.Length; index++)
        {
            Volatile.Write(ref _counts[index], 0);
        }

        Volatile.Write(ref _totalCount, 0);
    }

    /// <inheritdoc/>
    protected override void CopyCountsInto(long[] target)
    {
        for (int index = 0; index < _counts.Length; index++)
        {
            target[index] = Volatile.Read(ref _counts[index]);
        }
    }
}
