using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// The closer look at a resting order before it trades, and what follows when it has: expiry, links, reduce-only (R-1304), self-trade prevention
/// (R-1307), icebergs (R-1308), maker protection (R-1314), and what a fill-or-kill order can count on (R-1303).
/// </summary>
public sealed class MakerExamination(ExchangeState state, MatchingEngine engine)
{
    private const long MostCounted = 1L << 61;

    private readonly Slab<Order> _orders = state.Orders;
    private readonly Slab<Position> _positions = state.Positions;
    private CancelReason _reason;
    private int _takerPosition;

    /// <summary>How much of a position an order of a side would reduce.</summary>
    public static long Reducible(Side side, long sizeLots) => Math.Max(0, side == Side.Sell ? sizeLots : -sizeLots);

    /// <summary>Before a trade.</summary>
    public MatchStep Examine(
        int slot, ref Order maker, ref IncomingOrder taker, ref Level level, long ticks, ref long lots, ref bool stopped)
    {
        _takerPosition = taker.Position;
        if (IsOver(in maker))
        {
            return PassOver(slot, _reason);
        }

        if (maker.Has(OrderMarks.ReduceOnly))
        {
            long allowed = Reducible(maker.Side, _positions[maker.Position].SizeLots);
            if (allowed == 0)
            {
                return PassOver(slot, CancelReason.NothingToReduce);
            }

            if (allowed < maker.LeavesLots)
            {
                Shrink(slot, ref maker, ref level, maker.LeavesLots - allowed);
                lots = Math.Min(lots, allowed);
            }
        }

        if (taker.SelfTrade != SelfTradePrevention.None && IsSameOwner(in maker, in taker))
        {
            return Prevent(slot, ref maker, ref taker, ref level, ticks, ref stopped);
        }

        if (maker.Has(OrderMarks.Iceberg))
        {
            lots = Math.Min(lots, state.OrderTerms[maker.Terms].ShownLots);
        }

        return MatchStep.Trade;
    }

    /// <summary>After a trade of an order that is not a plain one.</summary>
    public void AfterTrade(int slot, ref Order maker, long lots)
    {
        if (maker.Has(OrderMarks.Linked))
        {
            state.Registry.DoomLinked(slot);
        }

        if (maker.Has(OrderMarks.Iceberg))
        {
            state.OrderTerms.Edit(maker.Terms).ShownLots -= lots;
        }

        if (maker.Has(OrderMarks.MakerProtected) && (_positions[maker.Position].Guards & Guards.MakerProtection) != 0)
        {
            CountFill(maker.Position, maker.Side, lots);
        }
    }

    /// <summary>Whether an iceberg has shown all of a part: then it shows the next, behind the queue.</summary>
    public bool Requeue(int slot, ref Order maker)
    {
        if (!maker.Has(OrderMarks.Iceberg))
        {
            return false;
        }

        ref OrderTermsRow terms = ref state.OrderTerms.Edit(maker.Terms);
        if (terms.ShownLots > 0)
        {
            return false;
        }

        terms.ShownLots = Math.Min(terms.DisplayLots, maker.LeavesLots);
        ref readonly Position position = ref _positions[maker.Position];
        ref OrderRefilled refilled = ref state.Events.Add<OrderRefilled>(
            EventType.OrderRefilled, position.Market, EventFlags.None, (byte)maker.Side);
        refilled.AccountId = position.Account;
        refilled.OrderId = Order.IdOf(slot, maker.Generation);
        refilled.ClientOrderId = maker.ClientOrderId;
        refilled.PriceTicks = maker.PriceTicks;
        refilled.ShownLots = terms.ShownLots;
        refilled.LeavesLots = maker.LeavesLots;
        return true;
    }

    /// <summary>Ends an order that was passed over, out of the book by now.</summary>
    public void PassedOver(int slot)
    {
        ref Order order = ref _orders.Edit(slot);
        int index = order.Position;
        engine.TakeFromSums(ref _positions.Edit(index), in order, order.LeavesLots);
        state.Registry.End(slot, _reason == CancelReason.Expired ? OrderStatus.Expired : OrderStatus.Cancelled);

        ref Position position = ref _positions.Edit(index);
        engine.Reserve(ref position);
        if (index != _takerPosition && position.IsTouched == 0)
        {
            state.RemovePositionIfEmpty(index);
        }
    }

