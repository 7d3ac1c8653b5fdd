using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Fees;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// Price-time matching (R-1301): takes orders that were checked, trades them, rests what is left, and settles each trade on both sides.
/// </summary>
public sealed partial class MatchingEngine
{
    /// <summary>In place of an order margin: it is to be computed.</summary>
    public const long ComputeMargin = -1;

    private readonly ExchangeState _state;
    private readonly Settlement _settlement;
    private readonly OrderRegister _register;
    private readonly MakerExamination _makers;
    private readonly Slab<Order> _orders;
    private readonly Slab<Position> _positions;
    private readonly Slab<Market> _markets;
    private readonly EventBuffer _events;
    private readonly PerMarket<OrderBook> _books;
    private readonly TradingFees _fees;

    /// <summary>An engine over a state.</summary>
    [ColdPath]
    public MatchingEngine(ExchangeState state, Settlement settlement)
    {
        _state = state;
        _settlement = settlement;
        _register = state.Registry;
        _makers = new MakerExamination(state, this);
        _orders = state.Orders;
        _positions = state.Positions;
        _markets = state.Markets;
        _events = state.Events;
        _books = state.Books;
        _fees = new TradingFees(state);
    }

    /// <summary>Takes in a checked order; returns its row, which may have ended already.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Place(ref readonly OrderPlan plan)
    {
        if (!plan.Waits)
        {
            RaiseCeiling(plan.Market, plan.LimitTicks);
        }

        int slot = _state.AllocateOrder();
        Invariant.Assert(slot != 0, "room for the order was checked before");
        int index = plan.Position != 0 ? plan.Position : _state.AddPosition(plan.Account, plan.Market);
        ref Order order = ref _orders.Edit(slot);
        order.Position = index;
        order.QuantityLots = plan.Lots;
        order.LeavesLots = plan.Lots;
        order.ClientOrderId = plan.ClientOrderId;
        order.SetPrice(plan.LimitTicks, 0, plan.Side);
        if (plan.Marks != OrderMarks.None)
        {
            order.SetMarks(plan.Marks);
            if (plan.HasTerms)
            {
                SetTerms(slot, in plan);
            }
        }

        EventFlags flags = (plan.IsImmediate ? EventFlags.Immediate : EventFlags.None) | (plan.Waits ? EventFlags.Waiting : EventFlags.None);
        AddOrderEvent(EventType.OrderAccepted, slot, flags, EventHeader.DetailOf(plan.Side, OrderFlagsOf(plan.Marks)));
        if (plan.HasTerms)
        {
            AddTermsEvents(slot);
        }

        if ((_positions[index].Guards & Policy.Guards.Hedge) != 0)
        {
            AddAssigned(slot, index);
        }

        if (plan.Waits)
        {
            _register.List(slot, ref order, ref _positions.Edit(index));
            _state.Triggers[plan.Market].Add(slot);
            return slot;
        }

        TradeAndRest(slot, plan.Market, plan.IsImmediate, plan.TimeInForce == TimeInForce.FillOrKill, isListed: false, plan.OrderMarginUnits);
        return slot;
    }

    /// <summary>An order of an atomic batch, whose margin was checked with the others; one that can't be placed any more ends at once.</summary>
    public void PlaceChecked(ref OrderPlan plan, long priceTicks, CancelReason? ended)
    {
        plan.Position = _state.FindPosition(plan.Account, plan.Market);
        if (ended is null)
        {
            plan.OrderMarginUnits = ComputeMargin;
            _ = Place(in plan);
            return;
        }

        int slot = _state.AllocateOrder();
        Invariant.Assert(slot != 0, "room for the order was checked before");
        int index = plan.Position != 0 ? plan.Position : _state.AddPosition(plan.Account, plan.Market);
        ref Order order = ref _orders.Edit(slot);
        order.Position = index;
        order.QuantityLots = plan.Lots;
        order.LeavesLots = plan.Lots;
        order.ClientOrderId = plan.ClientOrderId;
        order.SetPrice(priceTicks, 0, plan.Side);
        AddOrderEvent(
            EventType.OrderAccepted,
            slot,
            plan.IsImmediate ? EventFlags.Immediate : EventFlags.None,
            EventHeader.DetailOf(plan.Side, OrderFlagsOf(plan.Marks)));
        AddOrderEvent(EventType.OrderCancelled, slot, EventFlags.None, (byte)ended.Value);
        _register.Forget(slot, OrderStatus.Cancelled);
        if (_positions[index].IsTouched == 0)
        {
            _state.RemovePositionIfEmpty(index);
        }
    }

