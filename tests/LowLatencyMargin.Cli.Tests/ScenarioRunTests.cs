using LowLatencyMargin.Cli.CommandLine;
using LowLatencyMargin.Cli.Tests.Support;

namespace LowLatencyMargin.Cli.Tests;

/// <summary>How a scenario runs and what it prints.</summary>
internal sealed class ScenarioRunTests
{
    private const string TwoTraders = """
        asset USDC decimals=6
        market BTC-PERP kind=perpetual base=BTC quote=USDC tick=0.5 lot=0.001 maker-fee=0 taker-fee=0
        account alice
        account bob owner=robert
        deposit alice USDC 1000
        deposit bob USDC 1000
        mark BTC-PERP 100
        order bob BTC-PERP sell 1 @ 100 id=b1
        order alice BTC-PERP buy 1 @100 id=a1

        """;

    [Test]
    [Description("R-104: the same file prints the same bytes, hash included")]
    public void RunsAreEqual()
    {
        foreach (bool json in new[] { false, true })
        {
            ToolResult first = Tool.Scenario(TwoTraders, json);
            ToolResult second = Tool.Scenario(TwoTraders, json);
            Assert.That(second, Is.EqualTo(first));
        }
    }

    [Test]
    [Description("JSON: one object a line, stable key order, decimals as strings, names as in the scenario")]
    public void JsonIsStable()
    {
        string[] lines = Tool.Scenario(TwoTraders, json: true).Lines;
        string[] ofLastCommand = lines.Where(line => line.StartsWith("""{"line":9,""", StringComparison.Ordinal)).ToArray();
        const string Expected = """
            {"line":9,"seq":10,"event":"OrderAccepted","market":"BTC-PERP","account":"alice","id":"a1",
             "side":"buy","price":"100","qty":"1","leaves":"1","order-id":"16777218"}
            {"line":9,"seq":10,"event":"Trade","market":"BTC-PERP","price":"100","qty":"1","maker":"b1","taker":"a1","side":"buy","trade-id":"1"}
            {"line":9,"seq":10,"event":"Fill","market":"BTC-PERP","account":"bob","id":"b1",
             "side":"sell","role":"maker","fee":"0","realised-pnl":"0","leaves":"0"}
            {"line":9,"seq":10,"event":"Fill","market":"BTC-PERP","account":"alice","id":"a1",
             "side":"buy","role":"taker","fee":"0","realised-pnl":"0","leaves":"0"}
            {"line":9,"seq":10,"event":"PositionOpened","market":"BTC-PERP","account":"bob","mode":"cross",
             "size":"-1","entry":"100","margin":"0","liquidation-price":"1023","position-id":"1","status":"open"}
            {"line":9,"seq":10,"event":"PositionOpened","market":"BTC-PERP","account":"alice","mode":"cross",
             "size":"1","entry":"100","margin":"0","liquidation-price":"none","position-id":"2","status":"open"}
            """;
        Assert.That(ofLastCommand, Is.EqualTo(Expected.Replace(",\n ", ",", StringComparison.Ordinal).Split('\n')));
    }

    [Test]
    [Description("A failed expectation is printed with file, line, expected and actual; the run goes on and ends with 1")]
    public void FailedExpectationGoesOn()
    {
        ToolResult result = Tool.Scenario(TwoTraders + "expect position alice BTC-PERP size=2 entry=101\nexpect trade 2@100\nexpect conserved\n");
        Assert.That(result.Code, Is.EqualTo(ExitCode.Failed));
        Assert.That(result.Output, Does.Contain("FAILED test.scn:10: position alice.BTC-PERP size: expected 2, actual 1"));
        Assert.That(result.Output, Does.Contain("FAILED test.scn:10: position alice.BTC-PERP entry: expected 101, actual 100"));
        Assert.That(result.Output, Does.Contain("FAILED test.scn:11: trade: expected 2@100, actual 1@100"));
        Assert.That(result.Output, Does.Contain("3 of 4 expectations FAILED"));
    }

