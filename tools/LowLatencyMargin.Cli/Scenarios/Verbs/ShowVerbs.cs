using LowLatencyMargin.Cli.Scenarios.Views;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>Looking at things.</summary>
internal sealed class ShowVerbs(ScenarioSession session)
{
    internal const string Kinds = "account, position, book, market, asset, orders, pool, insurance, liquidations, params, totals or hash";

    private static readonly string[] Later = ["adl"];

    internal void Show(ScenarioLine line)
    {
        View view = Find(line, line.Word(0, Kinds), out int used, Levels(line));
        line.EndWords(used);
        line.EndOptions("position");
        session.Report.Show(line, view);
    }

    internal void Params(ScenarioLine line)
    {
        MarketName market = session.Names.Market(line, line.Word(0, "a market"));
        line.EndWords(1);
        line.EndOptions();
        session.Report.Show(line, MarketView.Parameters(market, session.State(line)));
    }

    /// <summary>The view that the words of a line name.</summary>
    internal View Find(ScenarioLine line, string kind, out int used, int levels = int.MaxValue)
    {
        used = kind is "totals" or "hash" ? 1 : kind == "position" ? 3 : 2;
        if (Later.Contains(kind))
        {
            throw line.NotYet($"'show {kind}'", Kinds);
        }

        return kind switch
        {
            "account" or "orders" => Of(line, kind, session.Names.Account(line, line.Word(1, "an account")), null),
            "position" => Of(
                line, kind, session.Names.Account(line, line.Word(1, "an account")), session.Names.Market(line, line.Word(2, "a market"))),
            "book" => BookView.Of(session.Names.Market(line, line.Word(1, "a market")), session.State(line), levels),
            "pool" => Pool(line, session.Names.Asset(line, line.Word(1, "an asset"))),
            "market" or "insurance" or "liquidations" or "params" => Of(line, kind, null, session.Names.Market(line, line.Word(1, "a market"))),
            "asset" => AssetView.Of(session.Names.Asset(line, line.Word(1, "an asset")), session.Names, session.State(line)),
            "totals" or "hash" => Of(line, kind, null, null),
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
        "insurance" => MarketView.Insurance(market!, session.State(line)),
        "liquidations" => MarketView.Liquidations(market!, session.Liquidations),
        "params" => MarketView.Parameters(market!, session.State(line)),
        "totals" => TotalsView.Of(session.Names, session.State(line)),
        "hash" => TotalsView.Hash(session.Driver.Exchange),
        _ => throw line.Error($"there is no '{kind}' to look at", Kinds),
    };

    private View PositionOf(ScenarioLine line, AccountName account, MarketName market) =>
        session.State(line).Markets[market.Id].Kind == MarketKind.SpotMargin
            ? MarginView.Of(account, market, session.Names, session.Figures(line))
            : PositionView.Of(account, market, session.Figures(line));

    internal View Pool(ScenarioLine line, AssetName asset) => PoolView.Of(line, asset, session.Names, session.State(line));

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
