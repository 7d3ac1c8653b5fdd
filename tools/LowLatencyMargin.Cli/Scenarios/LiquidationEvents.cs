using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The part of <see cref="EventDecoder"/> for liquidations.</summary>
internal static class LiquidationEvents
{
    internal static void Add(Fields fields, ref readonly EventSlot slot, Names names)
    {
        MarketName market = names.Market(slot.Header.MarketId);
        fields.Add("market", market.Name);
        switch (slot.Header.Type)
        {
            case EventType.LiquidationStarted:
                AddStarted(fields, in EventSlot.As<LiquidationStarted>(in slot), market, names);
                break;
            case EventType.LiquidationTakeover:
                AddTakeover(fields, in EventSlot.As<LiquidationTakeover>(in slot), market, names);
                break;
            case EventType.PenaltyPaid:
                AddPenalty(fields, in EventSlot.As<PenaltyPaid>(in slot), market, names);
                break;
            case EventType.ShortfallCovered:
                AddShortfall(fields, in EventSlot.As<ShortfallCovered>(in slot), market, names);
                break;
            case EventType.LiquidationFinished:
                AddFinished(fields, in EventSlot.As<LiquidationFinished>(in slot), market, names);
                break;
            default:
                throw new InvalidOperationException($"event type {slot.Header.Type} has no words yet");
        }
    }

    private static void AddStarted(Fields fields, ref readonly LiquidationStarted e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("liquidation", e.LiquidationId);
        fields.Add("mode", (e.Header.Flags & EventFlags.Isolated) != 0 ? "isolated" : "cross");
        fields.Add("mark", HumanUnits.Price(e.MarkTicks, market));
        fields.Add("size", HumanUnits.Quantity(e.SizeLots, market));
        fields.Add("equity", HumanUnits.Money(e.EquityUnits, market.Quote));
        fields.Add("requirement", HumanUnits.Money(e.RequirementUnits, market.Quote));
    }

    private static void AddTakeover(Fields fields, ref readonly LiquidationTakeover e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("liquidation", e.LiquidationId);
        fields.Add("size", HumanUnits.Quantity(e.SizeLots, market));
        fields.Add("cost", HumanUnits.Money(e.CostUnits, market.Quote));
        fields.Add("bankruptcy-price", HumanUnits.Price(e.BankruptcyPriceTicks, market));
        fields.Add("realised-pnl", HumanUnits.Money(e.RealizedPnlUnits, market.Quote));
    }

    private static void AddPenalty(Fields fields, ref readonly PenaltyPaid e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("fee", HumanUnits.Money(e.FeeUnits, market.Quote));
        fields.Add("penalty", HumanUnits.Money((Int128)e.KeeperUnits + e.ProtocolUnits + e.InsuranceUnits + e.MakersUnits, market.Quote));
        fields.Add("keeper", HumanUnits.Money(e.KeeperUnits, market.Quote));
        fields.Add("protocol", HumanUnits.Money(e.ProtocolUnits, market.Quote));
        fields.Add("insurance", HumanUnits.Money(e.InsuranceUnits, market.Quote));
        fields.Add("makers", HumanUnits.Money(e.MakersUnits, market.Quote));
    }

    private static void AddShortfall(Fields fields, ref readonly ShortfallCovered e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("shortfall", HumanUnits.Money(e.ShortfallUnits, market.Quote));
        fields.Add("insurance", HumanUnits.Money(e.InsuranceUnits, market.Quote));
        fields.Add("global", HumanUnits.Money(e.GlobalUnits, market.Quote));
        fields.Add("shared", HumanUnits.Money(e.ShortfallUnits - e.InsuranceUnits - e.GlobalUnits - e.BadDebtUnits, market.Quote));
        fields.Add("bad-debt", HumanUnits.Money(e.BadDebtUnits, market.Quote));
        fields.Add("insurance-balance", HumanUnits.Money(e.InsuranceBalanceUnits, market.Quote));
    }

    private static void AddFinished(Fields fields, ref readonly LiquidationFinished e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("liquidation", e.LiquidationId);
        fields.Add("mode", (e.Header.Flags & EventFlags.Isolated) != 0 ? "isolated" : "cross");
        fields.Add("closed", HumanUnits.Quantity(e.ClosedLots, market));
        fields.Add("closed-price", HumanUnits.Average(e.ClosedNotionalUnits, e.ClosedLots, market));
        fields.Add("taken-over", HumanUnits.Quantity(e.TakenOverLots, market));
        fields.Add("returned", HumanUnits.Money(e.ReturnedUnits, market.Quote));
    }
}
