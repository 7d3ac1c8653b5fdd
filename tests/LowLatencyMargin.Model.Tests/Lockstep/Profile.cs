using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>What kind of exchange a run is.</summary>
internal sealed record Profile(string Name)
{
    private const int Percent = Rate.Scale / 100;

    public int Accounts { get; init; } = 8;

    public int MaxOrders { get; init; } = 64;

    public int Work { get; init; } = 65_536;

    public long BasePrice { get; init; } = 1_000;

    public long MaxLots { get; init; } = 40;

    public long MeanDeposit { get; init; } = 4_000;

    /// <summary>Percent of commands that are marks.</summary>
    public int MarkShare { get; init; } = 8;

    /// <summary>Percent of marks that jump.</summary>
    public int JumpShare { get; init; } = 15;

    /// <summary>Percent of commands that begin a crash, when none is under way; 0: none ever.</summary>
    public int CrashShare { get; init; }

    /// <summary>One of so many commands is about closing a market for good; 0: none.</summary>
    public int SettleOneIn { get; init; }

    /// <summary>Markets that may be listed in the place of settled ones.</summary>
    public int Relistings { get; init; }

    /// <summary>Percent of commands about losses and insurance.</summary>
    public int LossShare { get; init; }

    /// <summary>Loss rules of the markets; commands vary most of them.</summary>
    public LossRules Losses { get; init; } = LossRules.Default;

    /// <summary>Whether commands vary the mode too.</summary>
    public bool LossModeVaries { get; init; }

    /// <summary>Whether markets begin without a mark.</summary>
    public bool WithoutMarks { get; init; }

    /// <summary>Compare every row after every command; large exchanges do it every thousand.</summary>
    public bool ComparesAll { get; init; } = true;

    /// <summary>Percent of commands about positions; above 0 two accounts have one owner.</summary>
    public int PositionShare { get; init; }

    /// <summary>Percent of commands about trader rules.</summary>
    public int RuleShare { get; init; }

    /// <summary>Percent of commands about prices: feeds, rules of marks; above 0 marks are mostly not by hand.</summary>
    public int FeedShare { get; init; }

    /// <summary>Percent of commands about liquidations: rules, keepers, what keepers command.</summary>
    public int LiquidationShare { get; init; }

    /// <summary>Percent of rules with another style than the book, or with stages.</summary>
    public int StyleShare { get; init; }

    /// <summary>Percent of rules of the other styles that close in stages; above 0 half of the markets sell their inventory.</summary>
    public int StageShare { get; init; }

    /// <summary>Percent of rules with limits of a second.</summary>
    public int LimitShare { get; init; }

    /// <summary>Percent of commands about funding.</summary>
    public int FundingShare { get; init; }

    /// <summary>How far a command moves time at most, most of the time.</summary>
    public long StepNs { get; init; }

    public IReadOnlyList<MarketParameters> Markets { get; init; } = [Plain, EntryBased, Strict];

    /// <summary>Assets, the collateral first.</summary>
    public IReadOnlyList<AssetListing> Assets { get; init; } = [new("ASSET1", 6, 0, default), new("ASSET2", 6, 0, default)];

    /// <summary>Spot markets, listed after the others.</summary>
    public IReadOnlyList<SpotListing> Spots { get; init; } = [];

    /// <summary>Percent of commands that are about wallets.</summary>
    public int WalletShare { get; init; }

    /// <summary>Whether assets keep the parameters they have at first: none.</summary>
    public bool WithoutParameters { get; init; }

    /// <summary>Percent of commands that are about lending.</summary>
    public int LendingShare { get; init; }

    /// <summary>Whether scopes of spot-margin markets borrow.</summary>
    public bool Borrows { get; init; }

    /// <summary>Whether only isolated ones do.</summary>
    public bool IsolatedOnly { get; init; }

    /// <summary>Whether pools have so little that nearly every order wants more.</summary>
    public bool TinyPools { get; init; }

    /// <summary>Percent of commands that come after a silence.</summary>
    public int SilenceShare { get; init; }

    public long LongestSilenceNs { get; init; } = 20L * 3_600 * 1_000_000_000;

    /// <summary>Accounts that an owner has.</summary>
    public int AccountsPerOwner { get; init; } = 1;

    /// <summary>The defaults, some of the penalty to makers.</summary>
    public static MarketParameters Plain => MarketParameters.Default with
    {
        SelfTrade = SelfTradePrevention.None,
        ModeSwitch = ModeSwitchPolicy.Checked,
            PenaltyKeeperRate = 30 * Percent, PenaltyMakersRate = 30 * Percent, MaxOpenOrders = 12, MaxSlippageRate = 3 * Percent,
    };

