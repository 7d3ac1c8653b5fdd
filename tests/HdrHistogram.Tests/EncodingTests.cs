using HdrHistogram.Encoding;
using HdrHistogram.Utilities;

namespace HdrHistogram.Tests;

public sealed class EncodingTests
{
    [TestCase(0L, "00")]
    [TestCase(1L, "02")]
    [TestCase(-1L, "01")]
    [TestCase(63L, "7E")]
    [TestCase(64L, "8001")]
    [TestCase(-64L, "7F")]
    [TestCase(-65L, "8101")]
    [TestCase(300L, "D804")]
    [TestCase(long.MaxValue, "FEFFFFFFFFFFFFFFFF")]
    [TestCase(long.MinValue, "FFFFFFFFFFFFFFFFFF")]
    public void CountsAreZigZagLeb128(long value, string hex)
    {
        ByteBuffer buffer = ByteBuffer.Allocate(ZigZagLeb128.MaxBytes);
        ZigZagLeb128.Put(buffer, value);
        Assert.That(Convert.ToHexString(buffer.Slice(0, buffer.Position)), Is.EqualTo(hex));
        buffer.Position = 0;
        Assert.That(ZigZagLeb128.Get(buffer), Is.EqualTo(value));
        Assert.That(buffer.Position, Is.EqualTo(hex.Length / 2));
    }

    [Test]
    public void AnyCountSurvives()
    {
        var random = new SeededRandom(11);
        ByteBuffer buffer = ByteBuffer.Allocate(ZigZagLeb128.MaxBytes);
        for (int i = 0; i < 100_000; i++)
        {
            long value = (long)random.Next() >> random.Below(64);
            buffer.Position = 0;
            ZigZagLeb128.Put(buffer, value);
            buffer.Position = 0;
            Assert.That(ZigZagLeb128.Get(buffer), Is.EqualTo(value));
        }
    }

    [Test]
    public void TheBytesAreThoseOfTheDescription()
    {
        var histogram = new LongHistogram(1, 1_000, 1);
        histogram.RecordValueWithCount(0, 2);
        histogram.RecordValueWithCount(2, 64);
        histogram.RecordValue(6);
        const string Expected =
            "1C849313" + "00000006" + "00000000" + "00000001" // cookie, payload length, index offset, digits
            + "0000000000000001" + "00000000000003E8" + "3FF0000000000000" // lowest, highest, ratio 1.0
            + "04" + "00" + "8001" + "05" + "02"; // 2, a single zero, 64, three zeros, 1
        Assert.That(Convert.ToHexString(Encoded(histogram)), Is.EqualTo(Expected));
        Assert.That(histogram.GetEncodingCookie(), Is.EqualTo(0x1c849313));
    }

    [TestCaseSource(typeof(Shape), nameof(Shape.All))]
    public void AHistogramSurvivesBothForms(Shape shape)
    {
        var random = new SeededRandom(12);
        LongHistogram histogram = shape.NewHistogram();
        foreach (int size in new[] { 0, 1, 10, 1_000 })
        {
            for (int i = 0; i < size; i++)
            {
                histogram.RecordValueWithCount(random.ValueUpTo(shape.Highest), random.ValueUpTo(1L << 40));
            }

            ByteBuffer plain = ByteBuffer.Allocate(Encoded(histogram));
            AssertSame(HistogramEncoding.DecodeFromByteBuffer(plain, 0), histogram);

            ByteBuffer compressed = ByteBuffer.Allocate(histogram.GetNeededByteBufferCapacity() + 64);
            compressed.Position = 3;
            int length = histogram.EncodeIntoCompressedByteBuffer(compressed);
            Assert.That(compressed.Position, Is.EqualTo(3 + length));
            compressed.Position = 3;
            AssertSame(HistogramEncoding.DecodeFromCompressedByteBuffer(compressed, 0), histogram);
            Assert.That(compressed.Position, Is.EqualTo(3 + length));
        }
    }

    [Test]
    public void AMinimumWidensTheHistogramRead()
    {
        var histogram = new LongHistogram(1, 1_000, 2);
        histogram.RecordValue(77);
        HistogramBase wider = HistogramEncoding.DecodeFromByteBuffer(ByteBuffer.Allocate(Encoded(histogram)), 5_000);
        Assert.That((wider.HighestTrackableValue, wider.GetCountAtValue(77)), Is.EqualTo((5_000L, 1L)));
    }

