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
            case EventType.LiquidationScope:
                AddScope(fields, in EventSlot.As<LiquidationScope>(in slot), market, names);
                break;
            case EventType.LiquidationStep:
                AddStep(fields, in EventSlot.As<LiquidationStep>(in slot), market);
                break;
            case EventType.LiquidationWaits:
                AddWaits(fields, in EventSlot.As<LiquidationWaits>(in slot), market, names);
                break;
            case EventType.RecourseTaken:
                AddRecourse(fields, in EventSlot.As<RecourseTaken>(in slot), market, names);
                break;
            case EventType.PenaltyTerms:
                AddTerms(fields, in EventSlot.As<PenaltyTerms>(in slot), market);
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
        // holders that were closed against it are in the lots, not in the notional
        bool hasTraded = e.ClosedNotionalUnits != 0 || e.ClosedLots == 0;
        fields.Add("closed-price", hasTraded ? HumanUnits.Average(e.ClosedNotionalUnits, e.ClosedLots, market) : Value.None);
        fields.Add("closed-notional", HumanUnits.Money(e.ClosedNotionalUnits, market.Quote));
        fields.Add("taken-over", HumanUnits.Quantity(e.TakenOverLots, market));
        fields.Add("returned", HumanUnits.Money(e.ReturnedUnits, market.Quote));
    }

    private static void AddScope(Fields fields, ref readonly LiquidationScope e, MarketName market, Names names)
    {
        fields.Add("liquidation", e.LiquidationId);
        fields.Add("position", e.PositionId);
        fields.Add("entry-cost", HumanUnits.Money(e.EntryCostUnits, market.Quote));
        fields.Add("behind", HumanUnits.Money(e.MarginUnits, market.Quote));
        fields.Add("bankruptcy-price", HumanUnits.Price(e.BankruptcyPriceTicks, market));
        fields.AddIf(e.KeeperId != 0, "keeper", Value.Of(names.AccountOf(e.KeeperId)));
    }

    private static void AddStep(Fields fields, ref readonly LiquidationStep e, MarketName market)
    {
        fields.Add("liquidation", e.LiquidationId);
        fields.Add("kind", WordStyle.Kebab(((LiquidationStepKind)e.Header.Detail).ToString()));
        fields.Add("meant", HumanUnits.Quantity(e.MeantLots, market));
        fields.Add("closed", HumanUnits.Quantity(e.ClosedLots, market));
        fields.Add("price", HumanUnits.Average(e.ClosedUnits, e.ClosedLots, market));
        fields.Add("equity", HumanUnits.Money(e.EquityUnits, market.Quote));
        fields.Add("requirement", HumanUnits.Money(e.RequirementUnits, market.Quote));
    }

    private static void AddWaits(Fields fields, ref readonly LiquidationWaits e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("liquidation", e.LiquidationId);
        fields.Add("size", HumanUnits.Quantity(e.SizeLots, market));
        fields.Add("until", ScenarioTime.Format(e.UntilNs));
        fields.Add("equity", HumanUnits.Money(e.EquityUnits, market.Quote));
        fields.Add("requirement", HumanUnits.Money(e.RequirementUnits, market.Quote));
    }

    private static void AddRecourse(Fields fields, ref readonly RecourseTaken e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.AddIf(e.LiquidationId != 0, "liquidation", Value.Of(e.LiquidationId));
        fields.Add("shortfall", HumanUnits.Money(e.ShortfallUnits, market.Quote));
        fields.Add("taken", HumanUnits.Money(e.TakenUnits, market.Quote));
        fields.Add("cross", HumanUnits.Money(e.BalanceUnits, market.Quote));
    }

    private static void AddTerms(Fields fields, ref readonly PenaltyTerms e, MarketName market)
    {
        fields.Add("liquidation", e.LiquidationId);
        fields.Add("notional", HumanUnits.Money(e.NotionalUnits, market.Quote));
        fields.Add("left", HumanUnits.Money(e.LeftUnits, market.Quote));
        fields.Add("fee-rate", HumanUnits.Ratio(e.FeeRate));
        fields.Add("penalty-rate", HumanUnits.Ratio(e.PenaltyRate));
        fields.Add("min-penalty", HumanUnits.Money(e.MinPenaltyUnits, market.Quote));
        fields.Add("refund", HumanUnits.Money(e.RefundUnits, market.Quote));
    }
}
