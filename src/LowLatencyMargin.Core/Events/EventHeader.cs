using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Events;

/// <summary>
/// One slot of the event ring: 64 bytes, a header and 48 bytes that <see cref="EventHeader.Type"/> gives a meaning. Every command makes at
/// least one; the last is flagged, and consumers take commands whole.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
public struct EventSlot
{
    /// <summary>One cache line.</summary>
    public const int SizeBytes = 64;

    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>A slot as the event that its type says it is.</summary>
    /// <typeparam name="T">A struct of this namespace, 64 bytes.</typeparam>
    public static ref readonly T As<T>(ref readonly EventSlot slot)
        where T : unmanaged => ref Unsafe.As<EventSlot, T>(ref Unsafe.AsRef(in slot));
}

/// <summary>What every event begins with.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct EventHeader
{
    /// <summary>Sequence of the command that caused it.</summary>
    [FieldOffset(0)]
    public long CommandSequence;

    /// <summary>What the body is.</summary>
    [FieldOffset(8)]
    public EventType Type;

    /// <summary>Where it stands in its command, and whose doing it is.</summary>
    [FieldOffset(10)]
    public EventFlags Flags;

    /// <summary>The side, for orders, trades and fills; the reason, for cancellations; the status, for positions.</summary>
    [FieldOffset(11)]
    public byte Detail;

    /// <summary>Market, 0 when none is concerned.</summary>
    [FieldOffset(12)]
    public uint MarketId;

    /// <summary>The four above as one word: written whole, because the chain hash reads it whole right after.</summary>
    [FieldOffset(8)]
    internal ulong Kind;

    /// <summary><see cref="Detail"/> of an order, trade or fill.</summary>
    public readonly Side Side => (Side)unchecked((byte)(Detail & 1));

    /// <summary>What an accepted or amended order asked for.</summary>
    public readonly OrderFlags OrderFlags => (OrderFlags)unchecked((byte)(Detail >> 1));

    /// <summary>The detail of an accepted or amended order.</summary>
    internal static byte DetailOf(Side side, OrderFlags flags) => unchecked((byte)((uint)side | ((uint)flags << 1)));

    /// <summary>The word of these four.</summary>
    internal static ulong KindOf(EventType type, EventFlags flags, byte detail, uint marketId) =>
        unchecked((ulong)type | ((ulong)flags << 16) | ((ulong)detail << 24) | ((ulong)marketId << 32));
}

/// <summary>Marks on an event.</summary>
[Flags]
public enum EventFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>No further event of this command follows.</summary>
    Last = 1,

    /// <summary>Done by a liquidation, not by the account's own order.</summary>
    Liquidation = 2,

    /// <summary>The incoming side of a trade.</summary>
    Taker = 4,

    /// <summary>An order that never rests.</summary>
    Immediate = 8,

    /// <summary>The position is isolated.</summary>
    Isolated = 16,

    /// <summary>The order waits for its trigger.</summary>
    Waiting = 32,
}

/// <summary>What an event tells. The names are the ones that scenario files and logs use; the numbers are part of the format.</summary>
public enum EventType : ushort
{
    /// <summary>No event.</summary>
    None = 0,

    /// <summary>A command changed nothing, and why.</summary>
    Rejected = 1,

    /// <summary>A command was accepted that has no event of its own.</summary>
    Accepted = 2,

    /// <summary>An asset was added.</summary>
    AssetAdded = 10,

    /// <summary>A market was listed.</summary>
    MarketListed = 11,

    /// <summary>Risk parameters changed.</summary>
    MarketParametersChanged = 12,

    /// <summary>An account was created.</summary>
    AccountCreated = 13,

    /// <summary>The mark price moved.</summary>
    MarkPriceUpdated = 14,

    /// <summary>The insurance fund was topped up.</summary>
    InsuranceFunded = 15,

    /// <summary>The index price moved.</summary>
    IndexPriceUpdated = 16,

    /// <summary>A market was opened, restricted, halted or closed.</summary>
    MarketStateChanged = 17,

