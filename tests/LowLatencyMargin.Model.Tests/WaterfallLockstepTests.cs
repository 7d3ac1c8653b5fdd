using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Lockstep;

namespace LowLatencyMargin.Model.Tests;

/// <summary>Exchange and model in lockstep where accounts go bankrupt and others pay (docs/waterfall.md).</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class WaterfallLockstepTests
{
    private const long DefaultCommands = 200_000;
    private const int Runs = 12;
    private const long CommandsOfExchange = 2_500;

    private static readonly Profile Crash = new("adl")
    {
        SettleOneIn = 500, Relistings = 6, CrashShare = 12, LossShare = 4, MarkShare = 6, Accounts = 10, MaxOrders = 48, MeanDeposit = 1_500,
        Losses = LossRules.Default with { MaxHolders = 60 },
    };

    private static readonly LossRules Socialise = LossRules.Default with { Mode = LossMode.Socialise };

    /// <summary>Without time and funding, one of each mode.</summary>
    internal static readonly Profile[] Plain =
    [
        Crash with { Accounts = 40 },
        Crash with { Name = "socialise opposite", Losses = Socialise, Accounts = 40 },
        Crash with { Name = "none", Losses = LossRules.Default with { Mode = LossMode.None }, Accounts = 40 },
    ];

    internal static readonly Profile[] Profiles =
    [
        Crash,
        Crash with { Name = "adl in hedge", PositionShare = 10, MaxOrders = 96, StepNs = 1_000_000_000 },
        Crash with { Name = "socialise opposite", Losses = Socialise },
        Crash with { Name = "socialise all", Losses = Socialise with { Pool = LossPool.All }, PositionShare = 10 },
        Crash with
        {
            Name = "mixed", LossModeVaries = true, Accounts = 24, StepNs = 60_000_000_000, Markets = [Profile.Tiered, Profile.EntryBased, Profile.Strict],
        },
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
        Profile kind = Profiles.Single(candidate => candidate.Name == profile);
        var tally = new Tally();
        long commands = RunLength.Of(DefaultCommands) / Runs;
        long audited = 0;
        for (ulong exchange = 0; commands > 0; exchange++)
        {
            // a new one each time: an exchange that lives long has funds that nothing exhausts
            using var run = new LockstepRun(kind, seed + (exchange * 1_000_000));
            run.Run(Math.Min(commands, CommandsOfExchange));
            commands -= CommandsOfExchange;
            tally.Add(run.Tally);
            audited += run.Audit.Deleveragings + run.Audit.Haircuts;
        }

        TestContext.Out.WriteLine(tally);
        Assert.That(audited, Is.EqualTo(tally.Deleveragings + tally.AllHaircuts), "figures recomputed from events alone");
        if (tally.Commands < 15_000)
        {
            return;
        }

        Assert.That(tally.Shortfalls, Is.GreaterThan(20), "shortfalls");
        Assert.That(tally.Deleveragings, profile.StartsWith("socialise", StringComparison.Ordinal) ? Is.Zero : Is.GreaterThan(20), "deleveraged");
        Assert.That(tally.Haircuts, profile.StartsWith("adl", StringComparison.Ordinal) ? Is.Zero : Is.GreaterThan(20), "haircuts");
    }
}
