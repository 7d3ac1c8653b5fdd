using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Lending;

/// <summary>Money into pools and out of them, for shares (R-1001, R-1010).</summary>
public sealed class Lenders(ExchangeState state, Transfers transfers, Settlement settlement)
{
    /// <summary>Money in.</summary>
    public ResultCode Lend(ref readonly Lend command)
    {
        ResultCode code = Find(command.AccountId, command.AssetId, out int account, out int index);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        long amount = command.AmountUnits;
        if (amount <= 0)
        {
            return ResultCode.InvalidAmount;
        }

        ref LendingPool pool = ref state.Pools.Edit(index);
        if (!transfers.CanLeaveUnsettled(account, pool.Asset, amount))
        {
            return ResultCode.InsufficientBalance;
        }

        if (pool.SupplyShares != 0 && pool.AssetUnits <= 0)
        {
            return ResultCode.PoolInsolvent;
        }

        long shares = amount > LendingPool.MaxUnits ? -1 : pool.SharesFor(amount);
        if (shares < 0 || pool.LiquidityUnits + pool.BorrowedUnits > LendingPool.MaxUnits - amount)
        {
            return ResultCode.Overflow;
        }

        int row = state.FindBalance(account, pool.Asset);
        long before = state.Balances[row].LentShares;
        if (before + shares < LendingPool.MinLentShares)
        {
            return ResultCode.BelowMinimumLending;
        }

        if (row == 0 && !state.Balances.HasRoom)
        {
            return ResultCode.CapacityExceeded;
        }

        pool.EnterEpoch(state.TimeNs);
        row = row == 0 ? state.AddBalance(account, pool.Asset) : row;
        state.Balances.Edit(row).LentShares += shares;
        Wallets.Debit(state, account, pool.Asset, amount);
        pool.LiquidityUnits += amount;
        pool.SupplyShares += shares;
        settlement.TouchWallet(account, pool.Asset);
        AddEvent(EventType.Lent, account, in pool, amount, shares, before + shares);
        return ResultCode.Accepted;
    }

    /// <summary>Money out, or its announcement.</summary>
    public ResultCode Unlend(ref readonly Unlend command)
    {
        ResultCode code = Find(command.AccountId, command.AssetId, out int account, out int index);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (command.AmountUnits < 0)
        {
            return ResultCode.InvalidAmount;
        }

        if (command.Announce is < 0 or > 1)
        {
            return ResultCode.MalformedCommand;
        }

        ref LendingPool pool = ref state.Pools.Edit(index);
        int row = state.FindBalance(account, pool.Asset);
        long held = state.Balances[row].LentShares;
        if (held == 0)
        {
            return ResultCode.NothingLent;
        }

        long shares = command.AmountUnits == 0 ? held : pool.SharesCosting(command.AmountUnits);
        if (shares > held)
        {
            return ResultCode.InsufficientBalance;
        }

        shares = held - shares < LendingPool.MinLentShares ? held : shares;
        long amount = shares == held ? pool.ValueOf(held) : command.AmountUnits;
        return command.Announce != 0
            ? Announce(account, row, ref pool, amount, shares)
            : Pay(account, row, ref pool, amount, shares);
    }

    private ResultCode Announce(int account, int row, ref LendingPool pool, long amount, long shares)
    {
        if (pool.Parameters.Unlock == 0)
        {
            return ResultCode.InvalidCombination;
        }

        state.UnlockNotices.Edit(row) = new UnlockNotice { Shares = shares, Epoch = pool.EpochOf(state.TimeNs) };
        AddEvent(EventType.UnlockAnnounced, account, in pool, amount, shares, state.Balances[row].LentShares);
        return ResultCode.Accepted;
    }

    private ResultCode Pay(int account, int row, ref LendingPool pool, long amount, long shares)
    {
        ref UnlockNotice notice = ref state.UnlockNotices.Edit(row);
        bool mustWait = pool.Parameters.Unlock != 0;
        if (mustWait && (shares > notice.Shares || notice.Epoch >= pool.EpochOf(state.TimeNs)))
        {
            return ResultCode.NotUnlocked;
        }

        if (amount > pool.FreeUnits)
        {
            return ResultCode.InsufficientLiquidity;
        }

        // a pool that is looked at again only now enters its epoch even if nothing leaves: that changes no figure but the epoch's own
        LendingPool entered = pool;
        entered.EnterEpoch(state.TimeNs);
        int cap = pool.Parameters.FlowCapRate;
        if (cap != 0 && amount > Rate.OfRoundedDown(Math.Max(0, entered.EpochAssetUnits), cap) - entered.EpochOutUnits)
        {
            return ResultCode.FlowCapReached;
        }

        pool.EnterEpoch(state.TimeNs);
        pool.EpochOutUnits += amount;
        pool.LiquidityUnits -= amount;
        pool.SupplyShares -= shares;
        notice.Shares = Math.Max(0, notice.Shares - shares);
        notice.Epoch = notice.Shares == 0 ? 0 : notice.Epoch;
        ref Balance balance = ref state.Balances.Edit(row);
        balance.LentShares -= shares;
        long left = balance.LentShares;
        int asset = pool.Asset;
        Wallets.Credit(state, account, asset, amount);
        settlement.TouchWallet(account, asset);
        AddEvent(EventType.Unlent, account, in pool, amount, shares, left);
        state.RemoveBalanceIfEmpty(row);
        return ResultCode.Accepted;
    }

    private ResultCode Find(long accountId, long assetId, out int account, out int pool)
    {
        account = 0;
        pool = 0;
        if (!transfers.HasAccount(accountId))
        {
            return ResultCode.UnknownAccount;
        }

        if (assetId < 1 || assetId > state.Assets.HighWater)
        {
            return ResultCode.UnknownAsset;
        }

        account = (int)accountId;
        pool = state.Assets[(int)assetId].Pool;
        return pool == 0 ? ResultCode.UnknownPool : ResultCode.Accepted;
    }

    private void AddEvent(EventType type, int account, in LendingPool pool, long amount, long shares, long lentShares)
    {
        ref LendingChanged changed = ref state.Events.Add<LendingChanged>(type, 0);
        changed.AccountId = account;
        changed.AssetId = pool.Asset;
        changed.AmountUnits = amount;
        changed.Shares = shares;
        changed.LentShares = lentShares;
        changed.LiquidityUnits = pool.LiquidityUnits;
    }
}
