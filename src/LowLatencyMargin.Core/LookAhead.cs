using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Core;

/// <summary>
/// Hints for commands that are in the ring already: asks for the cache lines that they will touch, so that these arrive while other commands are
/// at work. A hint reads state and changes nothing, so no outcome depends on it; a wrong one costs a little time. Three steps, because an order's row
/// names the row of its account's position, and that names the market.
/// </summary>
public sealed class LookAhead(ExchangeState state)
{
    private readonly Slab<Order> _orders = state.Orders;
    private readonly Slab<Margin.Position> _positions = state.Positions;
    private readonly Slab<Accounts.Account> _accounts = state.Accounts;
    private readonly PerMarket<OrderBook> _books = state.Books;

    /// <summary>How many commands ahead the first step is worth most.</summary>
    public const int FarCommands = 6;

    /// <summary>How many commands ahead the second.</summary>
    public const int MiddleCommands = 4;

    /// <summary>How many commands ahead the third.</summary>
    public const int NearCommands = 2;

    /// <summary>Accounts or resting orders from which on state no longer stays in a core's own caches.</summary>
    private const int ManyRows = 16_384;

    /// <summary>Whether the state is so large that hints are worth their time.</summary>
    public bool IsWorthwhile => state.Accounts.HighWater > ManyRows || state.RestingOrders > ManyRows;

    /// <summary>First step: the rows that the command itself names. Any bytes will do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Far(ReadOnlySpan<byte> command)
    {
        if (command.Length < Unsafe.SizeOf<CancelOrder>())
        {
            return;
        }

        // account and order stand where they do in a cancel in all three
        ref readonly CancelOrder named = ref MemoryMarshal.AsRef<CancelOrder>(command);
        if (named.Header.Type is CommandType.CancelOrder or CommandType.ModifyOrder)
        {
            _orders.Prefetch(Order.SlotOf(named.OrderId));
            _accounts.Prefetch(unchecked((int)named.AccountId));
        }
        else if (named.Header.Type == CommandType.PlaceOrder && command.Length >= Unsafe.SizeOf<PlaceOrder>())
        {
            Far(in MemoryMarshal.AsRef<PlaceOrder>(command));
        }
    }

    /// <summary>Second step: the row of account and market, and where the order stands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Middle(ReadOnlySpan<byte> command)
    {
        if (command.Length < Unsafe.SizeOf<CancelOrder>())
        {
            return;
        }

        ref readonly CancelOrder named = ref MemoryMarshal.AsRef<CancelOrder>(command);
        if (named.Header.Type is CommandType.CancelOrder or CommandType.ModifyOrder)
        {
            int slot = Order.SlotOf(named.OrderId);
            if (slot <= _orders.HighWater)
            {
                ref readonly Order order = ref _orders[slot];
                _positions.Prefetch(order.Position);
                _orders.Prefetch(order.Previous);
                _orders.Prefetch(order.Next);
                if (named.Header.Type == CommandType.CancelOrder)
                {
                    MiddleOfCancel(in order, unchecked((int)named.AccountId));
                }
            }
        }
        else if (named.Header.Type == CommandType.PlaceOrder && command.Length >= Unsafe.SizeOf<PlaceOrder>())
        {
            Middle(in MemoryMarshal.AsRef<PlaceOrder>(command));
        }
    }

    /// <summary>Third step: the levels that an order leaves and goes to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Near(ReadOnlySpan<byte> command)
    {
        if (command.Length < Unsafe.SizeOf<CancelOrder>())
        {
            return;
        }

        ref readonly CancelOrder named = ref MemoryMarshal.AsRef<CancelOrder>(command);
        bool moves = named.Header.Type == CommandType.ModifyOrder;
        if (!moves && named.Header.Type != CommandType.CancelOrder)
        {
            if (named.Header.Type == CommandType.PlaceOrder)
            {
                NearOfPlace(named.AccountId);
            }

            return;
        }

        int slot = Order.SlotOf(named.OrderId);
        if (slot > _orders.HighWater || _orders[slot].Position == 0)
        {
            return;
        }

        ref readonly Order order = ref _orders[slot];
        PriceLadder ladder = _books[_positions[order.Position].Market].Of(order.Side);
        ladder.Prefetch(order.PriceTicks);
        if (moves && command.Length >= Unsafe.SizeOf<ModifyOrder>())
        {
            long ticks = MemoryMarshal.AsRef<ModifyOrder>(command).PriceTicks;
            ladder.Prefetch(ticks);
            _orders.Prefetch(ladder.NearTail(ticks));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Far(ref readonly PlaceOrder order)
    {
        _accounts.Prefetch(unchecked((int)order.AccountId));
        if (order.ClientOrderId != 0)
        {
            uint hash = ClientOrderIds.HashOf(state.Limits.HashSeed, unchecked((int)order.AccountId), order.ClientOrderId);
            state.ClientOrderIds.Prefetch(hash);
            state.RecentOrders.Prefetch(hash);
        }

        if (order.MarketId >= 1 && order.MarketId <= state.Markets.HighWater && order.Side <= Side.Sell)
        {
            _books[(int)order.MarketId].PrefetchLevel(order.Side, order.PriceTicks);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MiddleOfCancel(ref readonly Order order, int account)
    {
        _orders.Prefetch(order.NextOfPosition);
        _orders.Prefetch(order.PreviousOfPosition);
        if (order.ClientOrderId != 0)
        {
            state.ClientOrderIds.Prefetch(ClientOrderIds.HashOf(state.Limits.HashSeed, account, order.ClientOrderId));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Middle(ref readonly PlaceOrder order)
    {
        if (order.AccountId >= 1 && order.AccountId <= _accounts.HighWater)
        {
            _positions.Prefetch(_accounts[unchecked((int)order.AccountId)].FirstPosition);
        }

        if (order.MarketId >= 1 && order.MarketId <= state.Markets.HighWater && order.Side <= Side.Sell)
        {
            _books[(int)order.MarketId].PrefetchTail(order.Side, order.PriceTicks);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NearOfPlace(long account)
    {
        if (account >= 1 && account <= _accounts.HighWater)
        {
            // a new order goes before the first of its account
            _orders.Prefetch(_positions[_accounts[unchecked((int)account)].FirstPosition].FirstOrder);
        }
    }
}