    /// <summary>Money in.</summary>
    Deposited = 20,

    /// <summary>Money out.</summary>
    Withdrawn = 21,

    /// <summary>Pool to isolated margin.</summary>
    MarginAllocated = 22,

    /// <summary>Isolated margin to pool.</summary>
    MarginRemoved = 23,

    /// <summary>Cross to isolated or back.</summary>
    MarginModeChanged = 24,

    /// <summary>Leverage was set.</summary>
    LeverageChanged = 25,

    /// <summary>The dead-man timer was set or stopped.</summary>
    CancelAllAfterSet = 26,

    /// <summary>An account or market was stopped or resumed.</summary>
    KillSwitchChanged = 27,

    /// <summary>Maker protection froze an account in a market.</summary>
    MakerProtectionTriggered = 28,

    /// <summary>An order was taken in.</summary>
    OrderAccepted = 30,

    /// <summary>What was left of an order is gone from the book.</summary>
    OrderCancelled = 31,

    /// <summary>A resting order has a new price or quantity.</summary>
    OrderAmended = 32,

    /// <summary>Terms of the order just accepted or amended: display, expiry, trigger, trail.</summary>
    OrderTermsSet = 33,

    /// <summary>Two orders of which one cancels the other.</summary>
    OrdersLinked = 34,

    /// <summary>A waiting order was set off.</summary>
    OrderTriggered = 35,

    /// <summary>A trailing order began to follow or followed the price.</summary>
    OrderTrailed = 36,

    /// <summary>An iceberg shows its next part, behind the queue of its price.</summary>
    OrderRefilled = 37,

    /// <summary>Two orders of one owner did not trade.</summary>
    SelfTradePrevented = 38,

    /// <summary>An order with this client id exists or existed: how it stands.</summary>
    DuplicateOrder = 39,

    /// <summary>A trade, as the market sees it.</summary>
    Trade = 40,

    /// <summary>One side of the trade just before, as its account sees it.</summary>
    Fill = 41,

    /// <summary>How many orders a mass cancel cancelled, and how many are left for the next tick.</summary>
    OrdersCancelled = 42,

    /// <summary>How many items of a batch were applied and refused.</summary>
    BatchFinished = 43,

    /// <summary>How many quotes a mass quote placed, kept and cancelled.</summary>
    QuotesReplaced = 44,

    /// <summary>A position came to be.</summary>
    PositionOpened = 50,

    /// <summary>A position's size, cost, margin or liquidation price changed.</summary>
    PositionUpdated = 51,

    /// <summary>A position is flat.</summary>
    PositionClosed = 52,

    /// <summary>A scope fell below its requirement.</summary>
    LiquidationStarted = 60,

    /// <summary>The liquidation account took over what the book did not.</summary>
    LiquidationTakeover = 61,

    /// <summary>The penalty, and who got it.</summary>
    PenaltyPaid = 62,

    /// <summary>A loss beyond the owner's money, and who bore it.</summary>
    ShortfallCovered = 63,

    /// <summary>A liquidation came to its end.</summary>
    LiquidationFinished = 64,

    /// <summary>A market turned volatile, or calm again.</summary>
    VolatilityAddOnChanged = 70,

    /// <summary>The volatility add-on counts for initial margin from now on.</summary>
    InitialMarginChanged = 71,

    /// <summary>Maintenance margin is going to rise, or is not after all.</summary>
    MaintenanceMarginAnnounced = 72,

    /// <summary>Other maintenance rates count from now on.</summary>
    MaintenanceMarginChanged = 73,

    /// <summary>An account has one position per market from now on, or several.</summary>
    PositionModeChanged = 75,

    /// <summary>The order just accepted is for this hedge position.</summary>
    OrderAssigned = 76,

    /// <summary>A part of a position became a position of its own.</summary>
    PositionSplit = 77,

    /// <summary>A position joined another and ended.</summary>
    PositionsMerged = 78,

    /// <summary>A position, or a part of it, went to another account.</summary>
    PositionTransferred = 79,

