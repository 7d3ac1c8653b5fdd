using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Latency.Flow;

/// <summary>The generated workloads.</summary>
internal static class Workloads
{
    private const long Unit = 1_000_000;

    /// <summary>Resting orders of an account in a large book: well below the most that it may have.</summary>
    private const int OrdersPerAccount = 50;

    /// <summary>
    /// exchange-core's mix: about 1,000 resting orders, 1,000 accounts, cross margin, so funded that some orders are refused. A larger book has
    /// as many accounts as it needs.
    /// </summary>
    public static Workload Mix(ulong seed, int commands, int restingOrders = 1000, bool uniform = false, Action<int>? progress = null)
    {
        int accounts = Math.Max(1000, restingOrders / OrdersPerAccount);
        using var flow = new FlowBuilder(GenesisFor(accounts, restingOrders));
        long first = Begin(flow, accounts, 40_000 * Unit * Math.Max(1, restingOrders / accounts));
        var mix = new ExchangeCoreMix(flow, seed, restingOrders, first, accounts, uniform);
        mix.Fill();
        flow.StartFlow(commands);
        mix.Run(commands, progress);
        return flow.Build("mix", $"exchange-core mix, {restingOrders:N0} resting orders, {accounts:N0} accounts, seed {seed}");
    }

    /// <summary>
    /// The same flow over accounts with little money, half of them isolated, with more immediate orders and a mark that swings around the price:
    /// more than one command in a hundred starts a liquidation. Accounts that lost their money get new.
    /// </summary>
    public static Workload Liquidations(ulong seed, int commands, Action<int>? progress = null)
    {
        const int Accounts = 1000;
        const long Deposit = 12_000 * Unit;
        using var flow = new FlowBuilder(GenesisFor(Accounts, 1000, workPerCommand: 1024));
        long first = Begin(flow, Accounts, Deposit);
        ExchangeSetup.Isolate(flow, first, Accounts);
        var mix = new ExchangeCoreMix(flow, seed, 1000, first, Accounts)
        {
            Swing = new MarkSwing(seed, every: 40, widthPercent: 5),
            ImmediatePercent = 15,
            RefillUnits = Deposit,
        };
        mix.Fill();
        flow.StartFlow(commands);
        mix.Run(commands, progress);
        return flow.Build(
            "liquidations",
            $"the mix over {Accounts:N0} thinly funded accounts, half isolated, {mix.ImmediatePercent} % immediate orders, seed {seed}",
            "the mark swings by up to 5 % around the last price, every 40 commands; an account that was liquidated gets a new deposit");
    }

    internal static Genesis GenesisFor(int accounts, int restingOrders, int workPerCommand = 512) => new()
    {
        MaxAccounts = accounts + 64,
        MaxOrders = Math.Max(1 << 16, restingOrders * 2),
        MaxPositions = accounts + 64,
        MaxAssets = 4,
        MaxMarkets = 16,
        MaxWorkPerCommand = workPerCommand,
        RecentOrders = 1 << 13,
    };

    internal static long Begin(FlowBuilder flow, int accounts, long depositUnits)
    {
        ExchangeSetup.Collateral(flow, "USDC", 6);
        ExchangeSetup.Market(flow, "BTC-PERP", MarketParameters.Default, ExchangeCoreMix.StartPrice, tickSizeE9: 100_000_000, lotSizeE9: 100_000_000);
        return ExchangeSetup.Accounts(flow, accounts, depositUnits);
    }
}