    /// <summary>Cancels what is left of an open order.</summary>
    public void Cancel(int slot, CancelReason reason)
    {
        int index = _orders[slot].Position;
        AddOrderEvent(EventType.OrderCancelled, slot, reason == CancelReason.Liquidation ? EventFlags.Liquidation : EventFlags.None, (byte)reason);
        if (_orders[slot].Has(OrderMarks.Waiting))
        {
            _state.Triggers[_positions[index].Market].Remove(slot);
            _register.End(slot, StatusOf(reason));
        }
        else
        {
            Withdraw(slot);
            _register.End(slot, StatusOf(reason));
            _settlement.Reserve(ref _positions.Edit(index));
        }

        if (_positions[index].IsTouched == 0)
        {
            _state.RemovePositionIfEmpty(index);
        }
    }

    /// <summary>Makes an open order smaller; it keeps its place (R-1305).</summary>
    public void Reduce(int slot, long leavesLots)
    {
        ref Order order = ref _orders.Edit(slot);
        long less = order.LeavesLots - leavesLots;
        if (order.Has(OrderMarks.Waiting))
        {
            order.LeavesLots = leavesLots;
            order.QuantityLots -= less;
            AddAmended(slot);
            return;
        }

        ref Position position = ref _positions.Edit(order.Position);
        TakeFromSums(ref position, in order, less);
        _state.Books[position.Market].Reduce(slot, less);
        order.QuantityLots -= less;
        if (order.Has(OrderMarks.Iceberg))
        {
            ref OrderTermsRow terms = ref _register.TermsOf(slot);
            terms.ShownLots = Math.Min(terms.ShownLots, leavesLots);
        }

        AddAmended(slot);
        _settlement.Reserve(ref position);
    }

    /// <summary>
    /// Gives a checked resting order another price or more quantity: it goes to the end of the queue of its price, and trades if it crosses
    /// (R-1305).
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Replace(int slot, long priceTicks, long leavesLots, long orderMarginUnits)
    {
        ref Order order = ref _orders.Edit(slot);
        int marketId = _positions[order.Position].Market;
        RaiseCeiling(marketId, priceTicks);
        Withdraw(slot);
        if (_markets[marketId].IsSpot)
        {
            // what it held is free for its own trades
            _settlement.Reserve(ref _positions.Edit(order.Position));
        }

        order.QuantityLots += leavesLots - order.LeavesLots;
        order.LeavesLots = leavesLots;
        order.SetPrice(priceTicks, 0, order.Side);
        AddAmended(slot);
        TradeAndRest(slot, marketId, immediate: false, fillOrKill: false, isListed: true, orderMarginUnits);
    }

    /// <summary>Gives a checked waiting order another price, trigger or more quantity: it goes to the end of the queue of its trigger.</summary>
    public void ReplaceWaiting(int slot, in OrderChanges.Change change)
    {
        ref Order order = ref _orders.Edit(slot);
        TriggerBook triggers = _state.Triggers[_positions[order.Position].Market];
        triggers.Take(slot);
        order.QuantityLots += change.Lots - order.LeavesLots;
        order.LeavesLots = change.Lots;
        order.SetPrice(change.PriceTicks, 0, order.Side);
        _register.TermsOf(slot).TriggerTicks = change.TriggerTicks;
        triggers.Add(slot);
        AddAmended(slot);
    }

    /// <summary>A waiting order that was set off and checked goes to the book; it is listed already.</summary>
    public void Release(int slot, long limitTicks, long orderMarginUnits)
    {
        ref Order order = ref _orders.Edit(slot);
        int marketId = _positions[order.Position].Market;
        ref readonly OrderTermsRow terms = ref _state.OrderTerms[order.Terms];
        bool immediate = terms.IsImmediate;
        RaiseCeiling(marketId, limitTicks);
        order.SetPrice(limitTicks, 0, order.Side);
        TradeAndRest(slot, marketId, immediate, terms.TimeInForce == TimeInForce.FillOrKill, isListed: true, orderMarginUnits);
    }

