using LowLatencyMargin.Cli.Text;

namespace LowLatencyMargin.Cli.Tests;

/// <summary>R-101: what people write is read and compared without rounding.</summary>
internal sealed class ExactNumberTests
{
    [TestCase("1", "1")]
    [TestCase("-0.5", "-0.5")]
    [TestCase("0001.500", "1.5")]
    [TestCase("95000.5", "95000.5")]
    [TestCase("0.000000000000000000000000000001", "0.000000000000000000000000000001")]
    [TestCase("123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789")]
    public void ReadsAndPrints(string text, string printed)
    {
        Assert.That(ExactNumber.TryParse(text, out ExactNumber number));
        Assert.That(number.ToString(), Is.EqualTo(printed));
    }

    [TestCase("")]
    [TestCase("-")]
    [TestCase(".5")]
    [TestCase("5.")]
    [TestCase("1e3")]
    [TestCase("1 000")]
    [TestCase("1,5")]
    [TestCase("+1")]
    [TestCase("0x1")]
    [TestCase("1.2.3")]
    [TestCase("NaN")]
    public void RefusesAllElse(string text) => Assert.That(ExactNumber.TryParse(text, out _), Is.False);

    [TestCase("10%", "0.1")]
    [TestCase("5bp", "0.0005")]
    [TestCase("2.5%", "0.025")]
    [TestCase("3", "3")]
    public void ReadsUnits(string text, string value)
    {
        Assert.That(ExactNumber.TryParseWithUnit(text, out ExactNumber number));
        Assert.That(number.ToString(), Is.EqualTo(value));
    }

    [TestCase(2, 3, "0.666666666667")]
    [TestCase(-1, 3, "-0.333333333333")]
    [TestCase(1, 8, "0.125")]
    [TestCase(10, 5, "2")]
    public void PrintsFractions(int numerator, int denominator, string printed) =>
        Assert.That(new ExactNumber(numerator, denominator).ToString(), Is.EqualTo(printed));

    [TestCase("InsufficientMargin", "insufficient-margin")]
    [TestCase("InsufficientMargin", "INSUFFICIENT_MARGIN")]
    public void NamesHaveTwoStyles(string name, string other) => Assert.That(WordStyle.AreSame(name, other));
}
