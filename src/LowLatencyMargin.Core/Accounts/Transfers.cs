using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>Money in and out of accounts and between their scopes, and the settings that say which scope a position is in.</summary>
public sealed class Transfers(ExchangeState state, Settlement settlement)
{
    /// <summary>Money in .</summary>
    public ResultCode Deposit(ref readonly Deposit command)
    {
        ResultCode code = Check(command.AccountId, command.AssetId, command.AmountUnits);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        int account = (int)command.AccountId;
        int id = (int)command.AssetId;
        if (!Wallets.HasRoom(state, account, id))
        {
            return ResultCode.CapacityExceeded;
        }

        ref Asset asset = ref state.Assets.Edit(id);
        if (command.AmountUnits > Exact.MaxMoneyUnits - asset.ExternalUnits
            || !Collateral.CanValue(in asset, asset.ExternalUnits + command.AmountUnits, Collateral.PriceTicks(state, id)))
        {
            return ResultCode.Overflow;
        }

        asset.ExternalUnits += command.AmountUnits;
        Wallets.Credit(state, account, id, command.AmountUnits);
        settlement.TouchWallet(account, id);
        AddBalanceEvent(EventType.Deposited, 0, account, id, command.AmountUnits, 0);
        return ResultCode.Accepted;
    }

    /// <summary>Money out, as far as what stays covers what the pool stands behind .</summary>
    public ResultCode Withdraw(ref readonly Withdraw command)
    {
        ResultCode code = Check(command.AccountId, command.AssetId, command.AmountUnits);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        int account = (int)command.AccountId;
        int id = (int)command.AssetId;
        if (!CanLeave(account, id, command.AmountUnits))
        {
            return ResultCode.InsufficientBalance;
        }

        state.Assets.Edit(id).ExternalUnits -= command.AmountUnits;
        Wallets.Debit(state, account, id, command.AmountUnits);
        settlement.TouchWallet(account, id);
        AddBalanceEvent(EventType.Withdrawn, 0, account, id, command.AmountUnits, 0);
        return ResultCode.Accepted;
    }

    /// <summary>Pool to isolated margin .</summary>
    public ResultCode Allocate(ref readonly AllocateMargin command)
    {
        ResultCode code = FindIsolated(command.AccountId, command.MarketId, command.AmountUnits, out int index);
        if (code != ResultCode.Accepted || command.AmountUnits == 0)
        {
            return code == ResultCode.Accepted ? Accept(CommandType.AllocateMargin) : code;
        }

        if (!CanLeave((int)command.AccountId, Asset.CollateralId, command.AmountUnits))
        {
            return ResultCode.InsufficientBalance;
        }

        Allocate(index, command.AmountUnits, EventType.MarginAllocated);
        return ResultCode.Accepted;
    }

    /// <summary>Isolated margin to pool, as far as the position and its orders do not need it .</summary>
    public ResultCode Remove(ref readonly RemoveMargin command)
    {
        ResultCode code = FindIsolated(command.AccountId, command.MarketId, command.AmountUnits, out int index);
        if (code != ResultCode.Accepted || command.AmountUnits == 0)
        {
            return code == ResultCode.Accepted ? Accept(CommandType.RemoveMargin) : code;
        }

        code = CheckRemoval(index, command.AmountUnits);
        if (code == ResultCode.Accepted)
        {
            Remove(index, command.AmountUnits, EventType.MarginRemoved);
        }

        return code;
    }

    /// <summary>Pool to isolated margin; checked before.</summary>
    internal void Allocate(int index, long amountUnits, EventType told)
    {
        ref Position position = ref state.Positions.Edit(index);
        position.MarginUnits += amountUnits;
        state.Accounts.Edit(position.Account).BalanceUnits -= amountUnits;
        EndMove(told, index, amountUnits);
    }

    /// <summary>Isolated margin to pool; checked before.</summary>
    internal void Remove(int index, long amountUnits, EventType told)
    {
        ref Position position = ref state.Positions.Edit(index);
        position.MarginUnits -= amountUnits;
        state.Accounts.Edit(position.Account).BalanceUnits += amountUnits;
        EndMove(told, index, amountUnits);
    }

    /// <summary>Whether position and orders can do without a part of the isolated margin .</summary>
    internal ResultCode CheckRemoval(int index, long amountUnits)
    {
        ref readonly Position position = ref state.Positions[index];
        ref readonly Market market = ref state.Markets[position.Market];
        if (amountUnits > position.MarginUnits)
        {
            return ResultCode.InsufficientBalance;
        }

        long left = position.MarginUnits - amountUnits;
        if (position.SizeLots != 0)
        {
            long pnl = Requirements.UnrealizedPnl(in position, in market);
            long equity = left + (market.Parameters.WithdrawUnrealizedProfit != 0 ? pnl : Math.Min(0, pnl));
            long requirement = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
            if (equity < WithdrawRequirementOf(in position, in market) || Requirements.IsLiquidatable(equity, requirement, in market))
            {
                return ResultCode.LockedFunds;
            }
        }

        Position after = position;
        after.MarginUnits = left;
        long hold = Settlement.PoolHold(in after, position.OrderMarginUnits, in market);
        return hold - position.PoolHoldUnits > amountUnits ? ResultCode.LockedFunds : ResultCode.Accepted;
    }