    /// <summary>Ends a waiting order that was set off and could not be placed.</summary>
    public void EndTriggered(int slot, CancelReason reason, ResultCode code)
    {
        ref readonly Order order = ref _orders[slot];
        int index = order.Position;
        if (reason == CancelReason.RefusedAtTrigger)
        {
            ref Rejected rejected = ref _events.Add<Rejected>(EventType.Rejected, _positions[index].Market, EventFlags.None, (byte)order.Side);
            rejected.AccountId = _positions[index].Account;
            rejected.OrderId = Order.IdOf(slot, order.Generation);
            rejected.ClientOrderId = order.ClientOrderId;
            rejected.Code = code;
            rejected.Command = CommandType.PlaceOrderWithTerms;
        }

        AddOrderEvent(EventType.OrderCancelled, slot, EventFlags.None, (byte)reason);
        _register.End(slot, OrderStatus.Cancelled);
        if (_positions[index].IsTouched == 0)
        {
            _state.RemovePositionIfEmpty(index);
        }
    }

    /// <summary>
    /// Closes lots of a position that is being liquidated, at <paramref name="limitTicks"/> or better and without a fee for the moment, with so many trades
    /// at most: a chunk, whatever work is left.
    /// </summary>
    /// <param name="index">Row of the position.</param>
    /// <param name="liquidationId">Id of the liquidation.</param>
    /// <param name="limitTicks">Worst price.</param>
    /// <param name="lots">Lots to close.</param>
    /// <param name="trades">Most trades; what is left of them.</param>
    /// <param name="closedUnits">What the closed lots came to.</param>
    /// <returns>Lots closed.</returns>
    public long Liquidate(int index, long liquidationId, long limitTicks, long lots, ref int trades, out long closedUnits)
    {
        ref readonly Position position = ref _positions[index];
        var taker = new IncomingOrder
        {
            Position = index,
            Account = position.Account,
            Side = position.SizeLots > 0 ? Side.Sell : Side.Buy,
            SelfTrade = SelfTradePrevention.None,
            LimitTicks = limitTicks,
            LeavesLots = lots,
            OrderId = liquidationId,
            Flags = EventFlags.Liquidation,
        };
        OrderBook book = _state.Books[position.Market];
        if (book.Crosses(taker.Side, limitTicks) && MarketRules.Liquidates(_markets[position.Market].State))
        {
            var handler = new ChunkHandler(this, position.Market, trades);
            book.Match(ref taker, ref handler);
            trades = handler.TradesLeft;
        }

        closedUnits = taker.TradedUnits;
        return taker.TradedLots;
    }

    /// <summary>Takes lots of a resting order out of the sums of its row and market.</summary>
    public void TakeFromSums(ref Position position, in Order order, long lots)
    {
        ref Market market = ref _markets.Edit(position.Market);
        long units = lots * order.HoldTicks * market.TickValueUnits;
        if (!order.Has(OrderMarks.ReduceOnly))
        {
            position.Orders.Take(order.Side, lots, units);
        }

        if (order.Has(OrderMarks.Loans))
        {
            _settlement.Spot.Loans.Count(order.Position, in order, -lots, -units);
        }

        market.RestingLots -= lots;
        market.CommittedUnits -= units;
    }

    /// <summary>Recomputes the order margin of a row.</summary>
    public void Reserve(ref Position position) => _settlement.Reserve(ref position);

    private static OrderStatus StatusOf(CancelReason reason) => reason == CancelReason.Expired ? OrderStatus.Expired : OrderStatus.Cancelled;

