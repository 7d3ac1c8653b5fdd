using LowLatencyMargin.Core.Commands;
using Rule = LowLatencyMargin.Cli.Scenarios.Parameters.RuleParameter<LowLatencyMargin.Core.Commands.PriceRules>;

namespace LowLatencyMargin.Cli.Scenarios.Parameters;

/// <summary>What a market's mark is made of (docs/prices.md).</summary>
internal static class PriceParameters
{
    internal static RuleSet<PriceRules, SetPriceRules> Set { get; } = new(
        CommandType.SetPriceRules,
        PriceRules.Of,
        (market, rules) => new SetPriceRules { MarketId = market, Rules = rules },
        (state, market) => state.Prices[market].Rules,
        [
            Rule.Chosen("mark-rule", (ref PriceRules p) => ref p.Rule),
            Rule.Timed("vwap-window", (ref PriceRules p) => ref p.VwapWindowMs),
            Rule.Timed("feed-fresh", (ref PriceRules p) => ref p.FreshMs),
            Rule.Timed("mark-half-life", (ref PriceRules p) => ref p.HalfLifeMs),
            Rule.Timed("mark-interval", (ref PriceRules p) => ref p.IntervalMs),
            Rule.Rated("mark-gap", (ref PriceRules p) => ref p.GapRate),
            Rule.Rated("mark-band", (ref PriceRules p) => ref p.BandRate),
            Rule.Rated("mark-clamp", (ref PriceRules p) => ref p.ClampRate),
        ]);
}