    /// <summary>Price and weights of an asset changed.</summary>
    AssetParametersChanged = 90,

    /// <summary>Spot wallet to isolated account .</summary>
    TransferSpotToIsolated = 91,

    /// <summary>Isolated account to spot wallet .</summary>
    TransferIsolatedToSpot = 92,

    /// <summary>From one account of an owner to another .</summary>
    AccountTransfer = 93,

    /// <summary>An account got margin, or spot trading only .</summary>
    MarginEnabledChanged = 94,

    /// <summary>What trades made of an account's balance in an asset.</summary>
    BalanceUpdated = 95,

    /// <summary>Collateral went to a liquidation account that the book did not buy.</summary>
    CollateralTakenOver = 96,

    /// <summary>A lending pool was made or has new parameters.</summary>
    PoolSet = 100,

    /// <summary>Money went into a lending pool.</summary>
    Lent = 101,

    /// <summary>Money left a lending pool.</summary>
    Unlent = 102,

    /// <summary>A lender announced a withdrawal.</summary>
    UnlockAnnounced = 103,

    /// <summary>A pool charged one step of interest.</summary>
    InterestAccrued = 104,

    /// <summary>A loan was taken, or grew.</summary>
    Borrowed = 105,

    /// <summary>A loan was repaid, or a part of it.</summary>
    Repaid = 106,

    /// <summary>A loan with interest charged in full began another term.</summary>
    LoanRenewed = 107,

    /// <summary>The level of a scope with loans fell to the one that it is liquidated at.</summary>
    LoanLiquidationStarted = 108,

    /// <summary>A part of the debt was repaid from collateral.</summary>
    LoanLiquidationStep = 109,

    /// <summary>The liquidation account took over collateral and debt that the book did not settle.</summary>
    LoanTakenOver = 110,

    /// <summary>A debt that collateral did not cover, and who bore it.</summary>
    BadLoan = 111,

    /// <summary>A pool wrote a debt off.</summary>
    PoolLoss = 112,

    /// <summary>The liquidation of a scope with loans came to its end.</summary>
    LoanLiquidationFinished = 113,

    /// <summary>Trader rules of an account were set or removed.</summary>
    TraderRulesChanged = 120,

    /// <summary>A scope came into another band of margin level.</summary>
    MarginLevelChanged = 121,

    /// <summary>The month's drawdown is counted from here.</summary>
    DrawdownBaseSet = 122,

    /// <summary>The month's drawdown reached a level that is told.</summary>
    DrawdownAlert = 123,

    /// <summary>The month's drawdown paused an account.</summary>
    TradingPaused = 124,

    /// <summary>A pause ended.</summary>
    TradingResumed = 125,

    /// <summary>An account has made the trades of a day that are told.</summary>
    DailyTradesWarning = 126,

    /// <summary>An account has made all trades of a day that it allows itself.</summary>
    DailyTradesReached = 127,

    /// <summary>The system closes a part of a position.</summary>
    PositionAutoReduced = 128,

    /// <summary>A position of an account with rules closed: its result.</summary>
    PerformanceUpdated = 129,

    /// <summary>A market has new rules for its mark.</summary>
    PriceRulesSet = 140,

    /// <summary>A price came from outside.</summary>
    FeedPriceTaken = 141,

    /// <summary>An interval of funding ended.</summary>
    FundingUpdated = 142,

    /// <summary>A position paid or got its funding.</summary>
    FundingPaid = 143,

    /// <summary>A market has new rules for its funding.</summary>
    FundingParamsUpdated = 144,

    /// <summary>A market has new rules for its liquidations.</summary>
    LiquidationRulesSet = 147,

    /// <summary>What a liquidation that has just started stands on.</summary>
    LiquidationScope = 148,

    /// <summary>A step of a liquidation.</summary>
    LiquidationStep = 149,

    /// <summary>A liquidation waits for its next stage, or for the next second.</summary>
    LiquidationWaits = 150,

