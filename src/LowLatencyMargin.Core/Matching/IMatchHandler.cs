using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// What stands behind a book's trades: money in the exchange, nothing but reports in a bare book. Implemented by structs, so that matching
/// calls nothing virtual.
/// </summary>
public interface IMatchHandler
{
    /// <summary>Whether the command has work left for another trade.</summary>
    bool HasWork { get; }

    /// <summary>Whether these two have to be looked at although the resting order is a plain one: one owner's orders may have met.</summary>
    bool MustExamine(in Order maker, in IncomingOrder taker);

    /// <summary>Looks closer before a trade; may change both orders and the level.</summary>
    /// <param name="slot">Row of the resting order.</param>
    /// <param name="maker">The resting order.</param>
    /// <param name="taker">The incoming order.</param>
    /// <param name="level">Where the resting order stands.</param>
    /// <param name="ticks">The price.</param>
    /// <param name="lots">What would trade; may be made less.</param>
    MatchStep Examine(int slot, ref Order maker, ref IncomingOrder taker, ref Level level, long ticks, ref long lots);

    /// <summary>A trade; the lots are off both orders already.</summary>
    void Trade(int slot, ref Order maker, ref IncomingOrder taker, long ticks, long lots);

    /// <summary>A resting order that is not a plain one has traded and has leaves: true sends it to the end of its queue.</summary>
    bool Requeue(int slot, ref Order maker);

    /// <summary>A resting order has filled and is out of the book: give its row back.</summary>
    void Filled(int slot);

    /// <summary>A resting order that <see cref="Examine"/> passed over is out of the book: end it.</summary>
    void PassedOver(int slot);
}

/// <summary>What comes after a closer look.</summary>
public enum MatchStep
{
    /// <summary>They trade.</summary>
    Trade,

    /// <summary>The resting order leaves the book instead.</summary>
    PassOver,

    /// <summary>Something changed without a trade: go on with whoever is first now.</summary>
    Again,

    /// <summary>The incoming order ends here.</summary>
    Stop,
}

/// <summary>The incoming side while it trades.</summary>
public struct IncomingOrder
{
    /// <summary>Buy or sell.</summary>
    public Commands.Side Side;

    /// <summary>What a self-trade leads to.</summary>
    public Commands.SelfTradePrevention SelfTrade;

    /// <summary>Marks on its events.</summary>
    public Events.EventFlags Flags;

    /// <summary>Its row; 0: a liquidation, which has none.</summary>
    public int Slot;

    /// <summary>Row of account and market.</summary>
    public int Position;

    /// <summary>Account.</summary>
    public int Account;

    /// <summary>Fee rate.</summary>
    public int FeeRate;

    /// <summary>Worst price.</summary>
    public long LimitTicks;

    /// <summary>What is left to trade.</summary>
    public long LeavesLots;

    /// <summary>What has traded.</summary>
    public long TradedLots;

    /// <summary>What that came to.</summary>
    public long TradedUnits;

    /// <summary>The exchange's id; of a liquidation, its id.</summary>
    public long OrderId;

    /// <summary>The client's name.</summary>
    public long ClientOrderId;

    /// <summary>Self-trade group of the account, 0: none.</summary>
    public long Group;
}
