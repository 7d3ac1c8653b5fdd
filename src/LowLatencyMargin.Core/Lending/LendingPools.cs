using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Timers;

namespace LowLatencyMargin.Core.Lending;

/// <summary>What the operator sets up about pools, and their interest as time passes (R-1001, R-1002).</summary>
[method: ColdPath]
public sealed class LendingPools(ExchangeState state)
{
    private readonly LoanIndex _index = new(state);

    /// <summary>Makes a pool or changes its parameters.</summary>
    public ResultCode Set(ref readonly SetPool command)
    {
        if (command.AssetId < 1 || command.AssetId > state.Assets.HighWater)
        {
            return ResultCode.UnknownAsset;
        }

        if (PoolRules.Broken(in command.Parameters) != ParameterRule.None)
        {
            return ResultCode.InvalidParameter;
        }

        int asset = (int)command.AssetId;
        int index = state.Assets[asset].Pool;
        bool isNew = index == 0;
        if (isNew)
        {
            index = state.Pools.Allocate();
            if (index == 0)
            {
                return ResultCode.CapacityExceeded;
            }

            state.Assets.Edit(asset).Pool = index;
            AddHeap(index);
            ref LendingPool made = ref state.Pools.Edit(index);
            made.Asset = asset;
            made.CreatedNs = state.TimeNs;
            made.DebtIndex = LendingPool.IndexOne;
        }

        ref LendingPool pool = ref state.Pools.Edit(index);
        if (pool.DebtShares != 0 && pool.Parameters.Model != command.Parameters.Model)
        {
            return ResultCode.PoolInUse;
        }

        pool.Parameters = command.Parameters;
        pool.Epoch = pool.EpochOf(state.TimeNs);
        pool.EpochAssetUnits = pool.AssetUnits;
        pool.EpochOutUnits = 0;
        state.Timers.Stop(TimerKind.PoolInterest, index);
        WatchInterest(index);
        ref PoolSet set = ref state.Events.Add<PoolSet>(EventType.PoolSet, 0);
        set.AssetId = asset;
        set.IsNew = isNew ? 1 : 0;
        return ResultCode.Accepted;
    }

    /// <summary>Keeps the timer of a pool: it runs while interest accrues.</summary>
    public void WatchInterest(int index)
    {
        ref readonly LendingPool pool = ref state.Pools[index];
        bool accrues = pool.DebtShares != 0 && pool.Parameters.Model == InterestModel.Kinked;
        if (accrues && pool.TimerPlace == 0)
        {
            state.Timers.Start(TimerKind.PoolInterest, index, pool.NextStepNs(state.TimeNs));
        }
        else if (!accrues)
        {
            state.Timers.Stop(TimerKind.PoolInterest, index);
        }
    }

    /// <summary>The timer of a pool: one step of interest, at its own time.</summary>
    public void ChargeInterest(int index)
    {
        ref LendingPool pool = ref state.Pools.Edit(index);
        int utilisation = pool.Utilisation;
        int rate = pool.RateAt(utilisation);
        pool.EnterEpoch(state.TimeNs);
        long interest = pool.Accrue(rate, out long reserve);
        ref InterestAccrued accrued = ref state.Events.Add<InterestAccrued>(EventType.InterestAccrued, 0);
        accrued.AssetId = pool.Asset;
        accrued.Rate = rate;
        accrued.Utilisation = utilisation;
        accrued.DebtIndex = pool.DebtIndex;
        accrued.InterestUnits = interest;
        accrued.ReserveUnits = reserve;
        accrued.BorrowedUnits = pool.BorrowedUnits;
        WatchInterest(index);
        FollowLoans(index);
    }

    /// <summary>Goes on with the loans that a step of interest left over.</summary>
    public void FollowPending()
    {
        for (int index = 1; index <= state.Pools.HighWater && state.PendingPools > 0; index++)
        {
            if (state.Pools[index].IsPending != 0)
            {
                FollowLoans(index);
            }
        }
    }

    private void FollowLoans(int index)
    {
        ref LendingPool pool = ref state.Pools.Edit(index);
        int isPending = _index.Follow(index) ? 1 : 0;
        state.PendingPools += isPending - pool.IsPending;
        pool.IsPending = isPending;
    }

    /// <summary>The heap of a new pool: once per pool, by an operator's command.</summary>
    [ColdPath]
    private void AddHeap(int index) => state.LoanLimits[index] = new LimitHeap(state.Loans);
}
