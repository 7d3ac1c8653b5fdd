using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>Price levels, best first, as <c>QTY@PRICE,...</c>: what the market sees, and what hidden orders and icebergs keep from it (R-1308).</summary>
internal static class BookView
{
    internal static View Of(MarketName market, ExchangeState state, int levels)
    {
        OrderBook book = state.Books[market.Id];
        var fields = new Fields();
        fields.Add("bids", Side(state, book.Bids, market, levels, shown: true));
        fields.Add("asks", Side(state, book.Asks, market, levels, shown: true));
        fields.Add("bids-not-shown", Side(state, book.Bids, market, levels, shown: false));
        fields.Add("asks-not-shown", Side(state, book.Asks, market, levels, shown: false));
        return new View("book", market.Name, fields);
    }

    private static string Side(ExchangeState state, PriceLadder ladder, MarketName market, int levels, bool shown)
    {
        var texts = new List<string>();
        for (long ticks = ladder.BestTicks; ticks != 0 && texts.Count < levels; ticks = ladder.NextWorse(ticks))
        {
            long lots = 0;
            for (int slot = ladder.At(ticks).Head; slot != 0; slot = state.Orders[slot].Next)
            {
                ref readonly Order order = ref state.Orders[slot];
                long visible = OrdersView.ShownLots(in order, state);
                lots += shown ? visible : order.LeavesLots - visible;
            }

            if (lots != 0)
            {
                texts.Add($"{HumanUnits.QuantityOf(lots, market)}@{HumanUnits.PriceOf(ticks, market)}");
            }
        }

        return texts.Count == 0 ? Value.NoneText : string.Join(',', texts);
    }
}
