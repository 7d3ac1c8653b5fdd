using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Which events of a liquidation are about whom.</summary>
internal static class LiquidationSteps
{
    /// <summary>Accounts that lost orders or assets to a liquidation without one of their positions being closed.</summary>
    public static HashSet<long> WithoutPosition(Recording recording, ModelExchange model)
    {
        HashSet<long> touched = [];
        HashSet<long> started = [.. model.Accounts.Values.Where(account => account.IsLiquidation).Select(account => account.Id)];
        HashSet<(long Account, long Market)> isolated = [];
        foreach (EventSlot slot in recording.Slots)
        {
            if (slot.Header.Type == EventType.LiquidationStarted && slot.Header.Flags.HasFlag(EventFlags.Isolated))
            {
                isolated.Add((AccountOf(in slot), slot.Header.MarketId));
            }
        }

        bool isOfLoans = false;
        foreach (EventSlot slot in recording.Slots)
        {
            isOfLoans = slot.Header.Type == EventType.LoanLiquidationStarted || (isOfLoans && slot.Header.Type != EventType.LoanLiquidationFinished);

            // a hedge account can have both kinds in one market: its cross scope is not rescued when a position of it closes
            bool isOfCross = slot.Header.Type == EventType.LiquidationStarted && !slot.Header.Flags.HasFlag(EventFlags.Isolated);
            if (isOfLoans || (!isOfCross && isolated.Contains((AccountOf(in slot), slot.Header.MarketId))))
            {
                continue;
            }

            (slot.Header.Type == EventType.LiquidationStarted ? started : touched).Add(AccountOf(in slot));
        }

        touched.ExceptWith(started);
        touched.ExceptWith(model.UnderWay.Values.Select(way => way.Row.Account.Id));
        touched.Remove(0);
        return touched;
    }

    /// <summary>The liquidation that an event is about.</summary>
    public static long? IdOf(in EventSlot slot) => slot.Header.Type switch
    {
        EventType.LiquidationStep => EventSlot.As<LiquidationStep>(in slot).LiquidationId,
        EventType.LiquidationWaits => EventSlot.As<LiquidationWaits>(in slot).LiquidationId,
        EventType.LiquidationTakeover => EventSlot.As<LiquidationTakeover>(in slot).LiquidationId,
        EventType.LiquidationFinished => EventSlot.As<LiquidationFinished>(in slot).LiquidationId,
        EventType.Trade when slot.Header.Flags.HasFlag(EventFlags.Liquidation) => EventSlot.As<Trade>(in slot).TakerOrderId,
        _ => null,
    };

    /// <summary>
    /// All that is told of liquidations, in the model's words. A step that ran out of work went on with the next command: to the model
    /// it is one.
    /// </summary>
    public static List<object> Told(List<EventSlot> slots)
    {
        var all = new List<object>();
        for (int at = 0; at < slots.Count; at++)
        {
            if (Told(slots, at) is not { } told)
            {
                continue;
            }

            if (told is ModelStep step && all.LastOrDefault() is ModelStep begun && begun.Id == step.Id && begun.Closed < begun.Meant)
            {
                // what it closed before is told already when it goes on with what the book did not take
                all[^1] = step.Closed.IsZero
                    ? begun
                    : step with { Meant = begun.Meant, Closed = begun.Closed + step.Closed, Units = begun.Units + step.Units };
            }
            else
            {
                all.Add(told);
            }
        }

        return all;
    }

