using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Pricing;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>Positions to another account of the same owner, at the mark and without a trade .</summary>
public sealed class PositionTransfers(
    ExchangeState state, OrderRules rules, Settlement settlement, Transfers transfers, MarginCheck marginCheck, PositionLimits limits)
{
    /// <summary>A transfer.</summary>
    public ResultCode Move(ref readonly TransferPosition command)
    {
        ResultCode code = Find(in command, out int from, out int to);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        int receiver = (int)command.ToAccountId;
        int marketId = (int)command.MarketId;
        ref readonly Position giving = ref state.Positions[from];
        ref readonly Market market = ref state.Markets[marketId];
        bool opens = state.IsHedge(receiver) && to == 0;
        Position receiving = opens ? PositionSettings.NewHedge(state, state.FindPosition(receiver, marketId), giving.SizeLots < 0) : state.Positions[to];
        long lots = command.QuantityLots == 0 ? giving.AbsoluteLots : command.QuantityLots;
        code = CheckMove(in command, lots, from, to, opens);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        long units = Requirements.Notional(lots, market.MarkTicks, in market);
        Side closing = giving.SizeLots > 0 ? Side.Sell : Side.Buy;
        Side opening = giving.SizeLots > 0 ? Side.Buy : Side.Sell;
        code = CheckAfter((int)command.AccountId, in giving, closing, lots, units, in market);
        if (code == ResultCode.Accepted)
        {
            code = CheckAfter(receiver, in receiving, opening, lots, units, in market);
        }

        if (code == ResultCode.Accepted)
        {
            to = opens ? Open(receiver, marketId, in receiving) : to != 0 ? to : state.AddPosition(receiver, marketId);
            Apply(from, to, closing, opening, lots, units, keepMargin: false);
        }

        return code;
    }

    /// <summary>
    /// Hands lots of a position that is being liquidated to a keeper at the mark, if the keeper can bear them as it could a transfer (R-1106 b).
    /// </summary>
    public bool TryHand(int from, int keeper, long lots)
    {
        ref readonly Position giving = ref state.Positions[from];
        int marketId = giving.Market;
        ref readonly Market market = ref state.Markets[marketId];
        int to = state.FindPosition(keeper, marketId);
        Side opening = giving.SizeLots > 0 ? Side.Buy : Side.Sell;
        long units = Requirements.Notional(lots, market.MarkTicks, in market);
        bool cannot = state.IsHedge(keeper) || (state.Accounts[keeper].Traits & (AccountTraits.SpotOnly | AccountTraits.Liquidating)) != 0
            || CheckReceiver(keeper, marketId, to, to, opens: false, opening, lots, in market) != ResultCode.Accepted
            || CheckAfter(keeper, in state.Positions[to], opening, lots, units, in market) != ResultCode.Accepted;
        if (cannot)
        {
            return false;
        }

        Apply(from, to != 0 ? to : state.AddPosition(keeper, marketId), giving.SizeLots > 0 ? Side.Sell : Side.Buy, opening, lots, units, keepMargin: true);
        return true;
    }

    private ResultCode Find(ref readonly TransferPosition command, out int from, out int to)
    {
        from = 0;
        to = 0;
        ResultCode code = transfers.CheckScope(command.AccountId, command.MarketId);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (!transfers.HasAccount(command.ToAccountId))
        {
            return ResultCode.UnknownAccount;
        }

        if (command.ToAccountId == command.AccountId)
        {
            return ResultCode.InvalidCombination;
        }

        int receiver = (int)command.ToAccountId;
        int market = (int)command.MarketId;
        if (state.Accounts[(int)command.AccountId].OwnerId != state.Accounts[receiver].OwnerId)
        {
            return ResultCode.DifferentOwners;
        }

        code = state.FindNamed((int)command.AccountId, market, command.PositionId, out from);
        if (code != ResultCode.Accepted || state.Positions[from].SizeLots == 0)
        {
            return code != ResultCode.Accepted ? code : ResultCode.NoPosition;
        }

        if (command.ToPositionId == 0 && state.IsHedge(receiver))
        {
            return ResultCode.Accepted;
        }

        code = state.FindNamed(receiver, market, command.ToPositionId, out to);
        return code == ResultCode.Accepted && state.IsHedge(receiver) && IsShort(to) != IsShort(from) ? ResultCode.PositionsDiffer : code;
    }

    private bool IsShort(int index)
    {
        ref readonly Position position = ref state.Positions[index];
        return position.SizeLots < 0 || (position.SizeLots == 0 && state.Orders[position.FirstOrder].Side == Side.Sell);
    }

    private ResultCode CheckMove(ref readonly TransferPosition command, long lots, int from, int to, bool opens)
    {
        int receiver = (int)command.ToAccountId;
        int marketId = (int)command.MarketId;
        ref readonly Market market = ref state.Markets[marketId];
        ref readonly Position giving = ref state.Positions[from];
        if (UnderWay.HasScopeOf(state, from) || UnderWay.HasScopeOf(state, to))
        {
            return ResultCode.LiquidationActive;
        }

        if (lots < 1 || lots > giving.AbsoluteLots)
        {
            return ResultCode.InvalidQuantity;
        }

        if (market.State is not (MarketState.Open or MarketState.ReduceOnly))
        {
            return ResultCode.MarketStateForbids;
        }

        int head = state.FindPosition(receiver, marketId);
        return CheckReceiver(receiver, marketId, head, to, opens, giving.SizeLots > 0 ? Side.Buy : Side.Sell, lots, in market);
    }

    /// <summary>Whether an account may take lots at the mark, and has room for them.</summary>
    private ResultCode CheckReceiver(int receiver, int marketId, int head, int to, bool opens, Side side, long lots, in Market market)
    {
        if (rules.IsKilled(receiver, head, marketId))
        {
            return ResultCode.KillSwitchActive;
        }

        if (opens ? !state.HasRoomForHedge(receiver, marketId) : to == 0 && !state.HasRoomForPosition(receiver, marketId))
        {
            return ResultCode.CapacityExceeded;
        }

        if (!limits.Allow(receiver, to, marketId, side, market.MarkTicks, lots, replacedLots: 0))
        {
            return ResultCode.PositionLimit;
        }

        return market.CommittedUnits + Requirements.Notional(lots, market.MarkTicks, in market) > Exact.MaxNotionalUnits
            ? ResultCode.Overflow
            : ResultCode.Accepted;
    }

    /// <summary>
    /// Books the move on a copy, as settlement would, and looks at what the account then has: its scope must have its initial margin, its orders theirs.
    /// </summary>
    private ResultCode CheckAfter(int account, in Position before, Side side, long lots, long units, in Market market)
    {
        Position after = before;
        FundingCharge.Settle(ref after, in market);
        long pool = after.IsIsolated != 0 ? 0 : -FundingCharge.Owed(in before, in market);
        long drawn = 0;
        long closed = after.SizeLots != 0 && (after.SizeLots > 0) == (side == Side.Sell) ? Math.Min(lots, after.AbsoluteLots) : 0;
        long closedUnits = closed == lots ? units : Exact.MultiplyDivideDown(units, closed, lots);
        if (closed != 0)
        {
            long released = Requirements.ReleasedCost(in after, closed);
            long pnl = after.SizeLots > 0 ? closedUnits - released : released - closedUnits;
            after.EntryCostUnits -= released;
            after.SizeLots += side == Side.Buy ? closed : -closed;
            after.MarginUnits += after.IsIsolated != 0 ? pnl : 0;
            if (after.MarginUnits < 0)
            {
                return marginCheck.Refuse(0, after.MarginUnits);
            }

            long returned = after.SizeLots == 0 ? after.MarginUnits : 0;
            after.MarginUnits -= returned;
            pool += after.IsIsolated != 0 ? returned : pnl;
        }

        if (lots > closed)
        {
            long cost = units - closedUnits;
            long own = Requirements.InitialMarginAdded(after.EntryCostUnits, cost, side == Side.Sell, after.LeverageRate, in market);
            after.SizeLots += side == Side.Buy ? lots - closed : closed - lots;
            after.EntryCostUnits += cost;
            drawn = after.IsIsolated == 0 ? 0 : Math.Max(0, Math.Min(own, Requirements.InitialMarginAtEntry(in after, in market) - after.MarginUnits));
            after.MarginUnits += drawn;
        }

        return Judge(account, in before, in after, pool, drawn, in market);
    }

    private ResultCode Judge(int account, in Position before, in Position after, long pool, long drawn, in Market market)
    {
        bool ends = after.SizeLots == 0 && (before.Guards & Guards.Hedge) != 0;
        long hold = ends ? 0 : Settlement.PoolHold(in after, Requirements.OrderMargin(in after, in after.Orders, in market), in market);
        long available = marginCheck.Available(account) + pool - drawn - (hold - before.PoolHoldUnits);
        if (after.IsIsolated == 0)
        {
            available += CrossValue(in after, in market) - CrossValue(in before, in market);
            return available < 0 ? marginCheck.Refuse(0, available) : ResultCode.Accepted;
        }

        if (after.SizeLots != 0)
        {
            long equity = after.MarginUnits + Math.Min(0, Requirements.UnrealizedPnl(in after, in market));
            long requirement = Requirements.Requirement(after.AbsoluteLots, after.EntryCostUnits, in market);
            long need = Math.Max(requirement, Requirements.InitialMargin(in after, in market));
            if (equity < need || Requirements.IsLiquidatable(equity, requirement, in market))
            {
                return marginCheck.Refuse(need, equity);
            }
        }

        // a receiver that flips gets the margin of what it closes before it draws
        long leaving = drawn - pool;
        if (drawn > 0 && leaving > 0 && !transfers.CanLeaveUnsettled(account, Asset.CollateralId, leaving))
        {
            return marginCheck.Refuse(drawn, transfers.Free(account) + pool);
        }

        return drawn + hold > before.PoolHoldUnits && available < 0 ? marginCheck.Refuse(0, available) : ResultCode.Accepted;
    }

    private static long CrossValue(in Position position, in Market market) =>
        position.SizeLots == 0 ? 0 : Requirements.UnrealizedPnl(in position, in market) - Requirements.Kept(in position, in market);

    private int Open(int account, int market, in Position settingsOfSide)
    {
        int index = state.AddHedge(account, market);
        ref Position position = ref state.Positions.Edit(index);
        position.IsIsolated = settingsOfSide.IsIsolated;
        position.Leverage = settingsOfSide.Leverage;
        position.LeverageRate = settingsOfSide.LeverageRate;
        return index;
    }

    private void Apply(int from, int to, Side closing, Side opening, long lots, long units, bool keepMargin)
    {
        ref readonly Position giving = ref state.Positions[from];
        ref PositionTransferred moved = ref state.Events.Add<PositionTransferred>(EventType.PositionTransferred, giving.Market);
        moved.AccountId = giving.Account;
        moved.ToAccountId = state.Positions[to].Account;
        moved.PositionId = state.PositionDetails[from].PositionId;
        moved.SizeLots = opening == Side.Buy ? lots : -lots;
        moved.PriceTicks = state.Markets[giving.Market].MarkTicks;
        long noFee = 0;
        moved.RealizedPnlUnits = settlement.Book(from, 0, closing, lots, units, ref noFee, keepMargin);
        NoteProfit(from, moved.RealizedPnlUnits);
        NoteProfit(to, settlement.Book(to, 0, opening, lots, units, ref noFee, keepMargin: false));
    }

    /// <summary>What a transfer realises counts in the figures of the trader rules (R-1506).</summary>
    private void NoteProfit(int index, long pnlUnits)
    {
        if (pnlUnits != 0)
        {
            state.Records.AfterBooking(index, ExitKind.Other, pnlUnits, feeUnits: 0);
        }
    }
}
