using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using Rule = LowLatencyMargin.Cli.Scenarios.Parameters.RuleParameter<LowLatencyMargin.Core.Commands.FundingRules>;

namespace LowLatencyMargin.Cli.Scenarios.Parameters;

/// <summary>What a perpetual's funding is computed by (docs/funding.md).</summary>
internal static class FundingParameters
{
    internal static RuleSet<FundingRules, SetFundingRules> Set { get; } = new(
        CommandType.SetFundingRules,
        FundingRules.Of,
        (market, rules) => new SetFundingRules { MarketId = market, Rules = rules },
        (state, market) => state.Funding[market].Rules,
        [
            new(
                "funding",
                (ref FundingRules p, ScenarioLine line, string text, MarketName _) => p.IsOn = HumanUnits.IsOn(line, "funding", text) ? 1 : 0,
                (p, _) => Value.Of(p.IsOn != 0)),
            Rule.Timed("funding-interval", (ref FundingRules p) => ref p.IntervalMs),
            Rule.Rated("funding-interest", (ref FundingRules p) => ref p.InterestRate),
            Rule.Rated("funding-clamp", (ref FundingRules p) => ref p.ClampRate),
            new(
                "funding-cap",
                (ref FundingRules p, ScenarioLine line, string text, MarketName _) =>
                    p.CapRate = HumanUnits.Ratio(line, text is "off" or Value.NoneText ? "0" : text),
                (p, _) => p.CapRate == 0 ? Value.Of("off") : HumanUnits.Ratio(p.CapRate)),
            Rule.Rated("funding-dampening", (ref FundingRules p) => ref p.DampeningRate),
        ]);
}
