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
            state.Orders.Prefetch(Order.SlotOf(named.OrderId));
            state.Accounts.Prefetch(unchecked((int)named.AccountId));
        }
        else if (named.Header.Type == CommandType.PlaceOrder && command.Length >= Unsafe.SizeOf<PlaceOrder>())
        {
            Far(in MemoryMarshal.AsRef<PlaceOrder>(command));
        }
    }

    /// <summary>Second step: the row of account and market, and where the order stands.</summary>
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
            if (slot <= state.Orders.HighWater)
            {
                ref readonly Order order = ref state.Orders[slot];
                state.Positions.Prefetch(order.Position);
                state.Orders.Prefetch(order.Previous);
                state.Orders.Prefetch(order.Next);
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
            if (named.Header.Type == CommandType.PlaceOrder && named.AccountId >= 1 && named.AccountId <= state.Accounts.HighWater)
            {
                // a new order goes before the first of its account
                state.Orders.Prefetch(state.Positions[state.Accounts[unchecked((int)named.AccountId)].FirstPosition].FirstOrder);
            }

            return;
        }

        int slot = Order.SlotOf(named.OrderId);
        if (slot > state.Orders.HighWater || state.Orders[slot].Position == 0)
        {
            return;
        }

        ref readonly Order order = ref state.Orders[slot];
        PriceLadder ladder = state.Books[state.Positions[order.Position].Market].Of(order.Side);
        ladder.Prefetch(order.PriceTicks);
        if (moves && command.Length >= Unsafe.SizeOf<ModifyOrder>())
        {
            long ticks = MemoryMarshal.AsRef<ModifyOrder>(command).PriceTicks;
            ladder.Prefetch(ticks);
            state.Orders.Prefetch(ladder.NearTail(ticks));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Far(ref readonly PlaceOrder order)
    {
        state.Accounts.Prefetch(unchecked((int)order.AccountId));
        if (order.ClientOrderId != 0)
        {
            uint hash = ClientOrderIds.HashOf(state.Limits.HashSeed, unchecked((int)order.AccountId), order.ClientOrderId);
            state.ClientOrderIds.Prefetch(hash);
            state.RecentOrders.Prefetch(hash);
        }

        if (order.MarketId >= 1 && order.MarketId <= state.Markets.HighWater && order.Side <= Side.Sell)
        {
            state.Books[(int)order.MarketId].PrefetchLevel(order.Side, order.PriceTicks);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MiddleOfCancel(ref readonly Order order, int account)
    {
        state.Orders.Prefetch(order.NextOfPosition);
        state.Orders.Prefetch(order.PreviousOfPosition);
        if (order.ClientOrderId != 0)
        {
            state.ClientOrderIds.Prefetch(ClientOrderIds.HashOf(state.Limits.HashSeed, account, order.ClientOrderId));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Middle(ref readonly PlaceOrder order)
    {
        if (order.AccountId >= 1 && order.AccountId <= state.Accounts.HighWater)
        {
            state.Positions.Prefetch(state.Accounts[unchecked((int)order.AccountId)].FirstPosition);
        }

        if (order.MarketId >= 1 && order.MarketId <= state.Markets.HighWater && order.Side <= Side.Sell)
        {
            state.Books[(int)order.MarketId].PrefetchTail(order.Side, order.PriceTicks);
        }
    }
}
