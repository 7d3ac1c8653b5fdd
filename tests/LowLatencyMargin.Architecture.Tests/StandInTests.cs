using System.Reflection.Metadata;
using LowLatencyMargin.Architecture.Tests.StandIns;
using LowLatencyMargin.Architecture.Tests.Support;

namespace LowLatencyMargin.Architecture.Tests;

/// <summary>
/// The packages that src/Disruptor and src/HdrHistogram stand in for can't be restored everywhere, so the switch to them is proven from
/// metadata: what the solution uses is in the packages' signature lists.
/// </summary>
internal sealed class StandInTests
{
    private static readonly string[] Packages = ["Disruptor", "HdrHistogram"];

    // What the compiler gives every delegate: the lists leave it out, and nothing calls it.
    private static readonly string[] DeclaredByTheCompiler = ["BeginInvoke", "EndInvoke"];

    // The list has Encode(ByteBuffer, IEncoder) but not the ByteBuffer that this takes. One benchmark of encoding makes one.
    private static readonly string[] UsedBeyondTheList =
    [
        "HdrHistogram.Utilities.ByteBuffer: static Allocate ByteBuffer (int)",
        "HdrHistogram.Utilities.ByteBuffer: set_Position void (int)",
    ];

    private static IEnumerable<TestCaseData> Users() =>
        from package in Packages
        from project in Repository.Projects.Values
        where project.Name != package && project.Name != package + ".Tests" && project.Sees().Contains(package)
        select new TestCaseData(project, package).SetArgDisplayNames(project.Name, package);

    [TestCaseSource(nameof(Users))]
    [Description("Each type and member of the package that the project's assembly refers to is in the package's list, parameter by parameter")]
    public void WhatIsUsedIsUpstream(ProjectFile project, string package)
    {
        string path = project.Name == BuiltAssembly.OwnName ? Path.Combine(AppContext.BaseDirectory, project.Name + ".dll") : project.OutputPath;
        Assert.That(path, Does.Exist, $"{project.Name} sees {package}: let this test project build it first, as it does the other users");
        IEnumerable<string> allowed = project.Folder == "perf" ? UsedBeyondTheList : [];
        Report.AssertNone(StandInUse.Unlisted(BuiltAssembly.Open(path), package, SignatureList.Of(package)).Except(allowed));
    }

    [TestCaseSource(nameof(Packages))]
    [Description("Each public or protected member that the stand-in declares has the signature that the package's list gives it")]
    public void WhatIsDeclaredIsUpstream(string package)
    {
        SignatureList list = SignatureList.Of(package);
        IEnumerable<string> unlisted = StandInUse.DeclaredBy(BuiltAssembly.Beside(package))
            .Where(declared => !DeclaredByTheCompiler.Contains(declared.Member.Name))
            .Where(declared => list.Has(declared.Key) ? !list.Has(declared.Key, declared.Member) : !list.Mentions(declared.Key.Split('.', '+', '/')[^1]))
            .Select(declared => $"{declared.Key}: {declared.Member}");
        Report.AssertNone(unlisted);
    }

    [TestCaseSource(nameof(Packages))]
    [Description("The list is read whole: each of its lines becomes a type or at least one member, and the stand-in declares all of its types")]
    public void TheListIsReadWhole(string package)
    {
        string[] lines = File.ReadAllLines(Repository.PathOf($"tests/{BuiltAssembly.OwnName}/Signatures/{package}.txt"));
        SignatureList list = SignatureList.Of(package);
        Assert.That(list.Types, Has.Count.EqualTo(lines.Count(line => line.Length > 0 && line[0] != ' ')));
        int memberLines = lines.Count(line => line.StartsWith("    ", StringComparison.Ordinal));
        Assert.That(list.Types.Sum(type => type.Members.Count), Is.GreaterThanOrEqualTo(memberLines));
        IEnumerable<string> declared = StandInUse.DeclaredBy(BuiltAssembly.Beside(package)).Select(member => member.Key).Distinct();
        Assert.That(list.Types.Select(type => type.Key), Is.SubsetOf(declared));
    }

    [Test]
    [Description("The test isn't blind: uses of a package are found in the assemblies that have some")]
    public void UsesAreFound()
    {
        MetadataReader own = BuiltAssembly.Beside(BuiltAssembly.OwnName).Metadata;
        Assert.That(StandInUse.MembersOf(own, "HdrHistogram"), Has.Some.EqualTo(
            ("HdrHistogram.LongHistogram", new ListedMember(".ctor", "void (long, int)", IsStatic: false))));
        Assert.That(Users().Select(user => user.Arguments[1]).Distinct(), Is.EquivalentTo(Packages));
    }

    [Test]
    [Description("A made-up type, member, parameter, result or static-ness is reported; the true one beside it is not")]
    public void WhatIsMadeUpIsReported()
    {
        SignatureList list = SignatureList.Of("Disruptor");
        Assert.That(list.Has("Disruptor.ValueRingBuffer/1", new ListedMember("get_Item", "!0& (long)", false)), Is.True);
        Assert.That(list.Has("Disruptor.ValueRingBuffer/1", new ListedMember("Next", "long (int)", false)), Is.True, "from the base");
        Assert.That(list.Has("Disruptor.EventPoller", new ListedMember(
            "Create", "ValueEventPoller<!!0> (IValueDataProvider<!!0>, ISequencer, Sequence, Sequence, Sequence[])", true)), Is.True);
        Assert.That(list.Has("Disruptor.EventPoller+ValueHandler/1", new ListedMember("Invoke", "bool (!0&, long, bool)", false)), Is.True);
        Assert.That(list.Has("Disruptor.SequenceWaitResult", new ListedMember("get_AvailableSequence", "Nullable<long> ()", false)), Is.True);

        Assert.That(list.Has("Disruptor.FasterRingBuffer/1"), Is.False);
        Assert.That(list.Has("Disruptor.ValueRingBuffer/1", new ListedMember("PublishAll", "void ()", false)), Is.False);
        Assert.That(list.Has("Disruptor.ValueRingBuffer/1", new ListedMember("Next", "long (long)", false)), Is.False);
        Assert.That(list.Has("Disruptor.ValueRingBuffer/1", new ListedMember("Next", "int (int)", false)), Is.False);
        Assert.That(list.Has("Disruptor.ValueRingBuffer/1", new ListedMember("Next", "long (int)", true)), Is.False);
        Assert.That(list.Has("Disruptor.ValueRingBuffer", new ListedMember("Next", "long (int)", false)), Is.False, "not generic");
    }

    [Test]
    [Description("From metadata to report: against a list without the type that this assembly uses, its use is reported")]
    public void AnUnlistedUseIsReported()
    {
        Assert.That(new HdrHistogram.LongHistogram(1000, 2).GetValueAtPercentile(50), Is.Zero);
        BuiltAssembly own = BuiltAssembly.Beside(BuiltAssembly.OwnName);
        Assert.That(StandInUse.Unlisted(own, "HdrHistogram", SignatureList.Of("Disruptor")), Is.EquivalentTo(new[]
        {
            "HdrHistogram.LongHistogram",
            "HdrHistogram.HistogramBase",
            "HdrHistogram.LongHistogram: .ctor void (long, int)",
            "HdrHistogram.HistogramBase: GetValueAtPercentile long (double)",
        }));
    }
}
