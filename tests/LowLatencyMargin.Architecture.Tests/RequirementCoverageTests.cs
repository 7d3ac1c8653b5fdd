using System.Text.RegularExpressions;
using LowLatencyMargin.Architecture.Tests.Support;

namespace LowLatencyMargin.Architecture.Tests;

/// <summary>A requirement without a test that names it is a wish. Tests and scenarios cite the numbers that they prove.</summary>
internal sealed partial class RequirementCoverageTests
{
    private static readonly string[] Covered =
    [
        "R-101", "R-102", "R-103", "R-104", "R-105", "R-106", "R-107", "R-109", "R-201", "R-204", "R-207",
        "R-301", "R-303", "R-305", "R-401", "R-402", "R-403", "R-404", "R-405", "R-406", "R-501", "R-502", "R-504", "R-507",
        "R-601", "R-602", "R-603", "R-604", "R-701", "R-702", "R-703", "R-704", "R-1101", "R-1104", "R-1107", "R-1108",
        "R-1109", "R-1203", "R-1301", "R-1302", "R-1303", "R-1304", "R-1305", "R-1306", "R-1307", "R-1308", "R-1309", "R-1310", "R-1311", "R-1312",
        "R-1313", "R-1314", "R-1315", "R-1316", "R-1401", "R-1402", "R-1403", "R-1404", "R-1405", "R-1408", "R-1501", "R-1502",
        "R-1503", "R-1504", "R-1505", "R-1506", "R-1507", "R-1508", "R-1601", "R-1602", "R-1603", "R-1701", "R-2001",
    ];

    private static IReadOnlyDictionary<string, string[]> Citations { get; } = Repository.Files
        .Where(file => file.StartsWith("tests/", StringComparison.Ordinal))
        .Where(file => !file.EndsWith($"/{nameof(RequirementCoverageTests)}.cs", StringComparison.Ordinal))
        .Where(file => Path.GetExtension(file) is ".cs" or ".scn")
        .SelectMany(file => Requirement.Matches(Repository.Read(file)).Select(match => (File: file, Number: match.Value)))
        .Distinct()
        .GroupBy(citation => citation.Number, citation => citation.File)
        .ToDictionary(group => group.Key, group => group.ToArray());

    [TestCaseSource(nameof(Covered))]
    [Description("At least one test or scenario cites the requirement")]
    public void IsCited(string requirement) => Assert.That(Citations, Contains.Key(requirement));

    [Test]
    [Description("Prints which test files cite which requirement")]
    public void ListCitations()
    {
        foreach ((string number, string[] files) in Citations.OrderBy(citation => int.Parse(citation.Key[2..])))
        {
            TestContext.Out.WriteLine($"{number}: {string.Join(", ", files)}");
        }

        Assert.That(Citations, Is.Not.Empty);
    }

    [GeneratedRegex(@"\bR-\d{3,4}\b")]
    private static partial Regex Requirement { get; }
}
