using LowLatencyMargin.MarketData;

namespace LowLatencyMargin.Cli.Rehearsal;

/// <summary>The candles of one file, and the contract that they are of.</summary>
/// <param name="Market">Name of the market: the file's, up to the first underscore.</param>
/// <param name="Base">What is traded.</param>
/// <param name="Quote">What prices are in.</param>
/// <param name="TickDecimals">Decimals of the finest price in the file.</param>
/// <param name="Candles">In order of time.</param>
internal sealed record PricePath(string Market, string Base, string Quote, int TickDecimals, IReadOnlyList<Candle> Candles)
{
    private const int MaxDecimals = 9;

    private static readonly string[] Quotes = ["USDT", "USDC", "USD"];

    internal decimal First => Candles[0].Open;

    /// <summary>Decimals of the lot: the largest power of ten that costs no more than one quote asset, so that positions are of many lots.</summary>
    internal int LotDecimals
    {
        get
        {
            int decimals = 0;
            for (decimal lot = First; lot > 1 && decimals < MaxDecimals; lot /= 10)
            {
                decimals++;
            }

            return decimals;
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="MarketDataException">A row can't be read or is not later than the one before, or there is none.</exception>
    internal static PricePath Read(string file)
    {
        var candles = new List<Candle>();
        int decimals = 0;
        foreach (Candle candle in MarketData.Candles.Read(file))
        {
            if (candles.Count > 0 && candle.OpenTimeMs <= candles[^1].OpenTimeMs)
            {
                throw new MarketDataException(
                    file, candles.Count + 2, $"open_time_ms '{candle.OpenTimeMs}' in column 1", $"a time after the candle before, {candles[^1].OpenTimeMs}");
            }

            candles.Add(candle);
            foreach (decimal price in (ReadOnlySpan<decimal>)[candle.Open, candle.High, candle.Low, candle.Close])
            {
                decimals = Math.Max(decimals, (price / 1.0000000000000000000000000000m).Scale);
            }
        }

        if (candles.Count == 0)
        {
            throw new MarketDataException(file, 2, "no candles", "at least one row after the header");
        }

        string name = Path.GetFileName(file).Split('_', '.')[0];
        string quote = Array.Find(Quotes, quote => name.Length > quote.Length && name.EndsWith(quote, StringComparison.Ordinal)) ?? "USD";
        string traded = name.EndsWith(quote, StringComparison.Ordinal) ? name[..^quote.Length] : name;
        return new PricePath(name, traded, quote, Math.Min(decimals, MaxDecimals), candles);
    }

    /// <summary>
    /// The four marks of a candle in the order in which they are played: open, first the extreme against the candle's direction, then the other,
    /// close. A rising candle (close at or above open) goes open, low, high, close; a falling one open, high, low, close.
    /// </summary>
    internal static void MarksOf(in Candle candle, Span<decimal> marks)
    {
        bool rises = candle.Close >= candle.Open;
        marks[0] = candle.Open;
        marks[1] = rises ? candle.Low : candle.High;
        marks[2] = rises ? candle.High : candle.Low;
        marks[3] = candle.Close;
    }
}
