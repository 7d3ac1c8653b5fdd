using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Latency.Flow;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>
/// How the cost of a command grows with accounts: the mix over ever more of them, a tenth of them with an open position, orders from all alike.
/// Each size with hints for commands to come and without, in turn.
/// </summary>
internal static class ScaleRun
{
    private const long Unit = 1_000_000;
    private const int Rounds = 3;
    private const int OpenLots = 10;

    /// <summary>Accounts of the table's rows.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [10_000, 100_000, 1_000_000, 10_000_000];

    /// <summary>One row.</summary>
    public static Row Run(int accounts, int restingOrders, int commands, ulong seed)
    {
        using Workload workload = Build(accounts, restingOrders, commands, seed);
        CoreRun.Result hinted = CoreRun.Run(workload, Rounds);
        CoreRun.Result plain = CoreRun.Run(workload, Rounds, hints: false);
        return new Row(accounts, workload.Counts.OpenPositions, restingOrders, plain, hinted);
    }

    private static Workload Build(int accounts, int restingOrders, int commands, ulong seed)
    {
        Genesis genesis = Workloads.GenesisFor(accounts, restingOrders);
        genesis.MaxPositions = Math.Min(genesis.MaxPositions, (accounts / 10) + restingOrders + commands + 64);
        using var flow = new FlowBuilder(genesis);
        long first = Workloads.Begin(flow, accounts, 40_000 * Unit);
        for (int i = 0; i < accounts / 10; i += 2)
        {
            long price = ExchangeCoreMix.StartPrice + (i % 1000);
            Open(flow, first + (i * 10L), Side.Sell, price);
            Open(flow, first + ((i + 1) * 10L), Side.Buy, price);
        }

        var mix = new ExchangeCoreMix(flow, seed, restingOrders, first, accounts, uniformTargets: restingOrders > 1_000);
        mix.Fill();
        flow.StartFlow(commands);
        mix.Run(commands);
        return flow.Build("scale");
    }

    private static void Open(FlowBuilder flow, long account, Side side, long price)
    {
        var order = new PlaceOrder { AccountId = account, MarketId = 1, ClientOrderId = 1, PriceTicks = price, QuantityLots = OpenLots, Side = side };
        ExchangeSetup.Require(flow.Send(CommandType.PlaceOrder, ref order));
    }

    /// <summary>Nanoseconds of thread CPU time a command, and memory.</summary>
    internal sealed record Row(int Accounts, long OpenPositions, int RestingOrders, CoreRun.Result Plain, CoreRun.Result Hinted);
}
