using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>Price levels, best first, as <c>QTY@PRICE,...</c>.</summary>
internal static class BookView
{
    internal static View Of(MarketName market, ExchangeState state, int levels)
    {
        var fields = new Fields();
        fields.Add("bids", Side(state.Books[market.Id].Bids, market, levels));
        fields.Add("asks", Side(state.Books[market.Id].Asks, market, levels));
        return new View("book", market.Name, fields);
    }

    private static string Side(PriceLadder ladder, MarketName market, int levels)
    {
        var texts = new List<string>();
        for (long ticks = ladder.BestTicks; ticks != 0 && texts.Count < levels; ticks = ladder.NextWorse(ticks))
        {
            texts.Add($"{HumanUnits.QuantityOf(ladder.At(ticks).Lots, market)}@{HumanUnits.PriceOf(ticks, market)}");
        }

        return texts.Count == 0 ? Value.NoneText : string.Join(',', texts);
    }
}