    private void RaiseCeiling(int marketId, long ticks)
    {
        ref Market market = ref _markets.Edit(marketId);
        if (market.HasMark == 0 && ticks > market.CeilingTicks)
        {
            market.CeilingTicks = ticks;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TradeAndRest(int slot, int marketId, bool immediate, bool fillOrKill, bool isListed, long orderMarginUnits)
    {
        ref Order order = ref _orders.Edit(slot);
        OrderBook book = _state.Books[marketId];
        bool stopped = false;
        if (book.Crosses(order.Side, order.PriceTicks) && (!fillOrKill || _makers.CanFillWhole(slot, marketId)))
        {
            // What was computed before holds no longer: orders of the same row may have ended without a trade.
            orderMarginUnits = ComputeMargin;
            stopped = Match(slot, marketId, book);
        }

        RestOrEnd(slot, marketId, immediate, fillOrKill, stopped, isListed, orderMarginUnits);
        if (_state.AftermathCount > 0)
        {
            RunAftermath();
        }
    }

    /// <summary>True when self-trade prevention ended the order.</summary>
    private bool Match(int slot, int marketId, OrderBook book)
    {
        ref Order order = ref _orders.Edit(slot);
        ref readonly Position position = ref _positions[order.Position];
        ref readonly MarketParameters parameters = ref _markets[marketId].Parameters;
        var own = (SelfTradePrevention)((int)order.Marks >> 13);
        var taker = new IncomingOrder
        {
            Slot = slot,
            Position = order.Position,
            Account = position.Account,
            Side = order.Side,
            SelfTrade = own == SelfTradePrevention.MarketRule ? parameters.SelfTrade : own,
            LimitTicks = order.PriceTicks,
            LeavesLots = order.LeavesLots,
            OrderId = Order.IdOf(slot, order.Generation),
            ClientOrderId = order.ClientOrderId,
            FeeRate = parameters.TakerFeeRate,
            Group = _state.SelfTradeGroup(position.Account),
        };
        var handler = new Handler(this, marketId);
        book.Match(ref taker, ref handler);
        order.LeavesLots = taker.LeavesLots;
        return handler.IsStopped;
    }

    private void Trade(int makerSlot, ref Order maker, ref IncomingOrder taker, long ticks, long lots, int marketId)
    {
        _state.Spend(1);
        ref Market market = ref _markets.Edit(marketId);
        int makerIndex = maker.Position;
        ref Position makerPosition = ref _positions.Edit(makerIndex);
        if (market.HasFunded != 0)
        {
            _settlement.SettleFunding(makerIndex);
            _settlement.SettleFunding(taker.Position);
        }

        long notional = lots * ticks * market.TickValueUnits;
        bool isFirst = taker.TradedLots == 0;
        taker.TradedLots += lots;
        taker.TradedUnits += notional;
        TakeFromSums(ref makerPosition, in maker, lots);

        ref Trade trade = ref _events.Add<Trade>(EventType.Trade, marketId, taker.Flags, (byte)taker.Side);
        trade.TradeId = ++_state.LastTradeId;
        trade.PriceTicks = ticks;
        trade.QuantityLots = lots;
        trade.MakerOrderId = Order.IdOf(makerSlot, maker.Generation);
        trade.TakerOrderId = taker.OrderId;

        int makerRate = market.Parameters.MakerFeeRate;
        int takerRate = taker.FeeRate;
        if (market.HasFeeRules != 0)
        {
            _fees.FindRates(in market, makerPosition.Account, in taker, notional, ref makerRate, ref takerRate);
        }

        long makerFee = makerRate < 0 ? 0 : Rate.OfRoundedUp(notional, makerRate);
        long takerFee = Rate.OfRoundedUp(notional, takerRate);
        SideEffect makerEffect = SideEffect.None;
        SideEffect takerEffect = SideEffect.None;
        if (market.IsSpot)
        {
            makerEffect = EffectOf(in maker);
            takerEffect = taker.Slot == 0 ? SideEffect.None : EffectOf(in _orders[taker.Slot]);
            PrepareSpot(in maker, in taker, makerEffect, takerEffect, lots, notional, takerRate, ref makerFee, ref takerFee);
        }

        long makerPnl = Settle(in market, makerIndex, makerSlot, maker.Side, lots, notional, ref makerFee, keepMargin: false, makerEffect);
        ref Fill makerFill = ref AddFill(
            EventFlags.None, maker.Side, makerIndex, trade.MakerOrderId, maker.ClientOrderId, maker.LeavesLots, makerFee, makerPnl);

        bool liquidation = (taker.Flags & EventFlags.Liquidation) != 0;
        long takerPnl = Settle(in market, taker.Position, taker.Slot, taker.Side, lots, notional, ref takerFee, keepMargin: liquidation, takerEffect);
        AddFill(taker.Flags | EventFlags.Taker, taker.Side, taker.Position, taker.OrderId, taker.ClientOrderId, taker.LeavesLots, takerFee, takerPnl);
        if (market.HasFeeRules != 0)
        {
            makerFee -= _fees.Settle(ref market, makerIndex, in taker, notional, makerRate, makerFee, takerFee);
            makerFill.FeeUnits = makerFee;
        }

        market.LastTicks = ticks;
        if (market.HasMark == 0 && !liquidation)
        {
            market.MarkTicks = ticks;
            _state.AddDue(marketId);
            _state.NotePrice(marketId, TriggerSource.Mark, ticks);
        }

        _state.NotePrice(marketId, TriggerSource.Last, ticks);
        if (market.CountsTrades != 0 && !liquidation)
        {
            _state.NoteTrade(marketId, lots, ticks);
        }

        if (maker.IsSpecial)
        {
            _makers.AfterTrade(makerSlot, ref maker, lots);
        }

        if (isFirst && taker.Slot != 0 && _orders[taker.Slot].Has(OrderMarks.Linked))
        {
            _register.DoomLinked(taker.Slot);
        }

        _settlement.Reserve(ref makerPosition);
        if (((_state.Accounts[makerPosition.Account].Traits | _state.Accounts[taker.Account].Traits) & AccountTraits.HasRules) != 0)
        {
            _state.Records.AfterFill(maker.Position, makerSlot, lots, maker.LeavesLots, makerPnl, makerFee);
            _state.Records.AfterFill(taker.Position, taker.Slot, lots, taker.LeavesLots, takerPnl, takerFee);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Settle(in Market market, int index, int order, Side side, long lots, long notional, ref long feeUnits, bool keepMargin,
        SideEffect effect)
    {
        if (!market.IsSpot)
        {
            return _settlement.Book(index, order, side, lots, notional, ref feeUnits, keepMargin);
        }

        _settlement.Spot.Book(index, side, lots, notional, feeUnits, (effect & SideEffect.AutoRepay) != 0);
        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RestOrEnd(int slot, int marketId, bool immediate, bool fillOrKill, bool stopped, bool isListed, long orderMarginUnits)
    {
        ref Order order = ref _orders.Edit(slot);
        int index = order.Position;
        ref Position position = ref _positions.Edit(index);
        if (order.LeavesLots > 0 && !immediate && !stopped && _state.WorkLeft > 0)
        {
            Rest(slot, ref order, ref position, marketId, isListed);
            if (position.IsIsolated != 0)
            {
                _settlement.SettleFunding(index);
            }

            if (orderMarginUnits == ComputeMargin)
            {
                _settlement.Reserve(ref position);
            }
            else if (position.IsTouched == 0)
            {
                _settlement.Reserve(ref position, orderMarginUnits, in _markets[marketId]);
            }

            return;
        }

        bool filled = order.LeavesLots == 0;
        if (!filled)
        {
            CancelReason reason = stopped ? CancelReason.SelfTrade
                : fillOrKill ? CancelReason.NotFilledWhole
                : _state.WorkLeft == 0 ? CancelReason.WorkLimit
                : CancelReason.NotFilledAtOnce;
            AddOrderEvent(EventType.OrderCancelled, slot, EventFlags.None, (byte)reason);
        }

        OrderStatus status = filled ? OrderStatus.Filled : OrderStatus.Cancelled;
        if (isListed)
        {
            _register.End(slot, status);
            _settlement.Reserve(ref position);
        }
        else
        {
            _register.Forget(slot, status);
        }

        if (position.IsTouched == 0)
        {
            _state.RemovePositionIfEmpty(index);
        }
    }

    private void Rest(int slot, ref Order order, ref Position position, int marketId, bool isListed)
    {
        ref Market market = ref _markets.Edit(marketId);
        long holdTicks = MarginCheck.HoldTicks(order.Side, order.PriceTicks, in market);
        long holdUnits = order.LeavesLots * holdTicks * market.TickValueUnits;
        order.SetPrice(order.PriceTicks, holdTicks, order.Side);
        if (!order.Has(OrderMarks.ReduceOnly))
        {
            position.Orders.Add(order.Side, order.LeavesLots, holdTicks, holdUnits);
        }

        if (order.Has(OrderMarks.Loans))
        {
            _settlement.Spot.Loans.Count(order.Position, in order, order.LeavesLots, holdUnits);
        }

        market.RestingLots += order.LeavesLots;
        market.CommittedUnits += holdUnits;
        if (order.Has(OrderMarks.Iceberg))
        {
            ref OrderTermsRow terms = ref _register.TermsOf(slot);
            terms.ShownLots = Math.Min(terms.DisplayLots, order.LeavesLots);
        }

        _state.Books[marketId].Enqueue(slot);
        if (!isListed)
        {
            _register.List(slot, ref order, ref position);
        }
    }

    /// <summary>Takes an order out of its queue and out of the sums; it stays listed.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Withdraw(int slot)
    {
        ref Order order = ref _orders.Edit(slot);
        ref Position position = ref _positions.Edit(order.Position);
        _state.Books[position.Market].Dequeue(slot);
        TakeFromSums(ref position, in order, order.LeavesLots);
    }

    private void SetTerms(int slot, ref readonly OrderPlan plan)
    {
        ref OrderTermsRow terms = ref _register.TermsOf(slot);
        terms.ExpiresNs = plan.ExpiresNs;
        terms.SetChoices(plan.Terms.Source, plan.Type, plan.TimeInForce, plan.Effect);
        if ((plan.Marks & OrderMarks.Iceberg) != 0)
        {
            terms.DisplayLots = plan.Terms.DisplayLots;
        }

        if (plan.Waits)
        {
            terms.Kind = plan.Terms.Trigger;
            terms.MaxSlippageRate = plan.MaxSlippageRate;
            terms.TriggerTicks = plan.Terms.TriggerTicks;
            terms.BestTicks = plan.Terms.ActivationTicks;
            terms.Trail = plan.Terms.TrailRate != 0 ? -(long)plan.Terms.TrailRate : plan.Terms.TrailTicks;
            terms.StepTicks = Math.Max(1, plan.Terms.StepTicks);
        }

        if (plan.Linked != 0)
        {
            _register.Link(slot, plan.Linked);
        }
    }

    /// <summary>Settles what a book trades.</summary>
    private struct Handler(MatchingEngine engine, int marketId) : IMatchHandler
    {
        private bool _stopped;

        /// <summary>Whether self-trade prevention ended the incoming order.</summary>
        public readonly bool IsStopped => _stopped;

        /// <inheritdoc/>
        public readonly bool HasWork => engine._state.WorkLeft > 0 && !_stopped;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly bool MustExamine(in Order maker, in IncomingOrder taker) =>
            (maker.Position == taker.Position || taker.Group != 0) && taker.SelfTrade != SelfTradePrevention.None;

        /// <inheritdoc/>
        public MatchStep Examine(int slot, ref Order maker, ref IncomingOrder taker, ref Level level, long ticks, ref long lots) =>
            engine._makers.Examine(slot, ref maker, ref taker, ref level, ticks, ref lots, ref _stopped);

        /// <inheritdoc/>
        public readonly void Trade(int slot, ref Order maker, ref IncomingOrder taker, long ticks, long lots) =>
            engine.Trade(slot, ref maker, ref taker, ticks, lots, marketId);

        /// <inheritdoc/>
        public readonly bool Requeue(int slot, ref Order maker) => engine._makers.Requeue(slot, ref maker);

        /// <inheritdoc/>
        public readonly void Filled(int slot) => engine._register.End(slot, OrderStatus.Filled);

        /// <inheritdoc/>
        public readonly void PassedOver(int slot) => engine._makers.PassedOver(slot);
    }

    /// <summary>Settles a number of trades.</summary>
    private struct ChunkHandler(MatchingEngine engine, int marketId, int trades) : IMatchHandler
    {
        private bool _stopped;

        /// <summary>Trades that may follow.</summary>
        public int TradesLeft { get; private set; } = trades;

        /// <inheritdoc/>
        public readonly bool HasWork => TradesLeft > 0;

        /// <inheritdoc/>
        public readonly bool MustExamine(in Order maker, in IncomingOrder taker) => false;

        /// <inheritdoc/>
        public MatchStep Examine(int slot, ref Order maker, ref IncomingOrder taker, ref Level level, long ticks, ref long lots)
        {
            TradesLeft--;
            MatchStep step = engine._makers.Examine(slot, ref maker, ref taker, ref level, ticks, ref lots, ref _stopped);
            TradesLeft += step is MatchStep.PassOver or MatchStep.Again ? 0 : 1;
            return step;
        }

        /// <inheritdoc/>
        public void Trade(int slot, ref Order maker, ref IncomingOrder taker, long ticks, long lots)
        {
            TradesLeft--;
            engine.Trade(slot, ref maker, ref taker, ticks, lots, marketId);
        }

        /// <inheritdoc/>
        public readonly bool Requeue(int slot, ref Order maker) => engine._makers.Requeue(slot, ref maker);

        /// <inheritdoc/>
        public readonly void Filled(int slot) => engine._register.End(slot, OrderStatus.Filled);

        /// <inheritdoc/>
        public readonly void PassedOver(int slot) => engine._makers.PassedOver(slot);
    }
}
