using LowLatencyMargin.MarketData;

namespace LowLatencyMargin.Latency.Flow.Recorded;

/// <summary>The course of recorded candles: each close as a ratio to the first one.</summary>
internal sealed class MarkPath
{
    private readonly double[] _ratios;

    private MarkPath(double[] ratios) => _ratios = ratios;

    public int Candles => _ratios.Length;

    public double Lowest => _ratios.Min();

    public double Highest => _ratios.Max();

    /// <summary>A path that stays where it is.</summary>
    public static MarkPath Flat { get; } = new([1]);

    /// <summary>Reads candles.</summary>
    /// <exception cref="MarketDataException">A row can't be read, or there is none.</exception>
    public static MarkPath Read(string file)
    {
        decimal[] closes = [.. MarketData.Candles.Read(file).Select(candle => candle.Close)];
        return closes.Length > 0
            ? new MarkPath([.. closes.Select(close => (double)(close / closes[0]))])
            : throw new MarketDataException(file, 2, "no candles", "at least one row after the header");
    }

    /// <summary>The ratio when this share of the flow (0 to 1) is through.</summary>
    public double At(double share) => _ratios[Math.Min(_ratios.Length - 1, (int)(share * _ratios.Length))];

}