    /// <summary>An account joined or left the keepers' queue.</summary>
    KeeperRegistered = 151,

    /// <summary>A keeper got its share of a penalty.</summary>
    KeeperRewarded = 152,

    /// <summary>A loss beyond isolated margin was taken from its owner's wallet.</summary>
    RecourseTaken = 153,

    /// <summary>What fee and penalty of a liquidation were made of.</summary>
    PenaltyTerms = 154,

    /// <summary>A holder was closed against a liquidation.</summary>
    AutoDeleveraged = 155,

    /// <summary>What put that holder in its place.</summary>
    AutoDeleverageInputs = 156,

    /// <summary>A loss is about to be shared.</summary>
    LossSharingStarted = 157,

    /// <summary>A holder's share of a loss.</summary>
    LossSocialised = 158,

    /// <summary>A loss is shared.</summary>
    LossSharingEnded = 159,

    /// <summary>The global insurance layer paid for a market.</summary>
    GlobalInsuranceUsed = 160,

    /// <summary>Profit of a liquidation account went to its market's fund.</summary>
    InsuranceSurplus = 161,

    /// <summary>A market has new loss rules.</summary>
    LossRulesSet = 162,

    /// <summary><see cref="Events.SettlementSet"/>.</summary>
    SettlementSet = 163,

    /// <summary><see cref="Events.PositionSettled"/>.</summary>
    PositionSettled = 164,

    /// <summary><see cref="Events.MarketSettled"/>.</summary>
    MarketSettled = 165,

    /// <summary>What the price of a deleveraging was made of.</summary>
    AutoDeleveragePrice = 167,
}

/// <summary>Why what was left of an order is gone.</summary>
public enum CancelReason : byte
{
    /// <summary>The account asked.</summary>
    Requested = 0,

    /// <summary>It was to trade at once or not at all.</summary>
    NotFilledAtOnce = 1,

    /// <summary>The scope is being liquidated.</summary>
    Liquidation = 2,

    /// <summary>The command reached the most work that one may do.</summary>
    WorkLimit = 3,

    /// <summary>The new total is not above what has filled.</summary>
    AmendedAway = 4,

    /// <summary>Its time is over.</summary>
    Expired = 5,

    /// <summary>It met an order of its own account or group.</summary>
    SelfTrade = 6,

    /// <summary>It was reduce-only, and the position is gone.</summary>
    NothingToReduce = 7,

    /// <summary>The order it is linked with traded or was triggered.</summary>
    Linked = 8,

    /// <summary>It was to trade whole at once or not at all.</summary>
    NotFilledWhole = 9,

    /// <summary>With all orders of its account, market or side, on request.</summary>
    MassCancel = 10,

    /// <summary>The dead-man timer ran out.</summary>
    CancelAllAfter = 11,

    /// <summary>The account or market was stopped.</summary>
    KillSwitch = 12,

    /// <summary>Maker protection.</summary>
    MakerProtection = 13,

    /// <summary>When it was triggered it could not be placed; a Rejected event just before says why.</summary>
    RefusedAtTrigger = 14,

    /// <summary>A newer mass quote does not have it.</summary>
    QuoteReplaced = 15,

    /// <summary>The market closed.</summary>
    MarketClosed = 16,

    /// <summary>A new bracket replaced it, or the bracket was removed.</summary>
    BracketReplaced = 17,

    /// <summary>It is post-only and would have traded when its turn in an atomic batch came.</summary>
    WouldTrade = 18,

    /// <summary>When its turn in an atomic batch came, the first trade of a new market had moved the band away from its price.</summary>
    PriceOutsideBand = 19,

    /// <summary>Its account was paused by drawdown.</summary>
    DrawdownPause = 40,

    /// <summary>When its turn in an atomic batch came, a rule of its account refused it.</summary>
    TraderRule = 41,

    /// <summary>Its isolated position or pool could not pay for it any more .</summary>
    Unaffordable = 30,

    /// <summary>The hedge position that it was for is closed.</summary>
    PositionClosed = 20,
}