    /// <summary>Maintenance on entry cost, no fee in the trigger, no insurance, the larger side of isolated orders.</summary>
    public static MarketParameters EntryBased => MarketParameters.Default with
    {
        SelfTrade = SelfTradePrevention.None,
        InitialMarginLongRate = 6 * Percent,
        InitialMarginShortRate = 7 * Percent,
        MaintenanceMarginRate = (3 * Percent) + 1,
        MaintenanceMarginBase = MarginBase.Entry,
        TriggerIncludesFee = 0,
        InsuranceEnabled = 0,
        IsolatedOrderMargin = OrderMarginRule.Max,
        WithdrawRequirement = WithdrawRequirement.Maintenance,
        MaxSlippageRate = 10 * Percent,
        MaxLeverage = 50,
        MaxOpenOrders = 20,
        MinPenaltyUnits = 13,
    };

    /// <summary>Reaching is enough, no offset, odd rates, penalty to insurance and makers.</summary>
    public static MarketParameters Strict => MarketParameters.Default with
    {
        SelfTrade = SelfTradePrevention.None,
        ModeSwitch = ModeSwitchPolicy.Checked,
        InitialMarginLongRate = 20_000_003,
        InitialMarginShortRate = 33_333_333,
        MaintenanceMarginRate = 7_777_777,
        MakerFeeRate = 33_333,
        TakerFeeRate = 77_777,
        PenaltyRate = 3_333_333,
        PenaltyKeeperRate = 0,
        PenaltyProtocolRate = 10 * Percent,
        PenaltyInsuranceRate = 40 * Percent,
        PenaltyMakersRate = 50 * Percent,
        MaxSlippageRate = 2 * Percent,
        Trigger = LiquidationTrigger.Reaches,
        OffsetPosition = 0,
        MaxOpenOrders = 8,
    };

    /// <summary>Tiers, fee steps with rebates, receivers.</summary>
    public static MarketParameters Tiered
    {
        get
        {
            MarketParameters p = Plain with { MaxLeverage = 30, InitialMarginLongRate = 9 * Percent, InitialMarginShortRate = 11 * Percent };
            p.PenaltyRate = Percent;
            p.TierCount = 3;
            p.Tiers[0] = new MarginTier { LimitUnits = 9_000, MaxLeverage = 20, MaintenanceRate = 2 * Percent };
            p.Tiers[1] = new MarginTier { LimitUnits = 30_000, MaxLeverage = 10, MaintenanceRate = 4 * Percent };
            p.Tiers[2] = new MarginTier { LimitUnits = MarginTier.NoLimit, MaxLeverage = 5, MaintenanceRate = 8 * Percent };
            p.FeeTiers[0] = new FeeTier { VolumeUnits = 200_000, MakerFeeRate = -20_000, TakerFeeRate = 60_000 };
            p.FeeProtocolRate = 40 * Percent;
            p.FeeInsuranceRate = 30 * Percent;
            p.FeeLendersRate = 20 * Percent;
            p.FeeCommunityRate = 10 * Percent;
            return p;
        }
    }

    /// <summary>Add-ons of volatility, size and open interest, tiers on entry cost.</summary>
    public static MarketParameters Dynamic
    {
        get
        {
            MarketParameters p = Tiered with
            {
                MaintenanceMarginBase = MarginBase.Entry,
                SizeAddOnRate = Percent,
                SizeAddOnStepUnits = 7_000,
                SizeAddOnFromUnits = 5_000,
            };
            return p with
            {
                VolatilityThresholdRate = 4 * Percent,
                VolatilityMultiplierRate = 150 * Percent,
                VolatilityWindowMs = 60_000,
                AddOnGraceMs = 20_000,
                AddOnNoticeMs = 60_000,
                MaintenanceNoticeMs = 90_000,
                OpenInterestFromUnits = 20_000,
                OpenInterestToUnits = 4_000_000,
            };
        }
    }

    /// <summary>The same without tiers.</summary>
    public static MarketParameters Volatile => Plain with
    {
        VolatilityThresholdRate = 6 * Percent,
        VolatilityMultiplierRate = 130 * Percent,
        VolatilityWindowMs = 100_000,
        AddOnNoticeMs = 30_000,
        MaintenanceNoticeMs = 60_000,
        OpenInterestFromUnits = 100_000,
        OpenInterestToUnits = 3_000_000,
    };

    /// <summary>A large order's notional at the base price.</summary>
    public long Notional(Model.ModelMarket market) => (long)Big.Min(Big.Pow(2, 50), BasePrice * MaxLots * market.TickValue);
}
