using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The part of <see cref="EventDecoder"/> for terms, triggers, prevented self-trades, batches and quotes.</summary>
internal static class OrderEvents
{
    internal static void Add(Fields fields, ref readonly EventSlot slot, Names names)
    {
        MarketName? market = slot.Header.MarketId == 0 ? null : names.Market(slot.Header.MarketId);
        fields.AddIf(market is not null, "market", Value.Of(market?.Name ?? string.Empty));
        switch (slot.Header.Type)
        {
            case EventType.OrderTermsSet:
                AddTerms(fields, in EventSlot.As<OrderTermsSet>(in slot), market!, names);
                break;
            case EventType.OrdersLinked:
                AddLinked(fields, in EventSlot.As<OrdersLinked>(in slot), names);
                break;
            case EventType.OrderTriggered:
                AddTriggered(fields, in EventSlot.As<OrderTriggered>(in slot), market!, names);
                break;
            case EventType.OrderTrailed:
                AddTrailed(fields, in EventSlot.As<OrderTrailed>(in slot), market!, names);
                break;
            case EventType.OrderRefilled:
                AddRefilled(fields, in EventSlot.As<OrderRefilled>(in slot), market!, names);
                break;
            case EventType.SelfTradePrevented:
                AddPrevented(fields, in EventSlot.As<SelfTradePrevented>(in slot), market!, names);
                break;
            case EventType.DuplicateOrder:
                AddDuplicate(fields, in EventSlot.As<DuplicateOrder>(in slot), market, names);
                break;
            case EventType.OrdersCancelled:
                AddMassCancel(fields, in EventSlot.As<OrdersCancelled>(in slot), names);
                break;
            case EventType.BatchFinished:
                AddBatch(fields, in EventSlot.As<BatchFinished>(in slot), names);
                break;
            case EventType.QuotesReplaced:
                AddQuotes(fields, in EventSlot.As<QuotesReplaced>(in slot), names);
                break;
            default:
                throw new InvalidOperationException($"event type {slot.Header.Type} has no words yet");
        }
    }

    /// <summary>Flags as scenarios write them.</summary>
    internal static Value Flags(OrderFlags flags)
    {
        IEnumerable<string> words = Enum.GetValues<OrderFlags>().Where(flag => flag != OrderFlags.None && flags.HasFlag(flag))
            .Select(flag => flag == OrderFlags.MakerProtected ? "protected" : WordStyle.Kebab(flag.ToString()));
        return flags == OrderFlags.None ? Value.None : Value.Of(string.Join(',', words));
    }

    /// <summary>Distance of a trailing order: ticks or, negative, a rate.</summary>
    internal static Value Trail(long trail, MarketName market) =>
        trail < 0 ? HumanUnits.Ratio((int)-trail) : HumanUnits.Price(trail, market);

    internal static Value Time(long ns) => ns == 0 ? Value.None : Value.Of(ScenarioTime.Format(ns));

    internal static Value Display(long lots, MarketName market) => lots == 0 ? Value.None : HumanUnits.Quantity(lots, market);

    private static void AddTerms(Fields fields, ref readonly OrderTermsSet e, MarketName market, Names names)
    {
        fields.Add("id", EventDecoder.OrderOf(e.OrderId, false, names));
        AddKind(fields, in e.Header);
        fields.Add("trigger", HumanUnits.Price(e.TriggerTicks, market));
        fields.Add("activate", HumanUnits.Price(e.ActivationTicks, market));
        fields.Add("trail", Trail(e.Trail, market));
        fields.Add("expires", Time(e.ExpiresNs));
        fields.Add("display", Display(e.DisplayLots, market));
    }

    private static void AddKind(Fields fields, ref readonly EventHeader header)
    {
        TriggerKind kind = TriggerDetail.Kind(in header);
        fields.Add("kind", WordStyle.Kebab(kind.ToString()));
        fields.Add("on", kind == TriggerKind.None ? Value.NoneText : WordStyle.Kebab(TriggerDetail.Source(in header).ToString()));
    }

