namespace HdrHistogram.Tests;

/// <summary>The expected files were written by hdr-histogram-js 3.0.1 but for the Max line, where that library differs from the others.</summary>
public sealed class PercentileDistributionTests
{
    [Test]
    public void TheHgrmFormIsThatOfOtherLibraries() =>
        Assert.That(Output(Squares(), ticks: 2, scalingRatio: 1_000), Is.EqualTo(Resource.Text("squares-2-ticks.hgrm")));

    [Test]
    public void TheCsvFormIsThatOfOtherLibraries() =>
        Assert.That(Output(Squares(), ticks: 1, scalingRatio: 1_000, csv: true), Is.EqualTo(Resource.Text("squares-1-tick.csv")));

    [Test]
    public void TheDecimalPlacesAreTheSignificantDigits()
    {
        var histogram = new LongHistogram(1_000, 1);
        histogram.RecordValue(10);
        const string Expected =
            "       Value     Percentile TotalCount 1/(1-Percentile)\n"
            + "\n"
            + "        10.0 0.000000000000          1           1.00\n"
            + "        10.0 1.000000000000          1\n"
            + "#[Mean    =         10.0, StdDeviation   =          0.0]\n"
            + "#[Max     =         10.0, Total count    =            1]\n"
            + "#[Buckets =            6, SubBuckets     =           32]\n";
        Assert.That(Output(histogram, ticks: 5, scalingRatio: 1), Is.EqualTo(Expected));
    }

    [Test]
    public void NothingRecordedGivesHeadAndSummary()
    {
        string[] lines = Output(new LongHistogram(1_000, 3), ticks: 5, scalingRatio: 1).Split('\n');
        Assert.That(lines, Has.Length.EqualTo(6));
        Assert.That(lines[2], Is.EqualTo("#[Mean    =        0.000, StdDeviation   =        0.000]"));
    }

    private static LongHistogram Squares()
    {
        var histogram = new LongHistogram(1, 3_600_000_000, 3);
        for (long root = 1; root <= 1_000; root++)
        {
            histogram.RecordValue(root * root);
        }

        return histogram;
    }

    private static string Output(LongHistogram histogram, int ticks, double scalingRatio, bool csv = false)
    {
        using var writer = new StringWriter();
        histogram.OutputPercentileDistribution(writer, ticks, scalingRatio, csv);
        return writer.ToString();
    }
}
