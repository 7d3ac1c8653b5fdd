using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Pricing;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>How many positions an account has in a market, whose money stands behind them, and at what leverage .</summary>
public sealed class PositionSettings(ExchangeState state, Settlement settlement, Transfers transfers, MarginCheck marginCheck)
{
    /// <summary>One-way or hedge: only without positions and orders in any market.</summary>
    public ResultCode Set(ref readonly SetPositionMode command)
    {
        if (!transfers.HasAccount(command.AccountId))
        {
            return ResultCode.UnknownAccount;
        }

        if (command.Mode is not (PositionMode.OneWay or PositionMode.Hedge))
        {
            return ResultCode.MalformedCommand;
        }

        int account = (int)command.AccountId;
        PositionMode old = state.IsHedge(account) ? PositionMode.Hedge : PositionMode.OneWay;
        if (command.Mode == old)
        {
            return ResultCode.StateUnchanged;
        }

        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ResultCode code = CheckFlat(row);
            if (code != ResultCode.Accepted)
            {
                return code;
            }
        }

        state.Accounts.Edit(account).Traits ^= AccountTraits.Hedge;
        ref SettingChanged changed = ref state.Events.Add<SettingChanged>(EventType.PositionModeChanged, 0);
        changed.AccountId = account;
        changed.OldValue = (long)old;
        changed.NewValue = (long)command.Mode;
        for (int row = state.Accounts[account].FirstPosition, next; row != 0; row = next)
        {
            next = state.Positions[row].Next;
            ref TradingGuard guard = ref state.TradingGuards.Edit(row);
            guard.ShortLeverage = command.Mode == PositionMode.Hedge ? state.Positions[row].Leverage : (ushort)0;
            guard.ShortIsIsolated = command.Mode == PositionMode.Hedge ? state.Positions[row].IsIsolated : (byte)0;
            if (state.Positions[row].MarginUnits != 0)
            {
                transfers.Move(row, -state.Positions[row].MarginUnits);
            }
            else
            {
                state.RemovePositionIfEmpty(row);
            }
        }

