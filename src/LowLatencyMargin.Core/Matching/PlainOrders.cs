using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// Orders without options that come to rest, move or go, in markets and accounts without rules of their own, with margin to spare: most of what market
/// makers send. One pass over the rows concerned does what <see cref="OrderEntry"/> and <see cref="OrderChanges"/> would. Whatever is not plain, or might
/// be refused, is left to them, with nothing changed.
/// </summary>
public sealed class PlainOrders(ExchangeState state, MarginCheck marginCheck, OrderEntry entry)
{
    private readonly Slab<Order> _orders = state.Orders;
    private readonly Slab<Position> _positions = state.Positions;
    private readonly Slab<Market> _markets = state.Markets;
    private readonly Slab<Account> _accounts = state.Accounts;
    private readonly PerMarket<OrderBook> _books = state.Books;
    private readonly EventBuffer _events = state.Events;
    private readonly OrderRegister _register = state.Registry;

    /// <summary>Takes in an order that rests whole; false: it is not for here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryPlace(ref readonly PlaceOrder command)
    {
        int options = (int)command.Type | (int)command.TimeInForce | (int)command.Flags
            | command.MaxSlippageRate | command.Reserved | command.Reserved2;
        if (options != 0 || command.Side > Side.Sell || command.SelfTrade > SelfTradePrevention.Decrement
            || command.AccountId < 1 || command.AccountId > _accounts.HighWater)
        {
            return false;
        }

        long ticks = command.PriceTicks;
        int accountId = unchecked((int)command.AccountId);
        ref Account account = ref _accounts.Edit(accountId);
        int row = account.FirstPosition;
        ref Position position = ref _positions.Edit(row);
        if (row == 0 || position.Market != command.MarketId || ticks is < 1 or > Exact.MaxPriceTicks
            || command.QuantityLots is < 1 or > Exact.MaxQuantityLots)
        {
            return false;
        }

        ref Market market = ref _markets.Edit(position.Market);
        bool hasRoom = position.OpenOrders < market.Parameters.MaxOpenOrders && state.RestingOrders < state.Limits.MaxOrders && _orders.HasRoom;
        if (!hasRoom || !IsPlain(in position, in account, in market) || _books[position.Market].Crosses(command.Side, ticks))
        {
            return false;
        }

        return (command.ClientOrderId == 0 || !entry.IsDuplicate(accountId, command.ClientOrderId, report: false))
            && Rest(in command, row, ref position, ref account, ref market);
    }

    /// <summary>Gives a resting order another price at which it rests again; false: it is not for here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryMove(ref readonly ModifyOrder command)
    {
        ref Order order = ref Find(command.AccountId, command.OrderId, out int slot);
        long ticks = command.PriceTicks;
        if (slot == 0 || (command.QuantityLots | command.TriggerTicks) != 0 || ticks == order.PriceTicks || ticks is < 1 or > Exact.MaxPriceTicks)
        {
            return false;
        }

        ref Position position = ref _positions.Edit(order.Position);
        return Move(slot, ref order, ref position, ref _accounts.Edit(position.Account), ref _markets.Edit(position.Market), ticks);
    }

    /// <summary>Cancels a resting order by the exchange's id; false: it is not for here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryCancel(ref readonly CancelOrder command)
    {
        ref Order order = ref Find(command.AccountId, command.OrderId, out int slot);
        if (slot == 0)
        {
            return false;
        }

        int row = order.Position;
        ref Position position = ref _positions.Edit(row);
        ref Account account = ref _accounts.Edit(position.Account);
        ref Market market = ref _markets.Edit(position.Market);
        if (!IsPlain(in position, in account, in market))
        {
            return false;
        }

        AddEvent(EventType.OrderCancelled, slot, in order, in position, (byte)CancelReason.Requested);
        _books[position.Market].Dequeue(slot);
        Side side = order.Side;
        long lots = order.LeavesLots;
        long units = lots * order.HoldTicks * market.TickValueUnits;
        position.Orders.Take(side, lots, units);
        market.RestingLots -= lots;
        market.CommittedUnits -= units;
        long margin = Requirements.OrderMargin(in position, in position.Orders, in market);
        Hold(ref position, ref account, margin);
        _register.End(slot, OrderStatus.Cancelled);
        if (position.OpenOrders == 0)
        {
            state.RemovePositionIfEmpty(row);
        }

        return true;
    }

