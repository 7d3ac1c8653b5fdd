namespace LowLatencyMargin.Cli.Rehearsal;

/// <summary>What to rehearse: which marks, over which population, against which book.</summary>
internal sealed record RehearsalOptions
{
    /// <summary>What depth and insurance are unless said otherwise: a fiftieth of positions x size, about one per cent of what is open.</summary>
    internal static long UsualQuote(long positions, long medianQuote, int markets) => Math.Max(1, positions * medianQuote / 50 / markets);

    /// <summary>Candles, a market each.</summary>
    public required IReadOnlyList<PricePath> Paths { get; init; }

    /// <summary>Positions over all markets.</summary>
    public int Positions { get; init; } = 10_000;

    /// <summary>Their leverages.</summary>
    public required LeverageMix Mix { get; init; }

    /// <summary>How many of a hundred positions are long.</summary>
    public int LongPercent { get; init; } = 60;

    /// <summary>How many of a hundred positions are isolated; the others are cross, of accounts with one in each market.</summary>
    public int IsolatedPercent { get; init; } = 70;

    /// <summary>Half of the positions are smaller than this, in whole quote assets.</summary>
    public long MedianQuote { get; init; } = 2_000;

    /// <summary>How far from the first mark positions were entered, in basis points of it, either way.</summary>
    public int EntrySpreadBp { get; init; } = 200;

    /// <summary>What the market maker quotes on each side of each market, in whole quote assets; again at every mark.</summary>
    public required long DepthQuote { get; init; }

    /// <summary>How far from the mark the last of its levels is, in basis points.</summary>
    public int DepthRangeBp { get; init; } = 100;

    /// <summary>The insurance fund of each market at the start, in whole quote assets.</summary>
    public required long InsuranceQuote { get; init; }

    /// <summary>Parameters of the markets, <c>name=value</c> as in scenarios.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>The population is the same for the same seed.</summary>
    public ulong Seed { get; init; } = 1;
}
