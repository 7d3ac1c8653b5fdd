using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// Sets waiting orders off (R-1302, R-1312, R-1313): by mark, last, index, at each by ladder, then time. Their trades move prices; the loop looks
/// again, it never recurses. What is left when the work ends goes on with the next tick.
/// </summary>
public sealed class TriggerEngine(
    ExchangeState state, OrderRules rules, MarginCheck marginCheck, PositionLimits limits, Settlement settlement, MatchingEngine matching)
{
    /// <summary>
    /// Whether there is something to do, and work for it: an order that is set off must not lose its trades to the work limit, so half of a command's
    /// work has to be left.
    /// </summary>
    public bool CanRun => state.TriggersDueCount > 0 && state.WorkLeft >= state.Limits.MaxWorkPerCommand / 2;

    /// <summary>Sets off what the prices of the markets noted have reached.</summary>
    public void Run()
    {
        while (CanRun)
        {
            int market = state.FirstTriggersDue;
            if (!RunNext(market))
            {
                state.EndTriggersDue();
            }
        }
    }

    /// <summary>A market's state changed: nothing that was noted before counts, and current prices are compared if they may be.</summary>
    public void Restart(int market)
    {
        state.Triggers[market].Forget();
        for (TriggerSource source = TriggerSource.Mark; source <= TriggerSource.Index; source++)
        {
            long ticks = rules.PriceOf(market, source);
            if (ticks != 0)
            {
                state.NotePrice(market, source, ticks);
            }
        }
    }

    /// <summary>One order set off or moved; false when there is none.</summary>
    private bool RunNext(int market)
    {
        TriggerBook triggers = state.Triggers[market];
        for (TriggerSource source = TriggerSource.Mark; source <= TriggerSource.Index; source++)
        {
            int slot = triggers.NextTriggered(source);
            if (slot != 0)
            {
                state.Spend(1);
                SetOff(slot, market);
                if (state.TouchedCount > 0)
                {
                    settlement.Refresh();
                }

                return true;
            }

            slot = triggers.NextTrailing(source, rules.PriceOf(market, source), out long ticks);
            if (slot != 0)
            {
                state.Spend(1);
                Follow(slot, market, ticks);
                return true;
            }
        }

        return false;
    }

    private void Follow(int slot, int market, long ticks)
    {
        state.Triggers[market].Follow(slot, ticks);
        ref readonly Order order = ref state.Orders[slot];
        ref readonly OrderTermsRow terms = ref state.OrderTerms[order.Terms];
        ref OrderTrailed trailed = ref state.Events.Add<OrderTrailed>(
            EventType.OrderTrailed, market, EventFlags.None, TriggerDetail.Of(terms.Kind, terms.Source));
        trailed.AccountId = state.Positions[order.Position].Account;
        trailed.OrderId = Order.IdOf(slot, order.Generation);
        trailed.ClientOrderId = order.ClientOrderId;
        trailed.BestTicks = terms.BestTicks;
        trailed.TriggerTicks = terms.TriggerTicks;
    }

    private void SetOff(int slot, int market)
    {
        state.Triggers[market].Remove(slot);
        ref Order order = ref state.Orders.Edit(slot);
        order.SetMarks((order.Marks & ~OrderMarks.Waiting) | OrderMarks.Triggered);
        ref readonly OrderTermsRow terms = ref state.OrderTerms[order.Terms];
        long reducible = 0;
        bool reduces = order.Has(OrderMarks.ReduceOnly);
        if (reduces)
        {
            reducible = MakerExamination.Reducible(order.Side, state.Positions[order.Position].SizeLots);
            long lots = order.Has(OrderMarks.WholePosition) ? reducible : Math.Min(order.LeavesLots, reducible);
            order.QuantityLots += lots - order.LeavesLots;
            order.LeavesLots = lots;
        }

        long limit = terms.Type == OrderType.Market ? rules.MarketLimit(market, order.Side, terms.MaxSlippageRate) : order.PriceTicks;
        ref OrderTriggered triggered = ref state.Events.Add<OrderTriggered>(
            EventType.OrderTriggered, market, EventFlags.None, TriggerDetail.Of(terms.Kind, terms.Source));
        triggered.AccountId = state.Positions[order.Position].Account;
        triggered.OrderId = Order.IdOf(slot, order.Generation);
        triggered.ClientOrderId = order.ClientOrderId;
        triggered.TriggerTicks = terms.TriggerTicks;
        triggered.PriceTicks = limit;
        triggered.QuantityLots = order.LeavesLots;
        state.Registry.DoomLinked(slot);

        ResultCode code = reduces && reducible == 0 ? ResultCode.NothingToReduce : Check(slot, market, limit, reduces);
        if (code == ResultCode.Accepted)
        {
            matching.Release(slot, limit, marginCheck.OrderMarginUnits);
            return;
        }

        matching.EndTriggered(slot, code == ResultCode.NothingToReduce ? CancelReason.NothingToReduce : CancelReason.RefusedAtTrigger, code);
        matching.RunAftermath();
    }

    private ResultCode Check(int slot, int market, long limitTicks, bool reduces)
    {
        ref readonly Order order = ref state.Orders[slot];
        int account = state.Positions[order.Position].Account;
        if (!MarketRules.Takes(state.Markets[market].State, reduces, postOnly: false))
        {
            return ResultCode.MarketStateForbids;
        }

        if (!reduces && rules.IsKilled(account, order.Position, market))
        {
            return ResultCode.KillSwitchActive;
        }

        if (!reduces && UnderWay.Refuses(state, account, order.Position))
        {
            return ResultCode.ScopeInLiquidation;
        }

        ResultCode ruled = reduces ? ResultCode.Accepted : state.Gate.Check(account, order.Position, order.Side, order.LeavesLots, replaced: 0);
        if (ruled != ResultCode.Accepted)
        {
            return ruled;
        }

        if (limitTicks == 0)
        {
            return ResultCode.NoReferencePrice;
        }

        return !reduces && !limits.Allow(account, order.Position, market, order.Side, limitTicks, order.LeavesLots, replacedLots: 0)
            ? ResultCode.PositionLimit
            : marginCheck.Check(
                account, order.Position, market, order.Side, limitTicks, order.LeavesLots, replaced: 0, reduces,
                state.OrderTerms[order.Terms].IsImmediate, CollateralPurpose.Filling);
    }
}
