using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Latency.Flow;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>What it costs to set the mark when nobody has to be liquidated: with few positions open, and with many.</summary>
internal static class MarkMoves
{
    private const long Unit = 1_000_000;
    private const int Rounds = 5;

    /// <summary>Nanoseconds a mark, median and best of a few rounds.</summary>
    /// <param name="positions">Positions open, half of them isolated, long and short in turn.</param>
    /// <param name="moves">Marks in a round.</param>
    public static Result Run(int positions, int moves)
    {
        using var flow = new FlowBuilder(Workloads.GenesisFor(positions, restingOrders: 1000));
        long first = Workloads.Begin(flow, positions, 100_000 * Unit);
        for (int i = 0; i < positions; i += 2)
        {
            // pairs of a buyer and a seller; every other pair is isolated
            if (i % 4 == 0)
            {
                Isolate(flow, first + i);
                Isolate(flow, first + i + 1);
            }

            long price = ExchangeCoreMix.StartPrice + (i % 1000);
            Trade(flow, first + i, Side.Sell, price);
            Trade(flow, first + i + 1, Side.Buy, price);
        }

        flow.StartFlow(moves);
        var prng = new Prng((ulong)positions);
        long mark = ExchangeCoreMix.StartPrice;
        bool isQuiet = true;
        for (int i = 0; i < moves; i++)
        {
            // within one percent: far from any liquidation price
            mark = Math.Clamp(mark + prng.Below(201) - 100, ExchangeCoreMix.StartPrice * 99 / 100, ExchangeCoreMix.StartPrice * 101 / 100);
            var command = new SetMarkPrice { MarketId = 1, PriceTicks = mark };
            ExchangeSetup.Require(flow.Send(CommandType.SetMarkPrice, ref command));
            isQuiet &= flow.Events[0].Header.Type == EventType.MarkPriceUpdated && flow.Events.Length == 1;
        }

        using Workload workload = flow.Build("marks");
        CoreRun.Result core = CoreRun.Run(workload, Rounds);
        return new Result(workload.Counts.OpenPositions, core.Median, core.Best, isQuiet);
    }

    private static void Isolate(FlowBuilder flow, long account)
    {
        var mode = new SetMarginMode { AccountId = account, MarketId = 1, Mode = MarginMode.Isolated };
        ExchangeSetup.Require(flow.Send(CommandType.SetMarginMode, ref mode));
    }

    private static void Trade(FlowBuilder flow, long account, Side side, long price)
    {
        var order = new PlaceOrder { AccountId = account, MarketId = 1, ClientOrderId = 1, PriceTicks = price, QuantityLots = 10, Side = side };
        ExchangeSetup.Require(flow.Send(CommandType.PlaceOrder, ref order));
    }

    /// <summary>Nanoseconds of thread CPU time a mark.</summary>
    internal sealed record Result(long OpenPositions, double MedianNs, double BestNs, bool LiquidatedNothing);
}
