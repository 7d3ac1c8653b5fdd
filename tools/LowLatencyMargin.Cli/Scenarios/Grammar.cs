namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The verbs and how each is written: for help and for errors.</summary>
internal static class Grammar
{
    /// <summary>The verb that begins a block of lines, and the one that ends it.</summary>
    internal const string Block = "batch";

    internal const string EndOfBlock = "end";

    /// <summary>What the verbs of lines within a block begin with.</summary>
    internal const string ItemPrefix = Block + " ";

    private const string Flags = "[post-only [reprice]] [reduce-only] [hidden] [protected]";

    internal static readonly IReadOnlyDictionary<string, string> Verbs = new Dictionary<string, string>
    {
        ["genesis"] = "genesis [max-accounts=N] [max-orders=N] [max-positions=N] [max-assets=N] [max-markets=N] [max-work=N] [recent-orders=N], "
            + "before all else",
        ["asset"] = "asset NAME decimals=N [weight=RATE] [weight-open=RATE] [weight-fill=RATE] [weight-maintenance=RATE] [liability-weight=RATE] "
            + "[price=NUMBER|market] [discount=VALUE:RATE,...|off] [cap=VALUE|off]",
        ["market"] = "market NAME kind=perpetual|spot|spot-margin base=NAME quote=ASSET tick=NUMBER lot=NUMBER "
            + "[preset=default|S1|S1r|S2|S3|S4|S5] [PARAM=VALUE...]",
        ["set"] = "set MARKET [preset=NAME] PARAM=VALUE... | set [account] ACCOUNT [preset=S2|S4|S4r|none] [margin=on|off] [positions=one-way|hedge] "
            + "[portfolio-leverage=N|off] [RULE=VALUE...] "
            + "| set ASSET [weight=RATE] [price=NUMBER|market] ... as for 'asset'",
        ["account"] = "account NAME [owner=NAME] [preset=S2|S4|S4r] [positions=one-way|hedge] [portfolio-leverage=N] [margin=on|off] [RULE=VALUE...], "
            + "rules: see 'params account NAME'",
        ["group"] = "group ACCOUNT NAME|none",
        ["rate"] = "rate ACCOUNT|all off | per-second=N [burst=N] [reserve=N]",
        ["deposit"] = "deposit ACCOUNT ASSET AMOUNT",
        ["withdraw"] = "withdraw ACCOUNT ASSET AMOUNT",
        ["allocate"] = "allocate ACCOUNT MARKET AMOUNT [position=ID]",
        ["remove"] = "remove ACCOUNT MARKET AMOUNT [position=ID]",
        ["transfer"] = "transfer ACCOUNT ASSET AMOUNT to|from MARKET | transfer ACCOUNT ASSET AMOUNT to [account] ACCOUNT",
        ["insurance"] = "insurance MARKET|global AMOUNT",
        ["pool"] = "pool ASSET [model=kinked|fixed-full] [PARAM=VALUE...]",
        ["lend"] = "lend ACCOUNT ASSET AMOUNT",
        ["borrow"] = "borrow ACCOUNT MARKET ASSET AMOUNT",
        ["repay"] = "repay ACCOUNT MARKET ASSET AMOUNT|all",
        ["unlend"] = "unlend ACCOUNT ASSET AMOUNT|all [announce]",
        ["positions"] = "positions ACCOUNT one-way|hedge",
        ["mode"] = "mode ACCOUNT MARKET cross|isolated [position=ID] [side=long|short]",
        ["leverage"] = "leverage ACCOUNT MARKET N [release] [position=ID] [side=long|short]",
        ["order"] = "order ACCOUNT MARKET buy|sell QTY|whole-position (@ PRICE | market | stop PRICE [@ LIMIT] | take-profit PRICE [@ LIMIT] "
            + "| trailing DISTANCE|RATE [@ LIMIT] [take-profit] [activate=PRICE] [step=DISTANCE]) [on=mark|last|index] "
            + $"{Flags} [again] [id=NAME] [tif=gtc|ioc|fok|gtt|day] [expires=+1h|TIME] "
            + "[display=QTY] [oco=ID] [borrow=auto|auto-or-own] [repay=auto] "
            + "[stop=PRICE: the protective stop that it is sized for] [stp=none|taker|maker|both|decrement] [max-slippage=RATE] "
            + "[mode=cross|isolated] [position=ID|new] [margin=AMOUNT], where ID is a position's id or the name of an order that was for it",
        ["modify"] = "modify ACCOUNT ID|client:ID [qty=QTY] [price=PRICE] [trigger=PRICE]",
        ["cancel"] = "cancel ACCOUNT ID|client:ID | cancel ACCOUNT all [MARKET] [buy|sell] [spare-stops]",
        ["close"] = "close ACCOUNT MARKET [@ PRICE] [qty=QTY] [position=ID] [max-slippage=RATE] [tif=gtc|ioc|fok|day] [id=NAME]",
        ["split"] = "split ACCOUNT MARKET QTY [position=ID]",
        ["merge"] = "merge ACCOUNT MARKET ID OTHER-ID",
        ["transfer-position"] = "transfer-position ACCOUNT MARKET to ACCOUNT [qty=QTY] [position=ID] [to-position=ID|new]",
        ["bracket"] = "bracket ACCOUNT MARKET none | [stop=PRICE] [take-profit=PRICE] [on=mark|last|index] [max-slippage=RATE] [id=NAME] "
            + "[position=ID]",
        [Block] = "batch ACCOUNT MARKET atomic|best-effort [stp=RULE], then a line for each item: "
            + $"place buy|sell QTY (@ PRICE | market) {Flags} [again] [id=NAME] [tif=gtc|ioc|fok|day] "
            + "| cancel ID | modify ID [qty=QTY] [price=PRICE], then end",
        ["quote"] = "quote ACCOUNT MARKET [bids=QTY@PRICE,...] [asks=QTY@PRICE,...] [post-only] [stp=RULE] [quote-id=N] [id=NAME]",
        ["protect"] = "protect ACCOUNT MARKET off | window=10s [qty=QTY] [delta=QTY] [fills=N] [frozen=5s|off]",
        ["cancel-all-after"] = "cancel-all-after ACCOUNT 30s|off [spare-stops]",
        ["disconnect"] = "disconnect ACCOUNT [window=10s] [spare-stops]",
        ["kill"] = "kill ACCOUNT [MARKET] [spare-stops]",
        ["resume"] = "resume ACCOUNT [MARKET], or the override of a pause by drawdown",
        ["size"] = "size ACCOUNT MARKET buy|sell @ ENTRY stop=PRICE",
        ["kill-market"] = "kill-market MARKET [spare-stops]",
        ["resume-market"] = "resume-market MARKET",
        ["state"] = "state MARKET open|pre-open|reduce-only|halted|price-stale|settling|closed [price=P|mark] [at=+1d|TIME]",
        ["liquidate"] = "liquidate KEEPER ACCOUNT MARKET [position=ID]",
        ["keeper"] = "keeper ACCOUNT on|off: joins or leaves the keepers' queue",
        ["time"] = "time 2026-01-31T23:59:59Z | time +1h (ms, s, m, h, d)",
        ["mark"] = "mark MARKET PRICE",
        ["index"] = "index MARKET PRICE [source=1|2]",
        ["fund"] = "fund MARKET",
        ["show"] = "show account A | position A MARKET [position=ID] | book MARKET [levels=N] | market MARKET | asset ASSET | orders A | pool ASSET "
            + "| insurance MARKET|global | adl MARKET | liquidations MARKET | at-risk MARKET [within=RATE] | keepers | rules A "
            + "| performance A | reconciliation [A] | params NAME | preview | totals | hash",
        ["params"] = "params MARKET | params [account] ACCOUNT | params ASSET",
        ["expect"] = "expect reject CODE|any|none | trade QTY@PRICE... | event NAME [KEY=VALUE...] | event none | position A MARKET [position=ID] KEY=VALUE... "
            + "| account A KEY=VALUE... | asset ASSET KEY=VALUE... | size KEY=VALUE... "
            + "| book MARKET bids=... asks=... | PATH=VALUE | conserved "
            + "| preview FIELD=VALUE... (after; before.FIELD too) | preview account A ... | preview position A MARKET ...",
        ["preview"] = "preview VERB ..., a line of an account or a price: what it would do, with figures before and after; nothing changes",
        ["save"] = "save NAME",
        ["restore"] = "restore NAME",
    };

    private static readonly string[] ItemVerbs = ["place", "cancel", "modify", EndOfBlock];

    internal static string Of(string verb) =>
        Verbs.GetValueOrDefault(verb.StartsWith(ItemPrefix, StringComparison.Ordinal) || verb == EndOfBlock ? Block : verb, verb);

    /// <summary>The verb, refused when it does not exist, or not yet.</summary>
    internal static string Check(int line, string verb)
    {
        if (Verbs.ContainsKey(verb))
        {
            return verb;
        }

        string known = $"one of {string.Join(", ", Verbs.Keys)}";
        throw new ScenarioError(line, $"unknown verb '{verb}'", known);
    }

    /// <summary>The verb of a line within a block.</summary>
    internal static string CheckItem(int line, string verb) => verb == EndOfBlock
        ? verb
        : ItemVerbs.Contains(verb)
            ? ItemPrefix + verb
            : throw new ScenarioError(line, $"'{verb}' can't be in a {Block}", $"one of {string.Join(", ", ItemVerbs)}");
}
