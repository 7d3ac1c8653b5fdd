using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// Price-time matching (R-1301): takes orders that were checked, trades them, rests what is left, and settles each trade on both sides.
/// </summary>
public sealed class MatchingEngine(ExchangeState state, Settlement settlement)
{
    private readonly Slab<Order> _orders = state.Orders;
    private readonly Slab<Position> _positions = state.Positions;
    private readonly Slab<Market> _markets = state.Markets;
    private readonly EventBuffer _events = state.Events;

    /// <summary>Takes in a checked order of a row, 0 when the account has none in this market yet.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Place(int account, int marketId, int index, ref readonly PlaceOrder command, long limitTicks, long orderMarginUnits)
    {
        RaiseCeiling(marketId, limitTicks);
        int slot = state.AllocateOrder();
        Invariant.Assert(slot != 0, "room for the order was checked before");
        if (index == 0)
        {
            index = state.AddPosition(account, marketId);
        }

        ref Order order = ref _orders.Edit(slot);
        order.Position = index;
        order.QuantityLots = command.QuantityLots;
        order.LeavesLots = command.QuantityLots;
        order.ClientOrderId = command.ClientOrderId;
        order.SetPrice(limitTicks, 0, command.Side);
        bool immediate = command.Type == OrderType.Market || command.TimeInForce == TimeInForce.ImmediateOrCancel;
        AddOrderEvent(EventType.OrderAccepted, slot, immediate ? EventFlags.Immediate : EventFlags.None, (byte)command.Side);
        if (state.Books[marketId].Crosses(command.Side, limitTicks))
        {
            Match(slot, marketId);
        }

        RestOrEnd(slot, marketId, immediate, isNew: true, orderMarginUnits);
    }

    /// <summary>Cancels what is left of a resting order.</summary>
    public void Cancel(int slot, CancelReason reason)
    {
        int index = _orders[slot].Position;
        AddOrderEvent(EventType.OrderCancelled, slot, reason == CancelReason.Liquidation ? EventFlags.Liquidation : EventFlags.None, (byte)reason);
        Withdraw(slot);
        Release(slot);
        ref Position position = ref _positions.Edit(index);
        settlement.Reserve(ref position);
        if (position.IsTouched == 0)
        {
            state.RemovePositionIfEmpty(index);
        }
    }

    /// <summary>Makes a resting order smaller; it keeps its place (R-1305).</summary>
    public void Reduce(int slot, long leavesLots)
    {
        ref Order order = ref _orders.Edit(slot);
        ref Position position = ref _positions.Edit(order.Position);
        long less = order.LeavesLots - leavesLots;
        TakeFromSums(ref position, in order, less);
        state.Books[position.Market].Reduce(slot, less);
        order.QuantityLots -= less;
        AddOrderEvent(EventType.OrderAmended, slot, EventFlags.None, (byte)order.Side);
        settlement.Reserve(ref position);
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
        order.QuantityLots += leavesLots - order.LeavesLots;
        order.LeavesLots = leavesLots;
        order.SetPrice(priceTicks, 0, order.Side);
        AddOrderEvent(EventType.OrderAmended, slot, EventFlags.None, (byte)order.Side);
        if (state.Books[marketId].Crosses(order.Side, priceTicks))
        {
            Match(slot, marketId);
        }

        RestOrEnd(slot, marketId, immediate: false, isNew: false, orderMarginUnits);
    }

    /// <summary>
    /// Closes a position as far as the book takes it at <paramref name="limitTicks"/> or better (R-1104, R-1107). Its own fees are charged when
    /// the liquidation ends.
    /// </summary>
    /// <returns>Lots closed; <paramref name="closedUnits"/> is what they traded for.</returns>
    public long Liquidate(int index, long liquidationId, long limitTicks, out long closedUnits)
    {
        ref readonly Position position = ref _positions[index];
        var taker = new Taker
        {
            Position = index,
            Side = position.SizeLots > 0 ? Side.Sell : Side.Buy,
            LimitTicks = limitTicks,
            LeavesLots = position.AbsoluteLots,
            OrderId = liquidationId,
            Flags = EventFlags.Liquidation,
        };
        if (state.Books[position.Market].Crosses(taker.Side, limitTicks))
        {
            Match(ref taker, position.Market);
        }

        closedUnits = taker.TradedUnits;
        return taker.TradedLots;
    }

    private void RaiseCeiling(int marketId, long ticks)
    {
        ref Market market = ref _markets.Edit(marketId);
        if (market.HasMark == 0 && ticks > market.CeilingTicks)
        {
            market.CeilingTicks = ticks;
        }
    }

