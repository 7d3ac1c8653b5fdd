namespace LowLatencyMargin.MarketData;

/// <summary>What a market did in one interval.</summary>
/// <param name="OpenTimeMs">When it began, in milliseconds since 1970, UTC.</param>
/// <param name="Open">First price.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Close">Last price.</param>
public readonly record struct Candle(long OpenTimeMs, decimal Open, decimal High, decimal Low, decimal Close);

/// <summary>Candles, one a line, plain or gzip: <c>open_time_ms,open,high,low,close</c>, further columns are not read.</summary>
public static class Candles
{
    /// <summary>The columns that are read.</summary>
    public const string Header = "open_time_ms,open,high,low,close";

    /// <summary>Reads a file row by row. A row that is not understood ends it with a <see cref="MarketDataException"/>.</summary>
    public static IEnumerable<Candle> Read(string file)
    {
        using CsvRows rows = CsvRows.Open(file, Header);
        while (rows.Next() is { } line)
        {
            yield return Parse(rows, line);
        }
    }

    private static Candle Parse(CsvRows rows, string line)
    {
        var fields = new CsvFields(rows, line);
        var candle = new Candle(
            fields.NextWhole("open_time_ms", "milliseconds since 1970"),
            fields.NextDecimal("open"),
            fields.NextDecimal("high"),
            fields.NextDecimal("low"),
            fields.NextDecimal("close"));
        bool ordered = candle.Low > 0 && candle.Low <= Math.Min(candle.Open, candle.Close) && candle.High >= Math.Max(candle.Open, candle.Close);
        return ordered ? candle : throw rows.Wrong("candle", line, "0 < low <= open, close <= high");
    }
}