        return ResultCode.Accepted;
    }

    /// <summary>Cross or isolated .</summary>
    public ResultCode Set(ref readonly SetMarginMode command)
    {
        if (command.Mode is not (MarginMode.Cross or MarginMode.Isolated) || command.Sides is < PositionSides.Both or > PositionSides.Short)
        {
            return ResultCode.MalformedCommand;
        }

        ResultCode code = FindScope(command.AccountId, command.MarketId, command.PositionId, command.Sides, out int index, out bool isSetting);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (isSetting)
        {
            code = CheckFlat(index, command.Sides);
            return code == ResultCode.Accepted ? SetNewMode((int)command.AccountId, (int)command.MarketId, index, command.Sides, command.Mode) : code;
        }

        bool isOpen = state.Positions[index].SizeLots != 0;
        if (isOpen && state.Markets[(int)command.MarketId].Parameters.ModeSwitch == ModeSwitchPolicy.Checked)
        {
            return SwitchOpen(index, command.Mode);
        }

        code = CheckFlat(index);
        if (code == ResultCode.Accepted && index == 0)
        {
            code = state.HasRoomForPosition((int)command.AccountId, (int)command.MarketId) ? ResultCode.Accepted : ResultCode.CapacityExceeded;
            index = code == ResultCode.Accepted ? state.AddPosition((int)command.AccountId, (int)command.MarketId) : 0;
        }

        if (code == ResultCode.Accepted)
        {
            Switch(index, command.Mode);
        }

        return code;
    }

    /// <summary>Leverage, at any time.</summary>
    public ResultCode Set(ref readonly SetLeverage command)
    {
        ResultCode code = transfers.CheckScope(command.AccountId, command.MarketId);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (command.Sides is < PositionSides.Both or > PositionSides.Short || command.Release is < 0 or > 1)
        {
            return ResultCode.MalformedCommand;
        }

        if (command.Leverage < 1 || command.Leverage > state.Markets[(int)command.MarketId].Parameters.MaxLeverage)
        {
            return ResultCode.InvalidLeverage;
        }

        int account = (int)command.AccountId;
        int market = (int)command.MarketId;
        code = FindScope(account, market, command.PositionId, command.Sides, out int index, out bool isSetting);
        if (code == ResultCode.Accepted && index == 0 && !state.HasRoomForPosition(account, market))
        {
            code = ResultCode.CapacityExceeded;
        }

        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (isSetting)
        {
            SetNewLeverage(index != 0 ? index : state.AddPosition(account, market), command.Sides, (ushort)command.Leverage);
            return ResultCode.Accepted;
        }

        Position after = state.Positions[index];
        after.Leverage = (ushort)command.Leverage;
        after.LeverageRate = RateOf(command.Leverage);
        code = CheckLeverage(account, index, ref after, in state.Markets[market], command.Release != 0, out long moved);
        if (code == ResultCode.Accepted)
        {
            Apply(index != 0 ? index : state.AddPosition(account, market), in after, moved);
        }

        return code;
    }

    /// <summary>What a new hedge position begins with; <paramref name="head"/> 0: the market's own settings.</summary>
    public static Position NewHedge(ExchangeState state, int head, bool isShort)
    {
        ref readonly Position settings = ref state.Positions[head];
        ref readonly TradingGuard guard = ref state.TradingGuards[head];
        ushort leverage = isShort ? guard.ShortLeverage : settings.Leverage;
        return new Position
        {
            IsIsolated = isShort ? guard.ShortIsIsolated : settings.IsIsolated,
            Leverage = leverage,
            LeverageRate = RateOf(leverage),
            Guards = Guards.Hedge,
        };
    }

    /// <summary>Switches a row without position and orders; with another mode its isolated margin goes back to the pool.</summary>
    public void Switch(int index, MarginMode mode)
    {
        ref Position position = ref state.Positions.Edit(index);
        MarginMode old = position.Mode;
        long released = old == mode ? 0 : position.MarginUnits;
        position.IsIsolated = (byte)mode;
        position.ShareUnits = old == mode ? position.ShareUnits : 0;
        AddEvent(EventType.MarginModeChanged, index, PositionSides.Both, (long)old, (long)mode);
        state.Touch(index);
        if (released != 0)
        {
            transfers.Move(index, -released);
        }
    }

    /// <summary>1 / leverage rounded up; 0 when none is set.</summary>
    private static int RateOf(long leverage) => leverage == 0 ? 0 : (int)((Rate.Scale + leverage - 1) / leverage);

    /// <summary>The row that a setting is for; in hedge mode, without a position, the head: then it is for new positions.</summary>
    private ResultCode FindScope(long accountId, long marketId, long positionId, PositionSides sides, out int index, out bool isSetting)
    {
        index = 0;
        isSetting = false;
        ResultCode code = transfers.CheckScope(accountId, marketId);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        int account = (int)accountId;
        bool hedge = state.IsHedge(account);
        if (sides != PositionSides.Both && (!hedge || positionId != 0))
        {
            return hedge ? ResultCode.InvalidCombination : ResultCode.HedgeModeRequired;
        }

        isSetting = hedge && positionId == 0;
        if (isSetting)
        {
            index = state.FindPosition(account, (int)marketId);
            return ResultCode.Accepted;
        }

        return state.FindNamed(account, (int)marketId, positionId, out index);
    }

    private ResultCode CheckFlat(int index)
    {
        ref readonly Position position = ref state.Positions[index];
        return position.SizeLots != 0 ? ResultCode.ActivePosition : position.OpenOrders != 0 ? ResultCode.ActiveOrders : ResultCode.Accepted;
    }

    /// <summary>Whether the sides of a hedge account have neither positions nor orders in a market.</summary>
    private ResultCode CheckFlat(int head, PositionSides sides)
    {
        for (int row = head == 0 ? 0 : state.NextHedge(head); row != 0; row = state.NextHedge(row))
        {
            bool isShort = state.Positions[row].SizeLots < 0
                || (state.Positions[row].SizeLots == 0 && state.Orders[state.Positions[row].FirstOrder].Side == Side.Sell);
            if (sides == PositionSides.Both || (sides == PositionSides.Short) == isShort)
            {
                return CheckFlat(row);
            }
        }

        return ResultCode.Accepted;
    }

    private ResultCode SetNewMode(int account, int market, int head, PositionSides sides, MarginMode mode)
    {
        if (head == 0 && !state.HasRoomForPosition(account, market))
        {
            return ResultCode.CapacityExceeded;
        }

        head = head != 0 ? head : state.AddPosition(account, market);
        ref Position settings = ref state.Positions.Edit(head);
        ref TradingGuard guard = ref state.TradingGuards.Edit(head);
        long old = sides == PositionSides.Short ? guard.ShortIsIsolated : settings.IsIsolated;
        settings.IsIsolated = sides == PositionSides.Short ? settings.IsIsolated : (byte)mode;
        guard.ShortIsIsolated = sides == PositionSides.Long ? guard.ShortIsIsolated : (byte)mode;
        AddEvent(EventType.MarginModeChanged, head, sides, old, (long)mode);
        state.RemovePositionIfEmpty(head);
        return ResultCode.Accepted;
    }

    private void SetNewLeverage(int head, PositionSides sides, ushort leverage)
    {
        ref Position settings = ref state.Positions.Edit(head);
        ref TradingGuard guard = ref state.TradingGuards.Edit(head);
        long old = sides == PositionSides.Short ? guard.ShortLeverage : settings.Leverage;
        settings.Leverage = sides == PositionSides.Short ? settings.Leverage : leverage;
        settings.LeverageRate = RateOf(settings.Leverage);
        guard.ShortLeverage = sides == PositionSides.Long ? guard.ShortLeverage : leverage;
        AddEvent(EventType.LeverageChanged, head, sides, old, leverage);
    }

    /// <summary>With a position (R-303 checked): both scopes must have their initial margin after it.</summary>
    private ResultCode SwitchOpen(int index, MarginMode mode)
    {
        ref Position position = ref state.Positions.Edit(index);
        ref Account owner = ref state.Accounts.Edit(position.Account);
        if (position.OpenOrders != 0)
        {
            return ResultCode.ActiveOrders;
        }

        if (position.Mode == mode)
        {
            return ResultCode.StateUnchanged;
        }

        if (UnderWay.HasScopeOf(state, index))
        {
            return ResultCode.LiquidationActive;
        }

        long moved;
        Position settled = position;
        FundingCharge.Settle(ref settled, in state.Markets[position.Market]);
        ResultCode code = mode == MarginMode.Isolated ? CheckIsolated(index, in settled, out moved) : CheckCross(in settled, out moved);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        settlement.SettleFunding(index);
        AddEvent(EventType.MarginModeChanged, index, PositionSides.Both, (long)position.Mode, (long)mode);
        position.IsIsolated = (byte)mode;
        position.ShareUnits = 0;
        owner.CrossOpen += mode == MarginMode.Cross ? 1 : -1;
        transfers.Move(index, moved);
        return ResultCode.Accepted;
    }

    /// <summary>Exactly the margin that the position needs by itself, unrealised profit not counted, free in the pool without it.</summary>
    private ResultCode CheckIsolated(int index, in Position position, out long marginUnits)
    {
        ref readonly Account owner = ref state.Accounts[position.Account];
        ref readonly Market market = ref state.Markets[position.Market];
        long pnl = Requirements.UnrealizedPnl(in position, in market);
        marginUnits = InitialNeed(in position, in market) - Math.Min(0, pnl);
        long free = owner.BalanceUnits - owner.PoolHoldUnits - FundingCharge.OfPool(state, position.Account);
        if ((owner.Traits & AccountTraits.HasMarginScopes) != 0)
        {
            var loans = Lending.LoanSums.Of(state, position.Account);
            free += loans.BackedInitialUnits - loans.DebtUnits - loans.InitialUnits;
        }

        AccountFigures others = AccountFigures.Of(state, position.Account);
        others.MustExceed = false;
        long profits = 0;
        for (int row = owner.FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ref readonly Position other = ref state.Positions[row];
            if (row != index && other.SizeLots != 0 && other.IsIsolated == 0)
            {
                ref readonly Market where = ref state.Markets[other.Market];
                long requirement = Requirements.Requirement(other.AbsoluteLots, other.EntryCostUnits, in where);
                free -= Math.Max(requirement, Requirements.InitialMargin(in other, in where));
                profits += Requirements.PricePnl(in other, in where);
                others.MustExceed |= where.Parameters.Trigger == LiquidationTrigger.Reaches;
            }
        }

        free += Math.Min(0, profits);
        others.EquityUnits -= marginUnits + pnl;
        others.RequirementUnits -= Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
        bool isCovered = marginUnits <= free && !others.IsLiquidatable;
        return isCovered ? ResultCode.Accepted : marginCheck.Refuse(marginUnits, free);
    }

    /// <summary>All isolated margin goes to the pool; with it the cross scope must have its initial margin.</summary>
    private ResultCode CheckCross(in Position position, out long movedUnits)
    {
        ref readonly Market market = ref state.Markets[position.Market];
        movedUnits = -position.MarginUnits;
        long pnl = Requirements.UnrealizedPnl(in position, in market);
        long initial = Requirements.InitialMargin(in position, in market);
        long available = marginCheck.Available(position.Account) + position.MarginUnits + pnl;
        AccountFigures figures = AccountFigures.Of(state, position.Account);
        figures.EquityUnits += position.MarginUnits + pnl;
        figures.RequirementUnits += Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
        figures.MustExceed |= market.Parameters.Trigger == LiquidationTrigger.Reaches;
        return initial > available || figures.IsLiquidatable ? marginCheck.Refuse(initial, available) : ResultCode.Accepted;
    }

    /// <summary>Initial margin at the mark, never less than what keeps the position from being liquidated.</summary>
    private static long InitialNeed(in Position position, in Market market)
    {
        long requirement = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
        requirement += market.Parameters.Trigger == LiquidationTrigger.Reaches ? 1 : 0;
        return Math.Max(requirement, Requirements.InitialMargin(in position, in market));
    }

    /// <summary>Isolated: the margin becomes what an opening at the new leverage would have drawn. Cross: initial and order margin must be available.</summary>
    private ResultCode CheckLeverage(int account, int index, ref Position after, in Market market, bool release, out long movedUnits)
    {
        Position before = state.Positions[index];
        FundingCharge.Settle(ref before, in market);
        FundingCharge.Settle(ref after, in market);
        movedUnits = 0;
        long needed;
        if (before.IsIsolated != 0)
        {
            movedUnits = Math.Max(0, Requirements.InitialMarginAtEntry(in after, in market) - before.MarginUnits);
            if (movedUnits > 0 && !transfers.CanLeave(account, movedUnits))
            {
                return marginCheck.Refuse(movedUnits, transfers.Free(account));
            }

            movedUnits = release && movedUnits == 0 ? -Releasable(in after, in market) : movedUnits;
            after.MarginUnits += movedUnits;
            long margin = Requirements.OrderMargin(in after, in after.Orders, in market);
            needed = movedUnits + Settlement.PoolHold(in after, margin, in market) - before.PoolHoldUnits;
        }
        else
        {
            needed = Requirements.OrderMargin(in after, in after.Orders, in market) - before.OrderMarginUnits;
            if (before.SizeLots != 0)
            {
                needed += Requirements.Kept(in after, in market) - Requirements.Kept(in before, in market);
            }
        }

        return needed > 0 && !marginCheck.IsCovered(account, needed) ? ResultCode.InsufficientMargin : ResultCode.Accepted;
    }

    /// <summary>What a position has beyond what an opening draws and beyond what a removal must leave .</summary>
    private static long Releasable(in Position after, in Market market)
    {
        if (after.SizeLots == 0)
        {
            return after.MarginUnits;
        }

        long requirement = Requirements.Requirement(after.AbsoluteLots, after.EntryCostUnits, in market);
        requirement += market.Parameters.Trigger == LiquidationTrigger.Reaches ? 1 : 0;
        long kept = Math.Max(requirement, Transfers.WithdrawRequirementOf(in after, in market));
        kept -= Math.Min(0, Requirements.UnrealizedPnl(in after, in market));
        return Math.Max(0, after.MarginUnits - Math.Max(kept, Requirements.InitialMarginAtEntry(in after, in market)));
    }

    private void Apply(int index, in Position after, long movedUnits)
    {
        ref Position position = ref state.Positions.Edit(index);
        long old = position.Leverage;
        position.Leverage = after.Leverage;
        position.LeverageRate = after.LeverageRate;
        AddEvent(EventType.LeverageChanged, index, PositionSides.Both, old, after.Leverage);
        if (movedUnits != 0)
        {
            transfers.Move(index, movedUnits);
        }

        state.Touch(index);
    }

    private void AddEvent(EventType type, int index, PositionSides sides, long oldValue, long newValue)
    {
        ref readonly Position position = ref state.Positions[index];
        ref SettingChanged changed = ref state.Events.Add<SettingChanged>(type, position.Market);
        changed.AccountId = position.Account;
        changed.OldValue = oldValue;
        changed.NewValue = newValue;
        changed.PositionId = (position.Guards & Guards.Hedge) != 0 ? state.PositionDetails[index].PositionId : 0;
        changed.Sides = sides;
    }
}
