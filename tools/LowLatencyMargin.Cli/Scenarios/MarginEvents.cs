using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The part of <see cref="EventDecoder"/> for margin rates that change.</summary>
internal static class MarginEvents
{
    internal static void Add(Fields fields, ref readonly EventSlot slot, Names names)
    {
        MarketName market = names.Market(slot.Header.MarketId);
        fields.Add("market", market.Name);
        switch (slot.Header.Type)
        {
            case EventType.VolatilityAddOnChanged:
                AddVolatility(fields, in EventSlot.As<VolatilityAddOnChanged>(in slot), market);
                break;
            case EventType.InitialMarginChanged:
                ref readonly InitialMarginChanged initial = ref EventSlot.As<InitialMarginChanged>(in slot);
                fields.Add("im-long", HumanUnits.Ratio((int)initial.LongRate));
                fields.Add("im-short", HumanUnits.Ratio((int)initial.ShortRate));
                break;
            default:
                ref readonly MaintenanceMarginChanged changed = ref EventSlot.As<MaintenanceMarginChanged>(in slot);
                fields.Add("from", OrderEvents.Time(changed.FromNs));
                fields.Add("mm", HumanUnits.Ratio((int)changed.Rate));
                break;
        }
    }

    private static void AddVolatility(Fields fields, ref readonly VolatilityAddOnChanged e, MarketName market)
    {
        fields.Add("low", HumanUnits.Price(e.LowTicks, market));
        fields.Add("high", HumanUnits.Price(e.HighTicks, market));
        fields.Add("multiplier", HumanUnits.Ratio((int)e.MultiplierRate));
        fields.Add("from", OrderEvents.Time(e.InitialFromNs));
    }
}
