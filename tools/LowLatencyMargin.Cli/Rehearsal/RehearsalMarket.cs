using LowLatencyMargin.Cli.Scenarios;
using LowLatencyMargin.MarketData;

namespace LowLatencyMargin.Cli.Rehearsal;

/// <summary>A market of a rehearsal: its path, its contract as listed, its market maker, its minutes.</summary>
internal sealed class RehearsalMarket(PricePath path, MarketName name)
{
    private int _next;

    internal PricePath Path { get; } = path;

    internal MarketName Name { get; } = name;

    internal MarketMaker Maker { get; set; } = null!;

    /// <summary>A minute each, in order of time.</summary>
    internal List<MinuteFigures> Minutes { get; } = [];

    internal MinuteFigures Total { get; } = new();

    /// <summary>The positions that could not be opened.</summary>
    internal long Refused { get; set; }

    internal long FirstTicks => TicksOf(Path.First);

    /// <summary>When the next candle begins; null: there is none.</summary>
    internal long? NextMs => _next < Path.Candles.Count ? Path.Candles[_next].OpenTimeMs : null;

    internal Candle Take() => Path.Candles[_next++];

    /// <summary>The nearest tick, 1 at least.</summary>
    internal long TicksOf(decimal price) => Math.Max(1, (long)Math.Round(price * 1_000_000_000m / Name.TickE9, MidpointRounding.AwayFromZero));
}
