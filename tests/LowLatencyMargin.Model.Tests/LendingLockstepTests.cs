#if LENDING
using LowLatencyMargin.Model.Tests.Lockstep;

namespace LowLatencyMargin.Model.Tests;

/// <summary>Exchange and model in lockstep where accounts lend and borrow (docs/lending.md).</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class LendingLockstepTests
{
    private const long DefaultCommands = 400_000;
    private const int Runs = 4;

    private static readonly Profile[] Profiles =
    [
        new("lenders only") { LendingShare = 30, SilenceShare = 3, Assets = WalletLockstepTests.Weightless, WithoutParameters = true, WalletShare = 8 },
        new("lenders") { LendingShare = 30, SilenceShare = 3, Assets = WalletLockstepTests.Assets, Spots = WalletLockstepTests.Spots, WalletShare = 8 },
    ];

    private static IEnumerable<TestCaseData> Cases =>
        Enumerable.Range(0, Runs).Select(i => new TestCaseData(Profiles[i % Profiles.Length].Name, 3000UL + (ulong)i));

    [TestCaseSource(nameof(Cases))]
    [Description("R-1001 to R-1014, R-103: shares, interest by the documented index, epochs, flow caps, loans of spot-margin scopes, bad loans.")]
    public void ExchangeDoesWhatTheModelDoes(string profile, ulong seed)
    {
        using var run = new LockstepRun(Profiles.Single(candidate => candidate.Name == profile), seed);
        run.Run(RunLength.Of(DefaultCommands) / Runs);
        TestContext.Out.WriteLine(run.Tally);
    }
}
#endif
