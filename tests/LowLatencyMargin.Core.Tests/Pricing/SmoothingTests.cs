using LowLatencyMargin.Core.Pricing;

namespace LowLatencyMargin.Core.Tests.Pricing;

internal sealed class SmoothingTests
{
    private const long HalfLifeNs = 5_000_000_000;

    [TestCase(0, 1_000_000)]
    [TestCase(1, 500_000)]
    [TestCase(2, 250_000)]
    [TestCase(10, 976)]
    [TestCase(19, 1)]
    [TestCase(20, 0)]
    [TestCase(40, 0)]
    [TestCase(1_000_000, 0)]
    [Description("R-803: after each half-life half of the distance is left, rounded toward zero.")]
    public void HalfLives(long number, long left)
    {
        Assert.That(Smoothing.Left(1_000_000, number * HalfLifeNs, HalfLifeNs), Is.EqualTo(left));
        Assert.That(Smoothing.Left(-1_000_000, number * HalfLifeNs, HalfLifeNs), Is.EqualTo(-left));
    }

    [Test]
    [Description("R-803: in between it is the power of two, to a part in sixty thousand, and never grows with time.")]
    public void NearThePowerOfTwo([Values(1_000_000L, 999_999_937L, HalfLifeNs, 3_600_000_000_000L)] long halfLifeNs)
    {
        const long Distance = 1L << 56;
        long before = Distance;
        for (int i = 0; i <= 4_000; i++)
        {
            long elapsed = (long)((Int128)halfLifeNs * i / 997);
            long left = Smoothing.Left(Distance, elapsed, halfLifeNs);
            double exact = Distance * Math.Pow(2, -(double)elapsed / halfLifeNs);
            Assert.That(left, Is.EqualTo(exact).Within(exact / 60_000));
            Assert.That(left, Is.LessThanOrEqualTo(before));
            before = left;
        }
    }
}
