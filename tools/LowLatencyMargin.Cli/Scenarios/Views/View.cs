using LowLatencyMargin.Cli.Text;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>
/// What one <c>show</c> prints: fields of its subject, and rows where there are many of something. Every name in it can be used in <c>expect</c>.
/// </summary>
internal sealed record View(string Kind, string Subject, Fields Fields)
{
    /// <summary>Rows, by the name that a value path uses for each.</summary>
    internal IReadOnlyList<(string Name, Fields Fields)> Rows { get; init; } = [];

    /// <summary>What the rows are.</summary>
    internal string RowKind { get; init; } = string.Empty;

    /// <summary>The fields of rows that a table has room for; null for all.</summary>
    internal IReadOnlyList<string>? RowColumns { get; init; }
}
