using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>What a value is counted for.</summary>
internal enum Purpose
{
    Opening,
    Maintenance,
}

/// <summary>An asset, what of it is inside, and what it is worth (R-202, docs/collateral.md).</summary>
internal sealed class ModelAsset
{
    public const long Collateral = 1;

    private static readonly Big Billion = 1_000_000_000;

    public required ModelExchange Exchange { get; init; }

    public required long Id { get; init; }

    public required string Symbol { get; init; }

    public required int Decimals { get; init; }

    public AssetParameters Parameters { get; set; }

    /// <summary>Deposits and top-ups less withdrawals.</summary>
    public Big External { get; set; }

    public bool IsCollateral => Id == Collateral;

    /// <summary>The first market listed with this base and quoted in the collateral.</summary>
    public ModelMarket? PriceMarket => Exchange.Markets.Find(market => market.QuoteAsset == Collateral && market.BaseSymbol == Symbol);

    /// <summary>Units of the collateral that one asset is worth, as a fraction of billionths; 0: nobody knows.</summary>
    public Big PriceE9
    {
        get
        {
            if (IsCollateral)
            {
                return Billion;
            }

            if (Parameters.PriceE9 != 0)
            {
                return Parameters.PriceE9;
            }

            return PriceMarket is { HasMark: true } market ? (Big)market.Mark * market.TickSizeE9 : 0;
        }
    }

    public Big Value(Big units) => ValueAt(units, PriceE9);

    public Big ValueUp(Big units) => Rounding.Up(units * PriceE9 * Big.Pow(10, Exchange.Assets[0].Decimals), Billion * Big.Pow(10, Decimals));

    public Big ValueAt(Big units, Big priceE9) =>
        Rounding.Down(units * priceE9 * Big.Pow(10, Exchange.Assets[0].Decimals), Billion * Big.Pow(10, Decimals));

    /// <summary>The value that counts, for a purpose.</summary>
    public Big Counted(Big units, Purpose purpose) =>
        IsCollateral ? units : Rounding.RateDown(Discounted(Value(units)), Weight(purpose));

    public Big Weight(Purpose purpose)
    {
        if (purpose == Purpose.Maintenance)
        {
            return Parameters.MaintenanceWeight;
        }

        Big deposited = Value(External);
        Big cap = Parameters.CapUnits;
        return cap.IsZero || deposited <= cap ? Parameters.OpeningWeight : Rounding.Down(Parameters.OpeningWeight * cap, deposited);
    }

    /// <summary>The size discount: parts of the value above each bound count at its rate.</summary>
    public Big Discounted(Big value)
    {
        AssetParameters p = Parameters;
        (long From, int Rate)[] steps =
        [
            (p.Discount1Units, p.Discount1Rate),
                (p.Discount2Units, p.Discount2Rate), (p.Discount3Units, p.Discount3Rate), (p.Discount4Units, p.Discount4Rate),
        ];
        (long From, int Rate)[] bounds = [.. steps.Where(step => step.From != 0)];
        if (bounds.Length == 0)
        {
            return value;
        }

        Big sum = Big.Min(value, bounds[0].From);
        for (int i = 0; i < bounds.Length; i++)
        {
            Big end = i + 1 < bounds.Length ? Big.Min(value, bounds[i + 1].From) : value;
            sum += Rounding.RateDown(Big.Max(0, end - bounds[i].From), bounds[i].Rate);
        }

        return sum;
    }
}
