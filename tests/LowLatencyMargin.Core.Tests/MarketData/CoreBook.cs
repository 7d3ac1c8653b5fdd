using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.MarketData;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Core.Tests.MarketData;

/// <summary>What can be seen of a book, computed from the core's own state, and from a view.</summary>
internal static class CoreBook
{
    /// <summary>All visible orders of the core's book: bids, then asks, best first, in queue order.</summary>
    public static void Orders(ExchangeState state, int market, List<(Side Side, long Id, long Ticks, long Lots)> into)
    {
        into.Clear();
        foreach (Side side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
        {
            PriceLadder ladder = state.Books[market].Of(side);
            for (long ticks = ladder.BestTicks; ticks != 0; ticks = ladder.NextWorse(ticks))
            {
                for (int slot = ladder.At(ticks).Head; slot != 0; slot = state.Orders[slot].Next)
                {
                    ref readonly Order order = ref state.Orders[slot];
                    if (!order.Has(OrderMarks.Hidden))
                    {
                        into.Add((side, Order.IdOf(slot, order.Generation), ticks, Shown(state, in order)));
                    }
                }
            }
        }
    }

    /// <summary>The same of a view.</summary>
    public static void Orders(BookView view, List<(Side Side, long Id, long Ticks, long Lots)> into)
    {
        into.Clear();
        foreach (Side side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
        {
            for (long ticks = view.BestTicks(side); ticks != 0; ticks = view.NextWorse(side, ticks))
            {
                for (int row = view.FirstInQueue(side, ticks); row != 0; row = view.NextInQueue(row))
                {
                    OrderIncrement order = view.OrderAt(row);
                    into.Add((side, order.OrderId, order.PriceTicks, order.Lots));
                }
            }
        }
    }

    /// <summary>Levels of visible orders.</summary>
    public static List<(Side Side, long Ticks, long Lots, int Orders)> Levels(List<(Side Side, long Id, long Ticks, long Lots)> orders) =>
    [
        .. orders.GroupBy(order => (order.Side, order.Ticks))
            .Select(level => (level.Key.Side, level.Key.Ticks, level.Sum(order => order.Lots), level.Count())),
    ];

    /// <summary>Levels of a view.</summary>
    public static List<(Side Side, long Ticks, long Lots, int Orders)> Levels(BookView view)
    {
        List<(Side, long, long, int)> levels = [];
        foreach (Side side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
        {
            for (long ticks = view.BestTicks(side); ticks != 0; ticks = view.NextWorse(side, ticks))
            {
                long lots = view.LotsAt(side, ticks, out int orders);
                levels.Add((side, ticks, lots, orders));
            }
        }

        return levels;
    }

    private static long Shown(ExchangeState state, ref readonly Order order) =>
        order.Has(OrderMarks.Iceberg) ? state.OrderTerms[order.Terms].ShownLots : order.LeavesLots;
}
