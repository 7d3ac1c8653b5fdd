using LowLatencyMargin.Cli.Scenarios.Parameters;
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
        AddFunding(fields, name, state);
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
        Fields fields = RiskParameters.Print(state.Markets[name.Id].Parameters, name);
        foreach (RuleSet set in RuleSet.All.Where(set => !state.Markets[name.Id].IsSpot || set != FundingParameters.Set))
        {
            set.AddTo(fields, state, name);
        }

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

    /// <summary>The last interval that was charged, the cumulative index as a price, and what an interval would cost now .</summary>
    private static void AddFunding(Fields fields, MarketName name, ExchangeState state)
    {
        ref readonly Market market = ref state.Markets[name.Id];
        if (market.IsSpot)
        {
            return;
        }

        ref readonly MarketFunding funding = ref state.Funding[name.Id];
        bool charged = funding.LastNs != 0;
        fields.Add("funding-index", FundingEvents.Index(market.FundingIndexE8, name));
        fields.Add("funding-rate", charged ? FundingEvents.RateOf(funding.LastRateE8) : Value.None);
        fields.Add("funding-premium", charged ? FundingEvents.RateOf(funding.LastPremiumE8) : Value.None);
        fields.Add("last-funding", charged ? Value.Of(ScenarioTime.Format(funding.LastNs)) : Value.None);
        fields.Add("next-funding", funding.NextNs == 0 ? Value.None : Value.Of(ScenarioTime.Format(funding.NextNs)));
        long index = Funding.IndexAt(state, name.Id, state.TimeNs);
        bool known = funding.Rules.IsOn != 0 && market.HasMark != 0 && index != 0;
        fields.Add("next-rate", known ? FundingEvents.RateOf(FundingRate.Of(market.MarkTicks, index, in funding.Rules).RateE8) : Value.None);
        fields.Add("funding-clearing", HumanUnits.Money(funding.ClearingUnits, name.Quote));
    }
    internal static View Liquidations(MarketName name, LiquidationLog log)
    {
        var rows = log.Of(name.Name).Select(record => (record.Id.ToString(), record.Print())).ToList();
        var fields = new Fields();
        fields.Add("count", rows.Count);
        return new View("liquidations", name.Name, fields) { RowKind = "liquidation", Rows = rows };
    }
}
