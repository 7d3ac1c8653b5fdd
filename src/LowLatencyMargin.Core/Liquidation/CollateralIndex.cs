using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>
/// Of each asset the holdings that stand behind something, by the price below which their account is looked at, the highest on top: a price that
/// concerns nobody looks at one row. A leftist heap in the balance rows themselves: any row goes in and out in a logarithm of steps.
/// </summary>
public static class CollateralIndex
{
    /// <summary>A holding that the asset's price has passed, 0: there is none.</summary>
    public static int Candidate(ExchangeState state, int asset)
    {
        int root = state.Assets[asset].IndexRoot;
        return root != 0 && state.Balances[root].IndexTicks > Collateral.PriceTicks(state, asset) ? root : 0;
    }

    /// <summary>Gives each holding of an account that counts an equal part of the slack, the first one the rest.</summary>
    public static void SetAll(ExchangeState state, int account, long slackUnits, long restUnits, bool examine)
    {
        for (int row = state.Accounts[account].FirstBalance; row != 0; row = state.Balances[row].Next)
        {
            ref readonly Balance balance = ref state.Balances[row];
            long counts = Collateral.Weighted(state, in balance, CollateralPurpose.Maintenance);
            if (counts == 0)
            {
                Remove(state, row);
                continue;
            }

            Set(state, row, Collateral.LeastTicks(state, balance.Asset, balance.Units - balance.HoldUnits, counts - slackUnits - restUnits), examine);
            restUnits = 0;
        }
    }

    /// <summary>An account whose pool is short and that has nothing to stand for it: it is looked at whatever prices do.</summary>
    public static void SetShort(ExchangeState state, int account, bool examine)
    {
        RemoveAll(state, account);
        if (state.Accounts[account].FirstBalance != 0)
        {
            Set(state, state.Accounts[account].FirstBalance, long.MaxValue, examine);
        }
    }

    /// <summary>Holdings of an account that is left to others to liquidate: they are looked at again when a price falls further.</summary>
    public static void Defer(ExchangeState state, int account)
    {
        for (int row = state.Accounts[account].FirstBalance; row != 0; row = state.Balances[row].Next)
        {
            long ticks = Collateral.PriceTicks(state, state.Balances[row].Asset);
            if (state.Balances[row].IndexRank != 0 && state.Balances[row].IndexTicks > ticks)
            {
                Set(state, row, ticks, examine: false);
            }
        }
    }

    /// <summary>An account that owes nothing.</summary>
    public static void RemoveAll(ExchangeState state, int account)
    {
        for (int row = state.Accounts[account].FirstBalance; row != 0; row = state.Balances[row].Next)
        {
            Remove(state, row);
        }
    }

    /// <summary>Takes a row out, if it is there.</summary>
    public static void Remove(ExchangeState state, int row)
    {
        if (state.Balances[row].IndexRank == 0)
        {
            return;
        }

        ref Balance balance = ref state.Balances.Edit(row);
        int parent = balance.IndexParent;
        int child = Merge(state, balance.IndexLeft, balance.IndexRight);
        if (child != 0)
        {
            state.Balances.Edit(child).IndexParent = parent;
        }

        if (parent == 0)
        {
            state.Assets.Edit(balance.Asset).IndexRoot = child;
        }
        else
        {
            ref Balance above = ref state.Balances.Edit(parent);
            if (above.IndexLeft == row)
            {
                above.IndexLeft = child;
            }
            else
            {
                above.IndexRight = child;
            }
        }

        balance.IndexTicks = 0;
        balance.IndexParent = balance.IndexLeft = balance.IndexRight = balance.IndexRank = 0;
        for (int at = parent; at != 0 && Balanced(state, at); at = state.Balances[at].IndexParent)
        {
        }
    }

    private static void Set(ExchangeState state, int row, long ticks, bool examine)
    {
        if (state.Balances[row].IndexRank == 0 || state.Balances[row].IndexTicks != ticks)
        {
            Remove(state, row);
            if (ticks > 0)
            {
                ref Balance balance = ref state.Balances.Edit(row);
                balance.IndexTicks = ticks;
                balance.IndexRank = 1;
                int root = Merge(state, state.Assets[balance.Asset].IndexRoot, row);
                state.Assets.Edit(balance.Asset).IndexRoot = root;
                state.Balances.Edit(root).IndexParent = 0;
            }
        }

        if (examine && ticks > Collateral.PriceTicks(state, state.Balances[row].Asset))
        {
            state.AddDueAsset(state.Balances[row].Asset);
        }
    }

    /// <summary>Two heaps as one: along their shorter sides, which are a logarithm long.</summary>
    private static int Merge(ExchangeState state, int first, int second)
    {
        if (first == 0 || second == 0)
        {
            return first + second;
        }

        (int top, int other) = IsSooner(state, second, first) ? (second, first) : (first, second);
        int right = Merge(state, state.Balances[top].IndexRight, other);
        state.Balances.Edit(top).IndexRight = right;
        state.Balances.Edit(right).IndexParent = top;
        _ = Balanced(state, top);
        return top;
    }

    /// <summary>Puts the deeper side left and counts the rank anew; whether it changed.</summary>
    private static bool Balanced(ExchangeState state, int row)
    {
        ref Balance balance = ref state.Balances.Edit(row);
        if (state.Balances[balance.IndexLeft].IndexRank < state.Balances[balance.IndexRight].IndexRank)
        {
            (balance.IndexLeft, balance.IndexRight) = (balance.IndexRight, balance.IndexLeft);
        }

        int rank = state.Balances[balance.IndexRight].IndexRank + 1;
        bool changed = rank != balance.IndexRank;
        balance.IndexRank = rank;
        return changed;
    }

    private static bool IsSooner(ExchangeState state, int left, int right)
    {
        long mine = state.Balances[left].IndexTicks;
        long other = state.Balances[right].IndexTicks;
        return mine > other || (mine == other && left < right);
    }
}
