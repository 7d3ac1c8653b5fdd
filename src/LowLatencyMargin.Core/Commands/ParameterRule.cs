namespace LowLatencyMargin.Core.Commands;

/// <summary>The rule that parameters break which are refused as <see cref="ResultCode.InvalidParameter"/>: the first one, in this order.</summary>
public enum ParameterRule : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A number of the command itself is out of its range.</summary>
    CommandRange = 1,

    /// <summary>Genesis: a capacity.</summary>
    Capacity = 2,

    /// <summary>Decimals of an asset.</summary>
    Decimals = 3,

    /// <summary>Ladder of a market.</summary>
    Ladder = 4,

    /// <summary>Position rows of a market.</summary>
    MarketPositions = 5,

    /// <summary>The base of a market.</summary>
    BaseAsset = 6,

    /// <summary>Owner of an account.</summary>
    Owner = 7,

    /// <summary>Initial margin.</summary>
    InitialMargin = 20,

    /// <summary>Maintenance margin.</summary>
    MaintenanceMargin = 21,

    /// <summary>Taker fee.</summary>
    TakerFee = 22,

    /// <summary>Maker fee.</summary>
    MakerFee = 23,

    /// <summary>Rebate beyond what a trade brings in.</summary>
    Rebate = 24,

    /// <summary>Fee tiers.</summary>
    FeeTiers = 25,

    /// <summary>Receivers of fees.</summary>
    FeeSplit = 26,

    /// <summary>Penalty.</summary>
    Penalty = 27,

    /// <summary>Least penalty.</summary>
    MinPenalty = 28,

    /// <summary>Receivers of the penalty.</summary>
    PenaltySplit = 29,

    /// <summary>Slippage.</summary>
    MaxSlippage = 30,

    /// <summary>Leverage.</summary>
    MaxLeverage = 31,

    /// <summary>Open orders.</summary>
    MaxOpenOrders = 32,

    /// <summary>A switch or an enumeration has a value that is not known.</summary>
    UnknownChoice = 33,

    /// <summary>Price band.</summary>
    PriceBand = 34,

    /// <summary>Breaker.</summary>
    Breaker = 35,

    /// <summary>Stop buffer.</summary>
    StopBuffer = 36,

    /// <summary>Spread.</summary>
    MaxSpread = 37,

    /// <summary>Least order.</summary>
    MinOrder = 38,

    /// <summary>Largest position.</summary>
    MaxPosition = 39,

    /// <summary>Coefficients of dynamic position limits.</summary>
    DynamicLimit = 40,

    /// <summary>Open positions.</summary>
    MaxOpenPositions = 41,

    /// <summary>Levels of loans.</summary>
    LoanLevels = 42,

    /// <summary>Close factor.</summary>
    CloseFactor = 43,

    /// <summary>Liquidation bonus.</summary>
    LiquidationBonus = 44,

    /// <summary>Close buffer.</summary>
    CloseBuffer = 45,

    /// <summary>Initial margin below what a position is liquidated at.</summary>
    InitialBelowMaintenance = 46,

    /// <summary>Number of tiers.</summary>
    TierCount = 47,

    /// <summary>Limits of tiers.</summary>
    TierLimits = 48,

    /// <summary>Maintenance of tiers.</summary>
    TierMaintenance = 49,

    /// <summary>Leverage of tiers.</summary>
    TierLeverage = 50,

    /// <summary>A tier's initial margin below what a position in it is liquidated at.</summary>
    TierInitialBelowMaintenance = 51,

    /// <summary>Volatility add-on.</summary>
    Volatility = 52,

    /// <summary>Volatility add-on that makes rates too high.</summary>
    VolatilityRates = 53,

    /// <summary>Notice periods.</summary>
    Notice = 54,

    /// <summary>Size add-on.</summary>
    SizeAddOn = 55,

    /// <summary>Open-interest scaling.</summary>
    OpenInterest = 56,

    /// <summary>Weights of an asset.</summary>
    Weights = 70,

    /// <summary>Liability weight.</summary>
    LiabilityWeight = 71,

    /// <summary>Price of an asset.</summary>
    AssetPrice = 72,

    /// <summary>Cap of an asset.</summary>
    AssetCap = 73,

    /// <summary>Discounts of an asset.</summary>
    Discounts = 74,

    /// <summary>The collateral itself.</summary>
    CollateralItself = 75,

    /// <summary>Points of the interest curve.</summary>
    InterestCurve = 80,

    /// <summary>Optimal utilisation.</summary>
    OptimalUtilisation = 81,

    /// <summary>Interest step.</summary>
    InterestStep = 82,

    /// <summary>Fixed interest.</summary>
    FixedInterest = 83,

    /// <summary>Reserve factor.</summary>
    ReserveFactor = 84,

    /// <summary>Borrowing fee.</summary>
    BorrowFee = 85,

    /// <summary>Flow cap and epoch.</summary>
    FlowCap = 86,

    /// <summary>Amounts of a pool.</summary>
    PoolAmounts = 87,

    /// <summary>Position sizing.</summary>
    Sizing = 90,

    /// <summary>Parts of sizing without risk per trade.</summary>
    SizingIncomplete = 91,

    /// <summary>Drawdown levels.</summary>
    Drawdown = 92,

    /// <summary>Trades a day.</summary>
    DailyTrades = 93,

    /// <summary>Level bands.</summary>
    LevelBands = 94,

    /// <summary>Hysteresis.</summary>
    LevelHysteresis = 95,

    /// <summary>Auto-reduce.</summary>
    AutoReduce = 96,

    /// <summary>Portfolio leverage.</summary>
    PortfolioLeverage = 97,
}

