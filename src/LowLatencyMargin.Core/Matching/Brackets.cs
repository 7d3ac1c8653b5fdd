using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Matching;

/// <summary>Stop-loss and take-profit of a position: durable orders of the core that depend on no client (R-1302, R-1312).</summary>
public sealed class Brackets(ExchangeState state, OrderRules rules, RateBudget budget, MatchingEngine matching)
{
    /// <summary>Sets, replaces or removes a bracket.</summary>
    public ResultCode Set(ref readonly SetBracket command)
    {
        if (command.AccountId < 1 || command.AccountId > state.Accounts.HighWater || state.Accounts[(int)command.AccountId].IsLiquidationAccount != 0)
        {
            return ResultCode.UnknownAccount;
        }

        if (command.MarketId < 1 || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.Source > TriggerSource.Index || command.Reserved != 0 || command.Reserved2 != 0)
        {
            return ResultCode.MalformedCommand;
        }

        int account = (int)command.AccountId;
        int market = (int)command.MarketId;
        if (!budget.Allows(account, 1, reduces: true))
        {
            return ResultCode.RateLimited;
        }

        bool removes = command.StopLossTicks == 0 && command.TakeProfitTicks == 0;
        ResultCode code = state.FindNamed(account, market, command.PositionId, out int row);
        if (code == ResultCode.Accepted)
        {
            code = removes ? CheckRemoval(row) : CheckNew(in command, market, row, out _);
        }

        if (code != ResultCode.Accepted)
        {
            return code;
        }

        budget.Charge(account, 1);
        if (removes)
        {
            state.Events.Add<Accepted>(EventType.Accepted, market).Command = CommandType.SetBracket;
            Remove(row);
        }
        else
        {
            _ = CheckNew(in command, market, row, out long stopTicks);
            Replace(in command, market, row, stopTicks);
        }

        return ResultCode.Accepted;
    }

    private ResultCode CheckRemoval(int row)
    {
        ref readonly TradingGuard guard = ref state.TradingGuards[row];
        return guard.StopLossOrder == 0 && guard.TakeProfitOrder == 0 ? ResultCode.StateUnchanged : ResultCode.Accepted;
    }

    private ResultCode CheckNew(ref readonly SetBracket command, int marketId, int row, out long stopTicks)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly Market market = ref state.Markets[marketId];
        stopTicks = 0;
        if (!MarketRules.Takes(market.State, reduceOnly: true, postOnly: false))
        {
            return ResultCode.MarketStateForbids;
        }

        if (position.SizeLots == 0)
        {
            return ResultCode.NoPosition;
        }

        if (command.StopLossTicks is < 0 or > Exact.MaxPriceTicks || command.TakeProfitTicks is < 0 or > Exact.MaxPriceTicks)
        {
            return ResultCode.InvalidTrigger;
        }

        if (command.MaxSlippageRate is < 0 or > Rate.Scale)
        {
            return ResultCode.InvalidPrice;
        }

        bool isLong = position.SizeLots > 0;
        Side side = isLong ? Side.Sell : Side.Buy;
        long price = rules.PriceOf(marketId, command.Source);
        if (command.StopLossTicks != 0)
        {
            if (!IsLosing(in position, in market, command.StopLossTicks))
            {
                return ResultCode.StopOnWinningSide;
            }

            long buffer = Rate.OfRoundedUp(command.StopLossTicks, market.Parameters.StopBufferRate);
            stopTicks = isLong ? Math.Max(1, command.StopLossTicks - buffer) : Math.Min(Exact.MaxPriceTicks, command.StopLossTicks + buffer);
            if (price != 0 && TriggerBook.IsReached(TriggerBook.IsRising(side, TriggerKind.Stop), stopTicks, price))
            {
                return ResultCode.TriggerReached;
            }
        }

        if (command.TakeProfitTicks != 0 && price != 0
            && TriggerBook.IsReached(TriggerBook.IsRising(side, TriggerKind.TakeProfit), command.TakeProfitTicks, price))
        {
            return ResultCode.TriggerReached;
        }

        ref readonly TradingGuard guard = ref state.TradingGuards[row];
        int old = (guard.StopLossOrder != 0 ? 1 : 0) + (guard.TakeProfitOrder != 0 ? 1 : 0);
        int added = (command.StopLossTicks != 0 ? 1 : 0) + (command.TakeProfitTicks != 0 ? 1 : 0) - old;
        bool hedge = (position.Guards & Guards.Hedge) != 0;
        if (state.OpenOrders(position.Account, marketId, row) + added > market.Parameters.MaxOpenOrders
            || guard.ReduceOnlyOrders + added > OrderEntry.MaxReduceOnlyOrders
            || (hedge && position.OpenOrders + added > OrderScopes.MaxOrdersOfHedge))
        {
            return ResultCode.TooManyOrders;
        }

        bool full = state.RestingOrders + added > state.Limits.MaxOrders || state.Orders.Capacity - state.Orders.Count < 2
            || state.OrderTerms.Capacity - state.OrderTerms.Count < 2;
        return full ? ResultCode.CapacityExceeded : ResultCode.Accepted;
    }

    /// <summary>Below the average entry for a long, above it for a short: exactly, the average is a fraction.</summary>
    private static bool IsLosing(in Position position, in Market market, long ticks)
    {
        var value = (Int128)ticks * position.AbsoluteLots * market.TickValueUnits;
        return position.SizeLots > 0 ? value < position.EntryCostUnits : value > position.EntryCostUnits;
    }

    private void Replace(ref readonly SetBracket command, int market, int row, long stopTicks)
    {
        bool isLong = state.Positions[row].SizeLots > 0;
        var plan = new OrderPlan
        {
            Account = (int)command.AccountId,
            Market = market,
            Position = row,
            Side = isLong ? Side.Sell : Side.Buy,
            Type = OrderType.Market,
            Marks = OrderMarks.ReduceOnly | OrderMarks.WholePosition | OrderMarks.Waiting,
            MaxSlippageRate = command.MaxSlippageRate,
            Lots = state.Positions[row].AbsoluteLots,
        };
        plan.Terms.Source = command.Source;
        Remove(row);
        int stop = 0;
        if (stopTicks != 0)
        {
            plan.Terms.Trigger = TriggerKind.Stop;
            plan.Terms.TriggerTicks = stopTicks;
            stop = matching.Place(in plan);
        }

        if (command.TakeProfitTicks != 0)
        {
            plan.Terms.Trigger = TriggerKind.TakeProfit;
            plan.Terms.TriggerTicks = command.TakeProfitTicks;
            plan.Linked = stop;
            plan.Marks |= stop != 0 ? OrderMarks.Linked : OrderMarks.None;
            state.TradingGuards.Edit(row).TakeProfitOrder = matching.Place(in plan);
        }

        state.TradingGuards.Edit(row).StopLossOrder = stop;
    }

    private void Remove(int row)
    {
        int stop = state.TradingGuards[row].StopLossOrder;
        int take = state.TradingGuards[row].TakeProfitOrder;
        if (stop != 0)
        {
            matching.Cancel(stop, CancelReason.BracketReplaced);
        }

        if (take != 0)
        {
            matching.Cancel(take, CancelReason.BracketReplaced);
        }
    }
}
