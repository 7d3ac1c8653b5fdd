using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Pricing;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>One hedge position becomes two, or two become one; size, cost and margin together stay what they were .</summary>
public sealed class PositionDivisions(ExchangeState state, Settlement settlement, Transfers transfers, MarginCheck marginCheck, PositionLimits limits)
{
    /// <summary>A part of a position becomes one of its own.</summary>
    public ResultCode Split(ref readonly SplitPosition command)
    {
        ResultCode code = Find(command.AccountId, command.MarketId, command.PositionId, out int index);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        Position position = state.Positions[index];
        FundingCharge.Settle(ref position, in state.Markets[position.Market]);
        long lots = command.QuantityLots;
        if (lots < 1 || lots >= position.AbsoluteLots)
        {
            return ResultCode.InvalidQuantity;
        }

        if (!state.HasRoomForHedge(position.Account, position.Market))
        {
            return ResultCode.CapacityExceeded;
        }

        if (!limits.HasRoomForOpen(position.Account, position.Market))
        {
            return ResultCode.PositionLimit;
        }

        Position rest = position;
        Position part = position;
        part.SizeLots = position.SizeLots > 0 ? lots : -lots;
        part.EntryCostUnits = Exact.MultiplyDivideDown(position.EntryCostUnits, lots, position.AbsoluteLots);
        part.MarginUnits = position.MarginUnits >= 0
            ? Exact.MultiplyDivideDown(position.MarginUnits, lots, position.AbsoluteLots)
            : -Exact.MultiplyDivideUp(-position.MarginUnits, lots, position.AbsoluteLots);
        rest.SizeLots -= part.SizeLots;
        rest.EntryCostUnits -= part.EntryCostUnits;
        rest.MarginUnits -= part.MarginUnits;
        code = CheckScopes(in position, default, in rest, in part);
        if (code == ResultCode.Accepted)
        {
            Divide(index, in rest, in part);
        }

        return code;
    }

    /// <summary>A position joins another.</summary>
    public ResultCode Merge(ref readonly MergePositions command)
    {
        ResultCode code = Find(command.AccountId, command.MarketId, command.PositionId, out int index);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        code = Find(command.AccountId, command.MarketId, command.OtherPositionId, out int otherIndex);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        Position position = state.Positions[index];
        Position other = state.Positions[otherIndex];
        FundingCharge.Settle(ref position, in state.Markets[position.Market]);
        FundingCharge.Settle(ref other, in state.Markets[position.Market]);
        if (index == otherIndex)
        {
            return ResultCode.InvalidCombination;
        }

        if (position.IsIsolated != other.IsIsolated || (position.SizeLots > 0) != (other.SizeLots > 0))
        {
            return ResultCode.PositionsDiffer;
        }

        if (other.OpenOrders != 0)
        {
            return ResultCode.ActiveOrders;
        }

        Position whole = position;
        whole.SizeLots += other.SizeLots;
        whole.EntryCostUnits += other.EntryCostUnits;
        whole.MarginUnits += other.MarginUnits;
        code = CheckScopes(in position, in other, in whole, default);
        if (code == ResultCode.Accepted)
        {
            Join(index, otherIndex, in whole);
        }

        return code;
    }

    private ResultCode Find(long accountId, long marketId, long positionId, out int index)
    {
        index = 0;
        ResultCode code = transfers.CheckScope(accountId, marketId);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (!state.IsHedge((int)accountId))
        {
            return ResultCode.HedgeModeRequired;
        }

        code = state.FindNamed((int)accountId, (int)marketId, positionId, out index);
        return code != ResultCode.Accepted ? code
            : state.Positions[index].SizeLots == 0 ? ResultCode.NoPosition
            : UnderWay.HasScopeOf(state, index) ? ResultCode.LiquidationActive
            : state.Settlements[(int)marketId].Cursor != 0 ? ResultCode.MarketStateForbids
            : ResultCode.Accepted;
    }