    /// <summary>A plain order of an account by the exchange's id; slot 0: there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Order Find(long accountId, long orderId, out int slot)
    {
        int named = Order.SlotOf(orderId);
        ref Order order = ref _orders.Edit(orderId > 0 && named <= _orders.HighWater ? named : 0);
        bool isIt = order.Position != 0 && order.Generation == orderId >> Order.SlotBits && order.IsPlain
            && _positions[order.Position].Account == accountId;
        slot = isIt ? named : 0;
        return ref order;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Rest(ref readonly PlaceOrder command, int row, ref Position position, ref Account account, ref Market market)
    {
        Side side = command.Side;
        long lots = command.QuantityLots;
        long ticks = command.PriceTicks;
        long holdTicks = MarginCheck.HoldTicks(side, ticks, in market);
        if (!MarginCheck.Fits(lots, holdTicks, in market, out long units))
        {
            return false;
        }

        bool offset = market.Parameters.OffsetPosition != 0;
        OrderSums sums = position.Orders;
        long excessBefore = sums.ExcessLots(side, position.SizeLots, offset);
        sums.Add(side, lots, holdTicks, units);
        long margin = Requirements.OrderMargin(in position, in sums, in market);
        long added = margin - position.OrderMarginUnits;
        long adverse = Adverse(side, ticks, in market);
        bool adds = added > 0 || adverse > 0 || sums.ExcessLots(side, position.SizeLots, offset) > excessBefore;
        if (adds && !marginCheck.Spares(in account, in position, in market, in sums, side, added + (adverse * lots * market.TickValueUnits)))
        {
            return false;
        }

        RaiseCeiling(ref market, ticks);
        int slot = state.AllocateOrder();
        ref Order order = ref _orders.Edit(slot);
        order.Position = row;
        order.QuantityLots = lots;
        order.LeavesLots = lots;
        order.ClientOrderId = command.ClientOrderId;
        order.SetPrice(ticks, holdTicks, side);
        order.SetMarks((OrderMarks)((int)command.SelfTrade << 13));
        AddEvent(EventType.OrderAccepted, slot, in order, in position, EventHeader.DetailOf(side, OrderFlags.None));
        position.Orders = sums;
        market.RestingLots += lots;
        market.CommittedUnits += units;
        Hold(ref position, ref account, margin);
        _books[position.Market].Enqueue(slot);
        _register.List(slot, ref order, ref position);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Move(int slot, ref Order order, ref Position position, ref Account account, ref Market market, long ticks)
    {
        Side side = order.Side;
        OrderBook book = _books[position.Market];
        if (!IsPlain(in position, in account, in market) || book.Crosses(side, ticks))
        {
            return false;
        }

        long lots = order.LeavesLots;
        long holdTicks = MarginCheck.HoldTicks(side, ticks, in market);
        long before = lots * order.HoldTicks * market.TickValueUnits;
        if (!MarginCheck.Fits(lots, holdTicks, in market, out long units))
        {
            return false;
        }

        OrderSums sums = position.Orders;
        sums.Take(side, lots, before);
        sums.Add(side, lots, holdTicks, units);
        long margin = Requirements.OrderMargin(in position, in sums, in market);
        long added = margin - position.OrderMarginUnits;
        long adverse = Adverse(side, ticks, in market);
        if ((added > 0 || adverse > 0)
            && !marginCheck.Spares(in account, in position, in market, in sums, side, added + (adverse * lots * market.TickValueUnits)))
        {
            return false;
        }

        RaiseCeiling(ref market, ticks);
        position.Orders = sums;
        market.CommittedUnits += units - before;
        Hold(ref position, ref account, margin);
        ref OrderChanged changed = ref AddEvent(EventType.OrderAmended, slot, in order, in position, EventHeader.DetailOf(side, OrderFlags.None));
        changed.PriceTicks = ticks;
        book.Move(slot, ref order, ticks, holdTicks, side);
        return true;
    }

    /// <summary>Whether market, account and row have nothing that asks for more than the margin of a cross position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsPlain(in Position position, in Account account, in Market market)
    {
        int options = market.HasRules | market.Rates.IsGraded | position.IsIsolated | position.IsTouched | (byte)position.Guards
            | (int)account.Traits | account.IsKilled | account.IsLiquidationAccount;
        return options == 0 && market.Rates.CoversFromBits != MarginRates.NeverCovers && account.Positions < market.Parameters.MaxOpenPositions
            && !state.HasRateLimits;
    }

    /// <summary>How much worse than the mark an order would trade at its limit, in ticks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Adverse(Side side, long ticks, in Market market) =>
        market.MarkTicks == 0 ? 0 : Math.Max(0, side == Side.Buy ? ticks - market.MarkTicks : market.MarkTicks - ticks);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RaiseCeiling(ref Market market, long ticks)
    {
        if (market.HasMark == 0 && ticks > market.CeilingTicks)
        {
            market.CeilingTicks = ticks;
        }
    }

    /// <summary>All of a cross row's order margin is held of the pool.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Hold(ref Position position, ref Account account, long marginUnits)
    {
        account.PoolHoldUnits += marginUnits - position.PoolHoldUnits;
        position.OrderMarginUnits = marginUnits;
        position.PoolHoldUnits = marginUnits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref OrderChanged AddEvent(EventType type, int slot, in Order order, in Position position, byte detail)
    {
        ref OrderChanged changed = ref _events.Add<OrderChanged>(type, position.Market, EventFlags.None, detail);
        changed.AccountId = position.Account;
        changed.OrderId = Order.IdOf(slot, order.Generation);
        changed.ClientOrderId = order.ClientOrderId;
        changed.PriceTicks = order.PriceTicks;
        changed.QuantityLots = order.QuantityLots;
        changed.LeavesLots = order.LeavesLots;
        return ref changed;
    }
}
