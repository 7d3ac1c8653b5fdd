using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Threads;

namespace LowLatencyMargin.Latency.CommandLine;

/// <summary>What to measure, and how long.</summary>
internal sealed record LatencyOptions
{
    /// <summary>Commands of the flow when it is generated, and at least so many from a file.</summary>
    public int Commands { get; init; }

    public string Profile { get; init; } = "mix";

    /// <summary>Recorded order flow in place of a generated one: a journal directory or a CSV file.</summary>
    public string? Flow { get; init; }

    /// <summary>Candles whose course the prices of the flow follow.</summary>
    public string? Marks { get; init; }

    /// <summary>Accounts that get the orders of a CSV file.</summary>
    public int FlowAccounts { get; init; } = 16;

    public ulong Seed { get; init; } = 1;

    /// <summary>What an acknowledgement is worth; null: no journal.</summary>
    public DurabilityMode? Mode { get; init; } = DurabilityMode.Buffered;

    public IReadOnlyList<long> Rates { get; init; } = [];

    /// <summary>Length of each latency line, over all rounds.</summary>
    public double Seconds { get; init; }

    /// <summary>Control and exchange take turns: so many times each, at most <see cref="MaxRoundSeconds"/> at once.</summary>
    public int Rounds => (int)Math.Ceiling(Seconds / MaxRoundSeconds);

    public double RoundSeconds => Seconds / Rounds;

    /// <summary>What runs at the rate before the open loop records.</summary>
    public const double WarmUpSeconds = 0.2;

    public const double MaxRoundSeconds = 5;

    public int CoreRounds { get; init; }

    public int CoreCommands { get; init; }

    public int FlatRuns { get; init; }

    public int FlatCommands { get; init; }

    /// <summary>Positions of the larger exchange of the mark-move measurement.</summary>
    public int MarkMovePositions { get; init; } = 100_000;

    public int RestingOrders { get; init; } = 1_000;

    /// <summary>Moves, cancels and reductions pick among all resting orders, not the oldest 512.</summary>
    public bool Uniform { get; init; }

    public required ThreadLayout Layout { get; init; }

    public string OutDirectory { get; init; } = string.Empty;

    public bool IsQuick { get; init; }

    public bool CoreOnly { get; init; }

    /// <summary>Only the table of cost by number of accounts.</summary>
    public bool Scale { get; init; }

    /// <summary>Only what orders wait while a cascade runs in another market.</summary>
    public bool Cascade { get; init; }

    public bool Json { get; init; }
}