    private static void AddLinked(Fields fields, ref readonly OrdersLinked e, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("id", EventDecoder.OrderOf(e.OrderId, false, names));
        fields.Add("other", EventDecoder.OrderOf(e.OtherOrderId, false, names));
    }

    private static void AddTriggered(Fields fields, ref readonly OrderTriggered e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("id", EventDecoder.OrderOf(e.OrderId, false, names));
        AddKind(fields, in e.Header);
        fields.Add("trigger", HumanUnits.Price(e.TriggerTicks, market));
        fields.Add("price", HumanUnits.Price(e.PriceTicks, market));
        fields.Add("qty", HumanUnits.Quantity(e.QuantityLots, market));
    }

    private static void AddTrailed(Fields fields, ref readonly OrderTrailed e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("id", EventDecoder.OrderOf(e.OrderId, false, names));
        AddKind(fields, in e.Header);
        fields.Add("best", HumanUnits.Price(e.BestTicks, market));
        fields.Add("trigger", HumanUnits.Price(e.TriggerTicks, market));
    }

    private static void AddRefilled(Fields fields, ref readonly OrderRefilled e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("id", EventDecoder.OrderOf(e.OrderId, false, names));
        fields.Add("side", EventDecoder.SideOf(e.Header.Side));
        fields.Add("price", HumanUnits.Price(e.PriceTicks, market));
        fields.Add("shown", HumanUnits.Quantity(e.ShownLots, market));
        fields.Add("leaves", HumanUnits.Quantity(e.LeavesLots, market));
    }

    private static void AddPrevented(Fields fields, ref readonly SelfTradePrevented e, MarketName market, Names names)
    {
        fields.Add("rule", WordStyle.Kebab(((SelfTradePrevention)e.Header.Detail).ToString()));
        fields.Add("price", HumanUnits.Price(e.PriceTicks, market));
        fields.Add("qty", HumanUnits.Quantity(e.PreventedLots, market));
        fields.Add("maker", EventDecoder.OrderOf(e.MakerOrderId, false, names));
        fields.Add("taker", EventDecoder.OrderOf(e.TakerOrderId, false, names));
        fields.Add("maker-account", names.AccountOf(e.MakerAccountId));
        fields.Add("taker-account", names.AccountOf(e.TakerAccountId));
    }

    private static void AddDuplicate(Fields fields, ref readonly DuplicateOrder e, MarketName? market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("id", names.OrderOfClient(e.ClientOrderId)?.Name ?? EventDecoder.OrderOf(e.OrderId, false, names));
        fields.Add("status", WordStyle.Kebab(((OrderStatus)e.Header.Detail).ToString()));
        if ((market ?? names.OrderOf(e.OrderId)?.Market) is { } of)
        {
            fields.Add("qty", HumanUnits.Quantity(e.QuantityLots, of));
            fields.Add("leaves", HumanUnits.Quantity(e.LeavesLots, of));
        }

        fields.Add("order-id", e.OrderId);
    }

    private static void AddMassCancel(Fields fields, ref readonly OrdersCancelled e, Names names)
    {
        fields.AddIf(e.AccountId != 0, "account", Value.Of(names.AccountOf(e.AccountId)));
        fields.Add("reason", WordStyle.Kebab(((CancelReason)e.Header.Detail).ToString()));
        fields.Add("cancelled", e.Cancelled);
        fields.Add("unfinished", Value.Of(e.Unfinished != 0));
    }

    private static void AddBatch(Fields fields, ref readonly BatchFinished e, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("applied", e.Applied);
        fields.Add("refused", e.Refused);
    }

    private static void AddQuotes(Fields fields, ref readonly QuotesReplaced e, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("quote-id", e.QuoteId);
        fields.Add("placed", e.Placed);
        fields.Add("kept", e.Kept);
        fields.Add("cancelled", e.Cancelled);
    }
}
