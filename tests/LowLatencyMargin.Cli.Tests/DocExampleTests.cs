using System.Text.RegularExpressions;

namespace LowLatencyMargin.Cli.Tests;

/// <summary>Worked examples of the docs are lines of scenario files, which run as tests of their own.</summary>
[TestFixture]
internal sealed partial class DocExampleTests
{
    private static readonly string Root = FindRoot();

    private static IEnumerable<TestCaseData> Examples =>
        from file in Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md")
        from Match example in Example.Matches(File.ReadAllText(file))
        select new TestCaseData(example.Groups["file"].Value, example.Groups["lines"].Value)
            .SetArgDisplayNames(Path.GetFileName(file), example.Groups["file"].Value);

    [TestCaseSource(nameof(Examples))]
    [Description("Every line of an example stands in the scenario file that the text names, in this order.")]
    public void IsInItsScenario(string file, string block)
    {
        string[] scenario = File.ReadAllLines(Path.Combine(Root, "tests", "scenarios", file));
        int at = 0;
        foreach (string line in block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int found = Array.IndexOf(scenario, line.TrimEnd(), at);
            Assert.That(found, Is.GreaterThanOrEqualTo(0), $"{file} has no line '{line}' after line {at}");
            at = found + 1;
        }
    }

    private static string FindRoot()
    {
        string? folder = TestContext.CurrentContext.TestDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "LowLatencyMargin.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("the repository's root");
    }

    [GeneratedRegex(@"from `(?<file>[\w-]+\.scn)`[^\n]*\n\n```\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example { get; }
}
