namespace HdrHistogram.Tests;

public sealed class StatisticsTests
{
    private static readonly decimal[] Percentiles = [0, 0.001m, 1, 12.5m, 25, 33.3m, 50, 66.6m, 75, 90, 99, 99.9m, 99.99m, 99.999m, 100];

    [TestCaseSource(typeof(Shape), nameof(Shape.All))]
    public void StatisticsAreThoseOfTheModel(Shape shape)
    {
        foreach (int size in new[] { 1, 2, 3, 10, 100, 1_000 })
        {
            LongHistogram histogram = shape.NewHistogram();
            NaiveHistogram model = shape.NewModel();
            var random = new SeededRandom((ulong)size);
            for (int i = 0; i < size; i++)
            {
                long value = random.ValueUpTo(shape.Highest);
                histogram.RecordValue(value);
                model.Record(value);
            }

            foreach (decimal percentile in Percentiles)
            {
                Assert.That(
                    histogram.GetValueAtPercentile((double)percentile),
                    Is.EqualTo(model.AtPercentile(percentile)),
                    $"percentile {percentile} of {size}");
            }

            Assert.That(histogram.GetMaxValue(), Is.EqualTo(model.AtPercentile(100)));
            Assert.That(histogram.GetMean(), Is.EqualTo(model.Mean()).Within(1e-9).Percent);
            Assert.That(histogram.GetStdDeviation(), Is.EqualTo(model.StdDeviation()).Within(1e-6).Percent);
            long probe = random.ValueUpTo(shape.Highest);
            Assert.That(histogram.GetPercentileAtOrBelowValue(probe), Is.EqualTo(100.0 * model.CountAtOrBelow(probe) / size));
        }
    }

    [TestCase(50.0, 1)]
    [TestCase(50.00000000000001, 1)]
    [TestCase(50.1, 2)]
    [TestCase(-5.0, 1)]
    [TestCase(105.0, 2)]
    [TestCase(double.NaN, 1)]
    public void TheRankIsTheCeilingButForRoundingErrors(double percentile, long expected)
    {
        var histogram = new LongHistogram(1_000, 3);
        histogram.RecordValue(1);
        histogram.RecordValue(2);
        Assert.That(histogram.GetValueAtPercentile(percentile), Is.EqualTo(expected));
    }

    [Test]
    public void EveryRankOfALargeTotalCanBeReached()
    {
        var histogram = new LongHistogram(2_000, 3);
        for (int value = 1; value <= 1_000; value++)
        {
            histogram.RecordValue(value);
        }

        for (int value = 1; value <= 1_000; value++)
        {
            Assert.That(histogram.GetValueAtPercentile(value / 10.0), Is.EqualTo(value));
        }
    }

    [Test]
    public void NothingRecordedGivesZeros()
    {
        var histogram = new LongHistogram(1_024, 1_000_000, 3);
        Assert.That(histogram.GetValueAtPercentile(50), Is.Zero);
        Assert.That(histogram.GetMaxValue(), Is.Zero);
        Assert.That(histogram.GetMean(), Is.Zero);
        Assert.That(histogram.GetStdDeviation(), Is.Zero);
        Assert.That(histogram.GetPercentileAtOrBelowValue(5), Is.EqualTo(100.0));
        Assert.That(histogram.RecordedValues(), Is.Empty);
        Assert.That(histogram.Percentiles(5), Is.Empty);
    }
}
