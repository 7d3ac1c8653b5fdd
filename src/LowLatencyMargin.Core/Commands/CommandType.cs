namespace LowLatencyMargin.Core.Commands;

/// <summary>What a command is. The numbers are part of the journal format and are never reused.</summary>
public enum CommandType : ushort
{
    /// <summary>No command: a zeroed slot or record.</summary>
    None = 0,

    /// <summary>Capacities and limits; the first command of every journal.</summary>
    Genesis = 1,

    /// <summary>Time passes; what is due or was left over goes on.</summary>
    Tick = 2,

    /// <summary>An asset that balances are kept in.</summary>
    AddAsset = 10,

    /// <summary>A market with its contract terms and risk parameters.</summary>
    ListMarket = 11,

    /// <summary>New risk parameters for a market.</summary>
    SetMarketParameters = 12,

    /// <summary>A new account.</summary>
    CreateAccount = 13,

    /// <summary>Sets the mark price of a market.</summary>
    SetMarkPrice = 14,

    /// <summary>The operator tops up a market's insurance fund.</summary>
    FundInsurance = 15,

    /// <summary>Sets the index price of a market.</summary>
    SetIndexPrice = 16,

    /// <summary>Money in.</summary>
    Deposit = 20,

    /// <summary>Money out.</summary>
    Withdraw = 21,

    /// <summary>Cross pool to isolated position.</summary>
    AllocateMargin = 22,

    /// <summary>Isolated position to cross pool.</summary>
    RemoveMargin = 23,

    /// <summary>Cross or isolated, per account and market.</summary>
    SetMarginMode = 24,

    /// <summary>Leverage, per account and market.</summary>
    SetLeverage = 25,

    /// <summary>A new order.</summary>
    PlaceOrder = 30,

    /// <summary>Cancels an order.</summary>
    CancelOrder = 31,

    /// <summary>Changes price or quantity of a resting order.</summary>
    ModifyOrder = 32,

    /// <summary>A new order with display, expiry, trigger or link.</summary>
    PlaceOrderWithTerms = 33,

    /// <summary>Cancels all orders of an account, market or side.</summary>
    CancelOrders = 34,

    /// <summary>Several orders, changes and cancels.</summary>
    OrderBatch = 35,

    /// <summary>Replaces all quotes of an account in a market.</summary>
    MassQuote = 36,

    /// <summary>Stop-loss and take-profit of a position.</summary>
    SetBracket = 37,

    /// <summary>Maker protection of an account in a market.</summary>
    SetMakerProtection = 40,

    /// <summary>The dead-man timer.</summary>
    CancelAllAfter = 41,

    /// <summary>Stops or resumes an account or market.</summary>
    KillSwitch = 42,

    /// <summary>Opens, restricts or closes a market.</summary>
    SetMarketState = 43,

    /// <summary>The rate budget of an account, or of all.</summary>
    SetRateLimit = 44,

    /// <summary>Puts an account into a self-trade group.</summary>
    SetTradeGroup = 45,

    /// <summary>Margin limits of an account.</summary>
    SetAccountMargin = 50,

    /// <summary>One position per market, or several with ids.</summary>
    SetPositionMode = 55,

    /// <summary>Closes a position.</summary>
    ClosePosition = 56,

    /// <summary>Makes two hedge positions of one.</summary>
    SplitPosition = 57,

    /// <summary>Makes one hedge position of two.</summary>
    MergePositions = 58,

    /// <summary>Moves a position to another account of its owner.</summary>
    TransferPosition = 59,

    /// <summary>Price and weights of an asset as collateral.</summary>
    SetAssetParameters = 65,

    /// <summary>Spot wallet to the isolated account of a market.</summary>
    TransferToMargin = 66,

    /// <summary>Isolated account of a market to the spot wallet.</summary>
    TransferFromMargin = 67,

    /// <summary>From one account of an owner to another.</summary>
    TransferBetweenAccounts = 68,

    /// <summary>Allows an account margin, or spot trading only.</summary>
    SetMarginEnabled = 69,

    /// <summary>Makes a lending pool, or gives it new parameters.</summary>
    SetPool = 75,

    /// <summary>Money into a lending pool.</summary>
    Lend = 76,

    /// <summary>Money out of a lending pool.</summary>
    Unlend = 77,

    /// <summary>Borrows from a pool into a scope of a spot-margin market.</summary>
    Borrow = 78,

    /// <summary>Repays a loan.</summary>
    Repay = 79,

    /// <summary>Trades just enough to repay the loans of a spot-margin market, and repays them.</summary>
    CloseLoans = 80,

    /// <summary>Trader rules of an account.</summary>
    SetTraderRules = 90,

    /// <summary>The operator ends a pause by drawdown.</summary>
    ResumeTrading = 91,

    /// <summary>Rules of a market's mark.</summary>
    SetPriceRules = 110,

    /// <summary>A price from outside.</summary>
    FeedPrice = 111,

    /// <summary>Rules of a market's funding.</summary>
    SetFundingRules = 112,

    /// <summary>Charges an interval of funding now.</summary>
    ForceFunding = 113,

    /// <summary>Rules of a market's liquidations.</summary>
    SetLiquidationRules = 115,

    /// <summary>An account joins or leaves the keepers' queue.</summary>
    RegisterKeeper = 116,

    /// <summary>A keeper has a scope liquidated.</summary>
    Liquidate = 117,

    /// <summary>Who pays in a market what an account can't.</summary>
    SetLossRules = 120,

    /// <summary>Closes a market for good: its positions at one price, now or at a deadline.</summary>
    SettleMarket = 125,
}
