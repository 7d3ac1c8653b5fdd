using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Liquidation;

namespace LowLatencyMargin.Core;

/// <summary>The rows of account and asset.</summary>
public sealed partial class ExchangeState
{
    /// <summary>Balances of an account besides the collateral asset.</summary>
    public int CountBalances(int account)
    {
        int count = 0;
        for (int row = Accounts[account].FirstBalance; row != 0; row = Balances[row].Next)
        {
            count += Balances[row].Asset != Asset.CollateralId ? 1 : 0;
        }

        return count;
    }

    /// <summary>The row of an account in an asset, 0 when there is none.</summary>
    public int FindBalance(int account, int asset) =>
        Accounts[account].FirstBalance == 0 ? 0 : BalanceOf.Find(PositionKey(account, asset));

    /// <summary>A new row of an account in an asset; room was checked before.</summary>
    public int AddBalance(int account, int asset)
    {
        int index = Balances.Allocate();
        Invariant.Assert(index != 0, "room for a balance was checked before");
        ref Account owner = ref Accounts.Edit(account);
        ref Balance balance = ref Balances.Edit(index);
        balance.Account = account;
        balance.Asset = asset;
        balance.Next = owner.FirstBalance;
        if (owner.FirstBalance != 0)
        {
            Balances.Edit(owner.FirstBalance).Previous = index;
        }

        owner.FirstBalance = index;
        if ((owner.Traits & AccountTraits.SpotOnly) == 0 && owner.IsLiquidationAccount == 0)
        {
            owner.Traits |= AccountTraits.HasAssets;
        }

        BalanceOf.Add(PositionKey(account, asset), index);
        return index;
    }

    /// <summary>Gives a row back if there is nothing in it.</summary>
    public void RemoveBalanceIfEmpty(int index)
    {
        ref Balance balance = ref Balances.Edit(index);
        if ((balance.Units | balance.HoldUnits | balance.LentShares | (long)balance.SpotRows) != 0)
        {
            return;
        }

        CollateralIndex.Remove(this, index);
        if (balance.Previous != 0)
        {
            Balances.Edit(balance.Previous).Next = balance.Next;
        }
        else
        {
            ref Account owner = ref Accounts.Edit(balance.Account);
            owner.FirstBalance = balance.Next;
            owner.Traits &= balance.Next != 0 ? owner.Traits : ~AccountTraits.HasAssets;
        }

        if (balance.Next != 0)
        {
            Balances.Edit(balance.Next).Previous = balance.Previous;
        }

        BalanceOf.Remove(PositionKey(balance.Account, balance.Asset));
        Balances.Free(index);
    }

    private bool HasRoomForBalances(int account, int market)
    {
        int baseAsset = Markets[market].BaseAsset;
        int quoteAsset = Markets[market].QuoteAsset;
        int rows = (FindBalance(account, baseAsset) == 0 ? 1 : 0) + (FindBalance(account, quoteAsset) == 0 ? 1 : 0);
        int assets = (baseAsset != Asset.CollateralId && FindBalance(account, baseAsset) == 0 ? 1 : 0)
            + (quoteAsset != Asset.CollateralId && FindBalance(account, quoteAsset) == 0 ? 1 : 0);
        return rows == 0
            || (Balances.Capacity - Balances.Count >= rows && CountBalances(account) + assets <= Wallets.MaxAssetsPerAccount);
    }

    /// <summary>Notes that a row of a spot market uses a balance; room was checked before.</summary>
    internal void KeepBalance(int account, int asset)
    {
        int row = FindBalance(account, asset);
        row = row != 0 ? row : AddBalance(account, asset);
        Balances.Edit(row).SpotRows++;
    }

    /// <summary>Notes that a row of a spot market uses a balance no more.</summary>
    internal void LeaveBalance(int account, int asset)
    {
        int row = FindBalance(account, asset);
        Balances.Edit(row).SpotRows--;
        RemoveBalanceIfEmpty(row);
    }
}
