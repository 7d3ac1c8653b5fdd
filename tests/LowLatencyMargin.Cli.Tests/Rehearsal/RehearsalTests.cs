using System.Diagnostics;
using System.Globalization;
using System.Text;
using LowLatencyMargin.Cli.Rehearsal;

namespace LowLatencyMargin.Cli.Tests.Rehearsal;

/// <summary>Crash rehearsals: money to the unit, each first liquidation at the moment that a computation in decimals finds.</summary>
internal sealed class RehearsalTests
{
    /// <summary>What a rehearsal's markets have unless told otherwise, with 20x the highest leverage.</summary>
    private const decimal Initial = 0.05m;

    private const decimal Maintenance = 0.01m;
    private const decimal Taker = 0.0005m;
    private const decimal Penalty = 0.01m;

    private static IEnumerable<TestCaseData> Crashes =>
        from symbols in (string[][])[CrashDays.Symbols, .. CrashDays.Symbols.Select(symbol => (string[])[symbol])]
        let paths = symbols.Select(CrashDays.PathOf).OfType<string>().ToArray()
        let test = new TestCaseData(paths, symbols.Length == 1 ? 10_000 : 100_000).SetArgDisplayNames(string.Join('+', symbols))
        select paths.Length < symbols.Length ? test.Ignore(CrashDays.Missing) : test;

    [TestCaseSource(nameof(Crashes))]
    [Description("R-103, R-1102, R-2104: the crash days over 100,000 positions: no unit unaccounted for after any minute, success above 99 %, "
        + "and each position's first liquidation at the mark at which decimals say so")]
    public void CrashDaysAreSurvived(string[] files, int positions)
    {
        RehearsalOptions options = Options([.. files.Select(PricePath.Read)], positions);
        using RehearsalRun run = Play(options);
        Assert.That(run.Minutes, Is.EqualTo(2_880));
        Assert.That(run.Markets.Sum(market => market.Total.Started), Is.GreaterThan(positions / 10));
        Check(options, run);
        long finished = run.Markets.Sum(market => market.Total.Finished);
        long failed = run.Markets.Sum(market => market.Total.Failed);
        Assert.That((finished - failed) / (decimal)finished, Is.GreaterThan(0.99m), "R-2104");
    }

    [TestCase(1, 100)]
    [TestCase(2, 70)]
    [TestCase(3, 0)]
    [Description("R-103, R-1102: a made-up crash, in one market and in several that fall one after the other, isolated and cross")]
    public void MadeUpCrashIsSurvived(int markets, int isolatedPercent)
    {
        using var directory = new Support.TemporaryDirectory();
        PricePath[] paths = [.. Enumerable.Range(0, markets).Select(i => PricePath.Read(directory.Write($"M{i}USDT_1m.csv", MadeUpCrash(i))))];
        RehearsalOptions options = Options(paths, 5_000) with { IsolatedPercent = isolatedPercent };
        using RehearsalRun run = Play(options);
        Assert.That(run.Markets.Sum(market => market.Total.Started), Is.GreaterThan(1_000));
        Assert.That(run.Markets.Sum(market => market.Total.Finished), Is.EqualTo(run.Markets.Sum(market => market.Total.Started)));
        Check(options, run);
    }

    [Test]
    [Description("R-104: the same options give the same run, to the bit; another seed another one")]
    public void SameSeedSameRun()
    {
        using var directory = new Support.TemporaryDirectory();
        PricePath path = PricePath.Read(directory.Write("AUSDT.csv", MadeUpCrash(0)));
        string HashOf(ulong seed)
        {
            using RehearsalRun run = Play(Options([path], 500) with { Seed = seed });
            return run.Exchange.ComputeStateHash().ToString();
        }

        string first = HashOf(1);
        Assert.That(HashOf(1), Is.EqualTo(first));
        Assert.That(HashOf(2), Is.Not.EqualTo(first));
    }