    private void Match(int slot, int marketId)
    {
        ref Order order = ref _orders.Edit(slot);
        var taker = new Taker
        {
            Position = order.Position,
            Side = order.Side,
            LimitTicks = order.PriceTicks,
            LeavesLots = order.LeavesLots,
            OrderId = Order.IdOf(slot, order.Generation),
            ClientOrderId = order.ClientOrderId,
            FeeRate = _markets[marketId].Parameters.TakerFeeRate,
        };
        Match(ref taker, marketId);
        order.LeavesLots = taker.LeavesLots;
    }

    private void Match(ref Taker taker, int marketId)
    {
        OrderBook book = state.Books[marketId];
        PriceLadder ladder = book.Of(taker.Side == Side.Buy ? Side.Sell : Side.Buy);
        while (taker.LeavesLots > 0 && state.WorkLeft > 0 && book.Crosses(taker.Side, taker.LimitTicks))
        {
            long ticks = ladder.BestTicks;
            ref Level level = ref ladder.At(ticks);
            while (level.Head != 0 && taker.LeavesLots > 0 && state.WorkLeft > 0)
            {
                state.WorkLeft--;
                Trade(ref taker, level.Head, ticks, ref level, marketId);
            }

            if (level.Head == 0)
            {
                ladder.Remove(ticks);
            }
        }
    }

