using System.Numerics;

namespace HdrHistogram;

/// <summary>A histogram with 32-bit or 16-bit counters for one writer at a time; a counter that runs over wraps.</summary>
/// <typeparam name="TCount">The counter.</typeparam>
internal sealed class NarrowHistogram<TCount> : HistogramBase
    where TCount : struct, IBinaryInteger<TCount>, IMinMaxValue<TCount>
{
    private readonly TCount[] _counts;

    private long _totalCount;

    public NarrowHistogram(long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
        _counts = new TCount[CountsLength];
    }

    public NarrowHistogram(long instanceId, long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(instanceId, lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
        _counts = new TCount[CountsLength];
    }

    public override long TotalCount
    {
        get => _totalCount;
        protected set => _totalCount = value;
    }

    public override int WordSizeInBytes => TCount.Zero.GetByteCount();

    public override long MaxAllowableCount => long.CreateChecked(TCount.MaxValue);

    public override HistogramBase Copy()
    {
        var copy = new NarrowHistogram<TCount>(LowestTrackableValue, HighestTrackableValue, NumberOfSignificantValueDigits)
        {
            _totalCount = _totalCount,
            StartTimeStamp = StartTimeStamp,
            EndTimeStamp = EndTimeStamp,
            Tag = Tag,
        };
        _counts.CopyTo(copy._counts, 0);
        return copy;
    }

    protected override long GetCountAtIndex(int index) => long.CreateTruncating(_counts[index]);

    protected override void SetCountAtIndex(int index, long value) => _counts[index] = TCount.CreateTruncating(value);

    protected override void IncrementCountAtIndex(int index)
    {
        _counts[index]++;
        _totalCount++;
    }

    protected override void AddToCountAtIndex(int index, long addend)
    {
        _counts[index] += TCount.CreateTruncating(addend);
        _totalCount += addend;
    }

    protected override void ClearCounts()
    {
        Array.Clear(_counts);
        _totalCount = 0;
    }

    protected override void CopyCountsInto(long[] target)
    {
        for (int index = 0; index < _counts.Length; index++)
        {
            target[index] = GetCountAtIndex(index);
        }
    }
}
