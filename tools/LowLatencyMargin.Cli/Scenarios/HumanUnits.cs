using System.Numerics;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>
/// Human decimals to the engine's whole numbers and back. What is no multiple is an error of the file; what is merely too large goes to
/// the engine as the largest number there is, because refusing it is the engine's business.
/// </summary>
internal static class HumanUnits
{
    private const long Billion = 1_000_000_000;

    internal static ExactNumber Number(ScenarioLine line, string text, string what) => ExactNumber.TryParse(text, out ExactNumber number)
        ? number
        : throw line.Error($"'{text}' is not a number", $"{what} as a plain decimal such as 0.001 or 95000.5");

    internal static long Whole(ScenarioLine line, string text, string what) =>
        ExactNumber.TryParse(text, out ExactNumber number) && number.IsWhole
            ? Saturate(number.Numerator, long.MaxValue)
            : throw line.Error($"'{text}' is not a whole number", $"{what} as a whole number");

    internal static long Price(ScenarioLine line, string text, MarketName market) =>
        Multiple(line, text, "price", new ExactNumber(market.TickE9, Billion), $"tick of {market.Name}");

    internal static long Quantity(ScenarioLine line, string text, MarketName market) =>
        Multiple(line, text, "quantity", new ExactNumber(market.LotE9, Billion), $"lot of {market.Name}");

    internal static long Money(ScenarioLine line, string text, AssetName asset) =>
        Multiple(line, text, "amount", new ExactNumber(1, BigInteger.Pow(10, asset.Decimals)), $"smallest unit of {asset.Name}");

    /// <summary>A tick or a lot: a size in billionths.</summary>
    internal static long Size(ScenarioLine line, string text, string what) => Multiple(line, text, what, new ExactNumber(1, Billion), $"finest {what}");

    /// <summary>A rate: 10%, 5bp, 0.</summary>
    internal static int Ratio(ScenarioLine line, string text)
    {
        bool hasUnit = text.EndsWith('%') || text.EndsWith("bp", StringComparison.Ordinal);
        if (!ExactNumber.TryParseWithUnit(text, out ExactNumber number) || (!hasUnit && !number.Numerator.IsZero))
        {
            throw line.Error($"'{text}' is not a rate", "a rate such as 10%, 0.5% or 5bp");
        }

        ExactNumber scaled = number * new ExactNumber(Rate.Scale, 1);
        return scaled.IsWhole
            ? (int)Saturate(scaled.Numerator, int.MaxValue)
            : throw line.Error($"rate {text} is finer than the exchange keeps", "a multiple of 0.000001%");
    }

    /// <summary>A switch, as scenarios or as REQUIREMENTS write it.</summary>
    internal static bool IsOn(ScenarioLine line, string name, string text) => text switch
    {
        "on" or "true" => true,
        "off" or "false" => false,
        _ => throw line.Error($"{name}={text} is not understood", $"{name}=on or {name}=off"),
    };

    /// <summary>For what can't be 0 because 0 means that it is not given.</summary>
    internal static long AboveZero(ScenarioLine line, string key, long value) =>
        value > 0 ? value : throw line.Error($"{key}= must be above 0", $"{key}= above 0");

    internal static Value Price(long ticks, MarketName market) => ticks == 0 ? Value.None : Value.Of(PriceOf(ticks, market));

    internal static ExactNumber PriceOf(long ticks, MarketName market) => new((BigInteger)ticks * market.TickE9, Billion);

    internal static Value Quantity(long lots, MarketName market) => Value.Of(QuantityOf(lots, market));

    internal static ExactNumber QuantityOf(long lots, MarketName market) => new((BigInteger)lots * market.LotE9, Billion);

    internal static Value Money(Int128 units, AssetName asset) => Value.Of(MoneyOf(units, asset));

    internal static ExactNumber MoneyOf(Int128 units, AssetName asset) => new((BigInteger)units, BigInteger.Pow(10, asset.Decimals));

    internal static Value Ratio(int rate) => Value.Percent(new ExactNumber(rate, Rate.Scale));

    /// <summary>Average price of a quantity that came to a sum of money: exact.</summary>
    internal static Value Average(long units, long lots, MarketName market) => lots == 0
        ? Value.None
        : Value.Of(MoneyOf(units, market.Quote) / QuantityOf(Math.Abs(lots), market));

    private static long Multiple(ScenarioLine line, string text, string what, ExactNumber unit, string unitName)
    {
        ExactNumber steps = Number(line, text, what) / unit;
        if (!steps.IsWhole)
        {
            BigInteger below = steps.Floor();
            string lower = (new ExactNumber(below, 1) * unit).ToString();
            string upper = (new ExactNumber(below + 1, 1) * unit).ToString();
            throw line.Error($"{what} {text} is not a multiple of the {unitName}, {unit}", $"{lower} or {upper}");
        }

        return Saturate(steps.Numerator, long.MaxValue);
    }

    private static long Saturate(BigInteger number, long largest) => (long)BigInteger.Clamp(number, -largest, largest);
}
