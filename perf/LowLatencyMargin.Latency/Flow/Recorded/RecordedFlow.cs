namespace LowLatencyMargin.Latency.Flow.Recorded;

/// <summary>A flow as it was recorded: once through, to be played as often as need be.</summary>
internal sealed class RecordedFlow
{
    /// <summary>What happened, in order.</summary>
    public List<FlowStep> Steps { get; } = [];

    /// <summary>Commands that are neither orders nor marks.</summary>
    public List<byte[]> Others { get; } = [];

    /// <summary>Orders placed.</summary>
    public int Orders { get; set; }

    /// <summary>Whether the mark follows the last trade; else the record has marks of its own.</summary>
    public bool MarksFollowTrades { get; set; }

    /// <summary>How many steps are enough for that many commands: some steps are left out when played.</summary>
    public static long StepsFor(int commands) => 2L * commands;

    /// <summary>What a reader must know.</summary>
    public List<string> Notes { get; } = [];
}
