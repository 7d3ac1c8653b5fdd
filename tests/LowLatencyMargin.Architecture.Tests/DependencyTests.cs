using LowLatencyMargin.Architecture.Tests.Support;

namespace LowLatencyMargin.Architecture.Tests;

/// <summary>What may depend on what (docs/architecture.md), read from what was built and from the project files.</summary>
internal sealed class DependencyTests
{
    // The framework that the core may link: types, arithmetic, spans, native memory. No files, threads, sockets, collections, LINQ, console.
    private static readonly string[] FrameworkOfTheCore =
    [
        "System.Runtime", "System.Runtime.InteropServices", "System.Runtime.Intrinsics", "System.Memory", "System.Numerics.Vectors",
    ];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Disruptor"] = [],
        ["HdrHistogram"] = [],
        ["LowLatencyMargin.Core"] = [],
        ["LowLatencyMargin.Journal"] = ["LowLatencyMargin.Core"],
        ["LowLatencyMargin.Pipeline"] = ["LowLatencyMargin.Core", "LowLatencyMargin.Journal", "Disruptor"],
    };

    private static readonly string[] ProductProjects = [.. Allowed.Keys];

    [Test]
    [Description("The core's assembly references nothing of ours and no framework assembly with files, threads, collections or LINQ in it")]
    public void TheCoreLinksNothing() =>
        Assert.That(BuiltAssembly.Beside("LowLatencyMargin.Core").References, Is.SubsetOf(FrameworkOfTheCore));

    [TestCaseSource(nameof(ProductProjects))]
    [Description("A built product assembly references only the framework and what lies below it: stand-ins nothing of ours, Journal the core, ...")]
    public void AnAssemblyReferencesOnlyWhatIsBelow(string name)
    {
        IEnumerable<string> references = BuiltAssembly.Beside(name).References.Where(reference => !IsFramework(reference));
        Assert.That(references, Is.SubsetOf(Allowed[name]));
    }

    [TestCaseSource(nameof(ProductProjects))]
    [Description("A product's project file names only what lies below it, and no package but analyzers")]
    public void AProjectNamesOnlyWhatIsBelow(string name)
    {
        ProjectFile project = Repository.Projects[name];
        Assert.That(project.DependsOn, Is.SubsetOf(Allowed[name]));
        Assert.That(project.BuiltBefore, Is.Empty);
        Assert.That(project.Packages, Is.SubsetOf(["Microsoft.CodeAnalysis.BannedApiAnalyzers"]));
    }

    [Test]
    [Description("Every project under src has its place in the dependency direction")]
    public void EveryProductProjectHasItsPlace() => Assert.That(
        Repository.Projects.Values.Where(project => project.Folder == "src").Select(project => project.Name), Is.EquivalentTo(Allowed.Keys));

    [Test]
    [Description("No project under src sees a project of tests, perf or tools, however far away; tools and perf see no tests")]
    public void NothingPointsUpward()
    {
        Dictionary<string, string[]> notSeen = new()
        {
            ["src"] = ["tests", "perf", "tools"],
            ["perf"] = ["tests"],
            ["tools"] = ["tests", "perf"],
            ["tests"] = [],
        };
        IEnumerable<string> upward =
            from project in Repository.Projects.Values
            from name in project.Sees()
            where notSeen[project.Folder].Contains(Repository.Projects[name].Folder)
            select $"{project.Name} sees {name}";
        Report.AssertNone(upward);
    }

    [Test]
    [Description("Internals are open to a project's own tests only, never to another product")]
    public void InternalsAreOpenToTestsOnly()
    {
        string pattern = "InternalsVisibleTo Include=\"";
        IEnumerable<string> friends =
            from project in Repository.Projects.Values
            from part in Repository.Read(project.File).Split(pattern).Skip(1)
            select part[..part.IndexOf('"')];
        Assert.That(friends, Has.All.EndsWith(".Tests"));
    }

    [Test]
    [Description("The core is compiled with the banned-API analyzer, its list of banned symbols and checked arithmetic")]
    public void TheCoreIsCompiledUnderGuard()
    {
        string project = Repository.Read(Repository.Projects["LowLatencyMargin.Core"].File);
        Assert.That(project, Does.Contain("Microsoft.CodeAnalysis.BannedApiAnalyzers"));
        Assert.That(project, Does.Contain("<AdditionalFiles Include=\"BannedSymbols.txt\" />"));
        Assert.That(project, Does.Contain("<CheckForOverflowUnderflow>true</CheckForOverflowUnderflow>"));
        string banned = Repository.Read("src/LowLatencyMargin.Core/BannedSymbols.txt");
        string[] symbols =
        [
            "N:System.IO;", "N:System.Linq;", "N:System.Threading;", "T:System.DateTime;", "T:System.Diagnostics.Stopwatch;", "T:System.Environment;",
            "T:System.Random;", "T:System.Guid;", "T:System.HashCode;", "T:System.Double;", "T:System.Single;", "T:System.Decimal;",
        ];
        Assert.That(symbols.Where(symbol => !banned.Contains(symbol, StringComparison.Ordinal)), Is.Empty);
    }

    private static bool IsFramework(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal)
        || name is "netstandard" or "mscorlib" or "Microsoft.Win32.Primitives";
}
