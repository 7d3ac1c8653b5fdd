namespace HdrHistogram.Tests;

public sealed class ArithmeticTests
{
    private static readonly Shape Small = new(1, 1_000_000, 3);

    [Test]
    public void AddingIsRecordingBoth([ValueSource(typeof(Shape), nameof(Shape.All))] Shape shape)
    {
        LongHistogram sum = shape.NewHistogram();
        LongHistogram first = shape.NewHistogram();
        LongHistogram second = shape.NewHistogram();
        var random = new SeededRandom(7);
        for (int i = 0; i < 1_000; i++)
        {
            long value = random.ValueUpTo(shape.Highest);
            sum.RecordValue(value);
            (i % 3 == 0 ? first : second).RecordValue(value);
        }

        first.Add(second);
        AssertSameCounts(first, sum);
        first.Subtract(second);
        sum.Subtract(second);
        AssertSameCounts(first, sum);
    }

    [Test]
    public void CountsMoveToWhereACoarserHistogramHasThem()
    {
        LongHistogram fine = Small.NewHistogram();
        var coarse = new LongHistogram(8, 10_000_000, 1);
        var expected = new LongHistogram(8, 10_000_000, 1);
        var random = new SeededRandom(8);
        for (int i = 0; i < 1_000; i++)
        {
            long value = random.ValueUpTo(Small.Highest);
            fine.RecordValue(value);
            expected.RecordValue(fine.LowestEquivalentValue(value));
        }

        coarse.Add(fine);
        AssertSameCounts(coarse, expected);
        coarse.Subtract(fine);
        Assert.That((coarse.TotalCount, coarse.LastRecordedIndex()), Is.EqualTo((0L, -1)));
    }

    [Test]
    public void AWiderHistogramCannotBeAddedOrSubtracted()
    {
        LongHistogram narrow = Small.NewHistogram();
        var wide = new LongHistogram(Small.Highest + 1, 3);
        Assert.That(() => narrow.Add(wide), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => narrow.Subtract(wide), Throws.InstanceOf<ArgumentOutOfRangeException>());
        wide.RecordValue(1_000);
        wide.Add(narrow);
        Assert.That(wide.TotalCount, Is.EqualTo(1));
    }

    [Test]
    public void SubtractingTooMuchThrowsAndChangesNothing()
    {
        LongHistogram histogram = Small.NewHistogram();
        histogram.RecordValueWithCount(10, 5);
        histogram.RecordValueWithCount(20, 5);
        HistogramBase other = histogram.Copy();
        other.RecordValue(20);
        HistogramBase before = histogram.Copy();
        Assert.That(() => histogram.Subtract(other), Throws.ArgumentException);
        AssertSameCounts(histogram, before);
    }

    [Test]
    public void ACopyIsIndependentAndCarriesTimesAndTag([Values(16, 32, 64, 65)] int bits)
    {
        HistogramBase histogram = NewHistogram(bits);
        histogram.RecordValueWithCount(1_234, 3);
        (histogram.StartTimeStamp, histogram.EndTimeStamp, histogram.Tag) = (1, 2, "t");
        HistogramBase copy = histogram.Copy();
        AssertSameCounts(copy, histogram);
        Assert.That((copy.StartTimeStamp, copy.EndTimeStamp, copy.Tag), Is.EqualTo((1L, 2L, "t")));
        Assert.That(copy.GetType(), Is.EqualTo(histogram.GetType()));
        copy.RecordValue(1_234);
        Assert.That(histogram.TotalCount, Is.EqualTo(3));
    }

    [Test]
    public void CopyingIntoReplacesWhatWasThere()
    {
        LongHistogram source = Small.NewHistogram();
        source.RecordValue(500);
        (source.StartTimeStamp, source.EndTimeStamp, source.Tag) = (1, 2, "t");
        LongHistogram target = Small.NewHistogram();
        target.RecordValue(700);
        source.CopyInto(target);
        AssertSameCounts(target, source);
        Assert.That((target.StartTimeStamp, target.EndTimeStamp, target.Tag), Is.EqualTo((1L, 2L, "t")));
    }

    [TestCase(16, short.MaxValue, 2)]
    [TestCase(32, int.MaxValue, 4)]
    [TestCase(64, long.MaxValue, 8)]
    [TestCase(65, long.MaxValue, 8)]
    public void ACounterThatRunsOverIsNoticed(int bits, long maxCount, int bytes)
    {
        HistogramBase histogram = NewHistogram(bits);
        Assert.That((histogram.MaxAllowableCount, histogram.WordSizeInBytes), Is.EqualTo((maxCount, bytes)));
        Assert.That(histogram.GetEstimatedFootprintInBytes(), Is.EqualTo(512 + (bytes * histogram.CountsLength)));
        histogram.RecordValueWithCount(3, maxCount);
        Assert.That(histogram.HasOverflowed(), Is.False);
        histogram.RecordValue(3);
        Assert.That(histogram.HasOverflowed(), Is.True);
    }

    internal static void AssertSameCounts(HistogramBase actual, HistogramBase expected)
    {
        Assert.That(actual.TotalCount, Is.EqualTo(expected.TotalCount));
        Assert.That(Counts(actual), Is.EqualTo(Counts(expected)));
        Assert.That(actual.HasOverflowed(), Is.False);
    }

    private static List<(long Value, long Count)> Counts(HistogramBase histogram) =>
        [.. histogram.RecordedValues().Select(step => (step.ValueIteratedTo, step.CountAtValueIteratedTo))];

    private static HistogramBase NewHistogram(int bits) => bits switch
    {
        16 => HistogramFactory.With16BitBucketSize().WithValuesUpTo(10_000).Create(),
        32 => HistogramFactory.With32BitBucketSize().WithValuesUpTo(10_000).Create(),
        64 => HistogramFactory.With64BitBucketSize().WithValuesUpTo(10_000).Create(),
        _ => HistogramFactory.With64BitBucketSize().WithThreadSafeWrites().WithValuesUpTo(10_000).Create(),
    };
}
