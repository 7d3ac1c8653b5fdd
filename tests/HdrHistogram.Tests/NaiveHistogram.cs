namespace HdrHistogram.Tests;

/// <summary>The model: keeps every value, and quantises by doubling the step until the value fits. Shares no code with the product.</summary>
internal sealed class NaiveHistogram
{
    private readonly List<long> _values = [];
    private readonly UInt128 _unit = 1;
    private readonly UInt128 _subBuckets = 1;

    public NaiveHistogram(long lowest, int digits)
    {
        while (_unit * 2 <= (UInt128)lowest)
        {
            _unit *= 2;
        }

        while (_subBuckets < 2 * (UInt128)Math.Pow(10, digits))
        {
            _subBuckets *= 2;
        }
    }

    public int Count => _values.Count;

    public void Record(long value) => _values.Add(value);

    public long StepAt(long value)
    {
        UInt128 step = _unit;
        while ((UInt128)value >= step * _subBuckets)
        {
            step *= 2;
        }

        return (long)step;
    }

    public long Lowest(long value) => value / StepAt(value) * StepAt(value);

    public long Highest(long value) => Lowest(value) + (StepAt(value) - 1);

    public long Median(long value) => Lowest(value) + (StepAt(value) / 2);

    public long AtPercentile(decimal percentile)
    {
        if (_values.Count == 0)
        {
            return 0;
        }

        _values.Sort();
        int rank = Math.Max((int)Math.Ceiling(percentile * _values.Count / 100m), 1);
        return Highest(_values[rank - 1]);
    }

    public long CountEquivalentTo(long value) => _values.Count(other => Lowest(other) == Lowest(value));

    public long CountAtOrBelow(long value) => _values.Count(other => Lowest(other) <= Lowest(value));

    public double Mean() => (double)(_values.Sum(value => (decimal)Median(value)) / _values.Count);

    public double StdDeviation()
    {
        double mean = Mean();
        return Math.Sqrt(_values.Sum(value => (Median(value) - mean) * (Median(value) - mean)) / _values.Count);
    }

    public IEnumerable<(long Highest, int Count)> Distinct() =>
        _values.GroupBy(Highest).OrderBy(group => group.Key).Select(group => (group.Key, group.Count()));
}
