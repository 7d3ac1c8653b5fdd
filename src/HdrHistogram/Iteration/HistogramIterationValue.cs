namespace HdrHistogram.Iteration;

/// <summary>One step of an iteration through a histogram.</summary>
public sealed class HistogramIterationValue
{
    /// <summary>Creates a step with all values 0.</summary>
    public HistogramIterationValue()
    {
    }

    /// <summary>Largest value equivalent to the one this step goes to.</summary>
    public long ValueIteratedTo { get; internal init; }

    /// <summary><see cref="ValueIteratedTo"/> of the step before; 0 for the first.</summary>
    public long ValueIteratedFrom { get; internal init; }

    /// <summary>How often the value this step goes to was recorded.</summary>
    public long CountAtValueIteratedTo { get; internal init; }

    /// <summary>How many values this step adds to those of the steps before.</summary>
    public long CountAddedInThisIterationStep { get; internal init; }

    /// <summary>How many values are at or below <see cref="ValueIteratedTo"/>.</summary>
    public long TotalCountToThisValue { get; internal init; }

    /// <summary>Sum of the values at or below <see cref="ValueIteratedTo"/>, each as the largest one equivalent to it.</summary>
    public long TotalValueToThisValue { get; internal init; }

    /// <summary>Which part of all values is at or below <see cref="ValueIteratedTo"/>, 0 to 100.</summary>
    public double Percentile { get; internal init; }

    /// <summary>The percentile this step was to reach; other than <see cref="Percentile"/> only when iterating by percentiles.</summary>
    public double PercentileLevelIteratedTo { get; internal init; }

    /// <summary>Whether this step reaches the last recorded value.</summary>
    /// <returns>True at percentile level 100.</returns>
    public bool IsLastValue() => PercentileLevelIteratedTo >= 100.0;

    /// <summary>The step as text.</summary>
    /// <returns>All its values.</returns>
    public override string ToString() =>
        FormattableString.Invariant(
            $"ValueIteratedTo:{ValueIteratedTo}, ValueIteratedFrom:{ValueIteratedFrom}, CountAtValueIteratedTo:{CountAtValueIteratedTo}, ")
        + FormattableString.Invariant(
            $"CountAddedInThisIterationStep:{CountAddedInThisIterationStep}, TotalCountToThisValue:{TotalCountToThisValue}, ")
        + FormattableString.Invariant(
            $"TotalValueToThisValue:{TotalValueToThisValue}, Percentile:{Percentile}, PercentileLevelIteratedTo:{PercentileLevelIteratedTo}");
}
