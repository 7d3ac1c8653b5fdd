using HdrHistogram.Iteration;

namespace HdrHistogram.Tests;

public sealed class IterationTests
{
    [Test]
    public void AllValuesVisitsEveryCounterOnce()
    {
        var histogram = new LongHistogram(10_000, 2);
        histogram.RecordValueWithCount(300, 4);
        List<HistogramIterationValue> steps = [.. histogram.AllValues()];
        Assert.That(steps, Has.Count.EqualTo(histogram.CountsLength));
        Assert.That(steps.Sum(step => step.CountAddedInThisIterationStep), Is.EqualTo(4));
        Assert.That(steps.Skip(1).Select(step => step.ValueIteratedFrom), Is.EqualTo(steps.SkipLast(1).Select(step => step.ValueIteratedTo)));
    }

    [Test]
    public void RecordedValuesCarryRunningTotals()
    {
        var histogram = new LongHistogram(10_000, 3);
        histogram.RecordValueWithCount(10, 1);
        histogram.RecordValueWithCount(20, 3);
        List<HistogramIterationValue> steps = [.. histogram.RecordedValues()];
        Assert.That(steps.Select(step => step.ValueIteratedTo), Is.EqualTo(new long[] { 10, 20 }));
        Assert.That(steps.Select(step => step.ValueIteratedFrom), Is.EqualTo(new long[] { 0, 10 }));
        Assert.That(steps.Select(step => step.CountAddedInThisIterationStep), Is.EqualTo(new long[] { 1, 3 }));
        Assert.That(steps.Select(step => step.TotalCountToThisValue), Is.EqualTo(new long[] { 1, 4 }));
        Assert.That(steps.Select(step => step.TotalValueToThisValue), Is.EqualTo(new long[] { 10, 70 }));
        Assert.That(steps.Select(step => step.Percentile), Is.EqualTo(new[] { 25.0, 100.0 }));
        Assert.That(steps.Select(step => step.IsLastValue()), Is.EqualTo(new[] { false, true }));
        Assert.That(steps[1].ToString(), Does.StartWith("ValueIteratedTo:20, ValueIteratedFrom:10, CountAtValueIteratedTo:3, "));
    }

    [Test]
    public void PercentileLevelsHalveTheDistanceToAHundred()
    {
        var histogram = new LongHistogram(10_000, 3);
        for (int value = 1; value <= 16; value++)
        {
            histogram.RecordValue(value);
        }

        List<HistogramIterationValue> steps = [.. histogram.Percentiles(1)];
        Assert.That(
            steps.Select(step => step.PercentileLevelIteratedTo),
            Is.EqualTo(new[] { 0, 50, 75, 87.5, 93.75, 96.875, 100 }));
        Assert.That(steps.Select(step => step.ValueIteratedTo), Is.EqualTo(new long[] { 1, 8, 12, 14, 15, 16, 16 }));
        Assert.That(steps.Count(step => step.IsLastValue()), Is.EqualTo(1));
    }

    [TestCaseSource(typeof(Shape), nameof(Shape.All))]
    public void EveryPercentileStepIsTheFirstValueToReachItsLevel(Shape shape)
    {
        LongHistogram histogram = shape.NewHistogram();
        var random = new SeededRandom(5);
        for (int i = 0; i < 3_000; i++)
        {
            histogram.RecordValue(random.ValueUpTo(shape.Highest));
        }

        List<HistogramIterationValue> recorded = [.. histogram.RecordedValues()];
        foreach (HistogramIterationValue step in histogram.Percentiles(7))
        {
            HistogramIterationValue first = recorded.First(value => value.Percentile >= step.PercentileLevelIteratedTo);
            Assert.That(step.ValueIteratedTo, Is.EqualTo(first.ValueIteratedTo));
            Assert.That(step.TotalCountToThisValue, Is.EqualTo(first.TotalCountToThisValue));
        }
    }

    [Test]
    public void TicksMustBePositive() =>
        Assert.That(() => new LongHistogram(10, 1).Percentiles(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
