using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Latency.Flow;

/// <summary>What a measurement runs: a genesis, commands that set the scene, and the flow that is timed.</summary>
internal sealed class Workload(string name, Genesis genesis, CommandStream setup, CommandStream flow, IReadOnlyList<string> notes) : IDisposable
{
    public string Name { get; } = name;

    public Genesis Genesis { get; } = genesis;

    public CommandStream Setup { get; } = setup;

    public CommandStream Flow { get; } = flow;

    /// <summary>What a reader of the results must know about it.</summary>
    public IReadOnlyList<string> Notes { get; } = notes;

    public void Dispose()
    {
        Setup.Dispose();
        Flow.Dispose();
    }
}