    /// <summary>Cross or isolated: only while flat and without orders; isolated margin left over goes back to the pool.</summary>
    public ResultCode SetMode(ref readonly SetMarginMode command)
    {
        if (command.Mode is not (MarginMode.Cross or MarginMode.Isolated))
        {
            return ResultCode.MalformedCommand;
        }

        ResultCode code = FindFlat(command.AccountId, command.MarketId, out int index);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        ref Position position = ref state.Positions.Edit(index);
        MarginMode old = position.Mode;
        state.Accounts.Edit(position.Account).BalanceUnits += position.MarginUnits;
        settlement.TouchPool(position.Account);
        position.MarginUnits = 0;
        position.IsIsolated = (byte)command.Mode;
        AddSettingEvent(EventType.MarginModeChanged, in position, (long)old, (long)command.Mode);
        state.Touch(index);
        return ResultCode.Accepted;
    }

    /// <summary>Leverage: only while flat and without orders.</summary>
    public ResultCode SetLeverage(ref readonly SetLeverage command)
    {
        ResultCode code = CheckScope(command.AccountId, command.MarketId);
        if (code == ResultCode.Accepted
            && (command.Leverage < 1 || command.Leverage > state.Markets[(int)command.MarketId].Parameters.MaxLeverage))
        {
            code = ResultCode.InvalidLeverage;
        }

        if (code != ResultCode.Accepted || (code = FindFlat(command.AccountId, command.MarketId, out int index)) != ResultCode.Accepted)
        {
            return code;
        }

        ref Position position = ref state.Positions.Edit(index);
        long old = position.Leverage;
        position.Leverage = (ushort)command.Leverage;
        position.LeverageRate = (int)((Rate.Scale + command.Leverage - 1) / command.Leverage);
        AddSettingEvent(EventType.LeverageChanged, in position, old, command.Leverage);
        state.Touch(index);
        return ResultCode.Accepted;
    }

    /// <summary>
    /// What the scope can do without: pool and other assets less what orders hold, what the cross positions must keep and what they have lost;
    /// unrealised profit counts only where the market lets it be withdrawn. Below zero when there is too little already.
    /// </summary>
    public long Free(int account)
    {
        ref readonly Account owner = ref state.Accounts[account];
        long free = owner.BalanceUnits - owner.PoolHoldUnits;
        if ((owner.Traits & AccountTraits.HasAssets) != 0)
        {
            free += Collateral.Of(state, account, CollateralPurpose.Opening);
        }

        if ((owner.Traits & AccountTraits.HasLoans) != 0)
        {
            var loans = Lending.LoanSums.Of(state, account);
            free += loans.BackedInitialUnits - loans.DebtUnits - loans.InitialUnits;
        }

        if (owner.CrossOpen == 0)
        {
            return free;
        }

        long pnl = 0;
        long profits = 0;
        for (int index = owner.FirstPosition; index != 0; index = state.Positions[index].Next)
        {
            ref readonly Position position = ref state.Positions[index];
            if (position.SizeLots != 0 && position.IsIsolated == 0)
            {
                ref readonly Market market = ref state.Markets[position.Market];
                long own = Requirements.UnrealizedPnl(in position, in market);
                pnl += own;
                profits += market.Parameters.WithdrawUnrealizedProfit != 0 ? Math.Max(0, own) : 0;
                free -= WithdrawRequirementOf(in position, in market);
            }
        }

        return free + Math.Min(profits, pnl);
    }

    /// <summary>What could leave of an asset now .</summary>
    public long Free(int account, int asset)
    {
        bool spotOnly = (state.Accounts[account].Traits & AccountTraits.SpotOnly) != 0;
        long there = Wallets.Free(state, account, asset);
        long most = spotOnly ? there : Math.Min(there, Spare(account, asset));
        return Math.Max(0, most);
    }

    /// <summary>What can leave and stay covered, but never so that the account could be liquidated at once .</summary>
    internal bool CanLeave(int account, int asset, long amountUnits)
    {
        if (amountUnits > Wallets.Free(state, account, asset))
        {
            return false;
        }

        return (state.Accounts[account].Traits & AccountTraits.SpotOnly) != 0 || amountUnits <= Spare(account, asset);
    }

    /// <summary>The most of an asset that the cross scope can do without; below zero: nothing.</summary>
    private long Spare(int account, int asset)
    {
        AccountFigures figures = AccountFigures.Of(state, account);
        long spare = Math.Min(Free(account), figures.SlackUnits);
        if (asset == Asset.CollateralId)
        {
            return spare;
        }

        long units = Math.Min(
            SpareUnits(account, asset, Free(account), CollateralPurpose.Opening),
            SpareUnits(account, asset, figures.SlackUnits, CollateralPurpose.Maintenance));
        return (state.Accounts[account].Traits & AccountTraits.HasLoans) == 0 || state.Assets[asset].Parameters.MaintenanceWeight != 0
            ? units
            : Math.Min(units, Lending.LoanSums.SpareUnits(state, account, asset, Free(account), figures.SlackUnits));
    }

