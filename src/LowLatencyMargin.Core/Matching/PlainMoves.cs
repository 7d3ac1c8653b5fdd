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
/// Another price for a plain order at which it rests again, with margin to spare: most of what market makers send. One pass over the rows concerned
/// does what <see cref="OrderChanges.Modify"/> would. Whatever is not plain, or might be refused, is left to that, with nothing changed.
/// </summary>
public sealed class PlainMoves(ExchangeState state, MarginCheck marginCheck)
{
    private readonly Slab<Order> _orders = state.Orders;
    private readonly Slab<Position> _positions = state.Positions;
    private readonly Slab<Market> _markets = state.Markets;
    private readonly Slab<Account> _accounts = state.Accounts;
    private readonly PerMarket<OrderBook> _books = state.Books;
    private readonly EventBuffer _events = state.Events;

    /// <summary>Makes the move; false: it is not for here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryMove(ref readonly ModifyOrder command)
    {
        long orderId = command.OrderId;
        int slot = Order.SlotOf(orderId);
        if (orderId <= 0 || slot > _orders.HighWater)
        {
            return false;
        }

        ref Order order = ref _orders.Edit(slot);
        int row = order.Position;
        ref Position position = ref _positions.Edit(row);
        long accountId = command.AccountId;
        long ticks = command.PriceTicks;
        if (row == 0 || order.Generation != orderId >> Order.SlotBits || position.Account != accountId || !order.IsPlain
            || (command.QuantityLots | command.TriggerTicks) != 0 || ticks == order.PriceTicks || ticks is < 1 or > Exact.MaxPriceTicks)
        {
            return false;
        }

        return Move(slot, ref order, ref position, ref _accounts.Edit(position.Account), ref _markets.Edit(position.Market), ticks);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Move(int slot, ref Order order, ref Position position, ref Account account, ref Market market, long ticks)
    {
        bool isPlain = (market.HasRules | market.Rates.IsGraded | market.Rates.KeepsRequirement | position.IsIsolated | (byte)position.Guards
            | (int)account.Traits | account.IsKilled) == 0;
        if (!isPlain || account.Positions >= market.Parameters.MaxOpenPositions || state.HasRateLimits)
        {
            return false;
        }

        Side side = order.Side;
        OrderBook book = _books[position.Market];
        if (book.Crosses(side, ticks))
        {
            return false;
        }

        long lots = order.LeavesLots;
        long tickValue = market.TickValueUnits;
        long mark = market.MarkTicks;
        long holdTicks = MarginCheck.HoldTicks(side, ticks, in market);
        long before = lots * order.HoldTicks * tickValue;
        if (!MarginCheck.Fits(lots, holdTicks, in market, out long units))
        {
            return false;
        }

        OrderSums sums = position.Orders;
        sums.Take(side, lots, before);
        sums.Add(side, lots, holdTicks, units);
        long margin = Requirements.OrderMargin(in position, in sums, in market);
        long adverse = mark == 0 ? 0 : side == Side.Buy ? ticks - mark : mark - ticks;
        long added = margin - position.OrderMarginUnits;
        if ((added > 0 || adverse > 0)
            && !marginCheck.SparesMove(in account, in position, in market, in sums, side, added + (Math.Max(0, adverse) * lots * tickValue)))
        {
            return false;
        }

        if (market.HasMark == 0 && ticks > market.CeilingTicks)
        {
            market.CeilingTicks = ticks;
        }

        position.Orders = sums;
        position.OrderMarginUnits = margin;
        position.PoolHoldUnits = margin;
        account.PoolHoldUnits += added;
        market.CommittedUnits += units - before;
        ref OrderChanged changed = ref _events.Add<OrderChanged>(
            EventType.OrderAmended, position.Market, EventFlags.None, EventHeader.DetailOf(side, OrderFlags.None));
        changed.AccountId = position.Account;
        changed.OrderId = Order.IdOf(slot, order.Generation);
        changed.ClientOrderId = order.ClientOrderId;
        changed.PriceTicks = ticks;
        changed.QuantityLots = order.QuantityLots;
        changed.LeavesLots = lots;
        book.Move(slot, ref order, ticks, holdTicks, side);
        return true;
    }
}
