using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The part of <see cref="EventDecoder"/> for markets that close for good.</summary>
internal static class SettlementEvents
{
    internal static void Add(Fields fields, ref readonly EventSlot slot, Names names)
    {
        MarketName market = names.Market(slot.Header.MarketId);
        fields.Add("market", market.Name);
        switch (slot.Header.Type)
        {
            case EventType.SettlementSet:
                fields.Add("due", OrderEvents.Time(EventSlot.As<SettlementSet>(in slot).DueNs));
                break;
            case EventType.PositionSettled:
                AddPosition(fields, in EventSlot.As<PositionSettled>(in slot), market, names);
                break;
            default:
                ref readonly MarketSettled settled = ref EventSlot.As<MarketSettled>(in slot);
                fields.Add("price", HumanUnits.Price(settled.PriceTicks, market));
                fields.Add("positions", settled.Positions);
                fields.Add("qty", HumanUnits.Quantity(settled.Lots, market));
                break;
        }
    }

    private static void AddPosition(Fields fields, ref readonly PositionSettled e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("position", e.PositionId);
        fields.Add("size", HumanUnits.Quantity(e.SizeLots, market));
        fields.Add("price", HumanUnits.Price(e.PriceTicks, market));
        fields.Add("cost", HumanUnits.Money(e.EntryCostUnits, market.Quote));
        fields.Add("pnl", HumanUnits.Money(e.RealizedPnlUnits, market.Quote));
    }
}
