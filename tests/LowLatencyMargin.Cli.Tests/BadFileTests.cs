using LowLatencyMargin.Cli.CommandLine;
using LowLatencyMargin.Cli.Tests.Support;

namespace LowLatencyMargin.Cli.Tests;

/// <summary>A line that is not understood ends the run with file, line, reason, what was expected, and exit code 2.</summary>
internal sealed class BadFileTests
{
    private const string SetUp = """
        asset USDC decimals=6
        market BTC-PERP kind=perpetual base=BTC quote=USDC tick=0.5 lot=0.001
        account alice
        deposit alice USDC 1000
        mark BTC-PERP 100
        order alice BTC-PERP buy 1 @ 90 id=a1

        """;

    private const int BadLine = 7;

    [TestCase("buy alice BTC-PERP 1", "unknown verb 'buy'", "one of genesis")]
    [TestCase("\u0001\u001b[31m;", "the line does not begin with a verb", "one of genesis")]
    [TestCase("deposit bob USDC 1", "unknown account 'bob'", "one of alice")]
    [TestCase("deposit alice EURC 1", "unknown asset 'EURC'", "one of USDC")]
    [TestCase("mark ETH-PERP 1", "unknown market 'ETH-PERP'", "one of BTC-PERP")]
    [TestCase("deposit alice USDC ten", "'ten' is not a number", "plain decimal")]
    [TestCase("deposit alice USDC 1e3", "'1e3' is not a number", "plain decimal")]
    [TestCase("deposit alice USDC 1,000", "'1,000' is not a number", "plain decimal")]
    [TestCase("deposit alice USDC .5", "'.5' is not a number", "plain decimal")]
    [TestCase("deposit alice USDC 0.0000001", "not a multiple of the smallest unit of USDC", "0 or 0.000001")]
    [TestCase("deposit alice USDC 0.0000000000000000000000000000000000000000001", "not a multiple of the smallest unit of USDC", "0 or 0.000001")]
    [TestCase("deposit alice USDC", "'deposit' ends too early", "an amount")]
    [TestCase("deposit alice USDC 1 2", "unexpected '2'", "deposit ACCOUNT ASSET AMOUNT")]
    [TestCase("deposit alice USDC 1 fast=yes", "unknown option 'fast'", "deposit ACCOUNT ASSET AMOUNT")]
    [TestCase("mark BTC-PERP 100.3", "price 100.3 is not a multiple of the tick of BTC-PERP, 0.5", "100 or 100.5")]
    [TestCase("order alice BTC-PERP buy 1 @ 100.25", "not a multiple of the tick", "100 or 100.5")]
    [TestCase("order alice BTC-PERP buy 0.0005 @ 100", "quantity 0.0005 is not a multiple of the lot of BTC-PERP, 0.001", "0 or 0.001")]
    [TestCase("order alice BTC-PERP hold 1 @ 100", "'hold' is not a side", "buy or sell")]
    [TestCase("order alice BTC-PERP buy 1", "'order' ends too early", "'@ PRICE', 'market'")]
    [TestCase("order alice BTC-PERP buy 1 at 100", "unexpected 'at'", "'@ PRICE', 'market'")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 id=a1", "order 'a1' of alice is open already", "another id")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 id=a/1", "'a/1' is not a name", "letters, digits")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 tif=soon", "tif=soon is not understood", "tif=gtc, ioc, fok, gtt or day")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 sideways", "unexpected 'sideways'", "order ACCOUNT")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 post-only=maybe", "post-only=maybe is not understood", "post-only=on")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 take-profit", "unexpected 'take-profit'", "order ACCOUNT")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 stp=later", "stp=later is not understood", "stp=none, taker")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 expires=soon", "'soon' is not a time", "+1h")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 display=0", "display= must be above 0", "above 0")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 display=0.0005", "not a multiple of the lot", "0 or 0.001")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 oco=zz", "alice has no order 'zz'", "of this file")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 again", "'again' without a name", "id=NAME")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 id=zz again", "alice never sent an order 'zz'", "a line with that id before")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 margin=0", "margin= must be above 0", "above 0")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 position=a9", "position=a9 is not understood", "name of an order")]
    [TestCase("order alice BTC-PERP sell 1 stop", "'order' ends too early", "a trigger price")]
    [TestCase("order alice BTC-PERP sell 1 stop 80.25", "not a multiple of the tick", "80 or 80.5")]
    [TestCase("order alice BTC-PERP sell 1 stop 80 on=moon", "on=moon is not understood", "on=mark, last or index")]
    [TestCase("order alice BTC-PERP sell 1 trailing far", "'far' is not a number", "plain decimal")]
    [TestCase("order alice BTC-PERP sell 1 trailing 5 step=0", "step= must be above 0", "above 0")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 mode=both", "mode=both is not understood", "mode=cross or mode=isolated")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 max-slippage=1%", "max-slippage=1% can't be", "market order")]
    [TestCase("modify alice a1", "nothing is given to change", "qty=, price=, trigger=")]
    [TestCase("modify alice a1 trigger=0.25", "not a multiple of the tick", "0 or 0.5")]
    [TestCase("bracket alice BTC-PERP", "nothing is given to change", "stop=, take-profit=")]
    [TestCase("bracket alice BTC-PERP some", "unexpected 'some'", "bracket ACCOUNT")]
    [TestCase("quote alice BTC-PERP bids=1", "'1' is not understood", "QTY@PRICE")]
    [TestCase("quote alice BTC-PERP bids=1@99.25", "not a multiple of the tick", "99 or 99.5")]
    [TestCase("batch alice BTC-PERP now\nend", "'now' is not a mode of a batch", "atomic or best-effort")]
    [TestCase("place buy 1 @ 90", "unknown verb 'place'", "one of genesis")]
    [TestCase("end", "unknown verb 'end'", "one of genesis")]
    [TestCase("protect alice BTC-PERP qty=1", "'window=' is missing", "window=10s")]
    [TestCase("protect alice BTC-PERP window=1 fills=1", "'1' is not a length of time", "500ms, 10s")]
    [TestCase("cancel-all-after alice soon", "'soon' is not a length of time", "500ms, 10s")]
    [TestCase("disconnect alice now", "unexpected 'now'", "disconnect ACCOUNT")]
    [TestCase("kill alice ETH-PERP", "unknown market 'ETH-PERP'", "one of BTC-PERP")]
    [TestCase("resume alice BTC-PERP spare-stops", "unexpected 'spare-stops'", "resume ACCOUNT")]
    [TestCase("state BTC-PERP asleep", "'asleep' is not a state", "price-stale")]
    [TestCase("state BTC-PERP halted price=1", "has no settlement price or time", "state MARKET")]
    [TestCase("rate alice burst=1", "'per-second=' is missing", "per-second=10")]
    [TestCase("group alice", "'group' ends too early", "none")]
    [TestCase("index BTC-PERP 100 source=3", "source=3 is not understood", "source=1 or source=2")]
    [TestCase("modify alice a1 price=0", "price= must be above 0", "above 0")]
    [TestCase("cancel alice all ETH-PERP", "unknown market 'ETH-PERP'", "one of BTC-PERP")]
    [TestCase("account alice", "account 'alice' exists already", "another name")]
    [TestCase("account a/b", "'a/b' is not a name", "letters, digits")]
    [TestCase("account liquidation.X", "the name of a market's own account", "does not begin")]
    [TestCase("account bob positions=many", "'many' is not a position mode", "one-way or hedge")]
    [TestCase("positions alice sideways", "'sideways' is not a position mode", "one-way or hedge")]
    [TestCase("close alice BTC-PERP @", "'close' ends too early", "a price")]
    [TestCase("close alice BTC-PERP @ 100 max-slippage=1%", "max-slippage=1% can't be", "market order")]
    [TestCase("close alice BTC-PERP qty=0", "qty= must be above 0", "above 0")]
    [TestCase("split alice BTC-PERP", "'split' ends too early", "a quantity")]
    [TestCase("merge alice BTC-PERP 1", "'merge' ends too early", "another position's id")]
    [TestCase("transfer-position alice BTC-PERP from bob", "unexpected 'from'", "transfer-position ACCOUNT")]
    [TestCase("leverage alice BTC-PERP 5 side=up", "side=up is not understood", "side=long, short or both")]
    [TestCase("show position alice BTC-PERP position=99", "alice has no position 99", "open or closed lately")]
    [TestCase("account bob preset=S9", "preset=S9 is not a preset of accounts", "preset=S1 to S5 or none")]
    [TestCase("account bob daily-trades=some", "'some' is not a whole number", "a number of trades")]
    [TestCase("account bob level-bands=2.0,1.3", "level-bands=2.0,1.3 is not understood", "four levels")]
    [TestCase("set account alice", "'set' without a parameter", "set MARKET")]
    [TestCase("size alice BTC-PERP buy @ 100", "'stop=' is missing", "stop=49000")]
    [TestCase("expect size qty=1", "nothing was sized before", "size ACCOUNT")]
    [TestCase("set BTC-PERP fee-tiers=5bp", "fee-tiers=5bp is not understood", "VOLUME:MAKER/TAKER")]
    [TestCase("set BTC-PERP fee-split=100", "fee-split=100 is not understood", "four percentages")]
    [TestCase("asset USDC decimals=6", "asset 'USDC' exists already", "another name")]
    [TestCase("asset EURC", "'decimals=' is missing", "decimals=6")]
    [TestCase("asset EURC decimals=six", "'six' is not a whole number", "decimals")]
    [TestCase("asset EURC decimals=6 decimals=7", "'decimals' is given twice", "one 'decimals='")]
    [TestCase("asset EURC decimals=", "'decimals=' is not understood", "KEY=VALUE")]
    [TestCase("asset ABCDEFGHIJKLMNOPQ decimals=6", "is not the name of an asset", "16 at most")]
    [TestCase("market BTC-PERP base=BTC quote=USDC tick=1 lot=1", "market 'BTC-PERP' exists already", "another name")]
    [TestCase("market X base=BTC quote=USDC lot=1", "'tick=' is missing", "tick=0.5")]
    [TestCase("market X base=BTC quote=EURC tick=1 lot=1", "unknown asset 'EURC'", "one of USDC")]
    [TestCase("market X kind=option base=BTC quote=USDC tick=1 lot=1", "kind=option is not understood", "perpetual, spot or spot-margin")]
    [TestCase("market X kind=spot base=BTC quote=USDC tick=1 lot=1", "unknown asset 'BTC'", "one of USDC")]
    [TestCase("asset X decimals=6 weight=high", "'high' is not a rate", "10%")]
    [TestCase("asset X decimals=6 discount=95%", "discount=95% is not understood", "100000:95%")]
    [TestCase("asset X decimals=6 price=0", "price= must be above 0", "above 0")]
    [TestCase("set USDC", "'set' without a parameter", "set ASSET")]
    [TestCase("account carol margin=maybe", "margin=maybe is not understood", "margin=on or margin=off")]
    [TestCase("market X base=BTC quote=USDC tick=1 lot=1 partial-target=ten", "'ten' is not a rate", "10%")]
    [TestCase("market X base=BTC quote=USDC tick=1 lot=1 liquidation-style=slow", "liquidation-style=slow is not understood", "book or keeper or staged")]
    [TestCase("market X base=BTC quote=USDC tick=1 lot=1 tiers=1:2x", "tier '1:2x' is not understood", "LIMIT:LEVERAGEx:RATE")]
    [TestCase("market X base=BTC quote=USDC tick=1 lot=1 preset=S9", "preset=S9 is not known", "S1r, S2, S3")]
    [TestCase("market X base=BTC quote=USDC tick=1 lot=1 colour=red", "unknown option 'colour'", "market NAME")]
    [TestCase("market X base=BTC quote=USDC tick=1 lot=1 mm=5", "'5' is not a rate", "10%")]
    [TestCase("market X base=BTC quote=USDC tick=1 lot=1 mm=0.0000001%", "finer than the exchange keeps", "0.000001%")]
    [TestCase("market X base=BTC quote=USDC tick=1 lot=1 trigger=above", "trigger=above is not understood", "below or reaches")]
    [TestCase("market X base=BTC quote=USDC tick=1 lot=1 insurance=maybe", "insurance=maybe is not understood", "insurance=on or insurance=off")]
    [TestCase("set BTC-PERP", "'set' without a parameter", "PARAM=VALUE")]
    [TestCase("set BTC-PERP penalty-split=60/40", "penalty-split=60/40 is not understood", "60/40/0/0")]
    [TestCase("mode alice BTC-PERP both", "'both' is not a margin mode", "cross or isolated")]
    [TestCase("leverage alice BTC-PERP 2.5", "'2.5' is not a whole number", "leverage")]
    [TestCase("time 1999-12-31T00:00:00Z", "time only moves forward", "later")]
    [TestCase("time tomorrow", "'tomorrow' is not a time", "2026-01-31T23:59:59Z")]
    [TestCase("time +1y", "'+1y' is not a step of time", "+1h")]
    [TestCase("genesis max-accounts=1", "'genesis' comes too late", "before all other commands")]
    [TestCase("transfer alice USDC 1 into BTC-PERP", "unexpected 'into'", "to|from MARKET")]
    [TestCase("transfer alice USDC 1 to account", "'transfer' ends too early", "an account here")]
    [TestCase("show asset BTC", "unknown asset 'BTC'", "one of USDC")]
    [TestCase("liquidate keeper alice BTC-PERP", "unknown account 'keeper'", "one of alice")]
    [TestCase("show weather", "there is no 'weather' to look at", "account, position")]
    [TestCase("show pool USDC", "USDC has no pool", "a line 'pool USDC model=kinked'")]
    [TestCase("show account bob", "unknown account 'bob'", "one of alice")]
    [TestCase("show book BTC-PERP levels=0", "levels=0 can't be", "levels=10")]
    [TestCase("restore nowhere", "nothing was saved as 'nowhere'", "save nowhere")]
    [TestCase("expect", "nothing is expected", "expect reject CODE")]
    [TestCase("expect reject Tired", "unknown code 'Tired'", "InsufficientMargin")]
    [TestCase("expect event Party", "unknown event 'Party'", "OrderAccepted")]
    [TestCase("expect event OrderAccepted colour=red", "there is no field 'colour'", "price")]
    [TestCase("expect position alice BTC-PERP", "nothing is expected", "expect reject CODE")]
    [TestCase("expect position alice BTC-PERP colour=red", "there is no field 'colour'", "liquidation-price")]
    [TestCase("expect position alice BTC-PERP size=big", "'big' is not a number", "plain decimal")]
    [TestCase("expect insurance.BTC-PERP.colour=1", "there is no 'colour' in insurance BTC-PERP", "balance")]
    [TestCase("expect insurance.ETH-PERP.balance=1", "unknown market 'ETH-PERP'", "one of BTC-PERP")]
    [TestCase("expect mood=1", "'mood' is not a path", "insurance.BTC-PERP.balance")]
    [TestCase("expect trade 1", "'1' is not understood", "QTY@PRICE")]
    [TestCase("expect book BTC-PERP bids=1", "'1' is not understood", "QTY@PRICE")]
    public void IsReportedWithItsLine(string bad, string reason, string expected)
    {
        ToolResult result = Tool.Scenario(SetUp + bad + "\nexpect conserved\n");
        Assert.That(result.Code, Is.EqualTo(ExitCode.NotUnderstood), result.Output);
        Assert.That(result.Errors, Does.StartWith($"test.scn:{BadLine}: ").And.Contain(reason).And.Contain("; expected ").And.Contain(expected));
    }

    [Test]
    [Description("An unknown verb anywhere in the file is found before anything runs")]
    public void UnknownVerbStopsBeforeTheFirstLine()
    {
        ToolResult result = Tool.Scenario(SetUp + "frobnicate");
        Assert.That(result.Code, Is.EqualTo(ExitCode.NotUnderstood));
        Assert.That(result.Output, Is.Empty);
    }

    [TestCase("order alice BTC-PERP buy 1 @ 90", "'order' can't be in a batch", "one of place, cancel, modify, end")]
    [TestCase("place buy 1 stop 110", "an order of a batch has no trigger", "batch ACCOUNT")]
    [TestCase("place buy 1 @ 90 expires=+1h", "an order of a batch has no trigger", "batch ACCOUNT")]
    [TestCase("place buy 1 @ 90 id=a1", "order 'a1' of alice is open already", "'again'")]
    [TestCase("cancel", "'batch cancel' ends too early", "batch ACCOUNT")]
    [TestCase("modify a1", "nothing is given to change", "qty=")]
    [Description("R-1310: an item of a batch that is not understood is reported with its own line")]
    public void ItemIsReportedWithItsLine(string bad, string reason, string expected)
    {
        ToolResult result = Tool.Scenario($"{SetUp}batch alice BTC-PERP atomic\n  {bad}\nend\n");
        Assert.That(result.Code, Is.EqualTo(ExitCode.NotUnderstood), result.Output);
        Assert.That(result.Errors, Does.StartWith($"test.scn:{BadLine + 1}: ").And.Contain(reason).And.Contain("; expected ").And.Contain(expected));
    }

    [Test]
    [Description("R-1310: a batch that does not end is reported with the line that began it")]
    public void BatchNeedsItsEnd() =>
        Assert.That(
            Tool.Scenario(SetUp + "batch alice BTC-PERP atomic\n  cancel a1\n").Errors,
            Does.StartWith("test.scn:7: 'batch' without its 'end'"));

    [Test]
    [Description("With --json the error is an object on standard output too")]
    public void ErrorIsJsonToo()
    {
        ToolResult result = Tool.Scenario(SetUp + "mark BTC-PERP 100.3", json: true);
        Assert.That(
            result.Lines[^1],
            Is.EqualTo("""{"line":7,"error":"price 100.3 is not a multiple of the tick of BTC-PERP, 0.5","expected":"100 or 100.5","file":"test.scn"}"""));
    }

    [Test]
    [Description("R-107: a name whose command was rejected is unknown, and the error says why")]
    public void NameOfARejectedCommandIsUnknown()
    {
        ToolResult result = Tool.Scenario("asset USDC decimals=6\nmarket M base=B quote=USDC tick=1 lot=1 im=1%\nmark M 1\n");
        Assert.That(result.Code, Is.EqualTo(ExitCode.NotUnderstood));
        Assert.That(result.Errors, Does.Contain("test.scn:3: unknown market 'M' (the command that would have made it was rejected)"));
    }
}
