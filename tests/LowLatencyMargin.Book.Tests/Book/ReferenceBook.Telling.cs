namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>The events, in words of the exchange's.</summary>
internal sealed partial class ReferenceBook
{
    private static int DetailOf(BookOrder order) => (int)order.Side | ((int)order.Flags << 1);

    private void Tell(BookEvent told) => Events.Add(told);

    private void TellOrder(EventType type, BookOrder order, int detail, EventFlags flags = EventFlags.None) =>
        Tell(new BookEvent(type, order.Market.Id)
        {
            Detail = detail, Flags = flags, A = order.Account.Id, Order = order, C = order.ClientId,
            D = order.Price, E = order.Quantity, F = order.Leaves,
        });

    private void TellAccepted(BookOrder order, bool withTerms)
    {
        EventFlags flags = (order.IsWaiting ? EventFlags.Waiting : EventFlags.None) | (order.IsImmediate ? EventFlags.Immediate : EventFlags.None);
        TellOrder(EventType.OrderAccepted, order, DetailOf(order), flags);
        bool hasTerms = order.Display != 0 || order.Expires != 0 || order.Kind != TriggerKind.None;
        if (hasTerms && withTerms)
        {
            TellTerms(order);
        }

        if (order.Linked is { } other)
        {
            Tell(new BookEvent(EventType.OrdersLinked, order.Market.Id) { A = order.Account.Id, Order = order, Other = other });
        }
    }

    private void TellTerms(BookOrder order) => Tell(new BookEvent(EventType.OrderTermsSet, order.Market.Id)
    {
        Detail = TriggerDetail.Of(order.Kind, order.Source), Order = order, B = order.Trigger, C = order.Activation,
        D = order.TrailTicks != 0 ? order.TrailTicks : -order.TrailRate, E = order.Expires, F = order.Display,
    });

    private void TellAmended(BookOrder order) =>
        TellOrder(EventType.OrderAmended, order, DetailOf(order), order.IsWaiting ? EventFlags.Waiting : EventFlags.None);

    private void TellTrade(BookOrder taker, BookOrder maker, long price, long lots)
    {
        Tell(new BookEvent(EventType.Trade, taker.Market.Id) { Detail = (int)taker.Side, B = price, C = lots, Other = maker, Order = taker });
        TellFill(maker, EventFlags.None);
        TellFill(taker, EventFlags.Taker);
    }

    private void TellFill(BookOrder order, EventFlags flags) => Tell(new BookEvent(EventType.Fill, order.Market.Id)
    {
        Detail = (int)order.Side, Flags = flags, A = order.Account.Id, Order = order, C = order.ClientId, D = order.Leaves,
    });

    private void TellTriggered(BookOrder order, long price) => Tell(new BookEvent(EventType.OrderTriggered, order.Market.Id)
    {
        Detail = TriggerDetail.Of(order.Kind, order.Source), A = order.Account.Id, Order = order, C = order.ClientId,
        D = order.Trigger, E = price, F = order.Quantity,
    });

    private void TellTrailed(BookOrder order) => Tell(new BookEvent(EventType.OrderTrailed, order.Market.Id)
    {
        Detail = TriggerDetail.Of(order.Kind, order.Source), A = order.Account.Id, Order = order, C = order.ClientId,
        D = order.Best, E = order.Trigger,
    });

    private void TellRefilled(BookOrder order) => Tell(new BookEvent(EventType.OrderRefilled, order.Market.Id)
    {
        Detail = (int)order.Side, A = order.Account.Id, Order = order, C = order.ClientId, D = order.Price, E = order.Shown, F = order.Leaves,
    });

    private void TellPrevented(BookOrder taker, BookOrder maker, SelfTradePrevention rule, long lots) =>
        Tell(new BookEvent(EventType.SelfTradePrevented, taker.Market.Id)
        {
            Detail = (int)rule, A = taker.Account.Id, B = maker.Account.Id, Order = taker, Other = maker, E = maker.Price, F = lots,
        });

    private void TellCancelledMany(long account, long market, CancelReason reason, long cancelled) =>
        Tell(new BookEvent(EventType.OrdersCancelled, market) { Detail = (int)reason, A = account, B = cancelled });

    private void Reject(ResultCode code, CommandType type, int item)
    {
        long what = ((long)type << 16) | ((long)item << 32);
        Tell(new BookEvent(EventType.Rejected, 0) { F = (long)code | what, OrF = AlsoAllowed is { } other ? (long)other | what : 0 });
    }
}
