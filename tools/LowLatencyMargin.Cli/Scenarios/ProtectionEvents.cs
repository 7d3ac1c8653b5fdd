using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The part of <see cref="EventDecoder"/> for market states, timers, switches and maker protection.</summary>
internal static class ProtectionEvents
{
    internal static void Add(Fields fields, ref readonly EventSlot slot, Names names)
    {
        MarketName? market = slot.Header.MarketId == 0 ? null : names.Market(slot.Header.MarketId);
        fields.AddIf(market is not null, "market", Value.Of(market?.Name ?? string.Empty));
        switch (slot.Header.Type)
        {
            case EventType.MarketStateChanged:
                AddState(fields, in EventSlot.As<MarketStateChanged>(in slot), market!);
                break;
            case EventType.CancelAllAfterSet:
                AddTimer(fields, in EventSlot.As<CancelAllAfterSet>(in slot), names);
                break;
            case EventType.KillSwitchChanged:
                AddSwitch(fields, in EventSlot.As<KillSwitchChanged>(in slot), names);
                break;
            case EventType.MakerProtectionTriggered:
                AddMakerProtection(fields, in EventSlot.As<MakerProtectionTriggered>(in slot), market!, names);
                break;
            default:
                throw new InvalidOperationException($"event type {slot.Header.Type} has no words yet");
        }
    }

    /// <summary>When protected orders are taken again; some freezes end only when protection is set again.</summary>
    internal static Value FrozenUntil(long ns) => ns == long.MaxValue ? Value.Of("set-again") : OrderEvents.Time(ns);

    private static void AddState(Fields fields, ref readonly MarketStateChanged e, MarketName market)
    {
        fields.Add("state", WordStyle.Kebab(e.State.ToString()));
        fields.Add("previous", WordStyle.Kebab(e.Previous.ToString()));
        fields.Add("cause", WordStyle.Kebab(e.Cause.ToString()));
        fields.Add("reference", HumanUnits.Price(e.ReferenceTicks, market));
        fields.Add("mark", HumanUnits.Price(e.MarkTicks, market));
        fields.Add("resumes", OrderEvents.Time(e.ResumesNs));
    }

    private static void AddTimer(Fields fields, ref readonly CancelAllAfterSet e, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("due", OrderEvents.Time(e.DueNs));
    }

    private static void AddSwitch(Fields fields, ref readonly KillSwitchChanged e, Names names)
    {
        fields.AddIf(e.AccountId != 0, "account", Value.Of(names.AccountOf(e.AccountId)));
        fields.Add("stopped", Value.Of(e.On != 0));
    }

    private static void AddMakerProtection(Fields fields, ref readonly MakerProtectionTriggered e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("qty", HumanUnits.Quantity(e.FilledLots, market));
        fields.Add("delta", HumanUnits.Quantity(e.DeltaLots, market));
        fields.Add("fills", e.Fills);
        fields.Add("frozen-until", FrozenUntil(e.FrozenUntilNs));
    }
}
