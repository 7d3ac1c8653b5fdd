namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Quotients of non-negative numbers, and the direction they round in.</summary>
internal static class Rounding
{
    public static readonly Big Scale = 100_000_000;

    public static Big Up(Big numerator, Big denominator)
    {
        RequireNonNegative(numerator, denominator);
        return (numerator + denominator - 1) / denominator;
    }

    public static Big Down(Big numerator, Big denominator)
    {
        RequireNonNegative(numerator, denominator);
        return numerator / denominator;
    }

    public static Big RateUp(Big amount, Big rate) => Up(amount * rate, Scale);

    public static Big RateDown(Big amount, Big rate) => Down(amount * rate, Scale);

    /// <summary>Toward minus infinity, of numbers of any sign.</summary>
    public static Big Floor(Big numerator, Big denominator)
    {
        Big quotient = Big.DivRem(numerator, denominator, out Big rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    private static void RequireNonNegative(Big numerator, Big denominator)
    {
        if (numerator.Sign < 0 || denominator.Sign <= 0)
        {
            throw new InvalidOperationException($"the model rounds {numerator} / {denominator}");
        }
    }
}
