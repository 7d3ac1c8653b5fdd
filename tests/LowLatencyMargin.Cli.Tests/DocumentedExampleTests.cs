namespace LowLatencyMargin.Cli.Tests;

/// <summary>The worked examples of the documents are lines of scenario files, which run.</summary>
internal sealed class DocumentedExampleTests
{
    private const string Fence = "```";

    [Test]
    [Description("R-504, R-701: a fenced block of docs/margin.md that follows the name of a scenario file quotes lines of that file, in order.")]
    public void QuotesAreLinesOfTheirFiles()
    {
        string root = Root();
        string[] page = File.ReadAllLines(Path.Combine(root, "docs", "margin.md"));
        string? file = null;
        int blocks = 0;
        for (int i = 0; i < page.Length; i++)
        {
            if (page[i].StartsWith("`tests/scenarios/", StringComparison.Ordinal))
            {
                file = page[i][1..page[i].IndexOf('`', 1)];
            }
            else if (page[i] == Fence && file is not null)
            {
                int end = Array.IndexOf(page, Fence, i + 1);
                string quote = string.Join('\n', page[(i + 1)..end]);
                Assert.That(File.ReadAllText(Path.Combine(root, file)).ReplaceLineEndings("\n"), Does.Contain(quote), $"margin.md:{i + 1}");
                (file, i, blocks) = (null, end, blocks + 1);
            }
        }

        Assert.That(blocks, Is.GreaterThanOrEqualTo(2));
    }

    private static string Root()
    {
        DirectoryInfo directory = new(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "LowLatencyMargin.sln")))
        {
            directory = directory.Parent!;
        }

        return directory.FullName;
    }
}
