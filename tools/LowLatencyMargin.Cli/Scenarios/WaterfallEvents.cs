using LowLatencyMargin.Cli.Scenarios.Parameters;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The part of <see cref="EventDecoder"/> for insurance, deleveraging and shared losses (docs/waterfall.md).</summary>
internal static class WaterfallEvents
{
    internal static bool AreOf(EventType type) =>
        type is (>= EventType.AutoDeleveraged and <= EventType.LossRulesSet) or EventType.AutoDeleveragePrice;

    internal static void Add(Fields fields, ref readonly EventSlot slot, Names names)
    {
        MarketName market = names.Market(slot.Header.MarketId);
        fields.Add("market", market.Name);
        switch (slot.Header.Type)
        {
            case EventType.AutoDeleveraged:
                AddDeleveraged(fields, in EventSlot.As<AutoDeleveraged>(in slot), market, names);
                break;
            case EventType.AutoDeleverageInputs:
                AddInputs(fields, in EventSlot.As<AutoDeleverageInputs>(in slot), market, names);
                break;
            case EventType.AutoDeleveragePrice:
                AddPrice(fields, in EventSlot.As<AutoDeleveragePrice>(in slot), market, names);
                break;
            case EventType.LossSharingStarted:
                AddStarted(fields, in EventSlot.As<LossSharingStarted>(in slot), market);
                break;
            case EventType.LossSocialised:
                AddShare(fields, in EventSlot.As<LossSocialised>(in slot), market, names);
                break;
            case EventType.LossSharingEnded:
                AddEnded(fields, in EventSlot.As<LossSharingEnded>(in slot), market);
                break;
            case EventType.GlobalInsuranceUsed:
                ref readonly GlobalInsuranceUsed used = ref EventSlot.As<GlobalInsuranceUsed>(in slot);
                fields.Add("account", names.AccountOf(used.AccountId));
                fields.Add("amount", HumanUnits.Money(used.AmountUnits, market.Quote));
                fields.Add("balance", HumanUnits.Money(used.BalanceUnits, market.Quote));
                break;
            case EventType.InsuranceSurplus:
                ref readonly InsuranceSurplus kept = ref EventSlot.As<InsuranceSurplus>(in slot);
                fields.Add("account", names.AccountOf(kept.AccountId));
                fields.Add("amount", HumanUnits.Money(kept.AmountUnits, market.Quote));
                fields.Add("balance", HumanUnits.Money(kept.BalanceUnits, market.Quote));
                break;
            default:
                LossParameters.Set.AddTo(fields, EventSlot.As<LossRulesSet>(in slot).Rules, market);
                break;
        }
    }

    /// <summary>A score as a number: 1 is a profit of 100 % at a leverage of one.</summary>
    internal static Value Score(long score) => Value.Of(new ExactNumber(score, AdlScore.RoiScale));

    private static void AddDeleveraged(Fields fields, ref readonly AutoDeleveraged e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("liquidation", e.LiquidationId);
        fields.Add("mode", (e.Header.Flags & EventFlags.Isolated) != 0 ? "isolated" : "cross");
        fields.Add("size", HumanUnits.Quantity(e.SizeLots, market));
        fields.Add("closed", HumanUnits.Quantity(e.ClosedLots, market));
        fields.Add("price", HumanUnits.Average(e.ValueUnits, e.ClosedLots, market));
        fields.Add("value", HumanUnits.Money(e.ValueUnits, market.Quote));
        fields.Add("realised-pnl", HumanUnits.Money(e.RealizedPnlUnits, market.Quote));
    }

    private static void AddInputs(Fields fields, ref readonly AutoDeleverageInputs e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("mark", HumanUnits.Price(e.MarkTicks, market));
        fields.Add("entry-cost", HumanUnits.Money(e.EntryCostUnits, market.Quote));
        fields.Add("equity", HumanUnits.Money(e.EquityUnits, market.Quote));
        fields.Add("score", Score(e.Score));
        fields.Add("place", e.Place);
    }

    private static void AddPrice(Fields fields, ref readonly AutoDeleveragePrice e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("position-id", e.PositionId);
        fields.Add("liquidation", e.LiquidationId);
        fields.Add("bankruptcy-value", HumanUnits.Money(e.BankruptcyUnits, market.Quote));
        fields.Add("left", HumanUnits.Quantity(e.LeftLots, market));
        fields.Add("carried", HumanUnits.Quantity(e.CarriedLots, market));
    }

    private static void AddStarted(Fields fields, ref readonly LossSharingStarted e, MarketName market)
    {
        fields.Add("losers", KindOf(e.Header.Detail));
        fields.Add("mark", HumanUnits.Price(e.MarkTicks, market));
        fields.Add("loss", HumanUnits.Money(e.LossUnits, market.Quote));
        fields.Add("total-profit", HumanUnits.Money(e.TotalProfitUnits, market.Quote));
        fields.Add("holders", e.Holders);
    }

    private static void AddShare(Fields fields, ref readonly LossSocialised e, MarketName market, Names names)
    {
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("mode", (e.Header.Flags & EventFlags.Isolated) != 0 ? "isolated" : "cross");
        fields.Add("loss", HumanUnits.Money(e.LossUnits, market.Quote));
        fields.Add("total-profit", HumanUnits.Money(e.TotalProfitUnits, market.Quote));
        fields.Add("profit", HumanUnits.Money(e.ProfitUnits, market.Quote));
        fields.Add("slack", HumanUnits.Money(e.SlackUnits, market.Quote));
        fields.Add("charged", HumanUnits.Money(e.ChargedUnits, market.Quote));
        string limit = e.ChargedUnits == e.ProfitUnits ? "profit" : e.ChargedUnits == e.SlackUnits ? "slack" : Value.NoneText;
        fields.Add("limited-by", limit);
    }

    private static void AddEnded(Fields fields, ref readonly LossSharingEnded e, MarketName market)
    {
        fields.Add("losers", KindOf(e.Header.Detail));
        fields.Add("mark", HumanUnits.Price(e.MarkTicks, market));
        fields.Add("loss", HumanUnits.Money(e.LossUnits, market.Quote));
        fields.Add("collected", HumanUnits.Money(e.CollectedUnits, market.Quote));
        fields.Add("bad-debt", HumanUnits.Money(e.BadDebtUnits, market.Quote));
        fields.Add("insurance", HumanUnits.Money(e.InsuranceUnits, market.Quote));
        fields.Add("holders", e.Holders);
    }

    private static string KindOf(byte detail) => WordStyle.Kebab(((LossKind)detail).ToString());
}
