namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>A line that is not understood: why, and what was expected instead.</summary>
internal sealed class ScenarioError(int line, string reason, string expected) : Exception($"{reason}; expected {expected}")
{
    internal int Line { get; } = line;

    internal string Reason { get; } = reason;

    internal string Expected { get; } = expected;

    /// <summary>Part of the language that this version leaves out.</summary>
    internal static ScenarioError NotYet(int line, string what, string instead) => new(line, $"not supported yet: {what}", instead);
}
