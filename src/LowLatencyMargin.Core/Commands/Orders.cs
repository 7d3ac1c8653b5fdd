using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>A new order.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PlaceOrder
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Market.</summary>
    public long MarketId;

    /// <summary>The client's own name for the order, unique per account (R-1309); comes back in every event of it. 0: none.</summary>
    public long ClientOrderId;

    /// <summary>Limit price in ticks; 0 for a market order.</summary>
    public long PriceTicks;

    /// <summary>Quantity in lots, 1 to 2^40 - 1; 0 with <see cref="OrderFlags.WholePosition"/>.</summary>
    public long QuantityLots;

    /// <summary>How far from the mark a market order may trade, as a rate; 0: the market's own limit.</summary>
    public int MaxSlippageRate;

    /// <summary>Buy or sell.</summary>
    public Side Side;

    /// <summary>Limit or market.</summary>
    public OrderType Type;

    /// <summary>How long it stands.</summary>
    public TimeInForce TimeInForce;

    /// <summary>What to do when it meets an order of its own account or group.</summary>
    public SelfTradePrevention SelfTrade;

    /// <summary>What else it asks for.</summary>
    public OrderFlags Flags;

    /// <summary>Zero.</summary>
    public ushort Reserved;

    /// <summary>Zero.</summary>
    public int Reserved2;
}

/// <summary>A new order with terms that few orders have.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PlaceOrderWithTerms
{
    /// <summary>The order.</summary>
    public PlaceOrder Order;

    /// <summary>Its terms.</summary>
    public OrderTerms Terms;
}

/// <summary>Display, expiry, trigger, trail and link of an order.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OrderTerms
{
    /// <summary>No terms.</summary>
    public static readonly OrderTerms None;

    /// <summary>Iceberg: lots shown at a time, at least a hundredth of the quantity (R-1308); 0: all.</summary>
    public long DisplayLots;

    /// <summary>With <see cref="TimeInForce.GoodTillTime"/>: when it ends, in nanoseconds since the Unix epoch.</summary>
    public long ExpiresNs;

    /// <summary>Price that sets a stop or take-profit off, in ticks.</summary>
    public long TriggerTicks;

    /// <summary>Trailing: distance in ticks; 0 when <see cref="TrailRate"/> is given.</summary>
    public long TrailTicks;

    /// <summary>Trailing: price at which it begins to follow; 0: at once.</summary>
    public long ActivationTicks;

    /// <summary>Trailing: how far the price must move before it follows, in ticks; 0: one tick.</summary>
    public long StepTicks;

    /// <summary>One cancels other: an open order of the same account and market; 0: none.</summary>
    public long LinkedOrderId;

    /// <summary>Trailing: distance as a rate of the best price seen; 0 when <see cref="TrailTicks"/> is given.</summary>
    public int TrailRate;

    /// <summary>What sets it off.</summary>
    public TriggerKind Trigger;

    /// <summary>Which price is watched.</summary>
    public TriggerSource Source;

    /// <summary>The scope that the order is meant for; refused when the market is in the other mode .</summary>
    public ModeChoice Mode;

    /// <summary>What it does to loans (R-1007).</summary>
    public SideEffect Effect;

    /// <summary>Hedge mode: the position it is for; 0: a new one. In one-way mode 0.</summary>
    public long PositionId;

    /// <summary>Isolated: moved from the pool to the position's margin with the order; 0: what the fills need.</summary>
    public long MarginUnits;

    /// <summary>The protective stop that the quantity is meant for, in ticks (R-1502); 0: none is named.</summary>
    public long ProtectiveStopTicks;
}

/// <summary>Cancels an order by the exchange's id or, when that is 0, by the client's (R-1306).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CancelOrder
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>The exchange's id of the order, or 0.</summary>
    public long OrderId;

    /// <summary>The client's id of the order, read only when <see cref="OrderId"/> is 0.</summary>
    public long ClientOrderId;
}

/// <summary>Changes price, quantity, trigger or several of these of an open order (R-1305).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ModifyOrder
{
    /// <summary>Header.</summary>
    public CommandHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>The exchange's id of the order, or 0.</summary>
    public long OrderId;

    /// <summary>The client's id of the order, read only when <see cref="OrderId"/> is 0.</summary>
    public long ClientOrderId;

    /// <summary>New limit price in ticks; 0 keeps it.</summary>
    public long PriceTicks;

    /// <summary>New total quantity in lots, what has filled included; 0 keeps it.</summary>
    public long QuantityLots;

    /// <summary>New trigger price in ticks of a stop or take-profit that still waits; 0 keeps it.</summary>
    public long TriggerTicks;
}

