namespace HdrHistogram.Tests;

public sealed class EquivalentValueTests
{
    [TestCaseSource(typeof(Shape), nameof(Shape.All))]
    public void EquivalentsAreThoseOfTheModel(Shape shape)
    {
        LongHistogram histogram = shape.NewHistogram();
        NaiveHistogram model = shape.NewModel();
        var random = new SeededRandom(1);
        for (int i = 0; i < 5_000; i++)
        {
            long value = i < 100 ? Math.Min(i, shape.Highest) : random.ValueUpTo(shape.Highest);
            Assert.That(histogram.SizeOfEquivalentValueRange(value), Is.EqualTo(model.StepAt(value)));
            Assert.That(histogram.LowestEquivalentValue(value), Is.EqualTo(model.Lowest(value)));
            Assert.That(histogram.MedianEquivalentValue(value), Is.EqualTo(model.Median(value)));
            Assert.That(histogram.HighestEquivalentValue(value), Is.EqualTo(model.Highest(value)));
            Assert.That(histogram.NextNonEquivalentValue(value), Is.EqualTo(unchecked(model.Highest(value) + 1)));
        }
    }

    [TestCaseSource(typeof(Shape), nameof(Shape.All))]
    public void TheRelativeErrorIsWithinTheDigits(Shape shape)
    {
        LongHistogram histogram = shape.NewHistogram();
        var random = new SeededRandom(2);
        for (int i = 0; i < 5_000; i++)
        {
            long value = random.ValueUpTo(shape.Highest);
            double size = histogram.SizeOfEquivalentValueRange(value);
            Assert.That(size, Is.LessThanOrEqualTo(Math.Max(value / Math.Pow(10, shape.Digits), shape.Lowest)));
        }
    }

    [TestCaseSource(typeof(Shape), nameof(Shape.All))]
    public void IndexesAndValuesAreInverse(Shape shape)
    {
        var layout = new BucketLayout(shape.Lowest, shape.Highest, shape.Digits);
        long before = -1;
        for (int index = 0; index < layout.CountsLength; index++)
        {
            long value = layout.ValueAt(index);
            if (value < before || layout.IndexOf(value) != index || layout.IndexOf(layout.HighestEquivalentValue(value)) != index)
            {
                Assert.Fail($"Index {index} holds {value}, whose index is {layout.IndexOf(value)}.");
            }

            before = layout.HighestEquivalentValue(value);
        }

        Assert.That(before, Is.GreaterThanOrEqualTo(shape.Highest), "the last counter");
    }

    [TestCase(1, 3_600_000_000L, 3, 22, 2048)]
    [TestCase(1, 2_047, 3, 1, 2048)]
    [TestCase(1, 2_048, 3, 2, 2048)]
    [TestCase(1, 2, 0, 2, 2)]
    [TestCase(1, long.MaxValue, 3, 53, 2048)]
    public void BucketsCoverTheRange(long lowest, long highest, int digits, int buckets, int subBuckets)
    {
        var histogram = new LongHistogram(lowest, highest, digits);
        Assert.That((histogram.BucketCount, histogram.SubBucketCount), Is.EqualTo((buckets, subBuckets)));
        Assert.That(histogram.CountsLength, Is.EqualTo((buckets + 1) * subBuckets / 2));
    }

    [TestCase(0, 100, 3)]
    [TestCase(-1, 100, 3)]
    [TestCase(1, 1, 3)]
    [TestCase(51, 101, 3)]
    [TestCase(1, 100, -1)]
    [TestCase(1, 100, 6)]
    [TestCase(1L << 59, long.MaxValue, 3)]
    public void ImpossibleShapesThrow(long lowest, long highest, int digits) =>
        Assert.That(() => new LongHistogram(lowest, highest, digits), Throws.InstanceOf<ArgumentException>());
}
