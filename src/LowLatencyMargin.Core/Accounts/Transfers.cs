using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Pricing;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>Money in and out of accounts and between their scopes.</summary>
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
        settlement.NoteFlow(account, id, command.AmountUnits);
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

        if (id == Asset.CollateralId)
        {
            settlement.SettlePool(account);
        }

        state.Assets.Edit(id).ExternalUnits -= command.AmountUnits;
        Wallets.Debit(state, account, id, command.AmountUnits);
        settlement.NoteFlow(account, id, -command.AmountUnits);
        settlement.TouchWallet(account, id);
        AddBalanceEvent(EventType.Withdrawn, 0, account, id, command.AmountUnits, 0);
        return ResultCode.Accepted;
    }

    /// <summary>Pool to isolated margin .</summary>
    public ResultCode Allocate(ref readonly AllocateMargin command)
    {
        ResultCode code = FindIsolated(command.AccountId, command.MarketId, command.PositionId, command.AmountUnits, out int index);
        if (code != ResultCode.Accepted || command.AmountUnits == 0)
        {
            return code == ResultCode.Accepted ? Accept(CommandType.AllocateMargin) : code;
        }

        if (!CanLeave((int)command.AccountId, Asset.CollateralId, command.AmountUnits))
        {
            return ResultCode.InsufficientBalance;
        }

        Move(index, command.AmountUnits, EventType.MarginAllocated);
        return ResultCode.Accepted;
    }

    /// <summary>Isolated margin to pool, as far as the position and its orders do not need it .</summary>
    public ResultCode Remove(ref readonly RemoveMargin command)
    {
        ResultCode code = FindIsolated(command.AccountId, command.MarketId, command.PositionId, command.AmountUnits, out int index);
        if (code != ResultCode.Accepted || command.AmountUnits == 0)
        {
            return code == ResultCode.Accepted ? Accept(CommandType.RemoveMargin) : code;
        }

        code = CheckRemoval(index, command.AmountUnits);
        if (code == ResultCode.Accepted)
        {
            Move(index, -command.AmountUnits, EventType.MarginRemoved);
        }

        return code;
    }

    /// <summary>Whether position and orders can do without a part of the isolated margin .</summary>
    public ResultCode CheckRemoval(int index, long amountUnits)
    {
        Position position = state.Positions[index];
        ref readonly Market market = ref state.Markets[position.Market];
        FundingCharge.Settle(ref position, in market);
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

    /// <summary>Moves money between the pool and the isolated margin of a row, checked before: above 0 to the margin, below 0 from it.</summary>
    public void Move(int index, long amountUnits) =>
        Move(index, amountUnits, amountUnits < 0 ? EventType.MarginRemoved : EventType.MarginAllocated);

    /// <summary>The same, told as a transfer of its own.</summary>
    public void Move(int index, long amountUnits, EventType told)
    {
        ref Position position = ref state.Positions.Edit(index);
        settlement.SettleFunding(index);
        if (amountUnits > 0)
        {
            settlement.SettlePool(position.Account);
        }

        position.MarginUnits += amountUnits;
        state.Accounts.Edit(position.Account).BalanceUnits -= amountUnits;
        state.Touch(index);
        settlement.TouchPool(position.Account);
        AddBalanceEvent(told, position.Market, position.Account, Asset.CollateralId, Math.Abs(amountUnits), position.MarginUnits);
    }

    /// <summary>
    /// What the scope can do without: pool and other assets less what orders hold, what the cross positions must keep and what they have lost;
    /// unrealised profit counts only where the market lets it be withdrawn. Below zero when there is too little already.
    /// </summary>
    public long Free(int account) => FreeOf(state, account);

    /// <summary>What its owner could withdraw of the pool now .</summary>
    public static long Withdrawable(ExchangeState state, int account) => Math.Max(
        0,
        Math.Min(
            Wallets.Free(state, account, Asset.CollateralId),
            Math.Min(FreeOf(state, account), AccountFigures.Of(state, account).SlackUnits)));

    private static long FreeOf(ExchangeState state, int account)
    {
        ref readonly Account owner = ref state.Accounts[account];
        long free = owner.BalanceUnits - owner.PoolHoldUnits;
        if ((owner.Traits & AccountTraits.HasAssets) != 0)
        {
            free += Collateral.Of(state, account, CollateralPurpose.Opening);
        }

        if ((owner.Traits & AccountTraits.HasMarginScopes) != 0)
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
                long own = Requirements.PricePnl(in position, in market);
                free -= FundingCharge.Owed(in position, in market);
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

    /// <summary>Whether so much can leave the pool once its funding is settled.</summary>
    public bool CanLeave(int account, long amountUnits) => CanLeave(account, Asset.CollateralId, amountUnits);

    /// <summary>
    /// What can leave and stay covered, but never so that the account could be liquidated at once. Funding of the cross positions counts as
    /// money: the caller settles it.
    /// </summary>
    internal bool CanLeave(int account, int asset, long amountUnits) =>
        CanLeave(account, asset, amountUnits, asset == Asset.CollateralId ? FundingCharge.OfPool(state, account) : 0);

    /// <summary>The same for what leaves before that.</summary>
    internal bool CanLeaveUnsettled(int account, int asset, long amountUnits) => CanLeave(account, asset, amountUnits, owedUnits: 0);

    private bool CanLeave(int account, int asset, long amountUnits, long owedUnits)
    {
        if (amountUnits > Wallets.Free(state, account, asset) - owedUnits)
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
        return (state.Accounts[account].Traits & AccountTraits.HasMarginScopes) == 0 || state.Assets[asset].Parameters.MaintenanceWeight != 0
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
        long counted = balance.Units - balance.HoldUnits;
        long keeps = Collateral.Weighted(state, asset, counted, purpose) - spareUnits;
        return counted - Collateral.LeastUnits(state, asset, keeps, purpose);
    }

    /// <summary>Whether an account id names one that a client can use.</summary>
    public bool HasAccount(long accountId) =>
        accountId >= 1 && accountId <= state.Accounts.HighWater && state.Accounts[(int)accountId].IsLiquidationAccount == 0;

    /// <summary>What must stay for a position: never less than what it would be liquidated at .</summary>
    public static long WithdrawRequirementOf(in Position position, in Market market)
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
    public ResultCode CheckScope(long accountId, long marketId) =>
        !HasAccount(accountId) ? ResultCode.UnknownAccount
        : marketId < 1 || marketId > state.Markets.HighWater ? ResultCode.UnknownMarket
        : (state.Accounts[(int)accountId].Traits & AccountTraits.SpotOnly) != 0 ? ResultCode.MarginDisabled
        : state.Markets[(int)marketId].Kind == MarketKind.Spot ? ResultCode.InvalidPair
        : ResultCode.Accepted;

    private ResultCode FindIsolated(long accountId, long marketId, long positionId, long amountUnits, out int index)
    {
        index = 0;
        ResultCode code = CheckScope(accountId, marketId);
        if (code == ResultCode.Accepted)
        {
            code = state.FindNamed((int)accountId, (int)marketId, positionId, out index);
        }

        return code != ResultCode.Accepted ? code
            : amountUnits < 0 ? ResultCode.InvalidAmount
            : index == 0 || state.Positions[index].IsIsolated == 0 ? ResultCode.ModeConflict
            : ResultCode.Accepted;
    }

    private ResultCode Accept(CommandType type)
    {
        state.Events.Add<Accepted>(EventType.Accepted, 0).Command = type;
        return ResultCode.Accepted;
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
}