    /// <summary>Whether a fill-or-kill order can be sure to trade whole.</summary>
    public bool CanFillWhole(int slot, int marketId)
    {
        ref readonly Order taker = ref _orders[slot];
        ref readonly Position own = ref _positions[taker.Position];
        var ownRule = (SelfTradePrevention)((int)taker.Marks >> 13);
        var incoming = new IncomingOrder
        {
            Position = taker.Position,
            Account = own.Account,
            Group = state.SelfTradeGroup(own.Account),
            SelfTrade = ownRule == SelfTradePrevention.MarketRule ? state.Markets[marketId].Parameters.SelfTrade : ownRule,
        };
        PriceLadder ladder = state.Books[marketId].Of(taker.Side == Side.Buy ? Side.Sell : Side.Buy);
        long missing = taker.LeavesLots;
        long work = state.WorkLeft - FollowWork(taker.Position);
        state.CountingWalks++;
        for (long ticks = ladder.BestTicks; ticks != 0 && IsWithin(in taker, ticks); ticks = ladder.NextWorse(ticks))
        {
            for (int row = ladder.At(ticks).Head; row != 0; row = _orders[row].Next)
            {
                ref readonly Order maker = ref _orders[row];
                long parts = 1;
                long counted = maker.LeavesLots;
                if (incoming.SelfTrade != SelfTradePrevention.None && IsSameOwner(in maker, in incoming))
                {
                    if (incoming.SelfTrade != SelfTradePrevention.Maker)
                    {
                        return false;
                    }

                    counted = 0;
                }
                else if (maker.IsSpecial)
                {
                    counted = Countable(in maker, ref parts);
                }

                work -= parts + FollowWork(maker.Position);
                missing -= counted;
                if (work < 0)
                {
                    return false;
                }

                if (missing <= 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsWithin(in Order taker, long ticks) => taker.Side == Side.Buy ? ticks <= taker.PriceTicks : ticks >= taker.PriceTicks;

    private long Countable(in Order maker, ref long parts)
    {
        if (maker.Has(OrderMarks.Linked | OrderMarks.ReduceOnly) || IsOver(in maker))
        {
            return 0;
        }

        long counted = maker.LeavesLots;
        if (maker.Has(OrderMarks.Iceberg))
        {
            ref readonly OrderTermsRow terms = ref state.OrderTerms[maker.Terms];
            parts = 1 + ((counted - terms.ShownLots + terms.DisplayLots - 1) / terms.DisplayLots);
        }

        if (!maker.Has(OrderMarks.MakerProtected) || (_positions[maker.Position].Guards & Guards.MakerProtection) == 0)
        {
            return counted;
        }

        ref TradingGuard guard = ref state.TradingGuards.Edit(maker.Position);
        if (guard.CountedBy == state.CountingWalks)
        {
            return 0;
        }

        guard.CountedBy = state.CountingWalks;
        return counted;
    }

    /// <summary>The most work that a trade of a row leads to besides itself.</summary>
    private long FollowWork(int row)
    {
        if (_positions[row].Guards == Guards.None)
        {
            return 0;
        }

        ref readonly TradingGuard guard = ref state.TradingGuards[row];
        return (_positions[row].Guards & Guards.Hedge) != 0 ? _positions[row].OpenOrders : (long)guard.ReduceOnlyOrders + guard.ProtectedOrders;
    }

    /// <summary>An order that should be gone already: its turn to be cancelled comes after this trade, or its timer waits for work.</summary>
    private bool IsOver(in Order maker)
    {
        if (maker.Has(OrderMarks.Expires) && state.OrderTerms[maker.Terms].ExpiresNs <= state.TimeNs)
        {
            _reason = CancelReason.Expired;
            return true;
        }

        if (maker.Has(OrderMarks.Linked) && state.OrderTerms[maker.Terms].IsDoomed != 0)
        {
            _reason = CancelReason.Linked;
            return true;
        }

        if (maker.Has(OrderMarks.MakerProtected) && (_positions[maker.Position].Guards & Guards.ProtectionDue) != 0)
        {
            _reason = CancelReason.MakerProtection;
            return true;
        }

        return false;
    }

    private bool IsSameOwner(in Order maker, in IncomingOrder taker)
    {
        if (maker.Position == taker.Position)
        {
            return true;
        }

        int account = _positions[maker.Position].Account;
        return taker.Group != 0 && (account == taker.Account || state.Accounts[account].GroupId == taker.Group);
    }

    private MatchStep PassOver(int slot, CancelReason reason)
    {
        state.Spend(1);
        _reason = reason;
        engine.AddOrderEvent(EventType.OrderCancelled, slot, EventFlags.None, (byte)reason);
        return MatchStep.PassOver;
    }

    private void Shrink(int slot, ref Order maker, ref Level level, long less)
    {
        engine.TakeFromSums(ref _positions.Edit(maker.Position), in maker, less);
        level.Lots -= less;
        maker.LeavesLots -= less;
        maker.QuantityLots -= less;
        if (maker.Has(OrderMarks.Iceberg))
        {
            ref OrderTermsRow terms = ref state.OrderTerms.Edit(maker.Terms);
            terms.ShownLots = Math.Min(terms.ShownLots, maker.LeavesLots);
        }

        engine.AddAmended(slot);
        engine.Reserve(ref _positions.Edit(maker.Position));
    }

    private MatchStep Prevent(int slot, ref Order maker, ref IncomingOrder taker, ref Level level, long ticks, ref bool stopped)
    {
        long prevented = Math.Min(maker.LeavesLots, taker.LeavesLots);
        ref readonly Position position = ref _positions[maker.Position];
        ref SelfTradePrevented told = ref state.Events.Add<SelfTradePrevented>(
            EventType.SelfTradePrevented, position.Market, EventFlags.None, (byte)taker.SelfTrade);
        told.TakerAccountId = taker.Account;
        told.MakerAccountId = position.Account;
        told.TakerOrderId = taker.OrderId;
        told.MakerOrderId = Order.IdOf(slot, maker.Generation);
        told.PriceTicks = ticks;
        told.PreventedLots = prevented;
        switch (taker.SelfTrade)
        {
            case SelfTradePrevention.Maker:
                return PassOver(slot, CancelReason.SelfTrade);
            case SelfTradePrevention.Both:
                stopped = true;
                return PassOver(slot, CancelReason.SelfTrade);
            case SelfTradePrevention.Decrement:
                return Decrement(slot, ref maker, ref taker, ref level, prevented, ref stopped);
            default:
                state.Spend(1);
                stopped = true;
                return MatchStep.Stop;
        }
    }

    private MatchStep Decrement(int slot, ref Order maker, ref IncomingOrder taker, ref Level level, long lots, ref bool stopped)
    {
        MatchStep step = MatchStep.Again;
        if (maker.LeavesLots == lots)
        {
            step = PassOver(slot, CancelReason.SelfTrade);
        }
        else
        {
            state.Spend(1);
            Shrink(slot, ref maker, ref level, lots);
        }

        ref Order incoming = ref _orders.Edit(taker.Slot);
        incoming.LeavesLots = taker.LeavesLots;
        if (taker.LeavesLots == lots)
        {
            stopped = true;
            return step;
        }

        taker.LeavesLots -= lots;
        incoming.LeavesLots -= lots;
        incoming.QuantityLots -= lots;
        engine.AddAmended(taker.Slot);
        return step;
    }

    private void CountFill(int index, Side side, long lots)
    {
        ref TradingGuard guard = ref state.TradingGuards.Edit(index);
        if (state.TimeNs >= guard.WindowEndsNs)
        {
            guard.WindowEndsNs = state.TimeNs + (guard.WindowMs * 1_000_000L);
            guard.FilledLots = 0;
            guard.DeltaLots = 0;
            guard.Fills = 0;
        }

        // saturating: a limit is reached long before
        guard.FilledLots = Math.Min(guard.FilledLots + lots, MostCounted);
        guard.DeltaLots = Math.Clamp(guard.DeltaLots + (side == Side.Buy ? lots : -lots), -MostCounted, MostCounted);
        guard.Fills = Math.Min(guard.Fills + 1, int.MaxValue - 1);
        bool exceeded = (guard.LimitLots != 0 && guard.FilledLots >= guard.LimitLots)
            || (guard.LimitDeltaLots != 0 && Math.Abs(guard.DeltaLots) >= guard.LimitDeltaLots)
            || (guard.LimitFills != 0 && guard.Fills >= guard.LimitFills);
        if (!exceeded)
        {
            return;
        }

        ref Position position = ref _positions.Edit(index);
        guard.FrozenUntilNs = guard.FrozenMs == 0 ? long.MaxValue : state.TimeNs + (guard.FrozenMs * 1_000_000L);
        ref MakerProtectionTriggered triggered = ref state.Events.Add<MakerProtectionTriggered>(EventType.MakerProtectionTriggered, position.Market);
        triggered.AccountId = position.Account;
        triggered.FilledLots = guard.FilledLots;
        triggered.DeltaLots = guard.DeltaLots;
        triggered.Fills = guard.Fills;
        triggered.FrozenUntilNs = guard.FrozenUntilNs;
        guard.WindowEndsNs = 0;
        position.Guards |= Guards.ProtectionDue;
        state.QueueAftermath(AftermathKind.MakerProtection, index);
        state.Spend(guard.ProtectedOrders);
    }
}