/// <summary>The sentence of each rule: which parameter, and what it has to be.</summary>
public static class ParameterRuleText
{
    /// <summary>A plain sentence; parameters are named as in scenarios.</summary>
    [ColdPath]
    public static string Of(ParameterRule rule) => rule switch
    {
        ParameterRule.CommandRange => "a number of the command is out of its range",
        ParameterRule.Capacity => "a capacity is out of its range",
        ParameterRule.Decimals => "decimals: 0 to 12",
        ParameterRule.Ladder => "ladder: a power of two from 4096 to 1048576 ticks",
        ParameterRule.MarketPositions => "max-positions: 0 to the capacity of the exchange",
        ParameterRule.BaseAsset => "base: of a spot market another asset than the quote, of a perpetual a name only",
        ParameterRule.Owner => "owner: above 0",
        ParameterRule.InitialMargin => "im-long, im-short: 0 to 800 %",
        ParameterRule.MaintenanceMargin => "mm: above 0, at most 50 %",
        ParameterRule.TakerFee => "taker-fee: 0 to 10 %, in every fee tier",
        ParameterRule.MakerFee => "maker-fee: -10 % to 10 %, in every fee tier",
        ParameterRule.Rebate => "maker-fee: a rebate must not be more than the taker fee of the last fee tier",
        ParameterRule.FeeTiers => "fee-tiers: volumes must rise, fees must not rise from tier to tier",
        ParameterRule.FeeSplit => "fee-split: protocol, insurance, lenders and community must add up to 100 %",
        ParameterRule.Penalty => "liquidation-penalty: 0 to 25 %",
        ParameterRule.MinPenalty => "min-penalty: 0 or more",
        ParameterRule.PenaltySplit => "penalty-split: keeper, protocol, insurance and makers must add up to 100 %",
        ParameterRule.MaxSlippage => "max-slippage: 0 to 50 %",
        ParameterRule.MaxLeverage => "max-leverage: 1 to 1000",
        ParameterRule.MaxOpenOrders => "max-open-orders: 1 to 100000",
        ParameterRule.UnknownChoice => "a switch or choice has a value that does not exist, or a reserved field is not 0",
        ParameterRule.PriceBand => "price-band: 0 to 100 %",
        ParameterRule.Breaker => "breaker: 0 to 100 %, with a breaker-window of 1 s to 1 d and a breaker-halt of up to 1 d",
        ParameterRule.StopBuffer => "stop-buffer: 0 to 1 %",
        ParameterRule.MaxSpread => "max-spread: 0 to 100 %",
        ParameterRule.MinOrder => "min-qty, min-notional: 0 or more",
        ParameterRule.MaxPosition => "max-position, max-position-notional: 0 (off) or more",
        ParameterRule.DynamicLimit => "limit-collateral, limit-depth, limit-open-interest, limit-insurance: 0 (off) or more",
        ParameterRule.MaxOpenPositions => "max-open-positions: 1 to 64",
        ParameterRule.LoanLevels => "initial-level, liquidation-level: at least 100 %, the initial one above the other and at most 1000 %",
        ParameterRule.CloseFactor => "close-factor: above 0, at most 100 %",
        ParameterRule.LiquidationBonus => "liquidation-bonus: 0 to 50 %",
        ParameterRule.CloseBuffer => "close-buffer: 0 to 10 %",
        ParameterRule.InitialBelowMaintenance =>
            "im-long, im-short: at least mm, with trigger-includes-fee mm + taker-fee + liquidation-penalty: a position must not be liquidatable as it opens",
        ParameterRule.TierCount => "tiers: 8 at most",
        ParameterRule.TierLimits => "tiers: limits must rise",
        ParameterRule.TierMaintenance => "tiers: maintenance must not fall from tier to tier, and lie between 0 and 50 %",
        ParameterRule.TierLeverage => "tiers: leverage must be 1 or more and not rise from tier to tier",
        ParameterRule.TierInitialBelowMaintenance =>
            "tiers: each initial margin (its leverage, max-leverage, im) must cover maintenance, with trigger-includes-fee also taker-fee and penalty",
        ParameterRule.Volatility => "volatility-threshold: 0 to 100 %, volatility-multiplier: 100 % to 1000 %, volatility-window: 1 s to 1 d",
        ParameterRule.VolatilityRates => "volatility-multiplier: it must not make maintenance more than 50 % or initial margin more than 800 %",
        ParameterRule.Notice => "addon-grace, addon-notice, mm-notice: 0 to 20 d",
        ParameterRule.SizeAddOn => "size-addon: 0 to 100 %, with a size-addon-step above 0",
        ParameterRule.OpenInterest => "open-interest-to: above open-interest-from, or both off",
        ParameterRule.Weights => "weight-open, weight-fill, weight-maintenance: 0 to 100 %, none below the one before",
        ParameterRule.LiabilityWeight => "liability-weight: 100 % to 200 %",
        ParameterRule.AssetPrice => "price: above 0 and small enough to be exact with both assets' decimals",
        ParameterRule.AssetCap => "cap: 0 (off) or more",
        ParameterRule.Discounts => "discount: values must rise, rates must not, and lie between 0 and 100 %",
        ParameterRule.CollateralItself => "the collateral asset has price 1, full weights, no discount and no cap",
        ParameterRule.InterestCurve => "rate-zero, rate-optimal, rate-max: none below the one before, at most 1000 %",
        ParameterRule.OptimalUtilisation => "optimal-utilisation: between 0 and 100 %",
        ParameterRule.InterestStep => "interest-step: 1 s to 1 d, a whole number of steps a day",
        ParameterRule.FixedInterest => "fixed-base, fixed-slope: 0 to 1000 %, fixed-term: 1 s to 365 d",
        ParameterRule.ReserveFactor => "reserve-factor: 0 to 100 %",
        ParameterRule.BorrowFee => "borrow-fee: 0 to 10 %",
        ParameterRule.FlowCap => "flow-cap: 0 (off) to 100 %, epoch: 1 s to 365 d",
        ParameterRule.PoolAmounts => "borrow-cap, min-borrow, min-borrow-fee, dust: 0 or more, and not beyond what a pool can hold",
        ParameterRule.Sizing => "risk-per-trade, sizing-cap, stop-warning: 0 to 100 %; sizing-buffer, sizing-gap, sizing-fees: 0 to 10 %",
        ParameterRule.SizingIncomplete => "sizing-cap goes with risk-per-trade; enforce-sizing and worst-case-sizing need it",
        ParameterRule.Drawdown => "drawdown-alerts, drawdown-pause: rising, 100 % at most, each may be off",
        ParameterRule.DailyTrades => "daily-trades: 0 (off) to 1000000, daily-trades-warning: 0 to daily-trades",
        ParameterRule.LevelBands => "level-bands: falling, the last at least 1, the first at most 20",
        ParameterRule.LevelHysteresis => "level-hysteresis: 0 to 1",
        ParameterRule.AutoReduce => "auto-reduce-target: at least the caution level and the hysteresis, 20 at most; it needs level-bands",
        ParameterRule.PortfolioLeverage => "portfolio-leverage: 1 to 1000, or off",
        _ => string.Empty,
    };
}