    private void Trade(ref Taker taker, int makerSlot, long ticks, ref Level level, int marketId)
    {
        ref Order maker = ref _orders.Edit(makerSlot);
        ref Market market = ref _markets.Edit(marketId);
        int makerIndex = maker.Position;
        ref Position makerPosition = ref _positions.Edit(makerIndex);
        long lots = Math.Min(taker.LeavesLots, maker.LeavesLots);
        long notional = lots * ticks * market.TickValueUnits;
        taker.LeavesLots -= lots;
        taker.TradedLots += lots;
        taker.TradedUnits += notional;
        level.Lots -= lots;
        TakeFromSums(ref makerPosition, in maker, lots);
        maker.LeavesLots -= lots;

        ref Trade trade = ref _events.Add<Trade>(EventType.Trade, marketId, taker.Flags, (byte)taker.Side);
        trade.TradeId = ++state.LastTradeId;
        trade.PriceTicks = ticks;
        trade.QuantityLots = lots;
        trade.MakerOrderId = Order.IdOf(makerSlot, maker.Generation);
        trade.TakerOrderId = taker.OrderId;

        long makerFee = Rate.OfRoundedUp(notional, market.Parameters.MakerFeeRate);
        long makerPnl = settlement.Book(makerIndex, maker.Side, lots, notional, ref makerFee, keepMargin: false);
        AddFill(EventFlags.None, maker.Side, makerIndex, trade.MakerOrderId, maker.ClientOrderId, maker.LeavesLots, makerFee, makerPnl);

        long takerFee = Rate.OfRoundedUp(notional, taker.FeeRate);
        bool liquidation = (taker.Flags & EventFlags.Liquidation) != 0;
        long takerPnl = settlement.Book(taker.Position, taker.Side, lots, notional, ref takerFee, keepMargin: liquidation);
        AddFill(taker.Flags | EventFlags.Taker, taker.Side, taker.Position, taker.OrderId, taker.ClientOrderId, taker.LeavesLots, takerFee, takerPnl);

        market.LastTicks = ticks;
        if (market.HasMark == 0 && !liquidation)
        {
            market.MarkTicks = ticks;
            state.AddDue(marketId);
        }

        if (maker.LeavesLots == 0)
        {
            level.Head = maker.Next;
            if (maker.Next != 0)
            {
                _orders.Edit(maker.Next).Previous = 0;
            }
            else
            {
                level.Tail = 0;
            }

            Release(makerSlot);
        }

        settlement.Reserve(ref makerPosition);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RestOrEnd(int slot, int marketId, bool immediate, bool isNew, long orderMarginUnits)
    {
        ref Order order = ref _orders.Edit(slot);
        int index = order.Position;
        ref Position position = ref _positions.Edit(index);
        if (order.LeavesLots > 0 && !immediate && state.WorkLeft > 0)
        {
            Rest(slot, ref order, ref position, marketId, isNew);
            if (position.IsTouched == 0)
            {
                settlement.Reserve(ref position, orderMarginUnits, in _markets[marketId]);
            }

            return;
        }

        if (order.LeavesLots > 0)
        {
            CancelReason reason = state.WorkLeft == 0 ? CancelReason.WorkLimit : CancelReason.NotFilledAtOnce;
            AddOrderEvent(EventType.OrderCancelled, slot, EventFlags.None, (byte)reason);
        }

        if (isNew)
        {
            state.FreeOrder(slot);
        }
        else
        {
            Release(slot);
        }

        if (position.IsTouched == 0)
        {
            state.RemovePositionIfEmpty(index);
        }
    }

    private void Rest(int slot, ref Order order, ref Position position, int marketId, bool isNew)
    {
        ref Market market = ref _markets.Edit(marketId);
        long holdTicks = MarginCheck.HoldTicks(order.Side, order.PriceTicks, in market);
        long holdUnits = order.LeavesLots * holdTicks * market.TickValueUnits;
        order.SetPrice(order.PriceTicks, holdTicks, order.Side);
        position.Orders.Add(order.Side, order.LeavesLots, holdTicks, holdUnits);
        market.RestingLots += order.LeavesLots;
        market.CommittedUnits += holdUnits;
        state.Books[marketId].Enqueue(slot);
        if (!isNew)
        {
            return;
        }

        order.NextOfPosition = position.FirstOrder;
        if (position.FirstOrder != 0)
        {
            _orders.Edit(position.FirstOrder).PreviousOfPosition = slot;
        }

        position.FirstOrder = slot;
        position.OpenOrders++;
        state.RestingOrders++;
    }

    /// <summary>Takes an order out of its queue and out of the sums; it stays on its position's list.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Withdraw(int slot)
    {
        ref Order order = ref _orders.Edit(slot);
        ref Position position = ref _positions.Edit(order.Position);
        state.Books[position.Market].Dequeue(slot);
        TakeFromSums(ref position, in order, order.LeavesLots);
    }

    private void TakeFromSums(ref Position position, in Order order, long lots)
    {
        ref Market market = ref _markets.Edit(position.Market);
        long units = lots * order.HoldTicks * market.TickValueUnits;
        position.Orders.Take(order.Side, lots, units);
        market.RestingLots -= lots;
        market.CommittedUnits -= units;
    }

    /// <summary>Takes an order off its position's list and gives its row back.</summary>
    private void Release(int slot)
    {
        ref Order order = ref _orders.Edit(slot);
        ref Position position = ref _positions.Edit(order.Position);
        if (order.PreviousOfPosition != 0)
        {
            _orders.Edit(order.PreviousOfPosition).NextOfPosition = order.NextOfPosition;
        }
        else
        {
            position.FirstOrder = order.NextOfPosition;
        }

        if (order.NextOfPosition != 0)
        {
            _orders.Edit(order.NextOfPosition).PreviousOfPosition = order.PreviousOfPosition;
        }

        position.OpenOrders--;
        state.RestingOrders--;
        state.FreeOrder(slot);
    }

    private void AddOrderEvent(EventType type, int slot, EventFlags flags, byte detail)
    {
        ref readonly Order order = ref _orders[slot];
        ref readonly Position position = ref _positions[order.Position];
        ref OrderChanged changed = ref _events.Add<OrderChanged>(type, position.Market, flags, detail);
        changed.AccountId = position.Account;
        changed.OrderId = Order.IdOf(slot, order.Generation);
        changed.ClientOrderId = order.ClientOrderId;
        changed.PriceTicks = order.PriceTicks;
        changed.QuantityLots = order.QuantityLots;
        changed.LeavesLots = order.LeavesLots;
    }

    private void AddFill(EventFlags flags, Side side, int index, long orderId, long clientOrderId, long leavesLots, long feeUnits, long pnlUnits)
    {
        ref readonly Position position = ref _positions[index];
        ref Fill fill = ref _events.Add<Fill>(EventType.Fill, position.Market, flags, (byte)side);
        fill.AccountId = position.Account;
        fill.OrderId = orderId;
        fill.ClientOrderId = clientOrderId;
        fill.LeavesLots = leavesLots;
        fill.FeeUnits = feeUnits;
        fill.RealizedPnlUnits = pnlUnits;
    }

    /// <summary>The incoming side while it trades.</summary>
    private struct Taker
    {
        public int Position;
        public Side Side;
        public EventFlags Flags;
        public long LimitTicks;
        public long LeavesLots;
        public long TradedLots;
        public long TradedUnits;
        public long OrderId;
        public long ClientOrderId;
        public int FeeRate;
    }
}
