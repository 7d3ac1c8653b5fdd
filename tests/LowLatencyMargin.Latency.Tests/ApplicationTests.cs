using System.Text.Json;
using System.Xml.Linq;

namespace LowLatencyMargin.Latency.Tests;

internal sealed class ApplicationTests
{
    private static readonly string[] Tiny =
    [
        "--quick", "--commands", "5000", "--rates", "20000,40000", "--seconds", "0.2", "--rounds", "2", "--positions", "2000",
        "--layout", Outcome.Layout,
    ];

    private static readonly string[] Sections =
    [
        "Machine", "Workload: mix", "Mode", "Memory", "Core alone", "Flat out", "Latency in µs", "Replay", "A mark that liquidates nothing", "Files",
    ];

    private static readonly string[] Files =
        ["results.json", "latency.svg", "throughput.svg", "control-20000.hgrm", "exchange-20000.hgrm", "exchange-40000.hgrm"];

    [Test]
    [Description("The whole measurement runs, in the order documented, the replay is equal, and the result files are there and well formed")]
    public void TheWholeMeasurementRuns()
    {
        using var folder = new TemporaryFolder();
        Outcome outcome = Outcome.Of([.. Tiny, "--out", folder.PathOf("results")]);

        Assert.That(outcome.Code, Is.Zero, outcome.Errors);
        int[] places = [.. Sections.Select(section => outcome.Output.IndexOf($"\n{section}", StringComparison.Ordinal))];
        Assert.That(places, Has.None.EqualTo(-1).And.Ordered);
        Assert.That(outcome.Output, Does.Contain(": equal").And.Contain("control (empty engine)").And.Contain("survives the death of the process"));
        string[] names = [.. Directory.GetFileSystemEntries(folder.PathOf("results")).Select(path => Path.GetFileName(path)!)];
        Assert.That(names, Is.SupersetOf(Files));
        Assert.That(names, Has.None.StartsWith("journal"), "the journals are taken away");
        Assert.That(File.ReadAllText(folder.PathOf("results/exchange-40000.hgrm")), Does.Contain("#[Max"));
        var plot = XDocument.Load(folder.PathOf("results/latency.svg"));
        Assert.That(plot.Descendants().Count(element => element.Name.LocalName == "polyline"), Is.EqualTo(4), "exchange and control at two rates");
        Assert.That(XDocument.Load(folder.PathOf("results/throughput.svg")).Root!.Name.LocalName, Is.EqualTo("svg"));
    }

    [Test]
    [Description("--json prints one object in place of the report, the same as in the result file")]
    public void JsonIsOneObject()
    {
        using var folder = new TemporaryFolder();
        Outcome outcome = Outcome.Of([.. Tiny, "--json", "--profile", "liquidations", "--out", folder.PathOf("results")]);

        Assert.That(outcome.Code, Is.Zero, outcome.Errors);
        using var json = JsonDocument.Parse(outcome.Output);
        JsonElement root = json.RootElement;
        Assert.That(root.GetProperty("replay").GetProperty("equal").GetBoolean(), Is.True);
        Assert.That(root.GetProperty("workload").GetProperty("liquidations").GetInt64(), Is.GreaterThan(0));
        Assert.That(root.GetProperty("latency")[1].GetProperty("exchange").GetProperty("endToEnd").GetProperty("p99").GetInt64(), Is.GreaterThan(0));
        Assert.That(root.GetProperty("core").GetProperty("allocatedBytes").GetInt64(), Is.Zero);
        Assert.That(outcome.Output.Trim(), Is.EqualTo(File.ReadAllText(folder.PathOf("results/results.json")).Trim()));
    }

    [Test]
    [Description("Without a journal there is nothing to replay, and the report says so")]
    public void WithoutAJournalNothingIsReplayed()
    {
        using var folder = new TemporaryFolder();
        Outcome outcome = Outcome.Of([.. Tiny, "--mode", "none", "--out", folder.PathOf("results")]);

        Assert.That(outcome.Code, Is.Zero, outcome.Errors);
        Assert.That(outcome.Output, Does.Contain("nothing to replay"));
    }

    [Test]
    [Description("--core-only prints workload and core, and leaves no files")]
    public void CoreOnlyPrintsTheCore()
    {
        Outcome outcome = Outcome.Of("--core-only", "--commands", "5000", "--rounds", "2", "--resting", "500", "--uniform");

        Assert.That(outcome.Code, Is.Zero, outcome.Errors);
        Assert.That(outcome.Output, Does.Contain("ns a command median").And.Contain("500 resting orders").And.Not.Contain("Latency"));
    }

    [TestCase("--rates", "fast", "--rates: 'fast'")]
    [TestCase("--rates", "1000,5", "'5' is not a rate")]
    [TestCase("--seconds", "0", "--seconds 0: expected")]
    [TestCase("--mode", "eventual", "expected buffered, synced or none")]
    [TestCase("--profile", "quiet", "expected mix or liquidations")]
    [TestCase("--layout", "core=core", "stage Gateway is on 0 threads")]
    [TestCase("--layout", "core=cor", "'cor': expected gateway, core")]
    [TestCase("--layout", "100000", "which this machine has")]
    [TestCase("--commands", "1", "--commands 1: expected")]
    [TestCase("--flow", "no-such-file.csv", "--flow no-such-file.csv: no such file")]
    [TestCase("--marks", ".", "only together with --flow")]
    [TestCase("--seed", "minus-one", "minus-one")]
    [TestCase("--no-such-option", "1", "--no-such-option")]
    [Description("What can't be is said on the error stream, and the exit code is 2")]
    public void BadOptionsAreRefused(string option, string value, string expected)
    {
        Outcome outcome = Outcome.Of(option, value);

        Assert.That(outcome.Code, Is.EqualTo(2));
        Assert.That(outcome.Errors, Does.Contain(expected));
    }

    [Test]
    [Description("A flow that is not one, and an output folder that can't be, give exit code 2 too")]
    public void BadFilesAreRefused()
    {
        using var folder = new TemporaryFolder();
        string text = folder.Write("flow.csv", "not,a,flow\n");
        Outcome flow = Outcome.Of("--core-only", "--flow", text);
        Outcome journal = Outcome.Of("--core-only", "--flow", folder.Root);
        Outcome output = Outcome.Of("--quick", "--out", Path.Combine(text, "below-a-file"));

        Assert.That((flow.Code, journal.Code, output.Code), Is.EqualTo((2, 2, 2)));
        Assert.That(flow.Errors, Does.Contain($"{text}:1: "));
        Assert.That(journal.Errors, Does.Contain("no order in the journal"));
        Assert.That(output.Errors, Does.Contain("--out"));
    }

    [Test]
    [Description("--help lists the options with examples and exit codes")]
    public void HelpHasExamples()
    {
        Outcome outcome = Outcome.Of("--help");

        Assert.That(outcome.Code, Is.Zero);
        Assert.That(outcome.Output, Does.Contain("run-perf.sh --quick").And.Contain("--marks").And.Contain("Exit codes"));
    }
}
