using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using Rule = LowLatencyMargin.Cli.Scenarios.Parameters.RuleParameter<LowLatencyMargin.Core.Commands.LossRules>;

namespace LowLatencyMargin.Cli.Scenarios.Parameters;

/// <summary>Who pays in a market what an account can't (docs/waterfall.md).</summary>
internal static class LossParameters
{
    internal static RuleSet<LossRules, SetLossRules> Set { get; } = new(
        CommandType.SetLossRules,
        LossRules.Of,
        (market, rules) => new SetLossRules { MarketId = market, Rules = rules },
        (state, market) => state.Losses[market].Rules,
        [
            Rule.Chosen("loss-mode", (ref LossRules p) => ref p.Mode),
            Rule.Chosen("loss-pool", (ref LossRules p) => ref p.Pool),
            Rule.Chosen("adl-price", (ref LossRules p) => ref p.Price),
            Rule.Chosen("adl-score", (ref LossRules p) => ref p.Score),
            new(
                "adl-max-candidates",
                (ref LossRules p, ScenarioLine line, string text, MarketName _) =>
                    p.MaxHolders = (ushort)Math.Clamp(HumanUnits.Whole(line, text, "adl-max-candidates"), 0, ushort.MaxValue),
                (p, _) => Value.Of(p.MaxHolders)),
            Rule.Rated("adl-drawdown", (ref LossRules p) => ref p.DrawdownRate),
            Rule.Switched("insurance-global", (ref LossRules p) => ref p.GlobalLayer),
            Rule.Switched("insurance-surplus", (ref LossRules p) => ref p.KeepsSurplus),
            Rule.Rated("insurance-redirect", (ref LossRules p) => ref p.RedirectRate),
            Rule.Sum("insurance-threshold", (ref LossRules p) => ref p.ThresholdUnits),
        ]);
}