    private long SpareUnits(int account, int asset, long spareUnits, CollateralPurpose purpose)
    {
        if (spareUnits < 0)
        {
            return -1;
        }

        ref readonly Balance balance = ref state.Balances[state.FindBalance(account, asset)];
        long counted = balance.Units - balance.PayUnits;
        long keeps = Collateral.Weighted(state, asset, counted, purpose) - spareUnits;
        return counted - Collateral.LeastUnits(state, asset, keeps, purpose);
    }

    /// <summary>Whether an account id names one that a client can use.</summary>
    public bool HasAccount(long accountId) =>
        accountId >= 1 && accountId <= state.Accounts.HighWater && state.Accounts[(int)accountId].IsLiquidationAccount == 0;

    /// <summary>What must stay for a position: never less than what it would be liquidated at .</summary>
    private static long WithdrawRequirementOf(in Position position, in Market market)
    {
        long requirement = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
        return market.Parameters.WithdrawRequirement == WithdrawRequirement.Initial
            ? Math.Max(requirement, Requirements.InitialMargin(in position, in market))
            : requirement;
    }

    private ResultCode Check(long accountId, long assetId, long amountUnits)
    {
        if (!HasAccount(accountId))
        {
            return ResultCode.UnknownAccount;
        }

        if (assetId < 1 || assetId > state.Assets.HighWater)
        {
            return ResultCode.UnknownAsset;
        }

        return amountUnits <= 0 ? ResultCode.InvalidAmount : ResultCode.Accepted;
    }

    /// <summary>Whether account and market are there, and both take margin .</summary>
    internal ResultCode CheckScope(long accountId, long marketId) =>
        !HasAccount(accountId) ? ResultCode.UnknownAccount
        : marketId < 1 || marketId > state.Markets.HighWater ? ResultCode.UnknownMarket
        : (state.Accounts[(int)accountId].Traits & AccountTraits.SpotOnly) != 0 ? ResultCode.MarginDisabled
        : state.Markets[(int)marketId].Kind == MarketKind.Spot ? ResultCode.InvalidPair
        : ResultCode.Accepted;

    private ResultCode FindIsolated(long accountId, long marketId, long amountUnits, out int index)
    {
        index = 0;
        ResultCode code = CheckScope(accountId, marketId);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        index = state.FindPosition((int)accountId, (int)marketId);
        return amountUnits < 0 ? ResultCode.InvalidAmount
            : index == 0 || state.Positions[index].IsIsolated == 0 ? ResultCode.ModeConflict
            : ResultCode.Accepted;
    }

    /// <summary>The row of a scope without position and orders, made if it is not there.</summary>
    private ResultCode FindFlat(long accountId, long marketId, out int index)
    {
        index = 0;
        ResultCode code = CheckScope(accountId, marketId);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        index = state.FindPosition((int)accountId, (int)marketId);
        if (index != 0)
        {
            ref readonly Position position = ref state.Positions[index];
            return position.SizeLots != 0 ? ResultCode.ActivePosition : position.OpenOrders != 0 ? ResultCode.ActiveOrders : ResultCode.Accepted;
        }

        if (!state.HasRoomForPosition((int)accountId, (int)marketId))
        {
            return ResultCode.CapacityExceeded;
        }

        index = state.AddPosition((int)accountId, (int)marketId);
        return ResultCode.Accepted;
    }

    private ResultCode Accept(CommandType type)
    {
        state.Events.Add<Accepted>(EventType.Accepted, 0).Command = type;
        return ResultCode.Accepted;
    }

    private void EndMove(EventType type, int index, long amountUnits)
    {
        ref readonly Position position = ref state.Positions[index];
        state.Touch(index);
        settlement.TouchPool(position.Account);
        AddBalanceEvent(type, position.Market, position.Account, Asset.CollateralId, amountUnits, position.MarginUnits);
    }

    private void AddBalanceEvent(EventType type, int market, int account, int asset, long amountUnits, long marginUnits)
    {
        ref BalanceChanged changed = ref state.Events.Add<BalanceChanged>(type, market);
        changed.AccountId = account;
        changed.AssetId = asset;
        changed.AmountUnits = amountUnits;
        changed.BalanceUnits = Wallets.Units(state, account, asset);
        changed.MarginUnits = marginUnits;
    }

    private void AddSettingEvent(EventType type, in Position position, long oldValue, long newValue)
    {
        ref SettingChanged changed = ref state.Events.Add<SettingChanged>(type, position.Market);
        changed.AccountId = position.Account;
        changed.OldValue = oldValue;
        changed.NewValue = newValue;
    }
}
