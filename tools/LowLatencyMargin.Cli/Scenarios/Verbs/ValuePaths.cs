using LowLatencyMargin.Cli.Scenarios.Views;
using LowLatencyMargin.Cli.Text;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>Paths to all that <c>show</c> prints: <c>insurance.BTC-PERP.balance</c>, <c>position.alice.BTC-PERP.size</c>.</summary>
internal sealed class ValuePaths(ScenarioSession session, ShowVerbs show)
{
    /// <summary>Names of REQUIREMENTS for figures that have a shorter one.</summary>
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["unrealised-pnl"] = "upnl",
        ["average-entry"] = "entry",
        ["isolated-margin"] = "margin",
        ["id"] = "position-id",
    };

    private const string Examples = "a path such as insurance.BTC-PERP.balance, account.alice.equity or totals.fees";

    internal Value Find(ScenarioLine line, string path)
    {
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            throw line.Error($"'{path}' is not a path", Examples);
        }

        string kind = path[..dot];
        string rest = path[(dot + 1)..];
        View view = Subject(line, kind, ref rest);
        return FieldOf(line, view, rest)
            ?? throw line.Error($"there is no '{rest}' in {kind} {view.Subject}", $"one of {string.Join(", ", view.Fields.Names)}");
    }

    /// <summary>A field of a view, or of one of its rows; null when there is none.</summary>
    internal Value? FieldOf(ScenarioLine line, View view, string name)
    {
        if (view.Fields.Find(name) is { } value)
        {
            return value;
        }

        foreach ((string row, Fields fields) in view.Rows)
        {
            if (name.StartsWith(row + ".", StringComparison.Ordinal) && fields.Find(name[(row.Length + 1)..]) is { } inRow)
            {
                return inRow;
            }
        }

        return Aliases.TryGetValue(name, out string? alias) ? view.Fields.Find(alias) : view.Kind == "account" ? Nothing(line, name) : null;
    }

    /// <summary>Balances of assets and markets where an account has none.</summary>
    private Value? Nothing(ScenarioLine line, string name)
    {
        if (name.StartsWith("isolated.", StringComparison.Ordinal))
        {
            _ = session.Names.Market(line, name["isolated.".Length..]);
            return Value.Of(0);
        }

        if (name.Split('.', 2) is ["wallet" or "free" or "locked" or "lent" or "borrowed" or "interest" or "owed", var asset])
        {
            _ = session.Names.Asset(line, asset);
            return Value.Of(0);
        }

        return null;
    }

    private View Subject(ScenarioLine line, string kind, ref string rest)
    {
        AccountName? account = null;
        MarketName? market = null;
        string path = rest;
        bool ofOne = kind == "reconciliation" && !rest.StartsWith("all.", StringComparison.Ordinal);
        if (ofOne || kind is "account" or "orders" or "position" or "rules" or "performance")
        {
            account = session.Names.Accounts.Where(a => StartsWith(path, a.Name)).MaxBy(a => a.Name.Length);
            rest = account is null ? rest : rest[(account.Name.Length + 1)..];
            _ = account ?? session.Names.Account(line, rest.Split('.')[0]);
        }

        if (kind == "insurance" && StartsWith(rest, ShowVerbs.Global))
        {
            rest = rest[(ShowVerbs.Global.Length + 1)..];
            return show.Of(line, kind, null, null);
        }

        if (kind is "market" or "insurance" or "adl" or "liquidations" or "at-risk" or "book" or "position")
        {
            string left = rest;
            market = session.Names.Markets.Where(m => StartsWith(left, m.Name)).MaxBy(m => m.Name.Length);
            rest = market is null ? rest : rest[(market.Name.Length + 1)..];
            _ = market ?? session.Names.Market(line, rest.Split('.')[0]);
        }

        if (kind == "params")
        {
            IEnumerable<string> names = session.Names.Markets.Select(m => m.Name)
                .Concat(session.Names.Assets.Select(a => a.Name)).Concat(session.Names.Accounts.Select(a => a.Name));
            string name = names.Where(n => StartsWith(path, n)).MaxBy(n => n.Length) ?? path.Split('.')[0];
            rest = rest[Math.Min(rest.Length, name.Length + 1)..];
            return show.Parameters(line, name);
        }

        if (kind == "pool")
        {
            AssetName? lent = session.Names.Assets.Where(a => StartsWith(path, a.Name)).MaxBy(a => a.Name.Length);
            rest = lent is null ? rest : rest[(lent.Name.Length + 1)..];
            return show.Pool(line, lent ?? session.Names.Asset(line, rest.Split('.')[0]));
        }

        if (kind == "asset")
        {
            string whole = rest;
            AssetName? named = session.Names.Assets.Where(a => StartsWith(whole, a.Name)).MaxBy(a => a.Name.Length);
            rest = named is null ? rest : rest[(named.Name.Length + 1)..];
            return AssetView.Of(named ?? session.Names.Asset(line, rest.Split('.')[0]), session.Names, session.State(line));
        }

        if (kind == "reconciliation" && account is null)
        {
            rest = rest["all.".Length..];
        }

        if (kind == "totals" && session.Names.Collateral is { } asset && StartsWith(rest, asset.Name))
        {
            rest = rest[(asset.Name.Length + 1)..];
        }

        return show.Of(line, kind, account, market);
    }

    private static bool StartsWith(string path, string name) => path.StartsWith(name + ".", StringComparison.Ordinal);
}
