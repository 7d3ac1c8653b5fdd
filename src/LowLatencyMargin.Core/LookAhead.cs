using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core;

/// <summary>
/// Hints for commands that are in the ring already: asks for the cache lines that they will touch, so that these arrive while other commands are
/// at work. A hint reads state and changes nothing, so no outcome depends on it; a wrong one costs a little time. Three steps, because an order's row
/// names the row of its account's position, and that names the market.
/// </summary>
public sealed class LookAhead(ExchangeState state)
{
    /// <summary>How many commands ahead each step is worth most, the first step first.</summary>
    public static ReadOnlySpan<int> Commands => [6, 4, 2];

    /// <summary>Accounts or resting orders from which on state no longer stays in a core's own caches.</summary>
    private const int ManyRows = 16_384;

    /// <summary>Whether the state is so large that hints are worth their time.</summary>
    public bool IsWorthwhile => state.Accounts.HighWater > ManyRows || state.RestingOrders > ManyRows;

    /// <summary>One step for one command.</summary>
    /// <param name="command">Header and body, as in the ring; any bytes will do.</param>
    /// <param name="step">0, 1, 2: see <see cref="Commands"/>.</param>
    public void Hint(ReadOnlySpan<byte> command, int step)
    {
        switch (step)
        {
            case 0:
                Far(command);
                break;
            case 1:
                Middle(command);
                break;
            default:
                Near(command);
                break;
        }
    }

    /// <summary>The rows that the command itself names.</summary>
    private void Far(ReadOnlySpan<byte> command)
    {
        switch (TypeOf(command))
        {
            case CommandType.PlaceOrder:
                ref readonly PlaceOrder place = ref MemoryMarshal.AsRef<PlaceOrder>(command);
                state.Accounts.Prefetch(unchecked((int)place.AccountId));
                if (place.ClientOrderId != 0)
                {
                    uint hash = ClientOrderIds.HashOf(state.Limits.HashSeed, unchecked((int)place.AccountId), place.ClientOrderId);
                    state.ClientOrderIds.Prefetch(hash);
                    state.RecentOrders.Prefetch(hash);
                }

                PrefetchPlace(in place);
                break;
            case CommandType.CancelOrder or CommandType.ModifyOrder:
                ref readonly CancelOrder cancel = ref MemoryMarshal.AsRef<CancelOrder>(command);
                state.Orders.Prefetch(Order.SlotOf(cancel.OrderId));
                state.Accounts.Prefetch(unchecked((int)cancel.AccountId));
                break;
            default:
                break;
        }
    }

    /// <summary>The row of account and market, and where the order stands.</summary>
    private void Middle(ReadOnlySpan<byte> command)
    {
        switch (TypeOf(command))
        {
            case CommandType.PlaceOrder:
                ref readonly PlaceOrder place = ref MemoryMarshal.AsRef<PlaceOrder>(command);
                if (place.AccountId >= 1 && place.AccountId <= state.Accounts.HighWater)
                {
                    state.Positions.Prefetch(state.Accounts[unchecked((int)place.AccountId)].FirstPosition);
                    PrefetchTail(in place);
                }

                break;
            case CommandType.CancelOrder or CommandType.ModifyOrder:
                int slot = Order.SlotOf(MemoryMarshal.AsRef<CancelOrder>(command).OrderId);
                if (slot != 0 && slot <= state.Orders.HighWater)
                {
                    ref readonly Order order = ref state.Orders[slot];
                    state.Positions.Prefetch(order.Position);
                    state.Orders.Prefetch(order.Previous);
                    state.Orders.Prefetch(order.Next);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>The levels that an order leaves and goes to.</summary>
    private void Near(ReadOnlySpan<byte> command)
    {
        if (TypeOf(command) is not (CommandType.CancelOrder or CommandType.ModifyOrder))
        {
            return;
        }

        int slot = Order.SlotOf(MemoryMarshal.AsRef<CancelOrder>(command).OrderId);
        if (slot == 0 || slot > state.Orders.HighWater || state.Orders[slot].Position == 0)
        {
            return;
        }

        ref readonly Order order = ref state.Orders[slot];
        OrderBook book = state.Books[state.Positions[order.Position].Market];
        book.PrefetchLevel(order.Side, order.PriceTicks);
        if (TypeOf(command) == CommandType.ModifyOrder)
        {
            long ticks = MemoryMarshal.AsRef<ModifyOrder>(command).PriceTicks;
            book.PrefetchLevel(order.Side, ticks);
            book.PrefetchTail(order.Side, ticks);
        }
    }

    /// <summary>The type, if the command is long enough to be one of the three that are looked at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static CommandType TypeOf(ReadOnlySpan<byte> command)
    {
        if (command.Length < Unsafe.SizeOf<CancelOrder>())
        {
            return CommandType.None;
        }

        CommandType type = MemoryMarshal.AsRef<CommandHeader>(command).Type;
        int least = type == CommandType.PlaceOrder ? Unsafe.SizeOf<PlaceOrder>() : type == CommandType.ModifyOrder ? Unsafe.SizeOf<ModifyOrder>() : 0;
        return command.Length >= least ? type : CommandType.None;
    }

    private void PrefetchPlace(ref readonly PlaceOrder order)
    {
        if (order.MarketId >= 1 && order.MarketId <= state.Markets.HighWater && order.Side <= Side.Sell)
        {
            state.Books[(int)order.MarketId].PrefetchLevel(order.Side, order.PriceTicks);
        }
    }

    private void PrefetchTail(ref readonly PlaceOrder order)
    {
        if (order.MarketId >= 1 && order.MarketId <= state.Markets.HighWater && order.Side <= Side.Sell)
        {
            state.Books[(int)order.MarketId].PrefetchTail(order.Side, order.PriceTicks);
        }
    }
}
