using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Model.Tests.Lockstep;

namespace LowLatencyMargin.Model.Tests;

/// <summary>Exchange and model in lockstep where accounts have several assets and trade spot beside perpetuals (docs/collateral.md).</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class WalletLockstepTests
{
    private const int Percent = Rate.Scale / 100;
    private const long DefaultCommands = 400_000;
    private const int Runs = 8;

    private static readonly AssetParameters Good = new()
    {
        OpeningWeight = 80 * Percent,
        FillingWeight = 85 * Percent,
        MaintenanceWeight = 90 * Percent,
        LiabilityWeight = 120 * Percent,
    };

    /// <summary>The first asset is priced by the first perpetual, the second by its spot market, the third by the operator.</summary>
    internal static readonly AssetListing[] Assets =
    [
        new("ASSET1", 6, 0, default),
        new("BASE0", 6, 20_000, Good),
        new("GOLD", 4, 300, Good with { CapUnits = 300_000,
            Discount1Units = 20_000, Discount1Rate = 75_000_001, Discount2Units = 60_000, Discount2Rate = 0 }),
        new("YEN", 2, 30_000, Good with { OpeningWeight = 99_999_999, FillingWeight = 99_999_999, MaintenanceWeight = 100 * Percent, PriceE9 = 99_991 }),
        new("DUST", 0, 5_000, default),
    ];

    /// <summary>The same assets, none of them collateral.</summary>
    internal static readonly AssetListing[] Weightless = [.. Assets.Select(asset => asset with { Parameters = default })];

    internal static readonly SpotListing[] Spots =
    [
        new("BASE0-ASSET1", 2, 1, 1_000_000, 1_000_000, Fees(20_000, 100_000)),
        new("GOLD-ASSET1", 3, 1, 1_000_000, 1_000_000, Fees(0, 333_333)),
        new("GOLD-YEN", 3, 4, 10_000_000_000, 1_000_000, Fees(90_000, 30_000)),
        new("ASSET1-YEN", 1, 4, 10_000_000_000, 1_000_000, Fees(10_000, 10_000)),
    ];

    private static readonly Profile[] Profiles =
    [
        new("wallets") { Assets = Assets, Spots = Spots, WalletShare = 14, AccountsPerOwner = 2 },
        new("few and violent")
        {
            SettleOneIn = 2_000, Relistings = 20, Assets = Assets, Spots = Spots, WalletShare = 8, Accounts = 4, AccountsPerOwner = 4, MarkShare = 15,
            JumpShare = 50,
        },
        new("poor") { Assets = Assets, Spots = Spots[..2], WalletShare = 20, Accounts = 12, MeanDeposit = 1_000, AccountsPerOwner = 3, JumpShare = 30 },
        new("no weights") { Assets = Weightless, Spots = Spots, WalletShare = 12, AccountsPerOwner = 3, WithoutParameters = true },
        new("spot only") { Assets = Assets, Spots = Spots, Markets = [Profile.Plain], WalletShare = 10, Accounts = 6 },
    ];

    private static IEnumerable<TestCaseData> Cases =>
        Enumerable.Range(0, Runs).Select(i => new TestCaseData(Profiles[i % Profiles.Length].Name, RunLength.Seed(2000, i)));

    [TestCaseSource(nameof(Cases))]
    [Description("R-107, R-108, R-201 to R-210, R-103: holds, spot fills, transfers, weights, discounts, caps, collateral that falls and is sold.")]
    public void ExchangeDoesWhatTheModelDoes(string profile, ulong seed)
    {
        using var run = new LockstepRun(Profiles.Single(candidate => candidate.Name == profile), seed);
        run.Run(RunLength.Of(DefaultCommands) / Runs);
        TestContext.Out.WriteLine(run.Tally);
    }

    private static MarketParameters Fees(int maker, int taker) =>
        Profile.Plain with { MakerFeeRate = maker, TakerFeeRate = taker, MaxOpenOrders = 12 };
}
