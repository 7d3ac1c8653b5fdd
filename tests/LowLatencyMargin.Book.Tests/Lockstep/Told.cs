using System.Runtime.InteropServices;
using LowLatencyMargin.Book.Tests.Book;

namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>An event as type, market, detail, flags and six words: the exchange's own, or the reference book's once order ids are known.</summary>
internal readonly record struct Told(EventType Type, long Market, int Detail, EventFlags Flags, long A, long B, long C, long D, long E, long F)
{
    private const EventFlags Compared = EventFlags.Taker | EventFlags.Immediate | EventFlags.Waiting;

    /// <summary>What the reference book foretells; the rest is money, positions and set-up.</summary>
    public static bool IsForetold(EventType type) => type is EventType.Rejected
        or EventType.MarkPriceUpdated or EventType.IndexPriceUpdated or EventType.MarketStateChanged
        or EventType.CancelAllAfterSet or EventType.KillSwitchChanged or EventType.MakerProtectionTriggered
        or (>= EventType.OrderAccepted and <= EventType.QuotesReplaced);

    public static Told Of(in EventSlot slot)
    {
        ReadOnlySpan<long> words = MemoryMarshal.Cast<EventSlot, long>(new ReadOnlySpan<EventSlot>(in slot));
        EventHeader header = slot.Header;
        EventFlags flags = header.Flags & FlagsOf(header.Type);
        var told = new Told(header.Type, header.MarketId, header.Detail, flags, words[2], words[3], words[4], words[5], words[6], words[7]);
        return told.Type switch
        {
            EventType.Trade => told with { A = 0 },
            EventType.Fill => told with { E = 0, F = 0 },
            EventType.Rejected => told with { Market = 0, Detail = 0, A = 0, B = 0, C = 0, D = 0, E = 0, F = told.F & 0xFFFF_0000_FFFF },
            EventType.OrdersCancelled => told with { Market = 0 },
            _ => told,
        };
    }

    public static Told Of(BookEvent told)
    {
        long order = told.Order?.Id ?? 0;
        long other = told.Other?.Id ?? 0;
        var plain = new Told(told.Type, told.Market, told.Detail, told.Flags & FlagsOf(told.Type), told.A, told.B, told.C, told.D, told.E, told.F);
        return told.Type switch
        {
            EventType.OrderTermsSet => plain with { A = order },
            EventType.OrdersLinked => plain with { B = order, C = other },
            EventType.Trade => plain with { D = other, E = order },
            EventType.SelfTradePrevented => plain with { C = order, D = other },
            EventType.Rejected => plain with { F = told.F & 0xFFFF_0000_FFFF },
            EventType.OrdersCancelled => plain with { Market = 0 },
            _ => told.Order is null ? plain : plain with { B = order },
        };
    }

    private static EventFlags FlagsOf(EventType type) =>
        type is EventType.Fill or EventType.OrderAccepted or EventType.OrderAmended ? Compared : EventFlags.None;

    public override string ToString() => Type switch
    {
        EventType.Rejected => $"Rejected {(ResultCode)(F & 0xFFFF)} item {F >> 32}",
        EventType.OrderCancelled => $"OrderCancelled m{Market} {(CancelReason)Detail} account {A} order {B} client {C} {F} of {E} @ {D}",
        EventType.Trade => $"Trade m{Market} {(Side)Detail} {C} @ {B} maker {D} taker {E}",
        EventType.Fill => $"Fill m{Market} {(Side)Detail} [{Flags}] account {A} order {B} client {C} leaves {D}",
        EventType.OrderAccepted or EventType.OrderAmended =>
            $"{Type} m{Market} {(Side)(Detail & 1)} {(OrderFlags)(Detail >> 1)} [{Flags}] account {A} order {B} client {C} {F} of {E} @ {D}",
        _ => $"{Type} m{Market} detail {Detail} [{Flags}] {A} {B} {C} {D} {E} {F}",
    };
}
