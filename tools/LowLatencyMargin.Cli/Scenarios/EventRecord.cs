using LowLatencyMargin.Cli.Text;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>An event in the words of the scenario.</summary>
internal sealed record EventRecord(long Sequence, string Name, Fields Fields);
