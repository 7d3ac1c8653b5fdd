using System.Xml.Linq;
using LowLatencyMargin.Architecture.Tests.Support;

namespace LowLatencyMargin.Architecture.Tests;

/// <summary>One property swaps the stand-ins for the packages. That works as long as everybody uses them through the one switch.</summary>
internal sealed class StandInSwitchTests
{
    private static readonly string[] Packages = ["Disruptor", "HdrHistogram"];

    [Test]
    [Description("Nobody but a stand-in's own tests references it by path: all others say <StandIn>, which the switch turns")]
    public void OnlyTheirOwnTestsReferenceStandInsByPath()
    {
        IEnumerable<string> byPath =
            from project in Repository.Projects.Values
            from name in project.Linked.Concat(project.BuiltBefore)
            where Packages.Contains(name) && project.Name != name + ".Tests"
            select $"{project.Name} references {name}";
        Report.AssertNone(byPath);
    }

    [Test]
    [Description("Every <StandIn> names a stand-in that exists under src, and each stand-in has users")]
    public void EveryStandInExistsAndIsUsed()
    {
        IEnumerable<string> used = Repository.Projects.Values.SelectMany(project => project.StandIns).Distinct();
        Assert.That(used, Is.EquivalentTo(Packages));
        Assert.That(Packages.Select(name => Repository.Projects[name].File), Is.EqualTo(Packages.Select(name => $"src/{name}/{name}.csproj")));
    }

    [Test]
    [Description("Nobody references the packages directly: with the switch off, a build needs none of them")]
    public void NobodyReferencesThePackagesDirectly() => Assert.That(
        Repository.Projects.Values.Where(project => project.Packages.Intersect(Packages).Any()).Select(project => project.Name), Is.Empty);

    [Test]
    [Description("The switch is off by default; on, each StandIn becomes a package reference; off, a project reference into src")]
    public void TheSwitchTurnsEachStandInBothWays()
    {
        XElement byDefault = Load("Directory.Build.props").Descendants("UpstreamPackages").Single();
        Assert.That((byDefault.Value, (string?)byDefault.Attribute("Condition")), Is.EqualTo(("false", "'$(UpstreamPackages)' == ''")));

        XDocument targets = Load("Directory.Build.targets");
        XElement on = targets.Descendants("PackageReference").Single(item => (string?)item.Attribute("Include") == "@(StandIn)");
        XElement off = targets.Descendants("ProjectReference").Single();
        Assert.That((string?)on.Parent!.Attribute("Condition"), Is.EqualTo("'$(UpstreamPackages)' == 'true'"));
        Assert.That((string?)off.Parent!.Attribute("Condition"), Is.EqualTo("'$(UpstreamPackages)' != 'true'"));
        Assert.That((string?)off.Attribute("Include"), Is.EqualTo("@(StandIn->'$(RepositoryRoot)src/%(Identity)/%(Identity).csproj')"));
    }

    [Test]
    [Description("The packages that the switch turns to are pinned, to the versions that the signature lists were taken from")]
    public void ThePackagesArePinned()
    {
        Dictionary<string, string> pins = Load("Directory.Packages.props").Descendants("PackageVersion")
            .ToDictionary(item => (string)item.Attribute("Include")!, item => (string)item.Attribute("Version")!);
        Assert.That((pins["Disruptor"], pins["HdrHistogram"]), Is.EqualTo(("7.0.0-rc2", "2.5.0")));
    }

    private static XDocument Load(string file) => XDocument.Load(Repository.PathOf(file));
}