    /// <summary>What two positions become must not be liquidatable: by rounding, or because requirements are not in proportion to size.</summary>
    private ResultCode CheckScopes(in Position first, in Position second, in Position third, in Position fourth)
    {
        ref readonly Market market = ref state.Markets[first.Market];
        if (first.IsIsolated != 0)
        {
            ResultCode code = CheckIsolated(in third, in market);
            return code != ResultCode.Accepted || fourth.SizeLots == 0 ? code : CheckIsolated(in fourth, in market);
        }

        AccountFigures figures = AccountFigures.Of(state, first.Account);
        figures.RequirementUnits += Requirement(in third, in market) + Requirement(in fourth, in market)
            - Requirement(in first, in market) - Requirement(in second, in market);
        return figures.IsLiquidatable ? marginCheck.Refuse(figures.RequirementUnits, figures.EquityUnits) : ResultCode.Accepted;
    }

    private ResultCode CheckIsolated(in Position position, in Market market)
    {
        long equity = position.MarginUnits + Requirements.UnrealizedPnl(in position, in market);
        long requirement = Requirement(in position, in market);
        return Requirements.IsLiquidatable(equity, requirement, in market) ? marginCheck.Refuse(requirement, equity) : ResultCode.Accepted;
    }

    private static long Requirement(in Position position, in Market market) =>
        position.SizeLots == 0 ? 0 : Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);

    private void Divide(int index, in Position rest, in Position part)
    {
        settlement.SettleFunding(index);
        int newIndex = state.AddHedge(rest.Account, rest.Market);
        ref Position divided = ref state.Positions.Edit(newIndex);
        divided.IsIsolated = part.IsIsolated;
        Take(ref state.Positions.Edit(index), in rest);
        Take(ref divided, in part);
        divided.FundingIndexE8 = part.FundingIndexE8;
        divided.Leverage = part.Leverage;
        divided.LeverageRate = part.LeverageRate;
        divided.WasOpened = 1;
        state.Accounts.Edit(part.Account).CrossOpen += part.IsIsolated == 0 ? 1 : 0;
        ref PositionDetail detail = ref state.PositionDetails.Edit(newIndex);
        detail.OpenedNs = state.PositionDetails[index].OpenedNs;
        detail.UpdatedNs = state.PositionDetails[index].UpdatedNs;
        AddEvent(EventType.PositionSplit, index, newIndex, in part);
        state.Touch(index);
        state.Touch(newIndex);
        settlement.FollowOrders(index);
    }

    private void Join(int index, int otherIndex, in Position whole)
    {
        settlement.SettleFunding(index);
        settlement.SettleFunding(otherIndex);
        Position part = state.Positions[otherIndex];
        ref Position other = ref state.Positions.Edit(otherIndex);
        Take(ref state.Positions.Edit(index), in whole);
        Take(ref other, default);
        other.ShareUnits = 0;
        other.WasClosed = (byte)PositionStatus.Closed;
        state.Accounts.Edit(whole.Account).CrossOpen -= whole.IsIsolated == 0 ? 1 : 0;
        ref PositionDetail detail = ref state.PositionDetails.Edit(index);
        ref PositionDetail ended = ref state.PositionDetails.Edit(otherIndex);
        detail.OpenedNs = Math.Min(detail.OpenedNs, ended.OpenedNs);
        detail.UpdatedNs = Math.Max(detail.UpdatedNs, ended.UpdatedNs);
        detail.RealizedPnlUnits += ended.RealizedPnlUnits;
        detail.FeeUnits += ended.FeeUnits;
        ended.RealizedPnlUnits = 0;
        ended.FeeUnits = 0;
        if (state.Markets[whole.Market].HasFunded != 0)
        {
            state.FundingPaid.Edit(index) += state.FundingPaid[otherIndex];
            state.FundingPaid.Edit(otherIndex) = 0;
        }

        AddEvent(EventType.PositionsMerged, index, otherIndex, in part);
        state.Touch(index);
        state.Touch(otherIndex);
    }

    private static void Take(ref Position position, in Position figures)
    {
        position.SizeLots = figures.SizeLots;
        position.EntryCostUnits = figures.EntryCostUnits;
        position.MarginUnits = figures.MarginUnits;
    }

    private void AddEvent(EventType type, int index, int otherIndex, in Position part)
    {
        ref PositionDivided divided = ref state.Events.Add<PositionDivided>(type, state.Positions[index].Market);
        divided.AccountId = state.Positions[index].Account;
        divided.PositionId = state.PositionDetails[index].PositionId;
        divided.OtherPositionId = state.PositionDetails[otherIndex].PositionId;
        divided.SizeLots = part.SizeLots;
        divided.EntryCostUnits = part.EntryCostUnits;
        divided.MarginUnits = part.MarginUnits;
    }
}