    /// <summary>No unit lost, nobody refused, and every account's first liquidation when the decimals say.</summary>
    private static void Check(RehearsalOptions options, RehearsalRun run)
    {
        Assert.That(run.Refusals, Is.Empty);
        Assert.That(run.Unaccounted, Is.EqualTo((Int128)0), "R-103");
        Assert.That(run.Markets.SelectMany(market => market.Minutes).All(minute => minute.ImbalanceUnits == 0), "R-103");
        decimal[] lots = [.. options.Paths.Select(path => 1m / (decimal)Math.Pow(10, path.LotDecimals))];
        var decimals = new FirstLiquidations([.. options.Paths], lots, Initial, Maintenance, Taker, Penalty);
        int wrong = 0;
        int deleveraged = 0;
        var first = new StringBuilder();
        foreach (IGrouping<int, PlannedPosition> account in run.Population.Positions.GroupBy(position => position.Owner))
        {
            List<PlannedPosition> positions = [.. account];
            if (positions.Exists(position => run.IsDeleveraged(in position)))
            {
                deleveraged++;
                continue;
            }

            long? expected = decimals.Of(positions);
            long? actual = positions.Min(position => run.FirstLiquidationNs(in position));
            if (expected != actual && wrong++ < 5)
            {
                first.AppendLine(CultureInfo.InvariantCulture, $"{string.Join(" and ", positions)}: engine {actual}, decimals {expected}");
            }
        }

        Assert.That(wrong, Is.Zero, first.ToString());
        Assert.That(deleveraged, Is.LessThan(run.Population.Owners / 100), "whose positions were closed against others' liquidations are left out");
    }

    [TestCase("open_time_ms,open,high,low,close\n60000,2,x,1,2\n", "c.csv:2: high 'x' in column 3; expected a number")]
    [TestCase("open_time_ms,open,high,low,close\n60000,2,2,1,2\n60000,2,2,1,2\n", "c.csv:3: open_time_ms '60000' in column 1; expected a time after")]
    [TestCase("open_time_ms,open,high,low,close\n60000,2,2,1\n", "c.csv:2: no column 'close'; expected a value")]
    [TestCase("open_time_ms,open,high,low,close\n60000,2,1,3,2\n", "c.csv:2: candle '60000,2,1,3,2'; expected 0 < low")]
    [TestCase("time,price\n", "c.csv:1: unknown columns 'time,price'; expected the header")]
    [TestCase("open_time_ms,open,high,low,close\n", "c.csv:2: no candles; expected at least one row")]
    [Description("A file that is not understood is named with line, column and what was expected")]
    public void BadCandlesAreReported(string text, string error)
    {
        using var directory = new Support.TemporaryDirectory();
        Support.ToolResult result = Support.Tool.Run("rehearse", "--marks", directory.Write("c.csv", text));
        Assert.That(result.Code, Is.EqualTo(CommandLine.ExitCode.NotUnderstood));
        Assert.That(result.Errors, Does.Contain(error));
    }

    [TestCase("--leverage-mix", "5x:50%,10x:49%", "expected LEVERAGEx:SHARE%")]
    [TestCase("--leverage-mix", "5:100%", "expected LEVERAGEx:SHARE%")]
    [TestCase("--leverage-mix", "5x:50%,5x:50%", "expected LEVERAGEx:SHARE%")]
    [TestCase("--positions", "0", "--positions 0: expected 1 to")]
    [TestCase("--longs", "101", "--longs 101: expected 0 to 100")]
    [TestCase("--depth", "-1", "--depth -1: expected 0 to")]
    [TestCase("--market", "mm", "--market mm: expected NAME=VALUE")]
    [TestCase("--market", "mmm=2%", "unknown option 'mmm'")]
    [TestCase("--market", "mm=9%", "initial-below-maintenance")]
    [Description("Options that can't be are refused with what was expected, before anything is played")]
    public void BadOptionsAreReported(string option, string value, string error)
    {
        using var directory = new Support.TemporaryDirectory();
        string file = directory.Write("AUSDT.csv", MadeUpCrash(0));
        Support.ToolResult result = Support.Tool.Run("rehearse", "--marks", file, option, value);
        Assert.That(result.Code, Is.EqualTo(CommandLine.ExitCode.NotUnderstood), result.Output);
        Assert.That(result.Errors, Does.Contain(error));
    }

