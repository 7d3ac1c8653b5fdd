using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Events;

/// <summary>Terms of an order, behind its OrderAccepted or OrderAmended. The header's detail is <see cref="TriggerDetail"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct OrderTermsSet
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Order.</summary>
    public long OrderId;

    /// <summary>Price that sets it off as things stand; 0: none, or a trailing order that does not follow yet.</summary>
    public long TriggerTicks;

    /// <summary>Price at which a trailing order begins to follow; 0: it follows.</summary>
    public long ActivationTicks;

    /// <summary>Distance of a trailing order in ticks or, negative, as a rate.</summary>
    public long Trail;

    /// <summary>When it ends; 0: when cancelled.</summary>
    public long ExpiresNs;

    /// <summary>Lots shown at a time; 0: all.</summary>
    public long DisplayLots;
}

/// <summary>Of two orders one cancels the other.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct OrdersLinked
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>One order.</summary>
    public long OrderId;

    /// <summary>The other.</summary>
    public long OtherOrderId;
}

/// <summary>A waiting order was set off. The header's detail is <see cref="TriggerDetail"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct OrderTriggered
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Order.</summary>
    public long OrderId;

    /// <summary>The client's name for it.</summary>
    public long ClientOrderId;

    /// <summary>The trigger it had.</summary>
    public long TriggerTicks;

    /// <summary>The limit it goes to the book with, if it is not refused; 0: no price to take one from.</summary>
    public long PriceTicks;

    /// <summary>Its quantity.</summary>
    public long QuantityLots;
}

/// <summary>A trailing order began to follow or followed the price. The header's detail is <see cref="TriggerDetail"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct OrderTrailed
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Order.</summary>
    public long OrderId;

    /// <summary>The client's name for it.</summary>
    public long ClientOrderId;

    /// <summary>The best price it has seen.</summary>
    public long BestTicks;

    /// <summary>Its trigger now.</summary>
    public long TriggerTicks;
}

/// <summary>An iceberg shows its next part. The header's detail is the side.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct OrderRefilled
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Order.</summary>
    public long OrderId;

    /// <summary>The client's name for it.</summary>
    public long ClientOrderId;

    /// <summary>Limit price.</summary>
    public long PriceTicks;

    /// <summary>What it shows now.</summary>
    public long ShownLots;

    /// <summary>What is left of it.</summary>
    public long LeavesLots;
}

/// <summary>Two orders of one owner did not trade (R-1307). The header's detail is the <see cref="SelfTradePrevention"/> that was applied.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct SelfTradePrevented
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account of the incoming order.</summary>
    public long TakerAccountId;

    /// <summary>Account of the resting order.</summary>
    public long MakerAccountId;

    /// <summary>Incoming order.</summary>
    public long TakerOrderId;

    /// <summary>Resting order.</summary>
    public long MakerOrderId;

    /// <summary>The price at which they would have traded.</summary>
    public long PriceTicks;

    /// <summary>How much of each.</summary>
    public long PreventedLots;
}

/// <summary>The order that has this client id (R-1309). The header's detail is its <see cref="OrderStatus"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct DuplicateOrder
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Order.</summary>
    public long OrderId;

    /// <summary>The client's name for it.</summary>
    public long ClientOrderId;

    /// <summary>Its total quantity.</summary>
    public long QuantityLots;

    /// <summary>What is left of it; of an order that has ended, what was left when it did.</summary>
    public long LeavesLots;
}

/// <summary>A mass cancel. The header's detail is the <see cref="CancelReason"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct OrdersCancelled
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account; 0: all of the market.</summary>
    public long AccountId;

    /// <summary>Orders cancelled by this command.</summary>
    public long Cancelled;

    /// <summary>
    /// 1: the command reached the most work that one may do. On request: repeat it; of a timer, switch or closing market the rest follows with the
    /// next ticks.
    /// </summary>
    public long Unfinished;
}

/// <summary>A batch.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct BatchFinished
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>Items applied.</summary>
    public long Applied;

    /// <summary>Items refused, each with a Rejected event.</summary>
    public long Refused;
}

/// <summary>A mass quote.</summary>
[StructLayout(LayoutKind.Sequential, Size = EventSlot.SizeBytes)]
public struct QuotesReplaced
{
    /// <summary>Header.</summary>
    public EventHeader Header;

    /// <summary>Account.</summary>
    public long AccountId;

    /// <summary>The client's name for the set.</summary>
    public long QuoteId;

    /// <summary>Levels that became new orders.</summary>
    public long Placed;

    /// <summary>Levels that kept the order there was, changed in quantity or not.</summary>
    public long Kept;

    /// <summary>Old quotes cancelled.</summary>
    public long Cancelled;
}

/// <summary>How an order stands or ended.</summary>
public enum OrderStatus : byte
{
    /// <summary>No such order.</summary>
    None = 0,

    /// <summary>It rests, or waits for its trigger.</summary>
    Open = 1,

    /// <summary>It filled.</summary>
    Filled = 2,

    /// <summary>It was cancelled.</summary>
    Cancelled = 3,

    /// <summary>It expired.</summary>
    Expired = 4,

    /// <summary>It was triggered, and has ended since without filling whole.</summary>
    Triggered = 5,
}

/// <summary>The detail of trigger events: kind in the low half, source in the high half.</summary>
public static class TriggerDetail
{
    /// <summary>As one byte.</summary>
    public static byte Of(TriggerKind kind, TriggerSource source) => unchecked((byte)((uint)kind | ((uint)source << 4)));

    /// <summary>What sets the order off.</summary>
    public static TriggerKind Kind(in EventHeader header) => (TriggerKind)unchecked((byte)(header.Detail & 15));

    /// <summary>Which price it watches.</summary>
    public static TriggerSource Source(in EventHeader header) => (TriggerSource)unchecked((byte)(header.Detail >> 4));
}
