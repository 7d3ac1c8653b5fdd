using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Matching;

/// <summary>Orders, changes and cancels as clients send them: checked completely, then handed to matching.</summary>
public sealed class OrderEntry(ExchangeState state, MarginCheck marginCheck, MatchingEngine matching)
{
    /// <summary>A new order.</summary>
    public ResultCode Place(ref readonly PlaceOrder command)
    {
        if (command.AccountId < 1 || command.AccountId > state.Accounts.HighWater || state.Accounts[(int)command.AccountId].IsLiquidationAccount != 0)
        {
            return ResultCode.UnknownAccount;
        }

        if (command.MarketId < 1 || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.Side > Side.Sell || command.Type > OrderType.Market || command.TimeInForce > TimeInForce.ImmediateOrCancel || command.Reserved != 0 || command.Reserved2 != 0)
        {
            return ResultCode.MalformedCommand;
        }

        if (command.QuantityLots is < 1 or > Exact.MaxQuantityLots)
        {
            return ResultCode.InvalidQuantity;
        }

        int account = (int)command.AccountId;
        int market = (int)command.MarketId;
        long limitTicks = command.PriceTicks;
        if (command.Type == OrderType.Market)
        {
            ResultCode priced = PriceMarketOrder(in command, out limitTicks);
            if (priced != ResultCode.Accepted)
            {
                return priced;
            }
        }
        else if (limitTicks is < 1 or > Exact.MaxPriceTicks || command.MaxSlippageRate != 0)
        {
            return ResultCode.InvalidPrice;
        }

        int index = state.FindPosition(account, market);
        bool rests = command.Type == OrderType.Limit && command.TimeInForce == TimeInForce.GoodTillCancel;
        if (rests && state.Positions[index].OpenOrders >= state.Markets[market].Parameters.MaxOpenOrders)
        {
            return ResultCode.TooManyOrders;
        }

        if ((rests && state.RestingOrders >= state.Limits.MaxOrders) || !state.Orders.HasRoom || (index == 0 && !state.HasRoomForPosition(account, market)))
        {
            return ResultCode.CapacityExceeded;
        }

        ResultCode code = marginCheck.Check(account, index, market, command.Side, limitTicks, command.QuantityLots, replaced: 0);
        if (code == ResultCode.Accepted)
        {
            matching.Place(account, market, index, in command, limitTicks, marginCheck.OrderMarginUnits);
        }

        return code;
    }

    /// <summary>Cancels a resting order.</summary>
    public ResultCode Cancel(ref readonly CancelOrder command)
    {
        int slot = Find(command.AccountId, command.OrderId, out ResultCode code);
        if (slot != 0)
        {
            matching.Cancel(slot, Events.CancelReason.Requested);
        }

        return code;
    }

    /// <summary>Changes a resting order (R-1305).</summary>
    public ResultCode Modify(ref readonly ModifyOrder command)
    {
        int slot = Find(command.AccountId, command.OrderId, out ResultCode code);
        if (slot == 0)
        {
            return code;
        }

        if (command.PriceTicks is < 0 or > Exact.MaxPriceTicks)
        {
            return ResultCode.InvalidPrice;
        }

        if (command.QuantityLots is < 0 or > Exact.MaxQuantityLots)
        {
            return ResultCode.InvalidQuantity;
        }

        ref readonly Order order = ref state.Orders[slot];
        long price = command.PriceTicks == 0 ? order.PriceTicks : command.PriceTicks;
        long quantity = command.QuantityLots == 0 ? order.QuantityLots : command.QuantityLots;
        if (price == order.PriceTicks && quantity == order.QuantityLots)
        {
            return ResultCode.NothingToModify;
        }

        long leaves = quantity - (order.QuantityLots - order.LeavesLots);
        if (leaves <= 0)
        {
            matching.Cancel(slot, Events.CancelReason.AmendedAway);
            return ResultCode.Accepted;
        }

        if (price != order.PriceTicks || leaves > order.LeavesLots)
        {
            int index = order.Position;
            code = marginCheck.Check((int)command.AccountId, index, state.Positions[index].Market, order.Side, price, leaves, replaced: slot);
            if (code == ResultCode.Accepted)
            {
                matching.Replace(slot, price, leaves, marginCheck.OrderMarginUnits);
            }

            return code;
        }

        matching.Reduce(slot, leaves);
        return ResultCode.Accepted;
    }

    private int Find(long accountId, long orderId, out ResultCode code)
    {
        if (accountId < 1 || accountId > state.Accounts.HighWater)
        {
            code = ResultCode.UnknownAccount;
            return 0;
        }

        int slot = state.FindOrder(orderId, (int)accountId);
        code = slot == 0 ? ResultCode.UnknownOrder : ResultCode.Accepted;
        return slot;
    }

    /// <summary>
    /// A market order is a limit order at the worst price its slippage allows, counted from the mark (R-1302); without a mark, from the opposite
    /// side.
    /// </summary>
    private ResultCode PriceMarketOrder(ref readonly PlaceOrder command, out long limitTicks)
    {
        limitTicks = 0;
        ref readonly Market market = ref state.Markets[(int)command.MarketId];
        if (command.PriceTicks != 0 || command.MaxSlippageRate is < 0 or > Rate.Scale)
        {
            return ResultCode.InvalidPrice;
        }

        OrderBook book = state.Books[(int)command.MarketId];
        long reference = market.MarkTicks != 0 ? market.MarkTicks : command.Side == Side.Buy ? book.Asks.BestTicks : book.Bids.BestTicks;
        if (reference == 0)
        {
            return ResultCode.NoReferencePrice;
        }

        int rate = command.MaxSlippageRate != 0 ? command.MaxSlippageRate : market.Parameters.MaxSlippageRate;
        long slippage = Rate.OfRoundedDown(reference, rate);
        limitTicks = command.Side == Side.Buy ? Math.Min(reference + slippage, Exact.MaxPriceTicks) : Math.Max(1, reference - slippage);
        return ResultCode.Accepted;
    }
}