    [Test]
    [Description("R-109: a rejected command is an event with code, text and amounts; the code is met in either style of writing")]
    public void RejectionIsAnEvent()
    {
        ToolResult result = Tool.Scenario(TwoTraders
            + "order alice BTC-PERP buy 1000 @ 100\nexpect reject InsufficientMargin\nexpect reject insufficient-margin\nexpect reject INSUFFICIENTMARGIN\n");
        Assert.That(result.Code, Is.EqualTo(ExitCode.Held), result.Output);
        Assert.That(result.Output, Does.Contain(
            "code=InsufficientMargin account=alice id=order.3 required=10000 available=990 number=302 text=\"available margin"));
    }

    [TestCase("expect reject InsufficientMargin")]
    [TestCase("expect trade none")]
    [TestCase("expect trade 1@100 1@100")]
    [TestCase("expect event OrderCancelled")]
    [TestCase("expect event Trade price=101")]
    [TestCase("expect book BTC-PERP bids=1@100")]
    [TestCase("expect account alice cross=999.999999")]
    [TestCase("expect totals.wallets=1")]
    [TestCase("expect position alice BTC-PERP liquidation-price=1")]
    public void WrongExpectationFails(string expectation) =>
        Assert.That(Tool.Scenario(TwoTraders + expectation).Code, Is.EqualTo(ExitCode.Failed));

    [TestCase("expect trade 1.0@100.00")]
    [TestCase("expect event trade price=100.0 maker=b1 taker=a1")]
    [TestCase("expect event position-opened account=alice")]
    [TestCase("expect position.alice.BTC-PERP.entry=100")]
    [TestCase("expect account.alice.wallet.USDC=1000 account.bob.positions=1")]
    [TestCase("expect account.alice.BTC-PERP.size=1")]
    [TestCase("expect book.BTC-PERP.bids=none")]
    [TestCase("expect params.BTC-PERP.mm=500bp")]
    [TestCase("expect totals.USDC.wallets=2000 totals.wallets=2000")]
    [TestCase("expect market BTC-PERP open-interest=1 mark=100")]
    [TestCase("expect hash.sequence=10")]
    [TestCase("order alice BTC-PERP buy 1 @ 90 stp=none mode=cross tif=gtc")]
    [TestCase("expect params.BTC-PERP.stp=taker params.BTC-PERP.price-band=0 params.BTC-PERP.breaker-window=300s params.BTC-PERP.max-spread=10bp")]
    [TestCase("set BTC-PERP min-qty=0.002 breaker-halt=1m\nexpect params.BTC-PERP.breaker-halt=60s params.BTC-PERP.min-qty=0.002")]
    [TestCase("set BTC-PERP max-position-notional=500.5\nexpect params.BTC-PERP.max-position-notional=500.5")]
    [TestCase("order alice BTC-PERP sell 0.5 @ 110 reduce-only=on id=a2\nexpect orders.alice.a2.flags=reduce-only orders.alice.a2.status=resting")]
    [TestCase("set BTC-PERP mark-rule=manual partial=off isolated-recourse=none")]
    public void RightExpectationHolds(string expectation)
    {
        ToolResult result = Tool.Scenario(TwoTraders + expectation);
        Assert.That(result.Code, Is.EqualTo(ExitCode.Held), result.Errors + result.Output);
    }

