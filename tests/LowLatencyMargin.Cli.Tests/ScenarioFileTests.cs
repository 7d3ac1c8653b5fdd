using LowLatencyMargin.Cli.CommandLine;
using LowLatencyMargin.Cli.Scenarios;
using LowLatencyMargin.Cli.Tests.Support;

namespace LowLatencyMargin.Cli.Tests;

/// <summary>Every file of tests/scenarios, each named by the requirement that it shows, with numbers computed by hand.</summary>
internal sealed class ScenarioFileTests
{
    private static string Directory => Path.Combine(TestContext.CurrentContext.TestDirectory, "scenarios");

    [TestCaseSource(nameof(Files))]
    [Description("R-101, R-102, R-105 to R-107, R-109, R-201, R-204, R-207, R-301 to R-305, R-401 to R-406, R-501 to R-506, R-508, R-601 to R-605, "
        + "R-701 to R-704, R-1101, R-1104, R-1107 to R-1109, R-1202, R-1203, R-1301 to R-1316, R-1401, R-1402, R-1404, R-1405: "
        + "the scenario holds, in text and in JSON")]
    public void Holds(string file)
    {
        string path = Path.Combine(Directory, file);
        ToolResult text = Tool.Run("scenario", "run", path);
        Assert.That(text.Code, Is.EqualTo(ExitCode.Held), $"{text.Errors}\n{text.Output}");
        Assert.That(text.Output, Does.Contain("all held").And.Not.Contain(", 0 expectations"));
        ToolResult json = Tool.Run("scenario", "run", path, "--json");
        Assert.That(json.Code, Is.EqualTo(ExitCode.Held), json.Errors);
        Assert.That(json.Lines[^1][json.Lines[^1].IndexOf("\"state\"", StringComparison.Ordinal)..], Does.Contain(StateHash(text)));
    }

    [TestCaseSource(nameof(FilesWithoutBranches))]
    [Description("R-104, R-1313: what a scenario did, stops, timers and batches with it, comes out of its journal to the bit")]
    public void ReplaysFromItsJournal(string file)
    {
        using var directory = new TemporaryDirectory();
        ToolResult run = Tool.Run("scenario", "run", Path.Combine(Directory, file), "--journal", directory.At("j"));
        Assert.That(run.Code, Is.EqualTo(ExitCode.Held), run.Errors);
        ToolResult replay = Tool.Run("journal", "replay", directory.At("j"), "--json");
        Assert.That(replay.Code, Is.EqualTo(ExitCode.Held), replay.Errors);
        Assert.That(replay.Output, Does.Contain(StateHash(run)));
    }

    [Test]
    [Description("The files use every verb of the language")]
    public void FilesUseEveryVerb()
    {
        IEnumerable<string> used = Files().Select(test => (string)test.Arguments[0]!)
            .SelectMany(file => ScenarioParser.Parse(new StringReader(File.ReadAllText(Path.Combine(Directory, file)))))
            .Select(line => line.Verb)
            .Distinct();
        Assert.That(used, Is.EquivalentTo(Grammar.Verbs.Keys));
    }

    private static IEnumerable<TestCaseData> Files() =>
        Paths().Select(path => new TestCaseData(Path.GetFileName(path)).SetName(Path.GetFileNameWithoutExtension(path)));

    private static IEnumerable<TestCaseData> FilesWithoutBranches() =>
        Paths().Where(path => !File.ReadLines(path).Any(line => line.StartsWith("restore ", StringComparison.Ordinal)))
            .Select(path => new TestCaseData(Path.GetFileName(path)).SetName($"{Path.GetFileNameWithoutExtension(path)} from its journal"));

    private static IEnumerable<string> Paths() =>
        System.IO.Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "scenarios"), "*.scn").Order(StringComparer.Ordinal);

    private static string StateHash(ToolResult text) => text.Lines[^1].Split(' ')[^1];
}
