using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Balances of all assets, in state and events.</summary>
internal static class WalletComparison
{
    public static void Compare(ExchangeState state, ModelAccount account)
    {
        foreach (ModelAsset asset in account.Exchange.Assets)
        {
            int index = state.FindBalance((int)account.Id, (int)asset.Id);
            Balance row = index == 0 ? default : state.Balances[index];
            string of = $"of account {account.Id} in asset {asset.Id}";
            Same(row.Units, asset.IsCollateral ? 0 : account.Units(asset.Id), "balance " + of);
            Same(row.HoldUnits, account.Held(asset.Id), "hold " + of);
        }
    }

    /// <summary>Each spot row that traded tells its balances; the last word of an account and asset is what stands.</summary>
    public static void CompareEvents(Recording actual, Outcome expected, ModelExchange model)
    {
        HashSet<(long Account, long Market)> told = [];
        Dictionary<(long Account, long Asset, long Scope), BalanceUpdated> last = [];
        foreach (EventSlot slot in actual.Slots)
        {
            if (slot.Header.Type == EventType.BalanceUpdated)
            {
                BalanceUpdated updated = EventSlot.As<BalanceUpdated>(in slot);
                told.Add((updated.AccountId, slot.Header.MarketId));
                last[(updated.AccountId, updated.AssetId, slot.Header.Flags.HasFlag(EventFlags.Isolated) ? slot.Header.MarketId : 0)] = updated;
            }
            else if (slot.Header.Type == EventType.OrderCancelled && slot.Header.Flags.HasFlag(EventFlags.Liquidation))
            {
                long cancelled = EventSlot.As<OrderChanged>(in slot).AccountId;
                foreach ((long Account, long Asset, long Scope) key in last.Keys.Where(key => key.Account == cancelled).ToList())
                {
                    last.Remove(key);
                }
            }
        }

        HashSet<(long Account, long Market)> traded = [];
        foreach (ModelFill fill in expected.Fills)
        {
            if (model.Markets[(int)fill.Market - 1].IsSpot)
            {
                traded.Add((fill.Account, fill.Market));
            }
        }

        if (!told.SetEquals(traded))
        {
            throw new DivergenceException($"BalanceUpdated of (account, market): exchange {string.Join(' ', told)}, model {string.Join(' ', traded)}");
        }

        // a liquidation can be over when the orders are cancelled
        bool mayBeOutdated = actual.Started.Count > 0 || actual.Slots.Any(slot => slot.Header.Flags.HasFlag(EventFlags.Liquidation))
            || expected.LoanScopes.Count > 0;
        foreach (((long accountId, long asset, long scope), BalanceUpdated updated) in last)
        {
            // an order that the balance no longer covers is cancelled behind it
            bool isCutLater = actual.Cancels.Exists(gone => gone.Account == accountId && gone.Reason == CancelReason.Unaffordable);
            if (!mayBeOutdated && !isCutLater)
            {
                ModelAccount account = scope == 0 ? model.Accounts[accountId] : model.Accounts[accountId].Rows[scope].Purse;
                Same(updated.BalanceUnits, account.Units(asset), $"balance told of account {accountId} asset {asset}");
                Same(updated.HoldUnits, account.Held(asset), $"hold told of account {accountId} asset {asset}");
            }
        }
    }

    private static void Same(long actual, Big expected, string what)
    {
        if (actual != expected)
        {
            throw new DivergenceException($"{what}: exchange {actual}, model {expected}");
        }
    }
}
