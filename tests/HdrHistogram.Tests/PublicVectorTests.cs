using System.IO.Compression;
using HdrHistogram.Encoding;
using HdrHistogram.Utilities;

namespace HdrHistogram.Tests;

/// <summary>Histograms that other HdrHistogram libraries encoded, from their public tests, and what those libraries say is in them.</summary>
public sealed class PublicVectorTests
{
    /// <summary>From a C library of the time when it counted the header as part of the payload and wrote a single zero as a run of one.</summary>
    private const string CStandard = "HISTFAAAACl4nJNpmSzMwMBgyAABzFCaEURcm7yEwf4DROA8/4I5jNM7mJgAlWkH9g==";

    private const string CCorrected =
        "HISTFAAAAP94nJNpmSzMwCByigECmKE0I4i4NnkJg/0HiMB5/gVzGD8aM/3lZ7rPyTSbjektC9N7Fqa"
        + "HzEzbmZi2whCEvZKRaSYj02wwiYng4tFM3lDoC2dhhwh5UyZlJlUMjClCmgpMEUUmQSZ+IBZEojFFCM"
        + "vQRwUxenmZ2MGQFUqz4+CTo4I2pg4dFdQylZWJkYkZCaPyMEUIydPLjMHrssFixuB12XD0HRAwMsFJg"
        + "kwilZHJHHKmjzp41MFDOjhYmFiQEUEmMWqGsvKBd8Fwd/Co/waTC9jYOMAIiSJRhLbKh5x9Q87Bo/YN"
        + "bfsoM4CPhw+IIJAkxnDXN+QcTIpyAPnGh6k=";

    private const string JavaZeroDigits = "HISTFAAAAB14nJNpmSzMwMDAxIAKGCEU8wv7DxAWLxMASToDcw==";
    private const string JavaAndCBucketBoundary = "HISTFAAAACB4nJNpmSzMwMDAzAABMJoRQnEw2H+AsP7LMwEARZgDpQ==";
    private const string ValaThreeValues = "HISTFAAAACV4nJNpmSzMwMDAwQABzFCaEUrp2H+AsI4zMh1lZEpkAgBdIQSk";

    private const long OneHourInMicroseconds = 3_600_000_000;

    [Test]
    public void TheStandardHistogramOfC()
    {
        HistogramBase histogram = Decode(CStandard);
        Assert.That(histogram.TotalCount, Is.EqualTo(10_001));
        Assert.That(histogram.GetValueAtPercentile(99.99), Is.EqualTo(1_000));
        Assert.That(histogram.GetValueAtPercentile(99.999), Is.EqualTo(100_007_935));
        Assert.That(histogram.GetMaxValue(), Is.EqualTo(100_007_935));
        ArithmeticTests.AssertSameCounts(histogram, Standard(interval: 0));
    }

    [TestCase(30.0, 1_000)]
    [TestCase(50.0, 1_000)]
    [TestCase(75.0, 50_000_000)]
    [TestCase(90.0, 80_000_000)]
    [TestCase(99.0, 98_000_000)]
    [TestCase(99.999, 100_000_000)]
    public void TheCorrectedHistogramOfC(double percentile, double expected)
    {
        HistogramBase histogram = Decode(CCorrected);
        Assert.That(histogram.TotalCount, Is.EqualTo(20_000));
        Assert.That(histogram.GetValueAtPercentile(percentile), Is.EqualTo(expected).Within(0.1).Percent);
        ArithmeticTests.AssertSameCounts(histogram, Standard(interval: 10_000));
    }

    [TestCase(JavaZeroDigits, 1, 1_000, 0, new long[] { 100 })]
    [TestCase(JavaAndCBucketBoundary, 1, 2_048, 3, new long[] { 2_048 })]
    [TestCase(ValaThreeValues, 1, 300, 3, new long[] { 100, 200, 250 })]
    public void SmallHistogramsAreReadAndWrittenByteForByte(string base64, long lowest, long highest, int digits, long[] values)
    {
        var expected = new LongHistogram(lowest, highest, digits);
        foreach (long value in values)
        {
            expected.RecordValue(value);
        }

        HistogramBase histogram = Decode(base64);
        Assert.That(
            (histogram.LowestTrackableValue, histogram.HighestTrackableValue, histogram.NumberOfSignificantValueDigits),
            Is.EqualTo((lowest, highest, digits)));
        ArithmeticTests.AssertSameCounts(histogram, expected);
        Assert.That(Encode(expected), Is.EqualTo(Inflate(base64)));
    }

    [Test]
    public void TheRowsOfAJHiccupLog()
    {
        using Stream log = Resource.Open("jhiccup-5s-to-20s.hlog");
        using var reader = new HistogramLogReader(log);
        var sum = new LongHistogram(OneHourInMicroseconds * 1_000, 3);
        List<HistogramBase> histograms = [.. reader.ReadHistograms()];
        histograms.ForEach(sum.Add);

        Assert.That(reader.GetStartTime(), Is.EqualTo(new DateTime(2015, 9, 9, 15, 24, 39, 474, DateTimeKind.Utc)));
        Assert.That(histograms, Has.Count.EqualTo(15));
        Assert.That(sum.TotalCount, Is.EqualTo(11_664));
        Assert.That(sum.GetValueAtPercentile(99.9), Is.EqualTo(1_536_163_839));
        Assert.That(sum.GetMaxValue(), Is.EqualTo(1_544_552_447));
        Assert.That(histograms[0].StartTimeStamp, Is.EqualTo(1_441_812_279_474 + 5_132), "relative to the start of the log");
        Assert.That(histograms[0].EndTimeStamp, Is.EqualTo(1_441_812_279_474 + 5_132 + 1_002));
    }

    private static LongHistogram Standard(long interval)
    {
        var histogram = new LongHistogram(1, OneHourInMicroseconds, 3);
        for (int i = 0; i < 10_000; i++)
        {
            histogram.RecordValueWithExpectedInterval(1_000, interval);
        }

        histogram.RecordValueWithExpectedInterval(100_000_000, interval);
        return histogram;
    }

    private static HistogramBase Decode(string base64) =>
        HistogramEncoding.DecodeFromCompressedByteBuffer(ByteBuffer.Allocate(Convert.FromBase64String(base64)), 0);

    private static byte[] Inflate(string base64)
    {
        const int CompressedHeaderBytes = 8;
        byte[] bytes = Convert.FromBase64String(base64);
        using var deflated = new MemoryStream(bytes, CompressedHeaderBytes, bytes.Length - CompressedHeaderBytes);
        using var zlib = new ZLibStream(deflated, CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        zlib.CopyTo(inflated);
        return inflated.ToArray();
    }

    private static byte[] Encode(LongHistogram histogram)
    {
        ByteBuffer buffer = ByteBuffer.Allocate(histogram.GetNeededByteBufferCapacity());
        int length = histogram.Encode(buffer, HistogramEncoderV2.Instance);
        return buffer.Slice(0, length).ToArray();
    }
}
