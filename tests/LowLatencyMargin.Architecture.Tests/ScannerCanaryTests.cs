using LowLatencyMargin.Architecture.Tests.Canaries;
using LowLatencyMargin.Architecture.Tests.Scan;
using LowLatencyMargin.Architecture.Tests.Support;

namespace LowLatencyMargin.Architecture.Tests;

/// <summary>A scan that finds nothing proves nothing, unless it finds what was put there.</summary>
internal sealed class ScannerCanaryTests
{
    private static readonly BuiltAssembly Own = BuiltAssembly.Beside("LowLatencyMargin.Architecture.Tests");

    [TestCase(nameof(HotCanaries.Boxes), FindingKind.Box)]
    [TestCase(nameof(HotCanaries.MakesAnArray), FindingKind.NewArray)]
    [TestCase(nameof(HotCanaries.MakesAnObject), FindingKind.NewObject)]
    [TestCase(nameof(HotCanaries.MakesAList), FindingKind.NewObject)]
    [TestCase(nameof(HotCanaries.MakesAClosure), FindingKind.NewObject)]
    [TestCase(nameof(HotCanaries.MakesAClosure), FindingKind.Delegate)]
    [TestCase(nameof(HotCanaries.MakesADelegate), FindingKind.Delegate)]
    [TestCase(nameof(HotCanaries.SumsThroughAnInterface), FindingKind.BannedApi)]
    [TestCase(nameof(HotCanaries.MultipliesByADouble), FindingKind.FloatingPoint)]
    [TestCase(nameof(HotCanaries.ReturnsADouble), FindingKind.FloatingPoint)]
    [TestCase(nameof(HotCanaries.TakesASingle), FindingKind.FloatingPoint)]
    [TestCase(nameof(HotCanaries.UsesADecimal), FindingKind.FloatingPoint)]
    [TestCase(nameof(HotCanaries.KeepsADouble), FindingKind.FloatingPoint)]
    [TestCase("_ratio", FindingKind.FloatingPoint)]
    [TestCase(nameof(HotCanaries.Concatenates), FindingKind.Text)]
    [TestCase(nameof(HotCanaries.Interpolates), FindingKind.Text)]
    [TestCase(nameof(HotCanaries.MakesText), FindingKind.Text)]
    [TestCase(nameof(HotCanaries.ReadsTheClock), FindingKind.BannedApi)]
    [TestCase(nameof(HotCanaries.ReadsTheStopwatch), FindingKind.BannedApi)]
    [TestCase(nameof(HotCanaries.DrawsARandomNumber), FindingKind.BannedApi)]
    [TestCase(nameof(HotCanaries.DrawsAGuid), FindingKind.BannedApi)]
    [TestCase(nameof(HotCanaries.ReadsTheEnvironment), FindingKind.BannedApi)]
    [TestCase(nameof(HotCanaries.ReadsAFile), FindingKind.BannedApi)]
    [TestCase(nameof(HotCanaries.UsesLinq), FindingKind.BannedApi)]
    [TestCase(nameof(HotCanaries.Writes), FindingKind.BannedApi)]
    [TestCase(nameof(HotCanaries.HashesWithAProcessSeed), FindingKind.BannedApi)]
    [TestCase(nameof(HotCanaries.Throws), FindingKind.Throw)]
    [TestCase(nameof(HotCanaries.Throws), FindingKind.NewObject)]
    [TestCase(nameof(HotCanaries.Awaits), FindingKind.BannedApi)]
    [TestCase(nameof(HotCanaries.MakesAnything), FindingKind.BannedApi)]
    [TestCase(nameof(HotCanaries.Locks), FindingKind.BannedApi)]
    [TestCase(nameof(HotCanaries.Interlocks), FindingKind.BannedApi)]
    [Description("The scan finds each thing that the core may not do, in the method that does it (R-101, R-104)")]
    public void FindsWhatIsThere(string member, FindingKind kind)
    {
        List<Finding> violations = IlScanner.Violations(Scan(nameof(HotCanaries)));
        Assert.That(violations.Where(found => found.Kind == kind).Select(found => found.Member), Has.Some.EndsWith("::" + member));
    }

    [Test]
    [Description("The scan sees a hot member call a cold one, and calls that leave the assembly")]
    public void FindsCallsToWhatIsColdOrOutside()
    {
        List<Finding> findings = Scan(nameof(HotCanaries));
        Assert.That(
            findings.Where(found => found.Kind == FindingKind.ColdCall).Select(found => found.What),
            Is.EqualTo([$"call {typeof(ColdCanaries).FullName}::{nameof(ColdCanaries.MakesAnArray)}"]));
        Assert.That(
            findings.Where(found => found.Kind == FindingKind.OutsideCall).Select(found => found.What),
            Has.Some.EqualTo("callvirt System.IComparable<System.Int64>::CompareTo"));
    }

    [Test]
    [Description("A mark on a type covers its members and nested types for allocations, but excuses no floating point and no clock")]
    public void AMarkOnATypeCoversAllocationsOnly()
    {
        IEnumerable<(string Member, FindingKind Kind)> violations = IlScanner.Violations(Scan(nameof(ColdCanaries)))
            .Select(found => (found.Member[(found.Member.IndexOf("::", StringComparison.Ordinal) + 2)..], found.Kind))
            .Distinct();
        Assert.That(violations, Is.EquivalentTo(new[]
        {
            (nameof(ColdCanaries.MultipliesByADouble), FindingKind.FloatingPoint),
            (nameof(ColdCanaries.ReadsTheClock), FindingKind.BannedApi),
        }));
    }

    [Test]
    [Description("A mark on a constructor, property or method covers it and the lambdas and local functions in it, and nothing else")]
    public void AMarkOnAMemberCoversThatMember()
    {
        IEnumerable<string> violations = IlScanner.Violations(Scan(nameof(HalfColdCanaries))).Select(found => found.Member);
        Assert.That(violations, Is.EqualTo([$"{typeof(HalfColdCanaries).FullName}::{nameof(HalfColdCanaries.MakesAnObject)}"]));
    }

    [Test]
    [Description("Structs, spans, stack memory, 128-bit arithmetic, nullables and constrained calls are no findings: the scan can be kept at zero")]
    public void HasNothingToSayAboutCleanCode() =>
        Assert.That(Scan(nameof(CleanCanaries)).Where(found => found.Kind != FindingKind.OutsideCall), Is.Empty);

    private static List<Finding> Scan(string type)
    {
        string name = "LowLatencyMargin.Architecture.Tests.Canaries." + type;
        return IlScanner.Scan(Own, found => found == name || found.StartsWith(name + "+", StringComparison.Ordinal));
    }
}
