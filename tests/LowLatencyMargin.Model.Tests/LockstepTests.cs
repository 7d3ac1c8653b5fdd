using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Model.Tests.Lockstep;

namespace LowLatencyMargin.Model.Tests;

/// <summary>
/// The exchange against the independent model, in lockstep over random commands: result, events, every row, book and sum of money.
/// LLM_MODEL_COMMANDS=50000000 makes the runs that long together; a failure prints profile, seed and command.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class LockstepTests
{
    private const long DefaultCommands = 500_000;
    private const int Runs = 30;
    private const int LargeCommands = 15_000;

    private static readonly Profile[] Profiles =
    [
        new("small"),
        new("two accounts") { Accounts = 2, MeanDeposit = 9_000 },
        new("crowd") { Accounts = 29, MaxOrders = 96, MeanDeposit = 2_500, MaxLots = 25 },
        new("cheap") { BasePrice = 6, MaxLots = 900, JumpShare = 40 },
        new("violent") { MarkShare = 15, JumpShare = 60, Accounts = 12 },
        new("no marks") { WithoutMarks = true, MarkShare = 0 },
        new("tiers") { StepNs = 3_000_000_000, MeanDeposit = 6_000, Markets = [Profile.Tiered, Profile.Dynamic, Profile.Volatile] },
        new("months") { StepNs = 600_000_000_000, Accounts = 4, Markets = [Profile.Tiered, Profile.Plain, Profile.Volatile] },
        new("positions") { PositionShare = 22, MeanDeposit = 6_000, MaxOrders = 128 },
        new("positions in tiers") { PositionShare = 22, Accounts = 6, MeanDeposit = 9_000, Markets = [Profile.Plain, Profile.Tiered, Profile.EntryBased] },
        new("rules") { RuleShare = 4, StepNs = 60_000_000_000, MeanDeposit = 6_000 },
        new("rules and positions") { RuleShare = 3, PositionShare = 12, StepNs = 600_000_000_000, MeanDeposit = 9_000, Accounts = 6 },
        new("feeds") { FeedShare = 25, StepNs = 600_000_000, MarkShare = 1 },
        new("feeds and positions") { FeedShare = 25, StepNs = 600_000_000, MarkShare = 1, PositionShare = 15, MaxOrders = 128 },
        new("feeds in tiers")
        {
            FeedShare = 25, StepNs = 900_000_000, MarkShare = 1, MeanDeposit = 6_000, Markets = [Profile.Tiered, Profile.Dynamic, Profile.Volatile],
        },
        new("feeds and rules") { FeedShare = 20, StepNs = 900_000_000, MarkShare = 1, RuleShare = 4, MeanDeposit = 6_000 },
        new("funding") { FundingShare = 6, StepNs = 3_000_000_000 },
        new("funding and positions") { FundingShare = 6, StepNs = 3_000_000_000, PositionShare = 18, MeanDeposit = 6_000, MaxOrders = 128 },
        new("funding in tiers")
        {
            FundingShare = 6, StepNs = 3_000_000_000, MeanDeposit = 6_000, Markets = [Profile.Tiered, Profile.Dynamic, Profile.EntryBased],
        },
        new("funding and feeds") { FundingShare = 4, FeedShare = 20, StepNs = 900_000_000, MarkShare = 1, RuleShare = 3, PositionShare = 8, MaxOrders = 128 },
        new("parts") { LiquidationShare = 5, MarkShare = 15, JumpShare = 30, Accounts = 12, AccountsPerOwner = 3 },
        new("parts in tiers") { LiquidationShare = 5, MarkShare = 12, StepNs = 300_000_000, Markets = [Profile.Tiered, Profile.Dynamic, Profile.EntryBased] },
        new("limits") { LiquidationShare = 5, LimitShare = 70, MarkShare = 12, JumpShare = 30, StepNs = 200_000_000, Accounts = 12, AccountsPerOwner = 3 },
        new("keepers and positions")
        {
            LiquidationShare = 8, MarkShare = 12, PositionShare = 15, StepNs = 40_000_000_000, MaxOrders = 128, MeanDeposit = 6_000,
        },
        new("keepers' capital") { LiquidationShare = 8, StyleShare = 80, MarkShare = 12, Accounts = 14, AccountsPerOwner = 2, MeanDeposit = 8_000 },
        new("stages")
        {
            LiquidationShare = 5, LossShare = 1, LossModeVaries = true, StageShare = 75, MarkShare = 18, JumpShare = 4, StepNs = 60_000_000, Accounts = 12,
            AccountsPerOwner = 3,
        },
        new("stages and limits")
        {
            LiquidationShare = 5, StageShare = 60, StyleShare = 15, LimitShare = 30, MarkShare = 12, PositionShare = 12, FundingShare = 2, StepNs = 200_000_000,
            MaxOrders = 128, Markets = [Profile.Tiered, Profile.Plain, Profile.EntryBased],
        },
        new("everything")
        {
            StageShare = 30,
            Accounts = 14, FeedShare = 14, FundingShare = 3, LiquidationShare = 3, LimitShare = 25, LossShare = 2, CrashShare = 3, PositionShare = 6,
            RuleShare = 2,
            StepNs = 500_000_000, MarkShare = 2, MaxOrders = 128, AccountsPerOwner = 2, Markets = [Profile.Plain, Profile.Tiered, Profile.Strict],
        },
        new("huge") { BasePrice = 1L << 36, MaxLots = 1 << 14, MeanDeposit = 1L << 49 },
    ];

    private static readonly Profile Large = new("large")
    {
        Accounts = 400,
        MaxOrders = 1_500,
        MaxLots = 60,
        MeanDeposit = 8_000,
        MarkShare = 4,
        JumpShare = 8,
        ComparesAll = false,
        Markets = [Profile.Plain with { MaxOpenOrders = 200 },
            Profile.EntryBased, Profile.Strict, Profile.Plain with { Trigger = LiquidationTrigger.Reaches }],
    };

    private static IEnumerable<TestCaseData> Cases =>
        Enumerable.Range(0, Runs).Select(i => new TestCaseData(Profiles[i % Profiles.Length].Name, RunLength.Seed(1000, i)));

    [TestCaseSource(nameof(Cases))]
    [Description("R-101 to R-105, R-201 to R-204, R-301 to R-406, R-501 to R-504, R-601 to R-603, R-701, R-1101 to R-1109, R-1201 to R-1203, R-1301 to"
        + $" R-1305. "
        + "Longer by environment variable: LLM_MODEL_COMMANDS=50000000, over all runs.")]
    public void ExchangeDoesWhatTheModelDoes(string profile, ulong seed)
    {
        Profile kind = Profiles.Single(candidate => candidate.Name == profile);
        using var run = new LockstepRun(kind, seed);
        long commands = RunLength.Of(DefaultCommands) / Runs;
        run.Run(commands);
        TestContext.Out.WriteLine(run.Tally);
        Assert.That(run.Tally.Trades, Is.GreaterThan(commands / 100), "trades");
        if (commands < 40_000)
        {
            return;
        }

        Assert.That(run.Tally.Liquidations, Is.GreaterThan(commands / 2_000), "liquidations");
        Assert.That(run.Tally.Takeovers, Is.Positive, "takeovers");
        Assert.That(run.Tally.Shortfalls, Is.Positive, "shortfalls");
        Assert.That(run.Tally.Codes, Has.Count.GreaterThan(20), "result codes");
        Assert.That(run.Tally.Accepted, Does.Contain(CommandType.PlaceOrder).And.Contain(CommandType.ModifyOrder).And.Contain(CommandType.CancelOrder));
    }

    [TestCase(501UL)]
    [TestCase(502UL)]
    [Description("The same with 400 accounts, 4 markets and books of 1,500 orders; rows and books are compared every 1,000 commands, the rest after each.")]
    public void LargeExchange(ulong seed)
    {
        using var run = new LockstepRun(Large, seed);
        run.Run(LargeCommands);
        TestContext.Out.WriteLine(run.Tally);
        Assert.That(run.Tally.Liquidations, Is.Positive);
    }
}
