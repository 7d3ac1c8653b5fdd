using System.Text.RegularExpressions;
using System.Xml.Linq;
using LowLatencyMargin.Architecture.Tests.Support;

namespace LowLatencyMargin.Architecture.Tests;

/// <summary>What keeps the source tree readable. Each finding says file and line.</summary>
internal sealed partial class TidyTests
{
    /// <summary>Programs that tests start and kill.</summary>
    private static readonly string[] ProgramsUnderTest = ["LowLatencyMargin.KillTarget"];

    private const int MaxLinesPerFile = 700;
    private const int MaxColumnsPerLine = 160;

    private static readonly string[] TextExtensions =
    [
        ".cs", ".csproj", ".props", ".targets", ".sln", ".md", ".json", ".txt", ".yml", ".yaml", ".sh", ".csv", ".scenario", ".editorconfig",
        ".gitignore", ".config", ".runsettings", "",
    ];

    // Memory, rings, codecs and measurements: where raw memory is the point. Their own tests may look at addresses too.
    private static readonly string[] UnsafePlaces =
    [
        "src/LowLatencyMargin.Core/Memory/", "src/LowLatencyMargin.Core/Events/EventBuffer.cs", "src/LowLatencyMargin.Core/Events/EventHeader.cs",
        "src/Disruptor/", "src/LowLatencyMargin.Journal/", "src/LowLatencyMargin.Pipeline/", "perf/", "tests/",
    ];

    private static IEnumerable<string> CodeFiles => Repository.WithExtension(".cs");

    private static IEnumerable<string> TestFiles => CodeFiles.Where(file => file.StartsWith("tests/", StringComparison.Ordinal));

    [Test]
    [Description("The tree is really read: it holds the solution's sources")]
    public void TheTreeIsRead()
    {
        Assert.That(CodeFiles, Has.Some.EqualTo("src/LowLatencyMargin.Core/Exchange.cs"));
        Assert.That(TestFiles, Has.Some.EqualTo($"tests/{BuiltAssembly.OwnName}/{nameof(TidyTests)}.cs"));
        Assert.That(Repository.Files, Has.None.Contains("/obj/").And.None.Contains("/bin/"));
    }

    [Test]
    [Description("No source file is longer than 700 lines")]
    public void FilesAreShort() => Report.AssertNone(
        CodeFiles.Select(file => (File: file, Lines: File.ReadLines(Repository.PathOf(file)).Count())).Where(file => file.Lines > MaxLinesPerFile));

    [Test]
    [Description("No line of source is wider than 160 columns")]
    public void LinesAreNarrow() => Report.AssertNone(
        CodeFiles.SelectMany(file => File.ReadLines(Repository.PathOf(file))
            .Select((line, index) => (Place: $"{file}:{index + 1}", Columns: line.Length))
            .Where(line => line.Columns > MaxColumnsPerLine)));

    [Test]
    [Description("Nothing is left unfinished: no note to self, no method that isn't there yet")]
    public void NothingIsLeftUnfinished() => Report.AssertNone(Repository.Grep(CodeFiles, Unfinished));

    [Test]
    [Description("Namespaces are file-scoped")]
    public void NamespacesAreFileScoped() => Report.AssertNone(Repository.Grep(CodeFiles, BlockNamespace));

    [Test]
    [Description("Unsafe code stays in memory, rings, codecs and measurements; elsewhere only the size of a struct is asked for")]
    public void UnsafeCodeStaysInItsPlaces()
    {
        IEnumerable<string> elsewhere = CodeFiles.Where(file => !UnsafePlaces.Any(place => file.StartsWith(place, StringComparison.Ordinal)));
        Report.AssertNone(Repository.Grep(elsewhere, UnsafeCode));
    }

    [Test]
    [Description("Every project is in the solution, and the solution names no project that isn't there")]
    public void TheSolutionHasAllProjects()
    {
        IEnumerable<string> listed = ProjectPath.Matches(Repository.Read("LowLatencyMargin.sln")).Select(match => match.Groups[1].Value.Replace('\\', '/'));
        Assert.That(listed, Is.EquivalentTo(Repository.Projects.Values.Select(project => project.File)));
    }

    [Test]
    [Description("Every project under tests ends in .Tests, which is what makes it a test project, and no other does; but for programs that a test runs")]
    public void TestProjectsAreNamedTests()
    {
        IEnumerable<string> misnamed = Repository.Projects.Values
            .Where(project => !ProgramsUnderTest.Contains(project.Name))
            .Where(project => project.Name.EndsWith(".Tests", StringComparison.Ordinal) != (project.Folder == "tests"))
            .Select(project => project.File);
        Report.AssertNone(misnamed);
    }

