namespace HdrHistogram.Tests;

/// <summary>Ranges and precisions that between them reach every branch of the layout.</summary>
public readonly record struct Shape(long Lowest, long Highest, int Digits)
{
    public static IEnumerable<Shape> All =>
    [
        new(1, 2, 0),
        new(1, 1_000, 0),
        new(1, 1_000_000, 1),
        new(1, 1_000_000, 2),
        new(1, 3_600_000_000, 3),
        new(1, 10_000_000, 5),
        new(3, 1_000_000, 4),
        new(16, 100_000, 1),
        new(1_000, 10_000_000_000, 3),
        new(1_024, 4_000_000_000_000, 2),
        new(1, long.MaxValue, 3),
        new(1 << 20, long.MaxValue, 2),
    ];

    internal LongHistogram NewHistogram() => new(Lowest, Highest, Digits);

    internal NaiveHistogram NewModel() => new(Lowest, Digits);
}
