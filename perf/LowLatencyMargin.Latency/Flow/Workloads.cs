using System.Globalization;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Latency.Flow;

/// <summary>The generated workloads.</summary>
internal static class Workloads
{
    private const long Unit = 1_000_000;

    /// <summary>exchange-core's mix: about 1,000 resting orders, 1,000 accounts, all on cross margin, funded so that some orders are refused.</summary>
    public static Workload Mix(ulong seed, int commands, int restingOrders = 1000, int accounts = 1000, bool uniform = false, Action<int>? progress = null)
    {
        Genesis genesis = GenesisFor(accounts, restingOrders);
        using var flow = new FlowBuilder(genesis);
        long first = Begin(flow, accounts, 40_000 * Unit);
        var mix = new ExchangeCoreMix(flow, seed, restingOrders, first, accounts, uniform);
        mix.Fill();
        CommandStream setup = flow.StartFlow(commands);
        mix.Run(commands, progress);
        return End("mix", genesis, flow, setup, $"exchange-core mix, {restingOrders:N0} resting orders, {accounts:N0} accounts, seed {seed}");
    }

    /// <summary>
    /// The same flow over accounts with little money, half of them isolated, and a mark that swings by up to 4 % around the price: about one
    /// command in a hundred liquidates. Accounts that lost their money get new.
    /// </summary>
    public static Workload Liquidations(ulong seed, int commands, Action<int>? progress = null)
    {
        const int Accounts = 1000;
        Genesis genesis = GenesisFor(Accounts, 1000);
        using var flow = new FlowBuilder(genesis);
        long first = Begin(flow, Accounts, 3_000 * Unit);
        for (int i = 0; i < Accounts; i += 2)
        {
            var mode = new SetMarginMode { AccountId = first + i, MarketId = 1, Mode = MarginMode.Isolated };
            ExchangeSetup.Require(flow.Send(CommandType.SetMarginMode, ref mode));
        }

        var mix = new ExchangeCoreMix(flow, seed, 1000, first, Accounts) { Swing = new MarkSwing(seed, every: 50, widthPercent: 4), RefillUnits = 3_000 * Unit };
        mix.Fill();
        CommandStream setup = flow.StartFlow(commands);
        mix.Run(commands, progress);
        return End("liquidations", genesis, flow, setup, $"the mix over thinly funded accounts, half isolated, marks swinging 4 %, seed {seed}");
    }

    internal static Workload End(string name, Genesis genesis, FlowBuilder flow, CommandStream setup, string note)
    {
        Core.ExchangeState state = flow.Exchange.State!;
        string counts = string.Create(
            CultureInfo.InvariantCulture,
            $"{flow.Stream.Count:N0} commands, {state.LastTradeId:N0} trades, {state.LastLiquidationId:N0} liquidations, {flow.Rejected:N0} rejected, {state.RestingOrders:N0} orders and {state.Positions.Count:N0} positions at the end");
        return new Workload(name, genesis, setup, flow.Stream, [note, counts]);
    }

    internal static Genesis GenesisFor(int accounts, int restingOrders) => new()
    {
        MaxAccounts = accounts + 64,
        MaxOrders = Math.Max(1 << 16, restingOrders * 2),
        MaxPositions = accounts + 64,
        MaxAssets = 4,
        MaxMarkets = 16,
        MaxWorkPerCommand = 512,
    };

    private static long Begin(FlowBuilder flow, int accounts, long depositUnits)
    {
        ExchangeSetup.Collateral(flow, "USDC", 6);
        ExchangeSetup.Market(flow, "BTC-PERP", MarketParameters.Default, ExchangeCoreMix.StartPrice, tickSizeE9: 100_000_000, lotSizeE9: 100_000_000);
        return ExchangeSetup.Accounts(flow, accounts, depositUnits);
    }
}