    [Test]
    [Description("Every field that show --json prints can be expected")]
    public void EveryShownFieldCanBeExpected()
    {
        const string orders = "order alice BTC-PERP sell 1 trailing 5 activate=110 tif=day id=t1\norder bob BTC-PERP buy 2 @ 90 display=1 id=i1\n"
            + "show orders alice\nshow orders bob\n";
        const string shows = orders + "show account alice\nshow position alice BTC-PERP\nshow market BTC-PERP\nshow insurance BTC-PERP\n"
            + "show totals\nparams BTC-PERP\nshow book BTC-PERP\n";
        int checkedFields = 0;
        string kind = string.Empty;
        foreach (string line in Tool.Scenario(TwoTraders + shows, json: true).Lines.Where(IsShown))
        {
            using var json = System.Text.Json.JsonDocument.Parse(line);
            bool isRow = json.RootElement.TryGetProperty("row", out _);
            kind = isRow ? kind : json.RootElement.GetProperty("show").GetString()!;
            string row = isRow ? $".{json.RootElement.EnumerateObject().Skip(3).First().Value.GetString()}" : string.Empty;
            string of = json.RootElement.GetProperty("of").GetString()! + row;
            foreach (System.Text.Json.JsonProperty field in json.RootElement.EnumerateObject().Skip(3))
            {
                ToolResult result = Tool.Scenario($"{TwoTraders}{orders}expect {kind}.{of}.{field.Name}={field.Value.GetString()}");
                Assert.That(result.Code, Is.EqualTo(ExitCode.Held), $"{kind}.{of}.{field.Name}: {result.Errors}{result.Output}");
                checkedFields++;
            }
        }

        Assert.That(checkedFields, Is.GreaterThan(130));

        static bool IsShown(string line) =>
            line.Contains("\"show\":", StringComparison.Ordinal) || line.Contains("\"row\":\"order\"", StringComparison.Ordinal);
    }

    [Test]
    [Description("restore returns to the very state that was saved, by hash")]
    public void RestoreReturnsToTheSavedState()
    {
        ToolResult straight = Tool.Scenario(TwoTraders + "show hash\n", json: true);
        ToolResult branched = Tool.Scenario(TwoTraders + "save s\nmark BTC-PERP 50\ntime +1d\naccount carol\nrestore s\nshow hash\n", json: true);
        Assert.That(branched.Code, Is.EqualTo(ExitCode.Held), branched.Errors);
        Assert.That(Hashes(branched), Is.EqualTo(Hashes(straight)));

        static string Hashes(ToolResult result) => result.Lines[^1][result.Lines[^1].IndexOf("\"chain\"", StringComparison.Ordinal)..];
    }

    [Test]
    [Description("A name that an order got in a branch does not name the order that has its id after the branch is gone")]
    public void RestoreForgetsTheOrdersOfABranch()
    {
        const string Branch = "order alice BTC-PERP buy 1000 @ 90 id=x\nexpect reject InsufficientMargin\nsave s\n"
            + "order alice BTC-PERP buy 1 @ 90 id=x again\nexpect reject none\nrestore s\n"
            + "order alice BTC-PERP buy 1 @ 91 id=y\ncancel alice x\nexpect reject UnknownOrder\nexpect orders.alice.count=1\n";
        ToolResult result = Tool.Scenario(TwoTraders + Branch);
        Assert.That(result.Code, Is.EqualTo(ExitCode.Held), result.Errors + result.Output);
    }

    [Test]
    [Description("What is expected of 'the last command' is not what a branch did that is gone")]
    public void RestoreForgetsTheLastCommand() =>
        Assert.That(
            Tool.Scenario(TwoTraders + "save s\norder bob BTC-PERP sell 1 @ 100\nrestore s\nexpect event OrderAccepted\n").Code,
            Is.EqualTo(ExitCode.Failed));

    [Test]
    [Description("Exit codes and messages of the program itself")]
    public void ProgramReportsItsOwnMisuse()
    {
        Assert.That(Tool.Run("scenario", "run", "no-such-file.scn").Code, Is.EqualTo(ExitCode.NotUnderstood));
        Assert.That(Tool.Run("scenario", "run", "no-such-file.scn").Errors, Does.Contain("no-such-file.scn"));
        Assert.That(Tool.Run("scenario", "run").Code, Is.EqualTo(ExitCode.NotUnderstood));
        Assert.That(Tool.Run("frobnicate").Code, Is.EqualTo(ExitCode.NotUnderstood));
        Assert.That(Tool.Run("journal", "replay", "no-such-directory").Code, Is.EqualTo(ExitCode.NotUnderstood));
        foreach (string command in new[] { "scenario run", "journal inspect", "journal verify", "journal replay", "convert bitstamp" })
        {
            ToolResult help = Tool.Run([.. command.Split(' '), "--help"]);
            Assert.That(help.Code, Is.Zero);
            Assert.That(help.Output, Does.Contain("Example"));
        }
    }
}
