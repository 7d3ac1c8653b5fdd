using LowLatencyMargin.Cli.Scenarios.Parameters;
using LowLatencyMargin.Cli.Scenarios.Views;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The part of <see cref="EventDecoder"/> for trader rules.</summary>
internal static class RuleEvents
{
    internal static bool AreOf(EventType type) => type is >= EventType.TraderRulesChanged and <= EventType.PerformanceUpdated;

    internal static void Add(Fields fields, ref readonly EventSlot slot, Names names)
    {
        AssetName asset = names.Collateral!;
        MarketName? market = slot.Header.MarketId == 0 ? null : names.Market(slot.Header.MarketId);
        fields.AddIf(market is not null, "market", Value.Of(market?.Name ?? string.Empty));

        // all of them begin with the account
        fields.Add("account", names.AccountOf(slot.Header.Type == EventType.TraderRulesChanged
            ? EventSlot.As<Accepted>(in slot).AccountId
            : EventSlot.As<TradingResumed>(in slot).AccountId));
        switch (slot.Header.Type)
        {
            case EventType.MarginLevelChanged:
                AddLevel(fields, in EventSlot.As<MarginLevelChanged>(in slot), asset);
                break;
            case EventType.DrawdownBaseSet or EventType.DrawdownAlert or EventType.TradingPaused:
                AddDrawdown(fields, in EventSlot.As<DrawdownTold>(in slot), asset);
                break;
            case EventType.TradingResumed:
                fields.Add("cause", WordStyle.Kebab(((ResumeCause)slot.Header.Detail).ToString()));
                break;
            case EventType.DailyTradesWarning or EventType.DailyTradesReached:
                fields.Add("trades", EventSlot.As<DailyTradesCounted>(in slot).Trades);
                fields.Add("limit", EventSlot.As<DailyTradesCounted>(in slot).Limit);
                break;
            case EventType.PositionAutoReduced:
                AddReduced(fields, in EventSlot.As<PositionReduced>(in slot), market!);
                break;
            case EventType.PerformanceUpdated:
                AddPerformance(fields, in EventSlot.As<PerformanceUpdated>(in slot), asset);
                break;
        }
    }

    private static void AddLevel(Fields fields, ref readonly MarginLevelChanged e, AssetName asset)
    {
        fields.Add("scope", e.Header.MarketId == 0 ? "cross" : "isolated");
        fields.Add("band", WordStyle.Kebab(((LevelBand)e.Header.Detail).ToString()));
        fields.Add("previous", WordStyle.Kebab(e.Previous.ToString()));
        fields.Add("alert", Value.Of(e.IsAlert != 0));
        fields.Add("level", RulesView.LevelOf(e.EquityUnits, e.RequirementUnits));
        fields.Add("equity", HumanUnits.Money(e.EquityUnits, asset));
        fields.Add("requirement", HumanUnits.Money(e.RequirementUnits, asset));
        fields.AddIf(e.PositionId != 0, "position-id", Value.Of(e.PositionId));
    }

    private static void AddDrawdown(Fields fields, ref readonly DrawdownTold e, AssetName asset)
    {
        fields.Add("base", HumanUnits.Money(e.BaseUnits, asset));
        if (e.Header.Type != EventType.DrawdownBaseSet)
        {
            fields.Add("level", HumanUnits.Ratio((int)e.LevelRate));
            fields.Add("loss", HumanUnits.Money(e.LossUnits, asset));
            fields.Add("drawdown", Value.Percent(new ExactNumber(e.LossUnits, e.BaseUnits)));
        }

        fields.AddIf(
            e.Header.Type == EventType.TradingPaused, "policy", Value.Of(WordStyle.Kebab(((PausePolicy)e.Header.Detail).ToString())));
    }

    private static void AddReduced(Fields fields, ref readonly PositionReduced e, MarketName market)
    {
        fields.Add("cause", WordStyle.Kebab(((ExitCause)e.Header.Detail).ToString()));
        fields.Add("qty", HumanUnits.Quantity(e.QuantityLots, market));
        fields.Add("target", e.TargetLevel == 0 ? Value.None : Value.Of(TraderParameter.LevelOf((int)e.TargetLevel)));
        fields.AddIf(e.PositionId != 0, "position-id", Value.Of(e.PositionId));
    }

    private static void AddPerformance(Fields fields, ref readonly PerformanceUpdated e, AssetName asset)
    {
        fields.Add("exit", WordStyle.Kebab(((ExitKind)e.Header.Detail).ToString()));
        fields.Add("result", HumanUnits.Money(e.ResultUnits, asset));
        fields.Add("month-realised-pnl", HumanUnits.Money(e.MonthPnlUnits, asset));
        fields.Add("month-fees", HumanUnits.Money(e.MonthFeeUnits, asset));
        fields.Add("closed", e.Closed);
        fields.Add("won", e.Won);
    }
}
