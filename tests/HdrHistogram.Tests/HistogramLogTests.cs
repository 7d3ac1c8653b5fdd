namespace HdrHistogram.Tests;

public sealed class HistogramLogTests
{
    private const string ThreeValues = "HISTFAAAACV4nJNpmSzMwMDAwQABzFCaEUrp2H+AsI4zMh1lZEpkAgBdIQSk";

    private static readonly DateTime Start = new(2024, 2, 29, 12, 34, 56, 789, DateTimeKind.Utc);

    private static readonly long StartMs = new DateTimeOffset(Start).ToUnixTimeMilliseconds();

    [Test]
    public void WhatIsWrittenIsReadBack()
    {
        var random = new SeededRandom(21);
        var written = new List<HistogramBase>();
        foreach (Shape shape in Shape.All)
        {
            LongHistogram histogram = shape.NewHistogram();
            histogram.StartTimeStamp = StartMs + (written.Count * 1_000);
            histogram.EndTimeStamp = histogram.StartTimeStamp + 999;
            histogram.Tag = written.Count % 2 == 0 ? null : $"tag{written.Count}";
            for (int i = 0; i < 100; i++)
            {
                histogram.RecordValueWithCount(random.ValueUpTo(shape.Highest), random.Below(1_000));
            }

            written.Add(histogram);
        }

        using var stream = new MemoryStream();
        HistogramLogWriter.Write(stream, Start, [.. written]);
        stream.Position = 0;
        using var reader = new HistogramLogReader(stream);
        Assert.That(reader.GetStartTime(), Is.EqualTo(Start));
        List<HistogramBase> read = [.. reader.ReadHistograms()];
        Assert.That(read, Has.Count.EqualTo(written.Count));
        foreach ((HistogramBase actual, HistogramBase expected) in read.Zip(written))
        {
            ArithmeticTests.AssertSameCounts(actual, expected);
            Assert.That(
                (actual.StartTimeStamp, actual.EndTimeStamp, actual.Tag),
                Is.EqualTo((expected.StartTimeStamp, expected.EndTimeStamp, expected.Tag)));
        }
    }

    [Test]
    public void TheTextIsThatOfTheFormat()
    {
        var histogram = new LongHistogram(1, 10_000_000, 3) { StartTimeStamp = StartMs, EndTimeStamp = StartMs + 1_500, Tag = "p99" };
        histogram.RecordValue(2_000_000);
        using var stream = new MemoryStream();
        HistogramLogWriter.Write(stream, Start, histogram);
        string[] lines = System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n');
        Assert.That(lines, Has.Length.EqualTo(5));
        Assert.That(lines[0], Is.EqualTo("#[Histogram log format version 1.3]"));
        Assert.That(lines[1], Is.EqualTo("#[StartTime: 1709210096.789 (seconds since epoch), Thu Feb 29 12:34:56 UTC 2024]"));
        Assert.That(lines[2], Is.EqualTo("\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\""));
        Assert.That(lines[3], Does.StartWith("Tag=p99,1709210096.789,1.500,2.001,HISTFAAA"));
        Assert.That(lines[4], Is.Empty);
    }

    [Test]
    public void AppendingStartsALogOnce()
    {
        using var stream = new MemoryStream();
        using (var writer = new HistogramLogWriter(stream))
        {
            writer.Append(new LongHistogram(100, 2) { StartTimeStamp = StartMs });
            writer.Append(new LongHistogram(100, 2) { StartTimeStamp = StartMs + 1_000 });
        }

        string text = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        Assert.That(text.Split('\n'), Has.Length.EqualTo(6));
        stream.Position = 0;
        Assert.That(HistogramLogReader.Read(stream).Select(read => read.StartTimeStamp), Is.EqualTo(new[] { StartMs, StartMs + 1_000 }));
    }

    [Test]
    public void AnEmptyLogHasAStartTimeAndNothingElse()
    {
        using var stream = new MemoryStream();
        HistogramLogWriter.Write(stream, Start);
        stream.Position = 0;
        using var reader = new HistogramLogReader(stream);
        Assert.That(reader.ReadHistograms(), Is.Empty);
        Assert.That(reader.GetStartTime(), Is.EqualTo(Start));
    }

    [TestCase("", 127, Description = "no start time: as they are")]
    [TestCase("#[StartTime: 1441812279.474 (seconds since epoch), Wed]\n", 1_441_812_279_601, Description = "relative to the start")]
    [TestCase("#[StartTime: 100.5 (seconds since epoch)]\n", 127, Description = "near enough to be absolute")]
    [TestCase("#[StartTime: 1441812279.474 (seconds since epoch)]\n#[BaseTime: 1441812279.000 (seconds since epoch)]\n", 1_441_812_279_127)]
    public void RowsMayBeRelative(string head, long expectedStart)
    {
        HistogramBase histogram = Read(head + "0.127,1.007,2.769," + ThreeValues + "\n").Single();
        Assert.That((histogram.StartTimeStamp, histogram.EndTimeStamp), Is.EqualTo((expectedStart, expectedStart + 1_007)));
    }

    [TestCase("#[StartTime: 1441812279.474 (seconds since epoch)]\n", 1_441_812_279_474)]
    [TestCase("5.25,1.0,0.1," + ThreeValues + "\n", 5_250)]
    [TestCase("Tag=a,5.25,1.0,0.1," + ThreeValues + "\n", 5_250)]
    [TestCase("", 0)]
    public void TheStartTimeIsThatOfTheHeadOrTheFirstRow(string log, long expectedMs)
    {
        using var reader = new HistogramLogReader(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(log)));
        Assert.That(reader.GetStartTime(), Is.EqualTo(DateTime.UnixEpoch.AddMilliseconds(expectedMs)));
        Assert.That(reader.ReadHistograms().Count(), Is.EqualTo(log.Contains("HIST", StringComparison.Ordinal) ? 1 : 0));
    }

    [Test]
    public void CommentsBlankLinesAndLineEndsOfWindowsAreSkipped()
    {
        string log = "#[x]\r\n\r\n\"StartTimestamp\",\"...\"\r\n# y\r\nTag=a,1,1,1," + ThreeValues + " \r\n\r\n2,1,1," + ThreeValues;
        Assert.That(Read(log).Select(histogram => histogram.Tag), Is.EqualTo(new[] { "a", null }));
        Assert.That(Read(log).Select(histogram => histogram.TotalCount), Is.EqualTo(new long[] { 3, 3 }));
    }

    [TestCase("1,2,3")]
    [TestCase("x,2,3," + ThreeValues)]
    [TestCase("1,2,3,HIST!")]
    public void LinesOfAnotherFormatThrow(string line) =>
        Assert.That(() => Read(line), Throws.InstanceOf<FormatException>());

    private static List<HistogramBase> Read(string log) =>
        [.. HistogramLogReader.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(log)))];
}
