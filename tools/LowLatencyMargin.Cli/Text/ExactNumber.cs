using System.Globalization;
using System.Numerics;

namespace LowLatencyMargin.Cli.Text;

/// <summary>A fraction of whole numbers: what people write and what the engine holds compare without rounding.</summary>
internal readonly record struct ExactNumber
{
    private const int DecimalsWhenEndless = 12;

    internal ExactNumber(BigInteger numerator, BigInteger denominator)
    {
        BigInteger divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        if (denominator.Sign < 0)
        {
            divisor = -divisor;
        }

        Numerator = numerator / divisor;
        Denominator = denominator / divisor;
    }

    internal BigInteger Numerator { get; }

    internal BigInteger Denominator { get; }

    internal bool IsWhole => Denominator.IsOne;

    public static ExactNumber operator +(ExactNumber a, ExactNumber b) =>
        new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static ExactNumber operator *(ExactNumber a, ExactNumber b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static ExactNumber operator /(ExactNumber a, ExactNumber b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    /// <summary>A plain decimal: digits, at most one point, a sign if need be. No exponent, no separators.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out ExactNumber number)
    {
        number = default;
        bool negative = text.StartsWith("-");
        ReadOnlySpan<char> digits = negative ? text[1..] : text;
        int point = digits.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? digits : digits[..point];
        ReadOnlySpan<char> fraction = point < 0 ? default : digits[(point + 1)..];
        bool isNumber = whole.Length > 0 && text.Length <= 100 && !whole.ContainsAnyExceptInRange('0', '9')
            && !fraction.ContainsAnyExceptInRange('0', '9') && (point < 0 || fraction.Length > 0);
        if (!isNumber)
        {
            return false;
        }

        var value = BigInteger.Parse(string.Concat(whole, fraction), NumberStyles.None, CultureInfo.InvariantCulture);
        number = new ExactNumber(negative ? -value : value, BigInteger.Pow(10, fraction.Length));
        return true;
    }

    /// <summary>A plain decimal, a percentage (10%) or basis points (5bp).</summary>
    internal static bool TryParseWithUnit(ReadOnlySpan<char> text, out ExactNumber number)
    {
        int divisor = text.EndsWith("%") ? 100 : text.EndsWith("bp") ? 10_000 : 1;
        ReadOnlySpan<char> digits = divisor == 100 ? text[..^1] : divisor == 1 ? text : text[..^2];
        bool parsed = TryParse(digits, out number);
        number = parsed ? new ExactNumber(number.Numerator, number.Denominator * divisor) : default;
        return parsed;
    }

    /// <summary>The largest whole number that is not above this one.</summary>
    internal BigInteger Floor()
    {
        var quotient = BigInteger.DivRem(Numerator, Denominator, out BigInteger rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The exact decimal when there is one, else enough digits to tell prices apart.</summary>
    public override string ToString()
    {
        int decimals = 0;
        BigInteger rest = Denominator;
        for (; decimals < 40 && !rest.IsOne; decimals++)
        {
            rest /= BigInteger.GreatestCommonDivisor(rest, 10);
        }

        decimals = rest.IsOne ? decimals : DecimalsWhenEndless;
        var scaled = BigInteger.DivRem(BigInteger.Abs(Numerator) * BigInteger.Pow(10, decimals), Denominator, out BigInteger remainder);
        scaled += remainder * 2 >= Denominator ? 1 : 0;
        string digits = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        string text = decimals == 0 ? digits : $"{digits[..^decimals]}.{digits[^decimals..]}".TrimEnd('0').TrimEnd('.');
        return Numerator.Sign < 0 ? "-" + text : text;
    }
}
