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

    /// <summary>No such order of this account rests: never accepted, filled, or cancelled.</summary>
    UnknownOrder = 203,

    /// <summary>The asset is not collateral.</summary>
    AssetNotCollateral = 204,

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

    /// <summary>The position is not isolated.</summary>
    ModeConflict = 306,

    /// <summary>Outside 1 and the market's highest leverage.</summary>
    InvalidLeverage = 307,

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
        ResultCode.UnknownOrder => "this account has no such open order; it was never accepted, has filled or was cancelled",
        ResultCode.AssetNotCollateral => "balances are kept in the collateral asset only",
        ResultCode.InvalidAmount => "the amount must be above zero",
        ResultCode.InsufficientBalance => "the free balance is smaller than the amount; close positions, cancel orders or deposit",
        ResultCode.InsufficientMargin => "available margin is smaller than what the order needs; reduce it or deposit",
        ResultCode.LockedFunds => "the position needs this margin; the rest would be below its requirement",
        ResultCode.ActivePosition => "not while a position is open in this market",
        ResultCode.ActiveOrders => "not while orders are open in this market",
        ResultCode.ModeConflict => "the market is not in isolated mode for this account",
        ResultCode.InvalidLeverage => "leverage must lie between 1 and the market's limit",
        ResultCode.InvalidPrice => "the price is outside the market's range",
        ResultCode.InvalidQuantity => "the quantity is outside the market's range",
        ResultCode.NoReferencePrice => "there is no mark, trade or opposite order to price a market order by",
        ResultCode.TooManyOrders => "too many open orders in this market; cancel some first",
        ResultCode.NothingToModify => "the order has this price and quantity already",
        ResultCode.CapacityExceeded => "the exchange is full; the operator sized it in genesis",
        ResultCode.Overflow => "the amount is beyond what the exchange can hold exactly",
        ResultCode.InvalidParameter => "a parameter, or the parameters together, can't work",
        ResultCode.TickValueNotWhole => "tick x lot is not a whole number of the quote asset's smallest units",
        ResultCode.QuoteNotCollateral => "the market must be quoted in the collateral asset",
        ResultCode.InvalidSymbol => "the symbol is in use or has a character that is not allowed",
        _ => "unknown result code",
    };
}
