using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Latency.Flow;

/// <summary>What a measurement runs: a genesis, commands that set the scene, and the flow that is timed.</summary>
internal sealed class Workload(string name, Genesis genesis, CommandStream setup, CommandStream flow) : IDisposable
{
    public string Name { get; } = name;

    public Genesis Genesis { get; } = genesis;

    public CommandStream Setup { get; } = setup;

    public CommandStream Flow { get; } = flow;

    /// <summary>What a reader of the results must know about it.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What it is made of.</summary>
    public FlowCounts Counts { get; init; } = new();

    /// <summary>Upper bound of the memory that the exchange's state takes.</summary>
    public long StateBytes { get; init; }

    /// <summary>The same with one more note.</summary>
    public Workload With(string note) =>
        new(Name, Genesis, Setup, Flow) { Notes = [.. Notes, note], Counts = Counts, StateBytes = StateBytes };

    /// <summary>The same commands without the clients' names, to an exchange that remembers no orders that ended; these commands lose them too.</summary>
    public Workload WithoutClientOrderIds()
    {
        Setup.RemoveClientOrderIds();
        Flow.RemoveClientOrderIds();
        Genesis bare = Genesis;
        bare.RecentOrders = 0;
        return new Workload(Name, bare, Setup, Flow) { Notes = Notes, Counts = Counts, StateBytes = StateBytes };
    }

    public void Dispose()
    {
        Setup.Dispose();
        Flow.Dispose();
    }
}
