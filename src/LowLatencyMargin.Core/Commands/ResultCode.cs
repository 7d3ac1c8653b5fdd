namespace LowLatencyMargin.Core.Commands;

/// <summary>
/// The outcome of a command. Numbers are stable: 1xx the message, 2xx what it names, 3xx money and margin, 4xx order and book,
/// 6xx set-up, capacities and limits.
/// </summary>
public enum ResultCode : ushort
{
    /// <summary>Done.</summary>
    Accepted = 0,

    /// <summary>Shorter than its type needs, or with a byte that means nothing.</summary>
    MalformedCommand = 100,

    /// <summary>No such type of command.</summary>
    UnknownCommand = 101,

    /// <summary>A layout that this version does not know.</summary>
    UnsupportedVersion = 102,

    /// <summary>Only the genesis command can come first.</summary>
    GenesisMissing = 103,

    /// <summary>Genesis was given before.</summary>
    GenesisRepeated = 104,

    /// <summary>Not the sequence after the last one: a fault of the host. Changes nothing and makes no event.</summary>
    OutOfSequence = 105,

    /// <summary>No such account.</summary>
    UnknownAccount = 200,

    /// <summary>No such market.</summary>
    UnknownMarket = 201,

    /// <summary>No such asset.</summary>
    UnknownAsset = 202,

    /// <summary>No order of this account ever had that id.</summary>
    UnknownOrder = 203,

    /// <summary>The asset is not collateral.</summary>
    AssetNotCollateral = 204,

    /// <summary>The order has filled.</summary>
    OrderFilled = 205,

    /// <summary>The order was cancelled before.</summary>
    OrderCancelledBefore = 206,

    /// <summary>The order has expired.</summary>
    OrderExpired = 207,

    /// <summary>The order was triggered and has ended since.</summary>
    OrderTriggeredBefore = 208,

    /// <summary>The order has ended, too long ago to say how.</summary>
    OrderEnded = 209,

    /// <summary>An amount must be above zero.</summary>
    InvalidAmount = 300,

    /// <summary>More than the balance that is free.</summary>
    InsufficientBalance = 301,

    /// <summary>Not enough margin for what the order may lead to.</summary>
    InsufficientMargin = 302,

    /// <summary>The position has not this much margin to spare.</summary>
    LockedFunds = 303,

    /// <summary>A position is open.</summary>
    ActivePosition = 304,

    /// <summary>Orders are open.</summary>
    ActiveOrders = 305,

    /// <summary>The position is in the other margin mode.</summary>
    ModeConflict = 306,

    /// <summary>Outside 1 and the market's highest leverage.</summary>
    InvalidLeverage = 307,

    /// <summary>The market takes no margin, or the asset is not one of its margin.</summary>
    InvalidPair = 460,

    /// <summary>The account trades spot only.</summary>
    MarginDisabled = 461,

    /// <summary>The other account is not another one of the same owner.</summary>
    NotOwnAccount = 462,

    /// <summary>The price is outside 1 and 2^40 - 1 ticks.</summary>
    InvalidPrice = 400,

    /// <summary>The quantity is outside 1 and 2^40 - 1 lots.</summary>
    InvalidQuantity = 401,

    /// <summary>Neither mark, trade nor opposite order gives a price to a market order.</summary>
    NoReferencePrice = 402,

    /// <summary>Too many open orders in this market.</summary>
    TooManyOrders = 403,

    /// <summary>The change leaves the order as it is.</summary>
    NothingToModify = 404,

    /// <summary>A post-only order would trade at once.</summary>
    PostOnlyWouldTrade = 405,

    /// <summary>A reduce-only order finds no position to reduce.</summary>
    NothingToReduce = 406,

    /// <summary>The price is too far from the mark.</summary>
    PriceOutsideBand = 407,

    /// <summary>Less than the market's smallest order.</summary>
    BelowMinimumSize = 408,

    /// <summary>Quantity x price is below the market's minimum.</summary>
    BelowMinimumNotional = 409,

    /// <summary>The trigger would be set off at once.</summary>
    TriggerReached = 410,

    /// <summary>The trigger, trail, activation or step is missing, out of range or does not belong to this kind of order.</summary>
    InvalidTrigger = 411,

    /// <summary>The displayed quantity must be from a hundredth of the quantity to the quantity.</summary>
    InvalidDisplay = 412,

    /// <summary>The expiry is missing, past, or not for this time in force.</summary>
    InvalidExpiry = 413,

    /// <summary>The state of the market does not allow it.</summary>
    MarketStateForbids = 414,

    /// <summary>The account's rate budget is used up.</summary>
    RateLimited = 415,

