using LowLatencyMargin.Cli.Scenarios.Views;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>Looking at things.</summary>
internal sealed class ShowVerbs(ScenarioSession session)
{
    internal const string Kinds =
        "account, position, book, market, asset, orders, pool, insurance, adl, liquidations, at-risk, keepers, "
        + "rules, performance, reconciliation, params, preview, totals or hash";

    /// <summary>The insurance layer of all markets.</summary>
    internal const string Global = "global";

    internal void Show(ScenarioLine line)
    {
        View view = Find(line, line.Word(0, Kinds), out int used, Levels(line));
        line.EndWords(used);
        line.EndOptions();
        session.Report.Show(line, view);
    }

    internal void Params(ScenarioLine line)
    {
        bool ofAccount = IsOfAccount(line);
        string name = line.Word(ofAccount ? 1 : 0, "a market, an asset or an account");
        line.EndWords(ofAccount ? 2 : 1);
        line.EndOptions();
        session.Report.Show(line, ofAccount ? RulesView.Parameters(session.Names.Account(line, name), session.State(line)) : Parameters(line, name));
    }

    /// <summary>Whether a line says that it is about an account, which may have the name of a market or an asset.</summary>
    internal static bool IsOfAccount(ScenarioLine line) => line.Words is ["account", _, ..];

    /// <summary>What an operator can change of a market, else of the asset or the account of that name.</summary>
    internal View Parameters(ScenarioLine line, string name) =>
        session.Names.FindMarket(name) is { } market ? MarketView.Parameters(market, session.State(line))
        : session.Names.FindAsset(name) is { } asset ? AssetView.Parameters(asset, session.Names, session.State(line))
        : session.Names.Find(name) is { } account ? RulesView.Parameters(account, session.State(line))
        : MarketView.Parameters(session.Names.Market(line, name), session.State(line));

    /// <summary>The view that the words of a line name.</summary>
    internal View Find(ScenarioLine line, string kind, out int used, int levels = int.MaxValue)
    {
        bool ofAll = kind == "reconciliation" && line.Words.Count == 1;
        used = kind is "totals" or "hash" or "keepers" or "preview" || ofAll ? 1 : kind == "position" ? 3 : 2;
        return kind switch
        {
            "reconciliation" when ofAll => Of(line, kind, null, null),
            "account" or "orders" or "rules" or "performance" or "reconciliation" => Of(
                line, kind, session.Names.Account(line, line.Word(1, "an account")), null),
            "position" => Of(
                line, kind, session.Names.Account(line, line.Word(1, "an account")), session.Names.Market(line, line.Word(2, "a market"))),
            "book" => BookView.Of(session.Names.Market(line, line.Word(1, "a market")), session.State(line), levels),
            "pool" => Pool(line, session.Names.Asset(line, line.Word(1, "an asset"))),
            "params" => Parameters(line, line.Word(1, "a market, an asset or an account")),
            "insurance" when line.Word(1, "a market or global") == Global => Of(line, kind, null, null),
            "market" or "insurance" or "adl" or "liquidations" => Of(line, kind, null, session.Names.Market(line, line.Word(1, "a market"))),
            "at-risk" => KeeperView.AtRisk(session.Names.Market(line, line.Word(1, "a market")), Within(line), session.Names, session.State(line)),
            "asset" => AssetView.Of(session.Names.Asset(line, line.Word(1, "an asset")), session.Names, session.State(line)),
            "totals" or "hash" or "preview" or "keepers" => Of(line, kind, null, null),
            _ => throw line.Error($"there is no '{kind}' to look at", Kinds),
        };
    }

    internal View Of(ScenarioLine line, string kind, AccountName? account, MarketName? market) => kind switch
    {
        "account" => AccountView.Of(account!, session.Names, session.Figures(line)),
        "orders" => OrdersView.Of(account!, session.Names, session.Figures(line)),
        "position" => PositionOf(line, account!, market!),
        "book" => BookView.Of(market!, session.State(line), int.MaxValue),
        "market" => MarketView.Of(market!, session.Names, session.State(line)),
        "insurance" => market is null
            ? InsuranceView.OfGlobal(session.Names, session.State(line))
            : InsuranceView.Of(market, session.State(line), session.Shortfalls),
        "adl" => AdlView.Of(market!, session.Names, session.State(line)),
        "liquidations" => MarketView.Liquidations(market!, session.Liquidations),
        "at-risk" => KeeperView.AtRisk(market!, Within(line), session.Names, session.State(line)),
        "keepers" => KeeperView.Of(session.Names, session.State(line)),
        "totals" => TotalsView.Of(session.Names, session.State(line), session.Outcomes),
        "hash" => TotalsView.Hash(session.Driver.Exchange),
        "preview" => session.Preview?.View ?? throw line.Error("there is no preview before this line", "a line 'preview VERB ...' before"),
        "rules" => RulesView.Of(account!, session.Names.Collateral!, session.State(line)),
        "performance" => RulesView.Performance(account!, session.Names.Collateral!, session.State(line)),
        "reconciliation" => ReconciliationView.Of(account, session.Ledger, session.Names, session.State(line)),
        _ => throw line.Error($"there is no '{kind}' to look at", Kinds),
    };

    /// <summary>A position by its id, the one there is, or the last one that closed.</summary>
    private View PositionOf(ScenarioLine line, AccountName account, MarketName market)
    {
        Figures figures = session.Figures(line);
        if (figures.State.Markets[market.Id].Kind == MarketKind.SpotMargin)
        {
            return MarginView.Of(account, market, session.Names, figures);
        }

        long id = PositionVerbs.IdOf(line, session.Names, account);
        ResultCode code = figures.State.FindNamed(account.Id, market.Id, id, out int row);
        if (code == ResultCode.PositionIdMissing)
        {
            string ids = string.Join(", ", figures.HedgeRowsOf(account.Id, market.Id).Select(each => figures.State.PositionDetails[each].PositionId));
            throw line.Error($"{account.Name} has several positions in {market.Name}", $"position=ID with one of {ids}");
        }

        return code == ResultCode.Accepted ? PositionView.Of(account, market, row, figures)
            : PositionView.Closed(account, market, id, figures)
            ?? throw line.Error($"{account.Name} has no position {id} in {market.Name}", "the id of a position that is open or closed lately");
    }

    internal View Pool(ScenarioLine line, AssetName asset) => PoolView.Of(line, asset, session.Names, session.State(line));

    /// <summary>How far the mark may be from the trigger.</summary>
    private static int Within(ScenarioLine line) => line.Option("within") is { } text ? HumanUnits.Ratio(line, text) : Core.Numerics.Rate.Scale / 10;

    private static int Levels(ScenarioLine line)
    {
        if (line.Option("levels") is not { } text)
        {
            return int.MaxValue;
        }

        long levels = HumanUnits.Whole(line, text, "levels");
        return levels > 0 && line.Words[0] == "book"
            ? (int)Math.Min(levels, int.MaxValue)
            : throw line.Error($"levels={text} can't be", "levels=10 with 'show book'");
    }
}
