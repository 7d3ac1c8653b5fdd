using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Lockstep;

namespace LowLatencyMargin.Model.Tests;

/// <summary>Exchange and model in lockstep where accounts go bankrupt and others pay (docs/waterfall.md).</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class WaterfallLockstepTests
{
    private const long DefaultCommands = 200_000;
    private const int Runs = 10;

    private static readonly Profile Crash = new("adl")
    {
        CrashShare = 12, LossShare = 4, MarkShare = 6, Accounts = 10, MaxOrders = 48, MeanDeposit = 1_500,
        Losses = LossRules.Default with { Mode = LossMode.Adl },
    };

    private static readonly LossRules Socialise = LossRules.Default with { Mode = LossMode.Socialise };

    private static readonly Profile[] Profiles =
    [
        Crash,
        Crash with { Name = "adl in hedge", PositionShare = 10, MaxOrders = 96, StepNs = 1_000_000_000 },
        Crash with { Name = "socialise opposite", Losses = Socialise },
        Crash with { Name = "socialise all", Losses = Socialise with { Pool = LossPool.All }, PositionShare = 10 },
        Crash with { Name = "mixed", LossModeVaries = true, Accounts = 24, StepNs = 60_000_000_000, Markets = [Profile.Tiered, Profile.EntryBased, Profile.Strict] },
        Crash with
        {
            Name = "layers", LossShare = 12, StepNs = 600_000_000_000, RuleShare = 3, PositionShare = 6, Accounts = 6, LossModeVaries = true,
            Losses = LossRules.Default with { GlobalLayer = 1, ThresholdUnits = 2_000, RedirectRate = 30_000_000 },
        },
    ];

    private static IEnumerable<TestCaseData> Cases =>
        Enumerable.Range(0, Runs).Select(i => new TestCaseData(Profiles[i % Profiles.Length].Name, RunLength.Seed(4000, i)));

    [TestCaseSource(nameof(Cases))]
    [Description("R-1201 to R-1208, R-103: insurance in layers, deleveraging, socialised loss, bad debt; that nobody becomes liquidatable by another's loss.")]
    public void ExchangeDoesWhatTheModelDoes(string profile, ulong seed)
    {
        using var run = new LockstepRun(Profiles.Single(candidate => candidate.Name == profile), seed);
        run.Run(RunLength.Of(DefaultCommands) / Runs);
        TestContext.Out.WriteLine(run.Tally);
    }
}
