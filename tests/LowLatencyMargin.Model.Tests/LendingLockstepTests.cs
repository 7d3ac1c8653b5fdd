using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Lockstep;

namespace LowLatencyMargin.Model.Tests;

/// <summary>Exchange and model in lockstep where accounts lend and borrow (docs/lending.md).</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class LendingLockstepTests
{
    private const long DefaultCommands = 400_000;
    private const int Runs = 27;

    private static readonly MarketParameters Fees = Profile.Plain with { MakerFeeRate = 20_000, TakerFeeRate = 70_000 };

    private static readonly SpotListing Pair = new("BASE0-ASSET1", 2, 1, 1_000_000, 1_000_000, Fees) { Kind = MarketKind.SpotMargin };
    private static readonly SpotListing Coarse = new("GOLD-ASSET1", 3, 1, 1_000_000, 1_000_000, Profile.Plain) { Kind = MarketKind.SpotMargin };

    private static readonly Profile Loans = new("loans")
    {
        LendingShare = 60, SilenceShare = 5, Borrows = true, Assets = WalletLockstepTests.Weightless, WithoutParameters = true, WalletShare = 4,
        Spots = [Pair, Coarse], Markets = [Profile.Plain],
    };

    private static readonly Profile[] Profiles =
    [
        Loans with { Name = "isolated loans", IsolatedOnly = true },
        Loans with { Name = "violent loans", IsolatedOnly = true, MarkShare = 20, JumpShare = 40, LendingShare = 50 },
        Loans with { Name = "cross loans" },
        Loans with { Name = "violent cross loans", MarkShare = 20, JumpShare = 40, LendingShare = 50 },
        Loans with
        {
            Name = "loans and collateral", SettleOneIn = 1_500, Relistings = 20, Assets = WalletLockstepTests.Assets,
            Spots = [Pair, Coarse, .. WalletLockstepTests.Spots[2..]],
        },
        Loans with { Name = "tiny pools", TinyPools = true, JumpShare = 30 },
        Loans with { Name = "violent loans and collateral", Assets = WalletLockstepTests.Assets, WithoutParameters = false, WalletShare = 10, MarkShare = 20,
            JumpShare = 40, LendingShare = 45 },
        new("lenders only") { LendingShare = 30, SilenceShare = 3, Assets = WalletLockstepTests.Weightless, WithoutParameters = true, WalletShare = 8 },
        new("lenders") { LendingShare = 30, SilenceShare = 3, Assets = WalletLockstepTests.Assets, Spots = WalletLockstepTests.Spots, WalletShare = 8 },
    ];

    private static IEnumerable<TestCaseData> Cases =>
        Enumerable.Range(0, Runs).Select(i => new TestCaseData(Profiles[i % Profiles.Length].Name, RunLength.Seed(3000, i)));

    [TestCaseSource(nameof(Cases))]
    [Description("R-1001 to R-1014, R-103: shares, interest by the documented index, epochs, flow caps, loans of spot-margin scopes, bad loans.")]
    public void ExchangeDoesWhatTheModelDoes(string profile, ulong seed)
    {
        using var run = new LockstepRun(Profiles.Single(candidate => candidate.Name == profile), seed);
        long commands = RunLength.Of(DefaultCommands) / Runs;
        run.Run(commands);
        TestContext.Out.WriteLine(run.Tally);
        if (profile.StartsWith("lenders", StringComparison.Ordinal) || commands < 10_000)
        {
            return;
        }

        Assert.That(run.Tally.Borrowings, Is.GreaterThan(commands / 1_000), "borrowings");
        if (!profile.StartsWith("violent", StringComparison.Ordinal))
        {
            return;
        }

        Assert.That(run.Tally.LoanLiquidations, Is.Positive, "liquidations of loans");
        Assert.That(run.Tally.LoanTakeovers, Is.Positive, "loans taken over");
        Assert.That(run.Tally.BadLoans, Is.Positive, "bad loans");
    }
}
