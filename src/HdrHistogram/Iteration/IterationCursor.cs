namespace HdrHistogram.Iteration;

/// <summary>A position in the counters with the running totals up to it.</summary>
internal sealed class IterationCursor
{
    private readonly HistogramBase _histogram;
    private readonly long _histogramTotal;

    private long _previousValue;
    private long _previousTotalCount;
    private long _totalValue;
    private int _index = -1;

    public IterationCursor(HistogramBase histogram)
    {
        _histogram = histogram;
        _histogramTotal = histogram.TotalCount;
    }

    public long Count { get; private set; }

    public long TotalCount { get; private set; }

    public double Percentile => _histogramTotal == 0 ? 100.0 : 100.0 * TotalCount / _histogramTotal;

    /// <summary>Whether there are values beyond this position.</summary>
    public bool HasMoreValues => TotalCount < _histogramTotal;

    /// <summary>Goes to the next counter.</summary>
    public bool MoveNext()
    {
        if (_index + 1 >= _histogram.CountsLength)
        {
            return false;
        }

        Count = _histogram.CountAt(++_index);
        TotalCount += Count;
        _totalValue += Count * HighestValue();
        return true;
    }

    /// <summary>Goes to the next counter that is not 0.</summary>
    public bool MoveNextRecorded()
    {
        while (HasMoreValues && MoveNext())
        {
            if (Count != 0)
            {
                return true;
            }
        }

        return false;
    }

    public HistogramIterationValue Step() => Step(Percentile);

    public HistogramIterationValue Step(double percentileLevel)
    {
        long value = HighestValue();
        var step = new HistogramIterationValue
        {
            ValueIteratedTo = value,
            ValueIteratedFrom = _previousValue,
            CountAtValueIteratedTo = Count,
            CountAddedInThisIterationStep = TotalCount - _previousTotalCount,
            TotalCountToThisValue = TotalCount,
            TotalValueToThisValue = _totalValue,
            Percentile = Percentile,
            PercentileLevelIteratedTo = percentileLevel,
        };
        _previousValue = value;
        _previousTotalCount = TotalCount;
        return step;
    }

    private long HighestValue() => _histogram.HighestEquivalentValue(_histogram.ValueAt(_index));
}
