namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The verbs and how each is written: for help and for errors.</summary>
internal static class Grammar
{
    internal static readonly IReadOnlyDictionary<string, string> Verbs = new Dictionary<string, string>
    {
        ["genesis"] = "genesis [max-accounts=N] [max-orders=N] [max-positions=N] [max-assets=N] [max-markets=N] [max-work=N], before all else",
        ["asset"] = "asset NAME decimals=N",
        ["market"] = "market NAME kind=perpetual base=NAME quote=ASSET tick=NUMBER lot=NUMBER [PARAM=VALUE...]",
        ["set"] = "set MARKET PARAM=VALUE...",
        ["account"] = "account NAME [owner=NAME]",
        ["deposit"] = "deposit ACCOUNT ASSET AMOUNT",
        ["withdraw"] = "withdraw ACCOUNT ASSET AMOUNT",
        ["allocate"] = "allocate ACCOUNT MARKET AMOUNT",
        ["remove"] = "remove ACCOUNT MARKET AMOUNT",
        ["insurance"] = "insurance MARKET AMOUNT",
        ["mode"] = "mode ACCOUNT MARKET cross|isolated",
        ["leverage"] = "leverage ACCOUNT MARKET N",
        ["order"] = "order ACCOUNT MARKET buy|sell QTY (@ PRICE | market) [id=NAME] [tif=gtc|ioc] [max-slippage=RATE]",
        ["modify"] = "modify ACCOUNT ID [qty=QTY] [price=PRICE]",
        ["cancel"] = "cancel ACCOUNT ID | cancel ACCOUNT all [MARKET] [buy|sell]",
        ["close"] = "close ACCOUNT MARKET [qty=QTY] [max-slippage=RATE]",
        ["time"] = "time 2026-01-31T23:59:59Z | time +1h (s, m, h, d)",
        ["mark"] = "mark MARKET PRICE",
        ["show"] = "show account A | position A MARKET | book MARKET [levels=N] | market MARKET | orders A | insurance MARKET | liquidations MARKET "
            + "| totals | hash",
        ["params"] = "params MARKET",
        ["expect"] = "expect reject CODE | trade QTY@PRICE... | event NAME [KEY=VALUE...] | position A MARKET KEY=VALUE... | account A KEY=VALUE... "
            + "| book MARKET bids=... asks=... | PATH=VALUE | conserved",
        ["save"] = "save NAME",
        ["restore"] = "restore NAME",
    };

    private static readonly string[] LaterVerbs =
    [
        "pool", "transfer", "lend", "unlend", "borrow", "repay", "preview", "liquidate", "index", "fund", "state", "disconnect", "kill", "resume",
    ];

    internal static string Of(string verb) => Verbs.GetValueOrDefault(verb, verb);

    /// <summary>Refuses verbs that do not exist, or not yet.</summary>
    internal static void Check(int line, string verb)
    {
        if (Verbs.ContainsKey(verb))
        {
            return;
        }

        string known = $"one of {string.Join(", ", Verbs.Keys)}";
        throw LaterVerbs.Contains(verb) ? ScenarioError.NotYet(line, $"verb '{verb}'", known) : new ScenarioError(line, $"unknown verb '{verb}'", known);
    }
}
