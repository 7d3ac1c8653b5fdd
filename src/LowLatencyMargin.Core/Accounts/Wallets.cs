using System.Runtime.CompilerServices;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>
/// What accounts have of assets, whichever row it stands in: the collateral asset in the account itself, all others in balance rows. Rows come
/// with the first unit and go with the last; room for them is checked before anything changes.
/// </summary>
public static class Wallets
{
    /// <summary>The most other assets that one account can have, so that no sum of their worth overflows.</summary>
    public const int MaxAssetsPerAccount = 32;

    /// <summary>What is there, held parts included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Units(ExchangeState state, int account, int asset) =>
        asset == Asset.CollateralId ? state.Accounts[account].BalanceUnits : state.Balances[state.FindBalance(account, asset)].Units;

    /// <summary>What spot orders hold of it.</summary>
    public static long Held(ExchangeState state, int account, int asset) => state.Balances[state.FindBalance(account, asset)].HoldUnits;

    /// <summary>
    /// What no order holds in money: spot orders, and of the pool isolated ones, whose margin is drawn from it. Cross orders hold value, which other
    /// assets can stand for. Below zero when losses have taken the pool from its orders.
    /// </summary>
    public static long Free(ExchangeState state, int account, int asset)
    {
        ref readonly Balance balance = ref state.Balances[state.FindBalance(account, asset)];
        return asset == Asset.CollateralId
            ? state.Accounts[account].BalanceUnits - balance.HoldUnits - IsolatedHolds(state, account)
            : balance.Units - balance.HoldUnits;
    }

    /// <summary>What the isolated orders of an account hold of its pool.</summary>
    public static long IsolatedHolds(ExchangeState state, int account)
    {
        ref readonly Account owner = ref state.Accounts[account];
        long held = 0;
        if (owner.PoolHoldUnits != 0 && owner.Positions > owner.CrossOpen)
        {
            for (int index = owner.FirstPosition; index != 0; index = state.Positions[index].Next)
            {
                held += state.Positions[index].IsIsolated != 0 ? state.Positions[index].PoolHoldUnits : 0;
            }
        }

        return held;
    }

    /// <summary>The pool without what spot orders hold of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Pool(ExchangeState state, int account)
    {
        ref readonly Account owner = ref state.Accounts[account];
        return (owner.Traits & AccountTraits.HasAssets) == 0
            ? owner.BalanceUnits
            : owner.BalanceUnits - state.Balances[state.FindBalance(account, Asset.CollateralId)].HoldUnits;
    }

    /// <summary>Whether an account can be given an asset.</summary>
    public static bool HasRoom(ExchangeState state, int account, int asset) =>
        asset == Asset.CollateralId || state.FindBalance(account, asset) != 0
        || (state.Balances.HasRoom && state.CountBalances(account) < MaxAssetsPerAccount);

    /// <summary>Gives an account units of an asset.</summary>
    public static void Credit(ExchangeState state, int account, int asset, long units)
    {
        if (asset == Asset.CollateralId)
        {
            state.Accounts.Edit(account).BalanceUnits += units;
            return;
        }

        int row = state.FindBalance(account, asset);
        row = row != 0 ? row : state.AddBalance(account, asset);
        state.Balances.Edit(row).Units += units;
        state.NoteWatched(account);
    }

    /// <summary>Takes units of an asset from an account; only the pool can go below zero.</summary>
    public static void Debit(ExchangeState state, int account, int asset, long units)
    {
        if (asset == Asset.CollateralId)
        {
            state.Accounts.Edit(account).BalanceUnits -= units;
            return;
        }

        int row = state.FindBalance(account, asset);
        ref Balance balance = ref state.Balances.Edit(row);
        Invariant.Assert(units <= balance.Units, "more taken from a balance than there is");
        balance.Units -= units;
        state.NoteWatched(account);
        state.RemoveBalanceIfEmpty(row);
    }
}