    /// <summary>Maker protection has frozen protected orders.</summary>
    MakerProtectionActive = 416,

    /// <summary>The account or the market is stopped.</summary>
    KillSwitchActive = 417,

    /// <summary>The position would be above its limit.</summary>
    PositionLimit = 418,

    /// <summary>The order to link with is not an open, unlinked order of this account in this market.</summary>
    InvalidLink = 419,

    /// <summary>A stop-loss belongs on the losing side of the entry: below it for a long, above it for a short.</summary>
    StopOnWinningSide = 420,

    /// <summary>Options that contradict each other.</summary>
    InvalidCombination = 421,

    /// <summary>There is no open position.</summary>
    NoPosition = 422,

    /// <summary>Quote levels are out of order, twice at a price, or crossed.</summary>
    InvalidQuotes = 423,

    /// <summary>An order of this account has that name already; only in atomic batches, alone it gets its original outcome.</summary>
    DuplicateClientOrderId = 424,

    /// <summary>It is so already.</summary>
    StateUnchanged = 425,

    /// <summary>The market has no funding.</summary>
    FundingOff = 550,

    /// <summary>There is no mark or no index price now that funding could be computed by.</summary>
    IndexMissing = 551,

    /// <summary>The command would change more than a preview may; sent, it would do so.</summary>
    PreviewTooLarge = 540,

    /// <summary>This type of command has no preview.</summary>
    NotPreviewable = 541,

    /// <summary>The account is paused: its monthly drawdown reached the level that it set.</summary>
    TradingPaused = 510,

    /// <summary>The account has made as many trades today as it allows itself.</summary>
    DailyTradeLimit = 511,

    /// <summary>The account enforces position sizing, and there is no stop to size the order by.</summary>
    StopRequired = 512,

    /// <summary>The quantity is above what the account's risk per trade allows.</summary>
    AboveSizing = 513,

    /// <summary>This pause can't be ended by hand.</summary>
    NoPauseOverride = 514,

    /// <summary>The account's positions and orders would come to more than its portfolio leverage allows .</summary>
    PortfolioLeverageExceeded = 430,

    /// <summary>No such open position of this account in this market.</summary>
    UnknownPosition = 440,

    /// <summary>There are several positions in this market: one has to be named.</summary>
    PositionIdMissing = 441,

    /// <summary>Not for an account in hedge mode.</summary>
    HedgeModeForbids = 442,

    /// <summary>Only for an account in hedge mode.</summary>
    HedgeModeRequired = 443,

    /// <summary>Positions to merge, or to join, must be of one market, side and margin mode.</summary>
    PositionsDiffer = 444,

    /// <summary>The accounts belong to different owners.</summary>
    DifferentOwners = 445,

    /// <summary>The position is being liquidated.</summary>
    LiquidationActive = 446,

    /// <summary>The asset has no lending pool.</summary>
    UnknownPool = 480,

    /// <summary>The pool's model can't change while something is borrowed.</summary>
    PoolInUse = 481,

    /// <summary>All of the pool's money is lost: its shares are worth nothing.</summary>
    PoolInsolvent = 482,

    /// <summary>Too little to lend: the shares could not be told from rounding.</summary>
    BelowMinimumLending = 483,

    /// <summary>The account lends nothing in this pool.</summary>
    NothingLent = 484,

    /// <summary>The withdrawal was not announced in an earlier epoch.</summary>
    NotUnlocked = 485,

    /// <summary>The pool has not so much to give back now (R-1010).</summary>
    InsufficientLiquidity = 486,

    /// <summary>More than may leave the pool in this epoch (R-1010).</summary>
    FlowCapReached = 487,

    /// <summary>The pool can't lend so much: liquidity or borrow cap (R-1014).</summary>
    BorrowUnavailable = 488,

    /// <summary>Less than the pool's smallest borrowing.</summary>
    BelowMinimumBorrow = 489,

    /// <summary>Nothing is owed there.</summary>
    NothingOwed = 490,

    /// <summary>An open loan can't be added to in this market (R-1012).</summary>
    LoanTopUpNotAllowed = 491,

    /// <summary>The scope is being liquidated (R-1114).</summary>
    ScopeInLiquidation = 492,

    /// <summary>A loan is open.</summary>
    ActiveLoan = 493,

    /// <summary>The scope covers its requirement.</summary>
    PositionHealthy = 555,

    /// <summary>Keeper and account belong to one owner.</summary>
    SelfLiquidation = 556,

    /// <summary>Only perpetual markets are settled.</summary>
    NothingToSettle = 570,

