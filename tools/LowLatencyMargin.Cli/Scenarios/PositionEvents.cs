using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The part of <see cref="EventDecoder"/> for positions.</summary>
internal static class PositionEvents
{
    internal static void Add(Fields fields, ref readonly EventSlot slot, Names names)
    {
        switch (slot.Header.Type)
        {
            case EventType.PositionModeChanged:
                AddMode(fields, in EventSlot.As<SettingChanged>(in slot), names);
                break;
            case EventType.OrderAssigned:
                AddAssigned(fields, in EventSlot.As<OrderAssigned>(in slot), names);
                break;
            case EventType.PositionSplit or EventType.PositionsMerged:
                AddDivided(fields, in EventSlot.As<PositionDivided>(in slot), names);
                break;
            case EventType.PositionTransferred:
                AddTransferred(fields, in EventSlot.As<PositionTransferred>(in slot), names);
                break;
            default:
                AddChanged(fields, in EventSlot.As<PositionChanged>(in slot), names);
                break;
        }
    }

    private static void AddMode(Fields fields, ref readonly SettingChanged e, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("old", Value.OfWord((PositionMode)e.OldValue));
        fields.Add("new", Value.OfWord((PositionMode)e.NewValue));
    }

    private static void AddAssigned(Fields fields, ref readonly OrderAssigned e, Names names)
    {
        fields.Add("market", names.Market(e.Header.MarketId).Name);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("id", EventDecoder.OrderOf(e.OrderId, false, names));
        fields.Add("position-id", e.PositionId);
        fields.Add("status", Value.OfWord((PositionStatus)e.Header.Detail));
    }

    private static void AddDivided(Fields fields, ref readonly PositionDivided e, Names names)
    {
        MarketName market = names.Market(e.Header.MarketId);
        fields.Add("market", market.Name);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("position-id", e.PositionId);
        fields.Add("other-position-id", e.OtherPositionId);
        fields.Add("size", HumanUnits.Quantity(e.SizeLots, market));
        fields.Add("cost", HumanUnits.Money(e.EntryCostUnits, market.Quote));
        fields.Add("margin", HumanUnits.Money(e.MarginUnits, market.Quote));
    }

    private static void AddTransferred(Fields fields, ref readonly PositionTransferred e, Names names)
    {
        MarketName market = names.Market(e.Header.MarketId);
        fields.Add("market", market.Name);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("to", names.AccountOf(e.ToAccountId));
        fields.Add("size", HumanUnits.Quantity(e.SizeLots, market));
        fields.Add("price", HumanUnits.Price(e.PriceTicks, market));
        fields.Add("realised-pnl", HumanUnits.Money(e.RealizedPnlUnits, market.Quote));
        fields.Add("position-id", e.PositionId);
    }

    private static void AddChanged(Fields fields, ref readonly PositionChanged e, Names names)
    {
        MarketName market = names.Market(e.Header.MarketId);
        fields.Add("market", market.Name);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("mode", (e.Header.Flags & EventFlags.Isolated) != 0 ? "isolated" : "cross");
        fields.Add("size", HumanUnits.Quantity(e.SizeLots, market));
        fields.Add("entry", HumanUnits.Average(e.EntryCostUnits, e.SizeLots, market));
        fields.Add("margin", HumanUnits.Money(e.MarginUnits, market.Quote));
        fields.Add("liquidation-price", HumanUnits.Price(e.LiquidationPriceTicks, market));
        fields.Add("position-id", e.PositionId);
        fields.Add("status", Value.OfWord((PositionStatus)e.Header.Detail));
    }
}
