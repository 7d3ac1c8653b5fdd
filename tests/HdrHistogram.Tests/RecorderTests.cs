namespace HdrHistogram.Tests;

public sealed class RecorderTests
{
    private const long Highest = 1_000_000;

    [Test]
    public void EveryValueIsInExactlyOneInterval([Values(1, 2)] int writers, [Values] bool recycle)
    {
        const int ValuesPerWriter = 500_000;
        Recorder recorder = writers == 1 ? SingleWriter() : ManyWriters();
        var sum = new LongHistogram(Highest, 3);
        Task[] tasks = [.. Enumerable.Range(0, writers).Select(writer => Task.Factory.StartNew(
            () => Record(recorder, ValuesPerWriter, (ulong)writer),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];

        HistogramBase? spare = null;
        int intervals = 0;
        bool done;
        do
        {
            done = Task.WaitAll(tasks, 0);
            HistogramBase interval = recorder.GetIntervalHistogram(recycle ? spare : null);
            Assert.That(interval.HasOverflowed(), Is.False, "no writer may be left in an interval that was handed out");
            sum.Add(interval);
            spare = interval;
            intervals++;
        }
        while (!done);

        var expected = new LongHistogram(Highest, 3);
        for (int writer = 0; writer < writers; writer++)
        {
            Record(expected, ValuesPerWriter, (ulong)writer);
        }

        Assert.That(intervals, Is.GreaterThan(1));
        ArithmeticTests.AssertSameCounts(sum, expected);
    }

    [Test]
    public void IntervalsAbutInTime()
    {
        long before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Recorder recorder = SingleWriter();
        HistogramBase first = recorder.GetIntervalHistogram();
        HistogramBase second = recorder.GetIntervalHistogram();
        Assert.That(first.StartTimeStamp, Is.GreaterThanOrEqualTo(before));
        Assert.That(first.EndTimeStamp, Is.EqualTo(second.StartTimeStamp));
        Assert.That(second.EndTimeStamp, Is.GreaterThanOrEqualTo(second.StartTimeStamp));
    }

    [Test]
    public void TheThreeWaysToRecordReachTheInterval()
    {
        Recorder recorder = SingleWriter();
        recorder.RecordValue(10);
        recorder.RecordValueWithCount(20, 2);
        recorder.RecordValueWithExpectedInterval(90, 30);
        HistogramBase interval = recorder.GetIntervalHistogram();
        Assert.That(
            interval.RecordedValues().Select(step => (step.ValueIteratedTo, step.CountAtValueIteratedTo)),
            Is.EqualTo(new[] { (10L, 1L), (20, 2), (30, 1), (60, 1), (90, 1) }));
    }

    [Test]
    public void AnIntervalCanBeCopiedAndAResetForgets()
    {
        Recorder recorder = SingleWriter();
        var target = new LongHistogram(Highest, 3);
        target.RecordValue(1);
        recorder.RecordValue(2);
        recorder.GetIntervalHistogramInto(target);
        Assert.That(target.RecordedValues().Select(step => step.ValueIteratedTo), Is.EqualTo(new long[] { 2 }));
        recorder.RecordValue(3);
        recorder.Reset();
        Assert.That(recorder.GetIntervalHistogram().TotalCount, Is.Zero);
    }

    [Test]
    public void RecyclingAllocatesNothing()
    {
        Recorder recorder = SingleWriter();
        HistogramBase spare = recorder.GetIntervalHistogram();
        spare = recorder.GetIntervalHistogram(spare);
        spare = recorder.GetIntervalHistogram(spare);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            recorder.RecordValue(i);
            spare = recorder.GetIntervalHistogram(spare);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(spare.TotalCount, Is.EqualTo(1));
    }

    [Test]
    public void OnlyItsOwnHistogramsCanBeRecycled()
    {
        Recorder recorder = SingleWriter();
        HistogramBase foreign = SingleWriter().GetIntervalHistogram();
        Assert.That(() => recorder.GetIntervalHistogram(foreign), Throws.InvalidOperationException);
        Assert.That(() => recorder.GetIntervalHistogram(new LongHistogram(Highest, 3)), Throws.InvalidOperationException);

        HistogramBase own = recorder.GetIntervalHistogram();
        HistogramBase next = recorder.GetIntervalHistogram(own);
        Assert.That(() => recorder.GetIntervalHistogram(own), Throws.InvalidOperationException, "it is being recorded into");
        Assert.That(recorder.GetIntervalHistogram(next), Is.SameAs(own));
    }

    [Test]
    public void AValueOutsideTheRangeDoesNotBlockTheReader()
    {
        Recorder recorder = SingleWriter();
        Assert.That(() => recorder.RecordValue(-1), Throws.InstanceOf<IndexOutOfRangeException>());
        Assert.That(() => recorder.RecordValueWithCount(-1, 1), Throws.InstanceOf<IndexOutOfRangeException>());
        Assert.That(() => recorder.RecordValueWithExpectedInterval(-1, 1), Throws.InstanceOf<IndexOutOfRangeException>());
        Assert.That(recorder.GetIntervalHistogram().TotalCount, Is.Zero);
    }

    private static void Record(IRecorder recorder, int count, ulong seed)
    {
        var random = new SeededRandom(seed + 100);
        for (int i = 0; i < count; i++)
        {
            recorder.RecordValue(random.Below((int)Highest));
        }
    }

    private static Recorder SingleWriter() => HistogramFactory.With64BitBucketSize().WithValuesUpTo(Highest).WithThreadSafeReads().Create();

    private static Recorder ManyWriters() =>
        HistogramFactory.With64BitBucketSize().WithValuesUpTo(Highest).WithThreadSafeWrites().WithThreadSafeReads().Create();
}
