using LowLatencyMargin.MatchingBenchmark.Workload;

namespace LowLatencyMargin.MatchingBenchmark.Tests;

/// <summary>R-1301: the public workloads, whose output independent engines agree on to the byte.</summary>
internal sealed class PublicWorkloadTests
{
    private const int Messages = 199_336;
    private const int Batch = 256;

    private static readonly Dictionary<string, (int Trades, string Hash)> Expected = new()
    {
        ["normal"] = (4174, "99070bf220482ac06c7059c1e169baab18e47dfa0121ee57b15b6bd21be3d668"),
        ["static"] = (49, "f360e2f206750539d109b613b18b48d3a9eaa42c22721734480189c394b14865"),
        ["swing-25"] = (4434, "d44eefb4ecaa0bc2f2329faf76dfa8b6ddda11d747335b8ff4d0925d2bc81f31"),
        ["swing-40"] = (4496, "4dde39db2ef4dddac82ce2efa1a6b97119fbd93da2283f7391b35b14306e418b"),
        ["flash-crash"] = (4598, "6395d5131f2c09c03c542ccebee609503279ae2f9f22457f2c483d6b72191aa8"),
    };

    private static IEnumerable<TestCaseData> Cases =>
        from scenario in Expected.Keys
        from pushCapacity in ForeignQueue.IsSupported ? new[] { 0, 64, 4096 } : [0]
        let path = PathOf(scenario)
        let test = new TestCaseData(scenario, pushCapacity)
        select path is null ? test.Ignore("the public workloads are not beside the repository, in shared/matching-benchmark") : test;

    [TestCaseSource(nameof(Cases))]
    [Description("R-1301: price-time matching reproduces the published SHA-256 of the reports, pushed one by one or over the ring.")]
    public void ReproducesThePublishedHash(string scenario, int pushCapacity)
    {
        Message[] messages = WorkloadFile.Read(PathOf(scenario)!);
        Assert.That(messages, Has.Length.EqualTo(Messages));
        using var harness = new Harness(pushCapacity);
        Harness.Process(messages, Batch);
        List<Report> reports = harness.Finish();
        Assert.That(reports.Count(report => report.Type == ReportType.Trade), Is.EqualTo(Expected[scenario].Trades));
        Assert.That(CanonicalReports.HashOf(reports), Is.EqualTo(Expected[scenario].Hash));
    }

    private static string? PathOf(string scenario)
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "LowLatencyMargin.sln")))
            {
                string path = Path.Combine(folder, "..", "shared", "matching-benchmark", $"orders_{scenario}_s7_n100000.bin.gz");
                return File.Exists(path) ? path : null;
            }
        }

        return null;
    }
}
