using System.Diagnostics;

namespace HdrHistogram.Tests;

public sealed class HistogramFactoryTests
{
    [Test]
    public void RangeAndPrecisionReachTheHistogram([Values] bool threadSafe)
    {
        HistogramFactory factory = HistogramFactory.With64BitBucketSize().WithValuesFrom(10).WithValuesUpTo(5_000).WithPrecisionOf(2);
        HistogramBase histogram = (threadSafe ? factory.WithThreadSafeWrites() : factory).Create();
        Assert.That(histogram, threadSafe ? Is.TypeOf<LongConcurrentHistogram>() : Is.TypeOf<LongHistogram>());
        Assert.That(
            (histogram.LowestTrackableValue, histogram.HighestTrackableValue, histogram.NumberOfSignificantValueDigits),
            Is.EqualTo((10L, 5_000L, 2)));
        Assert.That(histogram.InstanceId, Is.Negative);
        Assert.That(factory.Create(42, 1, 100, 1).InstanceId, Is.EqualTo(42));
    }

    [Test]
    public void ARecorderMakesTheHistogramsOfItsFactory()
    {
        Recorder recorder = HistogramFactory.With16BitBucketSize().WithValuesUpTo(5_000).WithThreadSafeReads().Create();
        HistogramBase first = recorder.GetIntervalHistogram();
        HistogramBase second = recorder.GetIntervalHistogram();
        Assert.That((first.WordSizeInBytes, first.HighestTrackableValue), Is.EqualTo((2, 5_000L)));
        Assert.That(first.InstanceId, Is.Positive.And.EqualTo(second.InstanceId));
    }

    [Test]
    public void ManyWritersLoseNothing()
    {
        const int ValuesPerWriter = 200_000;
        var histogram = new LongConcurrentHistogram(1, 1_000, 2);
        Parallel.For(0, 4, writer =>
        {
            for (int i = 0; i < ValuesPerWriter; i++)
            {
                histogram.RecordValue(i % 1_000);
                histogram.RecordValueWithCount(writer, 2);
            }
        });
        Assert.That(histogram.TotalCount, Is.EqualTo(4 * 3 * ValuesPerWriter));
        Assert.That(histogram.HasOverflowed(), Is.False);
    }

    [Test]
    public void TimeStampsAreTicksOfTheStopwatch()
    {
        Assert.That(TimeStamp.Seconds(3), Is.EqualTo(3 * Stopwatch.Frequency));
        Assert.That(TimeStamp.Minutes(2), Is.EqualTo(120 * Stopwatch.Frequency));
        Assert.That(TimeStamp.Hours(1), Is.EqualTo(3_600 * Stopwatch.Frequency));
        Assert.That(TimeStamp.Seconds(1) / OutputScalingFactor.TimeStampToMicroseconds, Is.EqualTo(1e6));
        Assert.That(TimeStamp.Seconds(1) / OutputScalingFactor.TimeStampToMilliseconds, Is.EqualTo(1e3));
        Assert.That(TimeStamp.Seconds(1) / OutputScalingFactor.TimeStampToSeconds, Is.EqualTo(1.0));
    }

    [Test]
    public void ActionsAndScopesAreTimed()
    {
        var histogram = new LongHistogram(1, TimeStamp.Minutes(1), 3);
        histogram.Record(() => Thread.Sleep(2));
        IDisposable scope = histogram.RecordScope();
        Thread.Sleep(2);
        scope.Dispose();
        scope.Dispose();
        Assert.That(histogram.TotalCount, Is.EqualTo(2));
        Assert.That(histogram.GetValueAtPercentile(1) / OutputScalingFactor.TimeStampToMilliseconds, Is.InRange(1.0, 10_000.0));
    }
}
