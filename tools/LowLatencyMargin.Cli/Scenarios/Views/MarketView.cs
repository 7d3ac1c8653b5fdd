using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Pricing;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>A market: contract, prices, size, and the money that belongs to it. Its parameters are a view of their own.</summary>
internal static class MarketView
{
    internal static View Of(MarketName name, Names names, ExchangeState state)
    {
        ref readonly Market market = ref state.Markets[name.Id];
        OrderBook book = state.Books[name.Id];
        var fields = new Fields();
        fields.Add("kind", WordStyle.Kebab(market.Kind.ToString()));
        fields.Add("base", market.BaseSymbol.ToString());
        fields.Add("quote", name.Quote.Name);
        fields.Add("tick", Value.Of(HumanUnits.PriceOf(1, name)));
        fields.Add("lot", Value.Of(HumanUnits.QuantityOf(1, name)));
        fields.Add("tick-value", HumanUnits.Money(market.TickValueUnits, name.Quote));
        fields.Add("state", WordStyle.Kebab(market.State.ToString()));
        fields.Add("stopped", Value.Of(market.IsKilled != 0));
        fields.Add("mark", HumanUnits.Price(market.MarkTicks, name));
        fields.Add("index", HumanUnits.Price(market.IndexTicks, name));
        AddSources(fields, in state.Prices[name.Id], name, state.TimeNs);
        fields.Add("last", HumanUnits.Price(market.LastTicks, name));
        fields.Add("best-bid", HumanUnits.Price(book.Bids.BestTicks, name));
        fields.Add("best-ask", HumanUnits.Price(book.Asks.BestTicks, name));
        fields.Add("book-mid", HumanUnits.Price(MarkPrices.BookMid(book, in market), name));
        fields.Add("open-interest", HumanUnits.Quantity(market.PositionLots / 2, name));
        fields.Add("open-interest-notional", HumanUnits.Money(Requirements.Notional(market.PositionLots / 2, market.MarkTicks, in market), name.Quote));
        RateFields.Add(fields, in market);
        fields.Add("resting", HumanUnits.Quantity(market.RestingLots, name));
        fields.Add("fees", HumanUnits.Money(market.FeeUnits, name.Quote));
        fields.Add("lender-fees", HumanUnits.Money(market.LenderFeeUnits, name.Quote));
        fields.Add("community-fees", HumanUnits.Money(market.CommunityFeeUnits, name.Quote));
        fields.Add("protocol", HumanUnits.Money(market.ProtocolUnits, name.Quote));
        fields.Add("keeper", HumanUnits.Money(market.KeeperUnits, name.Quote));
        fields.Add("insurance", HumanUnits.Money(market.InsuranceUnits, name.Quote));
        fields.Add("bad-debt", HumanUnits.Money(market.BadDebtUnits, name.Quote));
        fields.Add("shortfall", HumanUnits.Money(market.ShortfallUnits, name.Quote));
        fields.Add("socialised", HumanUnits.Money(state.Losses[name.Id].SocialisedUnits, name.Quote));
        fields.Add("deleveraged", state.Losses[name.Id].Deleveraged);
        fields.Add("deleveraged-qty", HumanUnits.Quantity(state.Losses[name.Id].DeleveragedLots, name));
        fields.Add("liquidations", market.Liquidations);
        fields.Add("liquidation-account", names.AccountOf(market.LiquidationAccount));
        return new View("market", name.Name, fields);
    }

    internal static View Parameters(MarketName name, ExchangeState state)
    {
        Fields fields = Parameter.Print(state.Markets[name.Id].Parameters, name);
        PriceParameter.AddTo(fields, state.Prices[name.Id].Rules);
        LossParameter.AddTo(fields, state.Losses[name.Id].Rules, name.Quote);
        return new View("params", name.Name, fields);
    }

    /// <summary>What the mark is made of: fresh sources, and whether it is made at all.</summary>
    private static void AddSources(Fields fields, in MarketPrice price, MarketName name, long timeNs)
    {
        fields.Add("mark-by", price.IsByHand != 0 ? "hand" : price.IsAutomatic != 0 ? WordStyle.Kebab(price.Rules.Rule.ToString()) : "last-trade");
        fields.Add("vwap", HumanUnits.Price(price.Trades.AverageTicks, name));
        fields.Add("feed-1", HumanUnits.Price(price.FeedAt(1, timeNs), name));
        fields.Add("feed-2", HumanUnits.Price(price.FeedAt(2, timeNs), name));
    }

    internal static View Liquidations(MarketName name, LiquidationLog log)
    {
        var rows = log.Of(name.Name).Select(record => (record.Id.ToString(), record.Print())).ToList();
        var fields = new Fields();
        fields.Add("count", rows.Count);
        return new View("liquidations", name.Name, fields) { RowKind = "liquidation", Rows = rows };
    }
}