    /// <summary>An event of a liquidation in the model's words, null for others.</summary>
    private static object? Told(List<EventSlot> slots, int at)
    {
        EventSlot slot = slots[at];
        long market = slot.Header.MarketId;
        switch (slot.Header.Type)
        {
            case EventType.LiquidationStarted when at + 1 < slots.Count:
                LiquidationStarted started = EventSlot.As<LiquidationStarted>(in slot);
                EventSlot behind = slots[at + 1];
                LiquidationScope scope = behind.Header.Type == EventType.LiquidationScope ? EventSlot.As<LiquidationScope>(in behind) : default;
                return new ModelStarted(started.LiquidationId, started.AccountId, market, scope.PositionId, started.SizeLots, started.MarkTicks,
                    started.EquityUnits, started.RequirementUnits, scope.EntryCostUnits, scope.MarginUnits, scope.BankruptcyPriceTicks, scope.KeeperId);
            case EventType.LiquidationStep:
                LiquidationStep step = EventSlot.As<LiquidationStep>(in slot);
                return new ModelStep(step.LiquidationId, (LiquidationStepKind)slot.Header.Detail, step.MeantLots, step.ClosedLots, step.ClosedUnits,
                    step.EquityUnits, step.RequirementUnits);
            case EventType.LiquidationTakeover:
                LiquidationTakeover taken = EventSlot.As<LiquidationTakeover>(in slot);
                return new ModelTakenOver(taken.LiquidationId, taken.AccountId, market, taken.SizeLots, taken.CostUnits, taken.BankruptcyPriceTicks,
                    taken.RealizedPnlUnits);
            case EventType.LiquidationWaits:
                LiquidationWaits waits = EventSlot.As<LiquidationWaits>(in slot);
                return new ModelWait(waits.LiquidationId, waits.AccountId, waits.SizeLots, waits.UntilNs, waits.EquityUnits, waits.RequirementUnits);
            case EventType.PenaltyPaid:
                PenaltyPaid paid = EventSlot.As<PenaltyPaid>(in slot);
                return new ModelPenalty(paid.AccountId, paid.FeeUnits, paid.KeeperUnits, paid.ProtocolUnits, paid.InsuranceUnits, paid.MakersUnits);
            case EventType.PenaltyTerms:
                PenaltyTerms terms = EventSlot.As<PenaltyTerms>(in slot);
                return new ModelTerms(terms.LiquidationId, market, terms.NotionalUnits, terms.LeftUnits, terms.MinPenaltyUnits, terms.RefundUnits,
                    terms.FeeRate, terms.PenaltyRate);
            case EventType.LiquidationRulesSet when slot.Header.Detail == 0 && at + 1 < slots.Count:
                return new ModelRulesSet(market, RulesOf(EventSlot.As<LiquidationRulesSet>(in slot), slots[at + 1]));
            case EventType.KeeperRegistered:
                KeeperRegistered registered = EventSlot.As<KeeperRegistered>(in slot);
                return new ModelRegistration(registered.AccountId, registered.On == 1);
            case EventType.KeeperRewarded:
                KeeperRewarded rewarded = EventSlot.As<KeeperRewarded>(in slot);
                return new ModelReward(rewarded.KeeperId, rewarded.LiquidationId, rewarded.AccountId, rewarded.RewardUnits, rewarded.RefundUnits,
                    rewarded.Score);
            case EventType.RecourseTaken:
                RecourseTaken recourse = EventSlot.As<RecourseTaken>(in slot);
                return new ModelRecourse(recourse.AccountId, recourse.LiquidationId, recourse.ShortfallUnits, recourse.TakenUnits, recourse.BalanceUnits);
            case EventType.LiquidationFinished:
                LiquidationFinished finished = EventSlot.As<LiquidationFinished>(in slot);
                return new ModelFinished(finished.LiquidationId, finished.AccountId, finished.ClosedLots, finished.ClosedNotionalUnits,
                    finished.TakenOverLots);
            default:
                return null;
        }
    }

    private static LiquidationRules RulesOf(in LiquidationRulesSet set, in EventSlot behind) => new()
    {
        Partial = set.Partial,
        Style = set.Style,
        Recourse = set.Recourse,
        KeeperLoop = set.KeeperLoop,
        PartialMinFractionRate = set.PartialMinFractionRate,
        PartialTargetRate = set.PartialTargetRate,
        PartialMinNotionalUnits = set.PartialMinNotionalUnits,
        DisposalFractionRate = set.DisposalFractionRate,
        DisposalShareRate = set.DisposalShareRate,
        DisposalIntervalMs = set.DisposalIntervalMs,
        AccountLimitUnits = set.AccountLimitUnits,
        MarketLimitUnits = set.MarketLimitUnits,
        KeeperCostRefundUnits = behind.Header is { Type: EventType.LiquidationRulesSet, Detail: 1 }
            ? EventSlot.As<LiquidationRulesRest>(in behind).KeeperCostRefundUnits : -1,
    };

    /// <summary>The account that an event of a liquidation is about, 0 for other events.</summary>
    public static long AccountOf(in EventSlot slot)
    {
        bool isByLiquidation = slot.Header.Flags.HasFlag(EventFlags.Liquidation);
        return slot.Header.Type switch
        {
            EventType.LiquidationStarted => EventSlot.As<LiquidationStarted>(in slot).AccountId,
            EventType.CollateralTakenOver => EventSlot.As<CollateralTakenOver>(in slot).AccountId,
            EventType.OrderCancelled when slot.Header.Detail == (byte)CancelReason.Liquidation => EventSlot.As<OrderChanged>(in slot).AccountId,
            EventType.Fill when isByLiquidation && slot.Header.Flags.HasFlag(EventFlags.Taker) => EventSlot.As<Fill>(in slot).AccountId,
            _ => 0,
        };
    }
}
