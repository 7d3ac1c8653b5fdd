namespace LowLatencyMargin.Cli.Rehearsal;

/// <summary>One position of a population, in ticks, lots and units.</summary>
/// <param name="Owner">Number of its account in the population, from 0.</param>
/// <param name="Market">Number of its market, from 0.</param>
/// <param name="IsIsolated">Isolated or cross.</param>
/// <param name="IsLong">Long or short.</param>
/// <param name="Leverage">Leverage set for it.</param>
/// <param name="Lots">Size, above 0.</param>
/// <param name="EntryTicks">Price at which it is entered.</param>
internal readonly record struct PlannedPosition(int Owner, int Market, bool IsIsolated, bool IsLong, int Leverage, long Lots, long EntryTicks);

/// <summary>What a market's positions are planned with.</summary>
/// <param name="FirstTicks">The first mark.</param>
/// <param name="QuoteLots">Lots that cost one quote asset at the first mark, times 2^16.</param>
internal readonly record struct PlannedMarket(long FirstTicks, long QuoteLots);

/// <summary>
/// Generated positions, all in whole numbers from one seed: the same on every machine. Sizes are spread like real ones, around a median over a good
/// seven powers of two either way (the exponent is a sum of eight throws of a die, so that doubling and halving are as likely).
/// </summary>
internal sealed class Population
{
    private const int Dice = 8;
    private const int Faces = 16;
    private const int PartsOfOctave = 8;
    private const int FractionBits = 16;

    /// <summary>Added to the exponent and taken away at the end, so that it is never negative between.</summary>
    private const int OctavesAhead = Dice * Faces / PartsOfOctave;

    /// <summary>2^(k/8) in 2^-16.</summary>
    private static readonly long[] Octave = [65_536, 71_468, 77_936, 84_990, 92_682, 101_070, 110_218, 120_194];

    private readonly List<PlannedPosition> _positions = [];

    private Population()
    {
    }

    /// <summary>In the order in which they are opened; those of one account follow each other.</summary>
    internal IReadOnlyList<PlannedPosition> Positions => _positions;

    /// <summary>Accounts that hold them.</summary>
    internal int Owners { get; private set; }

    internal static Population Generate(RehearsalOptions options, IReadOnlyList<PlannedMarket> markets)
    {
        var population = new Population();
        var numbers = new SplitMix(options.Seed);
        int next = 0;
        while (population._positions.Count < options.Positions)
        {
            bool isolated = numbers.Below(100) < options.IsolatedPercent;
            int count = isolated ? 1 : Math.Min(markets.Count, options.Positions - population._positions.Count);
            for (int i = 0; i < count; i++)
            {
                population._positions.Add(Plan(options, numbers, population.Owners, next, isolated, markets[next]));
                next = (next + 1) % markets.Count;
            }

            population.Owners++;
        }

        return population;
    }

    private static PlannedPosition Plan(
        RehearsalOptions options, SplitMix numbers, int owner, int marketIndex, bool isolated, in PlannedMarket market)
    {
        int leverage = options.Mix.Of(numbers.Below(100));
        bool isLong = numbers.Below(100) < options.LongPercent;
        int exponent = -(Dice * (Faces - 1) / 2);
        for (int i = 0; i < Dice; i++)
        {
            exponent += numbers.Below(Faces);
        }

        (int octaves, int part) = Math.DivRem(exponent + (OctavesAhead * PartsOfOctave), PartsOfOctave);
        Int128 lots = ((Int128)options.MedianQuote * market.QuoteLots * Octave[part]) << octaves;
        lots >>= (2 * FractionBits) + OctavesAhead;
        long offset = (numbers.Below((2 * options.EntrySpreadBp) + 1) - options.EntrySpreadBp) * market.FirstTicks / 10_000;
        return new PlannedPosition(
            owner, marketIndex, isolated, isLong, leverage, (long)Int128.Max(1, lots), Math.Max(1, market.FirstTicks + offset));
    }
}