    /// <summary>A table that genesis sized is full.</summary>
    CapacityExceeded = 600,

    /// <summary>An amount, notional or sum leaves its range.</summary>
    Overflow = 601,

    /// <summary>A parameter, or the parameters together, can't work.</summary>
    InvalidParameter = 602,

    /// <summary>Tick x lot is not a whole number of the quote asset's units.</summary>
    TickValueNotWhole = 603,

    /// <summary>The market must be quoted in the collateral asset.</summary>
    QuoteNotCollateral = 604,

    /// <summary>The symbol is in use or not a symbol.</summary>
    InvalidSymbol = 605,

    /// <summary>A lot of a spot market is not a whole number of the base asset's units.</summary>
    LotNotWhole = 606,
}

/// <summary>The human half of a result code .</summary>
[ColdPath]
public static class ResultText
{
    /// <summary>One sentence that a trader or an operator can act on.</summary>
    public static string Of(ResultCode code) => code switch
    {
        ResultCode.Accepted => "accepted",
        ResultCode.MalformedCommand => "the message is shorter than its type needs, or holds a value that means nothing",
        ResultCode.UnknownCommand => "no such type of command",
        ResultCode.UnsupportedVersion => "this version of the message is not supported",
        ResultCode.GenesisMissing => "the exchange has no genesis yet; that command comes first",
        ResultCode.GenesisRepeated => "the exchange has its genesis already",
        ResultCode.OutOfSequence => "the command's sequence does not follow the last one",
        ResultCode.UnknownAccount => "no such account",
        ResultCode.UnknownMarket => "no such market",
        ResultCode.UnknownAsset => "no such asset",
        ResultCode.UnknownOrder => "no order of this account ever had that id",
        ResultCode.AssetNotCollateral => "insurance is kept in the collateral asset only",
        ResultCode.InvalidAmount => "the amount must be above zero",
        ResultCode.InsufficientBalance => "the free balance is smaller than the amount; close positions, cancel orders or deposit",
        ResultCode.InsufficientMargin => "available margin is smaller than what the order needs; reduce it or deposit",
        ResultCode.LockedFunds => "the position needs this margin; the rest would be below its requirement",
        ResultCode.ActivePosition => "not while a position is open in this market",
        ResultCode.ActiveOrders => "not while orders are open in this market",
        ResultCode.ModeConflict => "the position is in the other margin mode (cross or isolated) than this asks for",
        ResultCode.InvalidLeverage => "leverage must lie between 1 and the market's limit",
        ResultCode.InvalidPrice => "the price is outside the market's range",
        ResultCode.InvalidQuantity => "the quantity is outside the market's range",
        ResultCode.NoReferencePrice => "there is no mark, trade or opposite order to price a market order by",
        ResultCode.TooManyOrders => "too many open orders in this market; cancel some first",
        ResultCode.NothingToModify => "the order has this price and quantity already",
        ResultCode.OrderFilled => "the order has filled",
        ResultCode.OrderCancelledBefore => "the order was cancelled before",
        ResultCode.OrderExpired => "the order has expired",
        ResultCode.OrderTriggeredBefore => "the order was triggered and has ended since",
        ResultCode.OrderEnded => "the order has ended, too long ago to say how",
        ResultCode.PostOnlyWouldTrade => "the order would trade at once, and it is post-only",
        ResultCode.NothingToReduce => "there is no position that the reduce-only order would reduce",
        ResultCode.PriceOutsideBand => "the price is outside the band around the mark",
        ResultCode.BelowMinimumSize => "the quantity is below the market's smallest order",
        ResultCode.BelowMinimumNotional => "quantity x price is below the market's smallest notional",
        ResultCode.TriggerReached => "the price is already at or beyond the trigger",
        ResultCode.InvalidTrigger => "trigger, trail, activation or step is missing, out of range or not for this kind of order",
        ResultCode.InvalidDisplay => "the displayed quantity must lie between a hundredth of the quantity and the quantity",
        ResultCode.InvalidExpiry => "the expiry is missing, past, or not for this time in force",
        ResultCode.MarketStateForbids => "the state of the market does not allow it",
        ResultCode.RateLimited => "the account's rate budget is used up; cancels and reducing orders have a reserve",
        ResultCode.MakerProtectionActive => "maker protection has frozen protected orders; they are taken again when its time is over",
        ResultCode.KillSwitchActive => "the account or the market is stopped; only cancels and reduce-only orders are taken",
        ResultCode.PositionLimit => "the position with its orders would be above its limit",
        ResultCode.InvalidLink => "the order to link with is not an open, unlinked order of this account in this market",
        ResultCode.StopOnWinningSide => "a stop-loss belongs on the losing side of the entry: below it for a long, above it for a short",
        ResultCode.InvalidCombination => "options of the order contradict each other",
        ResultCode.NoPosition => "there is no open position in this market",
        ResultCode.InvalidQuotes => "quote levels must be best first, each price once, bids below asks",
        ResultCode.DuplicateClientOrderId => "an order of this account has that name already",
        ResultCode.StateUnchanged => "it is so already",
        ResultCode.PreviewTooLarge => "the command would change too much to be shown beforehand; it can still be sent",
        ResultCode.NotPreviewable => "there is no preview of this type of command",
        ResultCode.FundingOff => "the market has no funding: it is no perpetual, or funding is switched off",
        ResultCode.IndexMissing => "there is no mark or no fresh index price to compute funding by",
        ResultCode.TradingPaused => "the account is paused by its monthly drawdown; only closing orders are taken",
        ResultCode.DailyTradeLimit => "the account has used up its trades of this UTC day; only closing orders are taken",
        ResultCode.StopRequired => "the account enforces position sizing: the order needs a protective stop, its own or the bracket's",
        ResultCode.AboveSizing => "the quantity is above what the account's risk per trade allows at this stop",
        ResultCode.NoPauseOverride => "the account's rules allow no override of a pause; it ends with the month",
        ResultCode.PortfolioLeverageExceeded => "positions and orders of the cross scope would be above the account's portfolio leverage",
        ResultCode.UnknownPosition => "the account has no open position of that id in this market",
        ResultCode.PositionIdMissing => "the account has several positions in this market; name one by its id",
        ResultCode.HedgeModeForbids => "this is not possible for an account in hedge mode",
        ResultCode.HedgeModeRequired => "this needs an account in hedge mode, with several positions in a market",
        ResultCode.PositionsDiffer => "the positions must be of one market, side and margin mode",
        ResultCode.DifferentOwners => "both accounts must belong to the same owner",
        ResultCode.LiquidationActive => "the position is being liquidated, or a command to liquidate waits in its market",
        ResultCode.UnknownPool => "the asset has no lending pool",
        ResultCode.PoolInUse => "the pool's interest model can't change while something is borrowed",
        ResultCode.PoolInsolvent => "the pool has lost all of its money; its shares are worth nothing",
        ResultCode.BelowMinimumLending => "too little to lend; the smallest holding is 65,536 shares, 256 units at rate one",
        ResultCode.NothingLent => "the account lends nothing in this pool",
        ResultCode.NotUnlocked => "announce the withdrawal first; it can be taken from the next epoch on",
        ResultCode.InsufficientLiquidity => "the pool has not so much liquidity now; what is lent out comes back with repayments",
        ResultCode.BorrowUnavailable => "the pool can't lend so much now: its liquidity or its borrow cap is used up",
        ResultCode.BelowMinimumBorrow => "less than the pool's smallest borrowing",
        ResultCode.NothingOwed => "nothing is owed there",
        ResultCode.LoanTopUpNotAllowed => "this market does not let an open loan be added to; use another account",
        ResultCode.ScopeInLiquidation => "the scope is being liquidated; deposits and repayments are taken, new risk is not",
        ResultCode.ActiveLoan => "not while a loan is open in this market",
        ResultCode.FlowCapReached => "more than may leave the pool in this epoch; the rest can leave in the next",
        ResultCode.PositionHealthy => "the scope covers its requirement; it can't be liquidated",
        ResultCode.SelfLiquidation => "nobody liquidates an account of their own; close the position, or leave it to the engine",
        ResultCode.NothingToSettle => "only perpetual markets are settled; close a spot market, and the loans in it, by hand",
        ResultCode.CapacityExceeded => "the exchange is full; the operator sized it in genesis",
        ResultCode.Overflow => "the amount is beyond what the exchange can hold exactly",
        ResultCode.InvalidParameter => "a parameter, or the parameters together, can't work",
        ResultCode.TickValueNotWhole => "tick x lot is not a whole number of the quote asset's smallest units",
        ResultCode.QuoteNotCollateral => "the market must be quoted in the collateral asset",
        ResultCode.InvalidPair => "the market takes no margin, or the asset is not one of its margin",
        ResultCode.MarginDisabled => "the account trades spot only; margin is switched off for it",
        ResultCode.NotOwnAccount => "money moves only between different accounts of the same owner",
        ResultCode.LotNotWhole => "a lot is not a whole number of the base asset's smallest units",
        ResultCode.InvalidSymbol => "the symbol is in use or has a character that is not allowed",
        _ => "unknown result code",
    };
}
