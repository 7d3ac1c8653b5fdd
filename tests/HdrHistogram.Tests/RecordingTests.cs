namespace HdrHistogram.Tests;

public sealed class RecordingTests
{
    [TestCaseSource(typeof(Shape), nameof(Shape.All))]
    public void CountsAreThoseOfTheModel(Shape shape)
    {
        LongHistogram histogram = shape.NewHistogram();
        NaiveHistogram model = shape.NewModel();
        var random = new SeededRandom(3);
        for (int i = 0; i < 1_000; i++)
        {
            long value = random.ValueUpTo(shape.Highest);
            histogram.RecordValue(value);
            model.Record(value);
        }

        Assert.That(histogram.TotalCount, Is.EqualTo(model.Count));
        Assert.That(
            histogram.RecordedValues().Select(step => (step.ValueIteratedTo, (int)step.CountAtValueIteratedTo)),
            Is.EqualTo(model.Distinct()));
        for (int i = 0; i < 50; i++)
        {
            long value = random.ValueUpTo(shape.Highest);
            Assert.That(histogram.GetCountAtValue(value), Is.EqualTo(model.CountEquivalentTo(value)));
        }
    }

    [TestCaseSource(typeof(Shape), nameof(Shape.All))]
    public void ValuesOutsideTheRangeThrowAndCountNothing(Shape shape)
    {
        LongHistogram histogram = shape.NewHistogram();
        List<long> outside = [-1, -2, -1_000_000, long.MinValue, long.MinValue + 1];
        if (shape.Highest < long.MaxValue)
        {
            outside.Add(histogram.HighestEquivalentValue(shape.Highest) * 2 + 2);
            outside.Add(long.MaxValue);
        }

        foreach (long value in outside)
        {
            Assert.That(() => histogram.RecordValue(value), Throws.InstanceOf<IndexOutOfRangeException>(), $"{value}");
            Assert.That(() => histogram.RecordValueWithCount(value, 2), Throws.InstanceOf<IndexOutOfRangeException>(), $"{value}");
            Assert.That(() => histogram.GetCountAtValue(value), Throws.InstanceOf<IndexOutOfRangeException>(), $"{value}");
        }

        Assert.That(histogram.TotalCount, Is.Zero);
        Assert.That(histogram.LastRecordedIndex(), Is.EqualTo(-1));
    }

    [Test]
    public void TheEndsOfTheRangeCanBeRecorded([ValueSource(typeof(Shape), nameof(Shape.All))] Shape shape)
    {
        LongHistogram histogram = shape.NewHistogram();
        histogram.RecordValue(0);
        histogram.RecordValue(shape.Highest);
        Assert.That(histogram.GetMaxValue(), Is.EqualTo(shape.NewModel().Highest(shape.Highest)));
        Assert.That(histogram.TotalCount, Is.EqualTo(2));
    }

    [Test]
    public void AnExpectedIntervalFillsInTheSamplesThatWereMissed()
    {
        var histogram = new LongHistogram(10_000, 3);
        histogram.RecordValueWithExpectedInterval(1_000, 300);
        Assert.That(histogram.RecordedValues().Select(step => step.ValueIteratedTo), Is.EqualTo(new long[] { 400, 700, 1_000 }));
    }

    [TestCase(1_000, 0)]
    [TestCase(1_000, -1)]
    [TestCase(1_000, 501)]
    [TestCase(1_000, 1_001)]
    public void AnIntervalThatMissedNothingFillsInNothing(long value, long interval)
    {
        var histogram = new LongHistogram(10_000, 3);
        histogram.RecordValueWithExpectedInterval(value, interval);
        Assert.That(histogram.TotalCount, Is.EqualTo(1));
    }

    [Test]
    public void ResetForgetsEverything()
    {
        var histogram = new LongHistogram(1_000, 2) { Tag = "a", StartTimeStamp = 1, EndTimeStamp = 2 };
        histogram.RecordValueWithCount(5, 7);
        histogram.Reset();
        Assert.That((histogram.TotalCount, histogram.StartTimeStamp, histogram.EndTimeStamp, histogram.Tag), Is.EqualTo((0L, 0L, 0L, (string?)null)));
        Assert.That(histogram.RecordedValues(), Is.Empty);
    }

    [TestCase("a b")]
    [TestCase("a,b")]
    [TestCase("a\nb")]
    [TestCase("a\rb")]
    public void TagsThatWouldBreakALogLineThrow(string tag) =>
        Assert.That(() => new LongHistogram(1_000, 2).Tag = tag, Throws.ArgumentException);

    [Test]
    public void RecordingAllocatesNothing()
    {
        var plain = new LongHistogram(1_000_000, 3);
        var concurrent = new LongConcurrentHistogram(1, 1_000_000, 3);
        Recorder recorder = HistogramFactory.With64BitBucketSize().WithValuesUpTo(1_000_000).WithThreadSafeReads().Create();
        IRecorder[] recorders = [plain, concurrent, recorder];
        Record(recorders, 1_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Record(recorders, 100_000);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void Record(IRecorder[] recorders, int count)
    {
        foreach (IRecorder recorder in recorders)
        {
            for (int i = 0; i < count; i++)
            {
                recorder.RecordValue(i);
                recorder.RecordValueWithCount(i, 3);
                recorder.RecordValueWithExpectedInterval(i, 50_000);
            }
        }
    }
}
