using LowLatencyMargin.Core.Commands;
using Rule = LowLatencyMargin.Cli.Scenarios.Parameters.RuleParameter<LowLatencyMargin.Core.Commands.LiquidationRules>;

namespace LowLatencyMargin.Cli.Scenarios.Parameters;

/// <summary>How a market's positions are liquidated (docs/liquidation.md).</summary>
internal static class LiquidationParameters
{
    internal static RuleSet<LiquidationRules, SetLiquidationRules> Set { get; } = new(
        CommandType.SetLiquidationRules,
        LiquidationRules.Of,
        (market, rules) => new SetLiquidationRules { MarketId = market, Rules = rules },
        (state, market) => state.Liquidations[market].Rules,
        [
            Rule.Switched("partial", (ref LiquidationRules p) => ref p.Partial),
            Rule.Sum("partial-min-notional", (ref LiquidationRules p) => ref p.PartialMinNotionalUnits),
            Rule.Rated("partial-min-fraction", (ref LiquidationRules p) => ref p.PartialMinFractionRate),
            Rule.Rated("partial-target", (ref LiquidationRules p) => ref p.PartialTargetRate),
            Rule.Chosen("liquidation-style", (ref LiquidationRules p) => ref p.Style),
            Rule.Rated("disposal-fraction", (ref LiquidationRules p) => ref p.DisposalFractionRate),
            Rule.Timed("disposal-interval", (ref LiquidationRules p) => ref p.DisposalIntervalMs),
            Rule.Rated("disposal-max-share", (ref LiquidationRules p) => ref p.DisposalShareRate),
            Rule.Sum("liquidation-limit-account", (ref LiquidationRules p) => ref p.AccountLimitUnits),
            Rule.Sum("liquidation-limit-market", (ref LiquidationRules p) => ref p.MarketLimitUnits),
            Rule.Chosen("isolated-recourse", (ref LiquidationRules p) => ref p.Recourse),
            Rule.Chosen("keeper-loop", (ref LiquidationRules p) => ref p.KeeperLoop),
            Rule.Sum("keeper-cost-refund", (ref LiquidationRules p) => ref p.KeeperCostRefundUnits),
        ]);
}
