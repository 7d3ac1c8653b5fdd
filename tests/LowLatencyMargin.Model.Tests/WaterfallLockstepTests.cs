using LowLatencyMargin.Model.Tests.Lockstep;

namespace LowLatencyMargin.Model.Tests;

/// <summary>Exchange and model in lockstep where accounts go bankrupt and others pay (docs/waterfall.md).</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class WaterfallLockstepTests
{
    private const long DefaultCommands = 200_000;
    private const int Runs = 10;

    private static readonly Profile Crash = new("crash") { CrashShare = 12, MarkShare = 6, Accounts = 10, MaxOrders = 48, MeanDeposit = 1_500 };

    private static readonly Profile[] Profiles =
    [
        Crash,
        Crash with { Name = "crash in hedge", PositionShare = 10, MaxOrders = 96, StepNs = 1_000_000_000 },
    ];

    private static IEnumerable<TestCaseData> Cases =>
        Enumerable.Range(0, Runs).Select(i => new TestCaseData(Profiles[i % Profiles.Length].Name, RunLength.Seed(4000, i)));

    [TestCaseSource(nameof(Cases))]
    [Description("R-1201 to R-1208, R-103.")]
    public void ExchangeDoesWhatTheModelDoes(string profile, ulong seed)
    {
        using var run = new LockstepRun(Profiles.Single(candidate => candidate.Name == profile), seed);
        long commands = RunLength.Of(DefaultCommands) / Runs;
        run.Run(commands);
        TestContext.Out.WriteLine(run.Tally);
    }
}