    [Test]
    public void EveryTruncationThrows()
    {
        var histogram = new LongHistogram(1, 100_000, 2);
        histogram.RecordValueWithCount(500, 1_000_000);
        histogram.RecordValueWithCount(90_000, 1_000_000);
        byte[] plain = Encoded(histogram);
        byte[] compressed = Convert.FromBase64String(HistogramEncoding.ToBase64(histogram));
        for (int length = 0; length < plain.Length; length++)
        {
            ByteBuffer buffer = ByteBuffer.Allocate(plain[..length]);
            Assert.That(() => HistogramEncoding.DecodeFromByteBuffer(buffer, 0), Throws.InstanceOf<ArgumentException>(), $"{length} plain");
        }

        for (int length = 0; length < compressed.Length; length++)
        {
            ByteBuffer buffer = ByteBuffer.Allocate(compressed[..length]);
            Assert.That(
                () => HistogramEncoding.DecodeFromCompressedByteBuffer(buffer, 0),
                Throws.InstanceOf<ArgumentException>(),
                $"{length} compressed");
        }
    }

    [Test]
    public void DamagedBytesThrowOrGiveAHistogramButNothingElse()
    {
        var histogram = new LongHistogram(1, 100_000, 2);
        histogram.RecordValueWithCount(500, 1_000_000);
        byte[] intact = Encoded(histogram);
        var random = new SeededRandom(13);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] damaged = [.. intact];
            damaged[random.Below(damaged.Length)] ^= (byte)(1 + random.Below(255));
            try
            {
                HistogramBase read = HistogramEncoding.DecodeFromByteBuffer(ByteBuffer.Allocate(damaged), 0);
                Assert.That(read.HasOverflowed(), Is.False);
            }
            catch (ArgumentException)
            {
                // Refused, which is right too.
            }
        }
    }

    [TestCase("1C849314", Description = "a compressed histogram")]
    [TestCase("1C849308", Description = "V0")]
    [TestCase("1C849301", Description = "V1")]
    [TestCase("00000000")]
    public void OtherCookiesThrow(string cookie)
    {
        byte[] bytes = Encoded(new LongHistogram(1, 1_000, 2));
        Convert.FromHexString(cookie).CopyTo(bytes, 0);
        Assert.That(() => HistogramEncoding.DecodeFromByteBuffer(ByteBuffer.Allocate(bytes), 0), Throws.ArgumentException);
    }

    [Test]
    public void ATargetTooSmallThrows()
    {
        var histogram = new LongHistogram(1, 1_000, 2);
        Assert.That(() => histogram.EncodeIntoCompressedByteBuffer(ByteBuffer.Allocate(20)), Throws.ArgumentException);
    }

    [Test]
    public void BuffersAreBigEndianAndCopyWhatTheyAreGiven()
    {
        ByteBuffer buffer = ByteBuffer.Allocate(32);
        buffer.Put(0xAB);
        buffer.PutInt(0x01020304);
        buffer.PutLong(0x05060708090A0B0C);
        buffer.PutDouble(1.0);
        buffer.PutInt(1, 0x0D0E0F10);
        Assert.That(Convert.ToHexString(buffer.Slice(0, buffer.Position)), Is.EqualTo("AB0D0E0F1005060708090A0B0C3FF0000000000000"));
        Assert.That((buffer.Capacity(), buffer.Remaining()), Is.EqualTo((32, 11)));
        buffer.Position = 0;
        Assert.That(
            (buffer.Get(), buffer.GetInt(), buffer.GetLong(), buffer.GetDouble()),
            Is.EqualTo(((byte)0xAB, 0x0D0E0F10, 0x05060708090A0B0C, 1.0)));

        byte[] source = [1];
        ByteBuffer copy = ByteBuffer.Allocate(source);
        source[0] = 2;
        Assert.That(copy.Get(), Is.EqualTo(1));
    }

    private static byte[] Encoded(LongHistogram histogram)
    {
        ByteBuffer buffer = ByteBuffer.Allocate(histogram.GetNeededByteBufferCapacity());
        int length = histogram.Encode(buffer, HistogramEncoderV2.Instance);
        return buffer.Slice(0, length).ToArray();
    }

    private static void AssertSame(HistogramBase actual, LongHistogram expected)
    {
        Assert.That(
            (actual.LowestTrackableValue, actual.HighestTrackableValue, actual.NumberOfSignificantValueDigits),
            Is.EqualTo((expected.LowestTrackableValue, expected.HighestTrackableValue, expected.NumberOfSignificantValueDigits)));
        ArithmeticTests.AssertSameCounts(actual, expected);
    }
}
