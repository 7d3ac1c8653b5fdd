namespace LowLatencyMargin.MatchingBenchmark.Workload;

/// <summary>How far the mid price walks while a workload lasts.</summary>
/// <param name="Name">The benchmark's name for it.</param>
/// <param name="Reach">How far from its start, as the logarithm of a ratio.</param>
public sealed record Scenario(string Name, double Reach)
{
    /// <summary>The five of the benchmark.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("static", 0), new("normal", 0.03), new("swing-25", 0.3), new("swing-40", 0.47), new("flash-crash", 0.65),
    ];
}
