using LowLatencyMargin.Cli.Scenarios.Parameters;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>The part of <see cref="EventDecoder"/> for keepers and rules of liquidations.</summary>
internal static class KeeperEvents
{
    internal static void Add(Fields fields, ref readonly EventSlot slot, Names names)
    {
        switch (slot.Header.Type)
        {
            case EventType.KeeperRegistered:
                ref readonly KeeperRegistered registered = ref EventSlot.As<KeeperRegistered>(in slot);
                fields.Add("account", names.AccountOf(registered.AccountId));
                fields.Add("registered", Value.Of(registered.On != 0));
                break;
            case EventType.KeeperRewarded:
                AddReward(fields, in EventSlot.As<KeeperRewarded>(in slot), names);
                break;
            default:
                AddRules(fields, in slot, names.Market(slot.Header.MarketId));
                break;
        }
    }

    private static void AddReward(Fields fields, ref readonly KeeperRewarded e, Names names)
    {
        MarketName market = names.Market(e.Header.MarketId);
        fields.Add("market", market.Name);
        fields.Add("account", names.AccountOf(e.AccountId));
        fields.Add("keeper", names.AccountOf(e.KeeperId));
        fields.Add("liquidation", e.LiquidationId);
        fields.Add("reward", HumanUnits.Money(e.RewardUnits, market.Quote));
        fields.Add("refund", HumanUnits.Money(e.RefundUnits, market.Quote));
        fields.Add("score", e.Score);
    }

    private static void AddRules(Fields fields, ref readonly EventSlot slot, MarketName market)
    {
        fields.Add("market", market.Name);
        if (slot.Header.Detail == 1)
        {
            fields.Add("keeper-cost-refund", HumanUnits.Money(EventSlot.As<LiquidationRulesRest>(in slot).KeeperCostRefundUnits, market.Quote));
            return;
        }

        ref readonly LiquidationRulesSet e = ref EventSlot.As<LiquidationRulesSet>(in slot);
        var rules = new LiquidationRules
        {
            Partial = e.Partial,
            Style = e.Style,
            Recourse = e.Recourse,
            KeeperLoop = e.KeeperLoop,
            PartialMinFractionRate = e.PartialMinFractionRate,
            PartialTargetRate = e.PartialTargetRate,
            DisposalFractionRate = e.DisposalFractionRate,
            DisposalShareRate = e.DisposalShareRate,
            DisposalIntervalMs = e.DisposalIntervalMs,
            PartialMinNotionalUnits = e.PartialMinNotionalUnits,
            AccountLimitUnits = e.AccountLimitUnits,
            MarketLimitUnits = e.MarketLimitUnits,
        };
        LiquidationParameters.Set.AddTo(fields, rules, market, except: "keeper-cost-refund");
    }
}
