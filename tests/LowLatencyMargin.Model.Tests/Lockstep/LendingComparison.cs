#if LENDING
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Model.Tests.Model;

namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Pools and lenders of the exchange against the model's, in state and events.</summary>
internal static class LendingComparison
{
    public static void Compare(ExchangeState state, ModelExchange model)
    {
        foreach (ModelAsset asset in model.Assets)
        {
            int index = state.Assets[(int)asset.Id].Pool;
            ModelPool? pool = model.Pools.GetValueOrDefault(asset.Id);
            Same(index == 0 ? 0 : 1, pool is null ? 0 : 1, "pool of asset", asset.Id);
            if (pool is null)
            {
                continue;
            }

            ref readonly LendingPool row = ref state.Pools[index];
            Same(row.LiquidityUnits, pool.Liquidity, "liquidity of pool", asset.Id);
            Same(row.DebtShares, pool.DebtShares, "debt shares of pool", asset.Id);
            Same(row.DebtIndex, pool.Index, "debt index of pool", asset.Id);
            Same(row.PrincipalUnits, pool.Principal, "principal of pool", asset.Id);
            Same(row.ReserveUnits, pool.Reserves, "reserves of pool", asset.Id);
            Same(row.SupplyShares, pool.Supply, "supply of pool", asset.Id);
            Same(row.PromisedUnits, pool.Promised, "promised by pool", asset.Id);
        }
    }

    public static void CompareLender(ExchangeState state, ModelAccount account)
    {
        foreach (ModelAsset asset in account.Exchange.Assets)
        {
            int index = state.FindBalance((int)account.Id, (int)asset.Id);
            Balance row = index == 0 ? default : state.Balances[index];
            ModelLender? lender = account.Exchange.Pools.GetValueOrDefault(asset.Id)?.Lenders.GetValueOrDefault(account.Id);
            Same(row.LentShares, lender?.Shares ?? 0, $"lent shares of account {account.Id} in asset", asset.Id);
        }
    }

    public static void CompareEvents(Recording actual, Outcome expected)
    {
        List<ModelInterest> interest = [];
        List<ModelLendingChange> lendings = [];
        foreach (EventSlot slot in actual.Slots)
        {
            switch (slot.Header.Type)
            {
                case EventType.InterestAccrued:
                    InterestAccrued i = EventSlot.As<InterestAccrued>(in slot);
                    interest.Add(new ModelInterest(i.AssetId, i.Rate, i.DebtIndex, i.InterestUnits, i.ReserveUnits, i.BorrowedUnits));
                    break;
                case EventType.Lent or EventType.Unlent or EventType.UnlockAnnounced:
                    LendingChanged l = EventSlot.As<LendingChanged>(in slot);
                    lendings.Add(new ModelLendingChange(l.AccountId, l.AssetId, l.AmountUnits, l.Shares, l.LentShares, l.LiquidityUnits));
                    break;
                default:
                    break;
            }
        }

        Same(interest, expected.Interest, "interest");
        Same(lendings, expected.Lendings, "lending");
    }

    private static void Same(long actual, Big expected, string what, long of)
    {
        if (actual != expected)
        {
            throw new DivergenceException($"{what} {of}: exchange {actual}, model {expected}");
        }
    }

    private static void Same<T>(List<T> actual, List<T> expected, string what)
    {
        if (!actual.SequenceEqual(expected))
        {
            throw new DivergenceException(
                $"{what}:\n  exchange\n    {string.Join("\n    ", actual)}\n  model\n    {string.Join("\n    ", expected)}");
        }
    }
}
#endif
