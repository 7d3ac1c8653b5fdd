using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Latency.Flow;

/// <summary>
/// exchange-core's mix in one market, and in another many longs that one mark makes liquidatable, all of them. The mark comes after a warm-up; what is
/// behind it is measured while the longs are being closed on the book.
/// </summary>
internal static class CascadeFlow
{
    private const long Mark = 1_000_000;
    private const long FallenMark = Mark * 955 / 1_000;
    private const long Bid = FallenMark - 100;
    private const long Lots = 10;
    private const int AltMarket = 2;
    private const int Accounts = 1_000;
    private const long Unit = 1_000_000;

    /// <summary>Builds the flow.</summary>
    /// <param name="seed">Seed of the mix.</param>
    /// <param name="positions">Longs.</param>
    /// <param name="warmUp">Commands before the mark.</param>
    /// <param name="measured">Commands behind it.</param>
    /// <param name="falls">Whether the mark falls; else it stays, and nothing happens.</param>
    public static Workload Build(ulong seed, int positions, int warmUp, int measured, bool falls)
    {
        using var flow = new FlowBuilder(Workloads.GenesisFor(Accounts + positions, 1_000, workPerCommand: 1_024));
        long first = Workloads.Begin(flow, Accounts, 40_000 * Unit);
        MarketParameters parameters = MarketParameters.Default with
        {
            InitialMarginLongRate = 5_000_000, InitialMarginShortRate = 5_000_000, MaintenanceMarginRate = 1_000_000, PenaltyRate = 1_000_000, MaxLeverage = 20,
        };
        ExchangeSetup.Market(flow, "ALT-PERP", parameters, Mark, tickSizeE9: 1_000_000, lotSizeE9: 1_000_000);
        long dealer = ExchangeSetup.Accounts(flow, 1, 1L << 55);
        long holders = ExchangeSetup.Accounts(flow, positions, Mark * Lots / 15);
        for (int i = 0; i < positions; i++)
        {
            var mode = new SetMarginMode { AccountId = holders + i, MarketId = AltMarket, Mode = MarginMode.Isolated };
            ExchangeSetup.Require(flow.Send(CommandType.SetMarginMode, ref mode));
            Place(flow, dealer, Side.Sell, Mark, Lots, i);
            Place(flow, holders + i, Side.Buy, Mark, Lots, 1);
        }

        // a lot more than is needed: an order that ended would give its row to one of the mix, and the ids of the flow would be others
        Place(flow, dealer, Side.Buy, Bid, (positions * Lots) + 1, positions);
        var mix = new ExchangeCoreMix(flow, seed, 1_000, first, Accounts);
        mix.Fill();
        flow.StartFlow(warmUp + measured + 1);
        mix.Run(warmUp);
        var mark = new SetMarkPrice { MarketId = AltMarket, PriceTicks = falls ? FallenMark : Mark };
        ExchangeSetup.Require(flow.Send(CommandType.SetMarkPrice, ref mark));
        flow.Drain();
        mix.Run(measured);
        return flow.Build("cascade");
    }

    private static void Place(FlowBuilder flow, long account, Side side, long ticks, long lots, long id)
    {
        var order = new PlaceOrder { AccountId = account, MarketId = AltMarket, ClientOrderId = id + 1, PriceTicks = ticks, QuantityLots = lots, Side = side };
        ExchangeSetup.Require(flow.Send(CommandType.PlaceOrder, ref order));
    }
}