/// <summary>Buy or sell.</summary>
public enum Side : byte
{
    /// <summary>Buy.</summary>
    Buy = 0,

    /// <summary>Sell.</summary>
    Sell = 1,
}

/// <summary>What an order asks for.</summary>
public enum OrderType : byte
{
    /// <summary>At its price or better.</summary>
    Limit = 0,

    /// <summary>At once, no further from the mark than its slippage; never rests.</summary>
    Market = 1,
}

/// <summary>How long an order stands (R-1303).</summary>
public enum TimeInForce : byte
{
    /// <summary>Until cancelled.</summary>
    GoodTillCancel = 0,

    /// <summary>What does not trade at once is cancelled.</summary>
    ImmediateOrCancel = 1,

    /// <summary>Trades whole at once, or not at all.</summary>
    FillOrKill = 2,

    /// <summary>Until <see cref="OrderTerms.ExpiresNs"/>.</summary>
    GoodTillTime = 3,

    /// <summary>Until the next midnight, UTC.</summary>
    Day = 4,
}

/// <summary>What an order asks for beyond price and quantity.</summary>
[System.Flags]
public enum OrderFlags : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Never takes: refused if it would trade at once.</summary>
    PostOnly = 1,

    /// <summary>With <see cref="PostOnly"/>: put one tick behind the best opposite price instead of being refused.</summary>
    Reprice = 2,

    /// <summary>Never opens or increases a position; shrinks and ends with it (R-1304).</summary>
    ReduceOnly = 4,

    /// <summary>Not shown in market data.</summary>
    Hidden = 8,

    /// <summary>Counts toward the account's maker protection, and is cancelled by it (R-1314). Mass quotes always have it.</summary>
    MakerProtected = 16,

    /// <summary>A waiting reduce-only order whose quantity is whatever the position is when it is set off.</summary>
    WholePosition = 32,
}

/// <summary>What happens when an order meets one of its own account or group (R-1307).</summary>
public enum SelfTradePrevention : byte
{
    /// <summary>In an order: the market's rule.</summary>
    MarketRule = 0,

    /// <summary>They trade.</summary>
    None = 1,

    /// <summary>What is left of the incoming order is cancelled.</summary>
    Taker = 2,

    /// <summary>The resting order is cancelled.</summary>
    Maker = 3,

    /// <summary>Both are cancelled.</summary>
    Both = 4,

    /// <summary>Both become smaller by the smaller of the two; what reaches zero is cancelled.</summary>
    Decrement = 5,
}

/// <summary>What sets a waiting order off (R-1302).</summary>
public enum TriggerKind : byte
{
    /// <summary>Nothing: the order does not wait.</summary>
    None = 0,

    /// <summary>The price moving against: buy at or above, sell at or below the trigger.</summary>
    Stop = 1,

    /// <summary>The price moving in favour: buy at or below, sell at or above the trigger.</summary>
    TakeProfit = 2,

    /// <summary>A stop that follows the best price seen at a distance and never goes back.</summary>
    TrailingStop = 3,

    /// <summary>A trailing stop that begins at its activation price, which must be given.</summary>
    TrailingTakeProfit = 4,
}

/// <summary>The margin mode that an order asks for.</summary>
public enum ModeChoice : byte
{
    /// <summary>Whatever the market is set to for the account.</summary>
    Any = 0,

    /// <summary>Cross.</summary>
    Cross = 1,

    /// <summary>Isolated.</summary>
    Isolated = 2,
}

/// <summary>What an order does to loans (R-1007, R-1014).</summary>
[System.Flags]
public enum SideEffect : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Borrows exactly what a fill lacks.</summary>
    AutoBorrow = 1,

    /// <summary>What a fill brings pays interest first, then principal.</summary>
    AutoRepay = 2,

    /// <summary>Both.</summary>
    Both = AutoBorrow | AutoRepay,

    /// <summary>With <see cref="AutoBorrow"/>: when the pool can't lend, trade with own funds as far as they go.</summary>
    OwnFundsIfNone = 4,
}

/// <summary>Which price a waiting order watches.</summary>
public enum TriggerSource : byte
{
    /// <summary>Mark price.</summary>
    Mark = 0,

    /// <summary>Price of the last trade.</summary>
    Last = 1,

    /// <summary>Index price.</summary>
    Index = 2,
}