    [Test]
    [Description("Every markdown file has exactly one title, on its first line")]
    public void MarkdownHasOneTitle()
    {
        IEnumerable<string> untitled = Repository.WithExtension(".md").Where(file =>
        {
            string text = CodeFence.Replace(Repository.Read(file), string.Empty);
            return !text.StartsWith("# ", StringComparison.Ordinal) || Title.Count(text) != 1;
        });
        Report.AssertNone(untitled);
    }

    [Test]
    [Description("No text file names a path of the machine that it was written on")]
    public void NoMachinePaths() =>
        Report.AssertNone(Repository.Grep(Repository.Files.Where(file => TextExtensions.Contains(Path.GetExtension(file))), MachinePath));

    [Test]
    [Description("No test is switched off, run only on request, or passes without having tested")]
    public void EveryTestTests() => Report.AssertNone(Repository.Grep(TestFiles, SwitchedOff));

    [Test]
    [Description("Every package version is exact: no floating, no range; and no project file brings a version of its own")]
    public void PackageVersionsAreExact()
    {
        IEnumerable<string> loose = XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
            .Where(item => !ExactVersion.IsMatch((string?)item.Attribute("Version") ?? string.Empty))
            .Select(item => item.ToString());
        Report.AssertNone(loose);
        Report.AssertNone(Repository.Grep(Repository.WithExtension(".csproj"), OwnVersion));
    }

    [Test]
    [Description("The rules bite: each pattern finds what it is there for, and lets the like of it pass")]
    public void ThePatternsFindWhatTheyAreFor()
    {
        Assert.That(Unfinished.IsMatch("// TO" + "DO later"), Is.True);
        Assert.That(Unfinished.IsMatch("throw new NotImplemented" + "Exception();"), Is.True);
        Assert.That(BlockNamespace.IsMatch("namespace A.B"), Is.True);
        Assert.That(BlockNamespace.IsMatch("namespace A.B {"), Is.True);
        Assert.That(BlockNamespace.IsMatch("namespace A.B;"), Is.False);
        Assert.That(UnsafeCode.IsMatch("public unsafe struct A"), Is.True);
        Assert.That(UnsafeCode.IsMatch("ref Unsafe.As<A, B>(ref a)"), Is.True);
        Assert.That(UnsafeCode.IsMatch("Unsafe.SizeOf<T>()"), Is.False);
        Assert.That(MachinePath.IsMatch("see /ho" + "me/somebody/notes"), Is.True);
        Assert.That(MachinePath.IsMatch("at /ro" + "ot/notes"), Is.True);
        Assert.That(MachinePath.IsMatch("docs/ho" + "me/page.md"), Is.False);
        Assert.That(SwitchedOff.IsMatch("    [Ig" + "nore(\"later\")]"), Is.True);
        Assert.That(SwitchedOff.IsMatch("[Test, Expl" + "icit]"), Is.True);
        Assert.That(SwitchedOff.IsMatch("Assert.Pa" + "ss();"), Is.True);
        Assert.That(ExactVersion.IsMatch("7.0.0-rc2"), Is.True);
        Assert.That(ExactVersion.IsMatch("7.*"), Is.False);
        Assert.That(ExactVersion.IsMatch("[7.0,8.0)"), Is.False);
    }

    [GeneratedRegex("\\b(TO[D]O|FIX[M]E|H[A]CK|X[X]X)\\b|NotImplemented[E]xception")]
    private static partial Regex Unfinished { get; }

    [GeneratedRegex(@"^\s*namespace\s+[\w.]+\s*(\{|$)")]
    private static partial Regex BlockNamespace { get; }

    [GeneratedRegex(@"^(?!\s*//).*(\bunsafe\b(?!\))|\bUnsafe\.(?!SizeOf))")]
    private static partial Regex UnsafeCode { get; }

    [GeneratedRegex(@"""([^""]+\.csproj)""")]
    private static partial Regex ProjectPath { get; }

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeFence { get; }

    [GeneratedRegex("^# ", RegexOptions.Multiline)]
    private static partial Regex Title { get; }

    // Absolute paths into homes and workspaces, scratch folders by number, hidden folders of tools.
    [GeneratedRegex(@"(?<![\w.)}>*-])/(?:home|root|Users|work|workspace|builds)/|(?<![\w.])/tmp/\w+_jobs|[A-Z]:\\Users\\|(?<!\w)[.]lib[r]ary\b")]
    private static partial Regex MachinePath { get; }

    [GeneratedRegex(@"[\[,]\s*(Ign[o]re|Expl[i]cit)\b|\b(Assert|Assume)\.(Pa[s]s|Inconcl[u]sive|Ign[o]re|That.*Inconcl[u]sive)")]
    private static partial Regex SwitchedOff { get; }

    [GeneratedRegex(@"^\d+(\.\d+){1,3}(-[\w.]+)?$")]
    private static partial Regex ExactVersion { get; }

    [GeneratedRegex(@"<PackageReference[^>]*\bVersion(Override)?=")]
    private static partial Regex OwnVersion { get; }
}
