namespace LowLatencyMargin.MarketData;

/// <summary>
/// Order events of Bitstamp, one a line, plain or gzip: <c>id,timestamp,exchange.timestamp,price,volume,action,direction</c>. Created rows taken
/// as new limit orders and deleted rows with volume as cancels drive a price-time engine into trading by itself.
/// </summary>
public static class BitstampOrders
{
    /// <summary>The columns.</summary>
    public const string Header = "id,timestamp,exchange.timestamp,price,volume,action,direction";

    private const int PriceDecimals = 2;
    private const string WholeId = "a whole number";
    private const string WholeTime = "milliseconds since 1970";

    /// <summary>Reads a file row by row. A row that is not understood ends it with a <see cref="MarketDataException"/>.</summary>
    public static IEnumerable<BitstampOrder> Read(string file)
    {
        using CsvRows rows = CsvRows.Open(file, Header);
        while (rows.Next() is { } line)
        {
            yield return Parse(rows, line);
        }
    }

    private static BitstampOrder Parse(CsvRows rows, string line)
    {
        var fields = new CsvFields(rows, line);
        long id = fields.NextWhole("id", WholeId);
        long timeMs = fields.NextWhole("timestamp", WholeTime);
        _ = fields.NextWhole("exchange.timestamp", WholeTime);
        long price = fields.NextScaled("price", PriceDecimals);
        long volume = fields.NextWhole("volume", "a whole number of 1e-8 BTC");
        ReadOnlySpan<char> action = fields.Next("action");
        BitstampAction what = action switch
        {
            "created" => BitstampAction.Created,
            "changed" => BitstampAction.Changed,
            "deleted" => BitstampAction.Deleted,
            _ => throw fields.Wrong("action", action, "created, changed or deleted"),
        };
        ReadOnlySpan<char> direction = fields.Next("direction");
        bool isBid = direction is "bid" || (direction is "ask" ? false : throw fields.Wrong("direction", direction, "bid or ask"));
        return new BitstampOrder(rows.Line, id, timeMs, price, volume, what, isBid);
    }
}
