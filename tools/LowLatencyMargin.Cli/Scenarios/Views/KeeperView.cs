using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>What keepers look at (R-1805).</summary>
internal static class KeeperView
{
    private const int Most = 1_000;

    /// <summary>The positions of a market that are near their trigger, the nearest first.</summary>
    internal static View AtRisk(MarketName market, int withinRate, Names names, ExchangeState state)
    {
        var found = new AtRiskScope[Most];
        int count = AtRiskScopes.Find(state, market.Id, withinRate, found);
        var rows = new List<(string, Fields)>();
        for (int i = 0; i < count; i++)
        {
            ref readonly Position position = ref state.Positions[found[i].Row];
            var row = new Fields();
            row.Add("account", names.AccountOf(position.Account));
            row.Add("position", state.PositionDetails[found[i].Row].PositionId);
            row.Add("mode", position.IsIsolated != 0 ? "isolated" : "cross");
            row.Add("size", HumanUnits.Quantity(position.SizeLots, market));
            row.Add("equity", HumanUnits.Money(found[i].EquityUnits, market.Quote));
            row.Add("requirement", HumanUnits.Money(found[i].RequirementUnits, market.Quote));
            row.Add("spare", HumanUnits.Money(found[i].SpareUnits, market.Quote));
            row.Add("liquidatable", Value.Of(found[i].IsLiquidatable));
            row.Add("under-way", Value.Of(state.PositionDetails[found[i].Row].LiquidationId != 0));
            rows.Add(((i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), row));
        }

        var fields = new Fields();
        fields.Add("count", count);
        return new View("at-risk", market.Name, fields) { RowKind = "scope", Rows = rows };
    }

    /// <summary>The registered keepers.</summary>
    internal static View Of(Names names, ExchangeState state)
    {
        var rows = new List<(string, Fields)>();
        for (int i = 1; i <= state.Keepers.HighWater; i++)
        {
            ref readonly Keeper keeper = ref state.Keepers[i];
            if (keeper.Account == 0)
            {
                continue;
            }

            var row = new Fields();
            row.Add("score", Keepers.ScoreAt(in keeper, state.TimeNs));
            row.Add("credit", keeper.Credit);
            row.Add("rewards", keeper.Rewards);
            row.Add("reward", HumanUnits.Money(keeper.RewardUnits, names.Collateral!));
            rows.Add((names.AccountOf(keeper.Account), row));
        }

        var fields = new Fields();
        fields.Add("count", rows.Count);
        return new View("keepers", "all", fields) { RowKind = "keeper", Rows = rows };
    }
}