    [TestCase("adl")]
    [TestCase("socialise")]
    [TestCase("none")]
    [Description("R-2104, R-1202: table, JSON, CSV and picture say the same; without depth and insurance losses are borne as the loss mode says, to the unit")]
    public void ReportsAgree(string lossMode)
    {
        using var directory = new Support.TemporaryDirectory();
        string[] run =
        [
            "rehearse", "--marks", directory.Write("AUSDT_1m.csv", MadeUpCrash(0)), "--positions", "1000", "--depth", "1000", "--insurance", "0",
            "--loss-mode", lossMode,
        ];
        string csv = directory.At("a.csv");
        string svg = directory.At("a.svg");
        Support.ToolResult table = Support.Tool.Run([.. run, "--csv", csv, "--svg", svg]);
        Support.ToolResult json = Support.Tool.Run([.. run, "--json"]);
        Assert.That((table.Code, json.Code), Is.EqualTo((CommandLine.ExitCode.Held, CommandLine.ExitCode.Held)), table.Errors + json.Errors);
        Assert.That(table.Output, Does.Contain("unaccounted units after any minute: 0").And.Contain("success (R-2104)"));
        using var total = System.Text.Json.JsonDocument.Parse(json.Lines[^1]);
        decimal Of(string name) => decimal.Parse(total.RootElement.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
        string[] lines = File.ReadAllLines(csv);
        string[] columns = lines[0].Split(',');
        decimal SumOf(string name) => lines.Skip(1).Sum(line => decimal.Parse(line.Split(',')[Array.IndexOf(columns, name)], CultureInfo.InvariantCulture));
        Assert.That(lines, Has.Length.EqualTo(121));
        string[] sums = ["liquidations", "finished", "failed", "closed", "taken-over", "shortfall", "by-insurance", "adl", "socialised", "bad-debt"];
        foreach (string name in sums)
        {
            Assert.That(SumOf(name), Is.EqualTo(Of(name)), name);
        }

        Assert.That(SumOf("imbalance"), Is.Zero);
        Assert.That(Of("shortfall"), Is.GreaterThan(0));
        Assert.That(Of("shortfall"), Is.EqualTo(Of("by-insurance") + Of("socialised") + Of("bad-debt")), "every unit of it is borne by somebody");
        Assert.That(Of("adl"), lossMode == "adl" ? Is.GreaterThan(0) : Is.Zero);
        Assert.That(Of("socialised"), lossMode == "socialise" ? Is.GreaterThan(0) : Is.Zero);
        Assert.That(System.Xml.Linq.XDocument.Load(svg).Root!.Name.LocalName, Is.EqualTo("svg"));
    }

    private static RehearsalRun Play(RehearsalOptions options)
    {
        var run = new RehearsalRun(options);
        var watch = Stopwatch.StartNew();
        run.Open(_ => { });
        run.Play(_ => { });
        TestContext.Out.WriteLine(
            $"{run.Population.Positions.Count} positions, {run.Minutes} minutes, {run.Commands} commands in {watch.Elapsed.TotalSeconds:0.0} s");
        return run;
    }

    private static RehearsalOptions Options(PricePath[] paths, int positions)
    {
        var options = new RehearsalOptions
        {
            Paths = paths, Positions = positions, Mix = LeverageMix.Parse(LeverageMix.Usual)!, DepthQuote = 0, InsuranceQuote = 0,
        };
        long usual = RehearsalOptions.UsualQuote(positions, options.MedianQuote, paths.Length);
        return options with { DepthQuote = 2 * usual, InsuranceQuote = 4 * usual };
    }

    /// <summary>Two hours: calm, a fall of a quarter with a minute of -7 %, a rebound, a rise above the start.</summary>
    private static string MadeUpCrash(int lag)
    {
        var text = new StringBuilder("open_time_ms,open,high,low,close,volume_base\n");
        decimal price = 2.5m + lag;
        for (int minute = 0; minute < 120; minute++)
        {
            int at = minute - lag;
            decimal change = at < 20 ? (at % 2 == 0 ? 0.001m : -0.001m)
                : at < 50 ? (at == 40 ? -0.07m : -0.008m)
                : at < 90 ? 0.007m
                : 0.006m;
            decimal close = Math.Round(price * (1 + change), 4);
            decimal high = Math.Round(Math.Max(price, close) * 1.002m, 4);
            decimal low = Math.Round(Math.Min(price, close) * 0.997m, 4);
            text.Append(CultureInfo.InvariantCulture, $"{(long)minute * 60_000},{price},{high},{low},{close},1\n");
            price = close;
        }

        return text.ToString();
    }
}
