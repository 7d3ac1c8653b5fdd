using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Pools and lenders (R-1001, R-1002, R-1010), after docs/lending.md.</summary>
internal sealed partial class ModelExchange
{
    public SortedDictionary<long, ModelPool> Pools { get; } = [];

    /// <summary>Time of the last command that counted.</summary>
    public long NowNs { get; private set; }

    /// <summary>Time passes: steps of interest that end by then, each at its own time, the pools in the order of time and then of asset.</summary>
    public void PassTime(long timeNs, Outcome outcome)
    {
        while (true)
        {
            ModelPool? next = null;
            foreach (ModelPool pool in Pools.Values)
            {
                bool accrues = pool.IsKinked && !pool.DebtShares.IsZero && pool.StepAfter(NowOf(pool)) <= timeNs;
                next = accrues && (next is null || pool.StepAfter(NowOf(pool)) < next.StepAfter(NowOf(next))) ? pool : next;
            }

            ModelLoan? ending = Loans.Where(loan => loan.EndsNs != 0 && loan.EndsNs <= timeNs).MinBy(loan => loan.EndsNs);
            if (ending is not null && (next is null || ending.EndsNs < next.StepAfter(NowOf(next))))
            {
                Renew(ending, outcome);
                continue;
            }

            if (next is null)
            {
                break;
            }

            long at = next.StepAfter(NowOf(next));
            next.Enter(at);
            (Big rate, Big interest, Big reserve) = next.Accrue();
            _accruedNs[next.Asset.Id] = at;
            outcome.Interest.Add(new ModelInterest(next.Asset.Id, rate, next.Index, interest, reserve, next.Borrowed));
        }

        NowNs = timeNs;
    }

    public Outcome SetPool(in SetPool command, Outcome outcome)
    {
        ModelAsset? asset = KnownAsset(command.AssetId);
        if (outcome.Refuse(ResultCode.UnknownAsset, asset is null) || outcome.Refuse(ResultCode.InvalidParameter, !CanWork(in command.Parameters)))
        {
            return outcome;
        }

        ModelPool? pool = Pools.GetValueOrDefault(command.AssetId);
        if (pool is null)
        {
            pool = new ModelPool { Asset = asset!, CreatedNs = NowNs };
            Pools.Add(command.AssetId, pool);
        }
        else if (outcome.Refuse(ResultCode.PoolInUse, Loans.Exists(loan => loan.Pool == pool) && pool.Parameters.Model != command.Parameters.Model))
        {
            return outcome;
        }

        pool.Parameters = command.Parameters;
        pool.Begin(NowNs);
        return outcome;
    }

    public Outcome Lend(in Lend command, Outcome outcome)
    {
        ModelAccount? account = KnownAccount(command.AccountId);
        ModelAsset? asset = KnownAsset(command.AssetId);
        ModelPool? pool = Pools.GetValueOrDefault(command.AssetId);
        if (outcome.Refuse(ResultCode.UnknownAccount, account is null)
            || outcome.Refuse(ResultCode.UnknownAsset, asset is null)
            || outcome.Refuse(ResultCode.UnknownPool, pool is null)
            || outcome.Refuse(ResultCode.InvalidAmount, command.AmountUnits <= 0)
            || outcome.Refuse(ResultCode.InsufficientBalance, !CanLeave(account!, asset!, command.AmountUnits, asItStands: true))
            || outcome.Refuse(ResultCode.PoolInsolvent, !pool!.Supply.IsZero && pool.Assets.Sign <= 0))
        {
            return outcome;
        }

        Big amount = command.AmountUnits;
        Big supply = pool!.Supply;
        Big shares = supply.IsZero ? amount * ModelPool.SharesPerUnit : Rounding.Down(amount * supply, pool.Assets);
        Big before = pool.Lenders.GetValueOrDefault(account!.Id)?.Shares ?? 0;
        bool tooMuch = pool.Liquidity + pool.Borrowed + amount > ModelPool.MaxUnits || supply + shares > ModelPool.MaxSupply;
        if (outcome.Refuse(ResultCode.Overflow, tooMuch) || outcome.Refuse(ResultCode.BelowMinimumLending, before + shares < ModelPool.FewestShares))
        {
            return outcome;
        }

        pool.Enter(NowNs);
        account.Add(asset!.Id, -amount);
        pool.Liquidity += amount;
        pool.Lenders.TryAdd(account.Id, new ModelLender());
        pool.Lenders[account.Id].Shares += shares;
        outcome.Lendings.Add(new ModelLendingChange(account.Id, asset.Id, amount, shares, before + shares, pool.Liquidity));
        return outcome;
    }

    public Outcome Unlend(in Unlend command, Outcome outcome)
    {
        ModelAccount? account = KnownAccount(command.AccountId);
        ModelAsset? asset = KnownAsset(command.AssetId);
        ModelPool? pool = Pools.GetValueOrDefault(command.AssetId);
        if (outcome.Refuse(ResultCode.UnknownAccount, account is null)
            || outcome.Refuse(ResultCode.UnknownAsset, asset is null)
            || outcome.Refuse(ResultCode.UnknownPool, pool is null)
            || outcome.Refuse(ResultCode.InvalidAmount, command.AmountUnits < 0)
            || outcome.Refuse(ResultCode.MalformedCommand, command.Announce is not (0 or 1))
            || outcome.Refuse(ResultCode.NothingLent, !pool!.Lenders.ContainsKey(account!.Id)))
        {
            return outcome;
        }

        ModelLender lender = pool!.Lenders[account!.Id];
        Big supply = pool.Supply;
        Big amount = command.AmountUnits;
        bool isAll = amount.IsZero;
        if (!isAll && outcome.Refuse(
            ResultCode.InsufficientBalance, pool.Assets.Sign <= 0 || Rounding.Up(amount * supply, pool.Assets) > lender.Shares))
        {
            return outcome;
        }

        Big shares = isAll ? lender.Shares : Rounding.Up(amount * supply, pool.Assets);
        shares = lender.Shares - shares < ModelPool.FewestShares ? lender.Shares : shares;
        Big value(Big of) => Rounding.Down(of * Big.Max(0, pool.Assets), supply);
        if (command.Announce == 1)
        {
            if (outcome.Refuse(ResultCode.InvalidCombination, pool.Parameters.Unlock == 0))
            {
                return outcome;
            }

            lender.Announced = shares;
            lender.AnnouncedEpoch = pool.EpochAt(NowNs);
            Big told = shares == lender.Shares ? value(shares) : amount;
            outcome.Lendings.Add(new ModelLendingChange(account.Id, asset!.Id, told, shares, lender.Shares, pool.Liquidity));
            return outcome;
        }

        Big money = shares == lender.Shares ? value(shares) : amount;
        Big unlocked = lender.AnnouncedEpoch < pool.EpochAt(NowNs) ? lender.Announced : 0;
        if (outcome.Refuse(ResultCode.NotUnlocked, pool.Parameters.Unlock == 1 && shares > unlocked)
            || outcome.Refuse(ResultCode.InsufficientLiquidity, money > pool.Free))
        {
            return outcome;
        }

        bool isNewEpoch = pool.EpochAt(NowNs) != pool.Epoch;
        Big most = Rounding.RateDown(isNewEpoch ? pool.Assets : pool.EpochAssets, pool.Parameters.FlowCapRate);
        Big already = isNewEpoch ? 0 : pool.EpochOut;
        if (outcome.Refuse(ResultCode.FlowCapReached, pool.Parameters.FlowCapRate != 0 && already + money > most))
        {
            return outcome;
        }

        pool.Enter(NowNs);
        pool.EpochOut += money;
        pool.Liquidity -= money;
        account.Add(asset!.Id, money);
        lender.Shares -= shares;
        lender.Announced = Big.Max(0, lender.Announced - shares);
        outcome.Lendings.Add(new ModelLendingChange(account.Id, asset.Id, money, shares, lender.Shares, pool.Liquidity));
        if (lender.Shares.IsZero)
        {
            pool.Lenders.Remove(account.Id);
        }

        return outcome;
    }

    private readonly Dictionary<long, long> _accruedNs = [];

    private static bool CanWork(in PoolParameters p)
    {
        const long Day = 86_400;
        Big one = Rounding.Scale;
        bool kinked = p.RateAtZero >= 0 && p.RateAtZero <= p.RateAtOptimal && p.RateAtOptimal <= p.RateAtMax && p.RateAtMax <= 10 * one
            && p.OptimalUtilisation > 0 && p.OptimalUtilisation < one && p.InterestStepSeconds is >= 1 and <= (int)Day && Day % p.InterestStepSeconds == 0;
        bool fixedFull = p.FixedBaseRate >= 0 && p.FixedSlopeRate >= 0 && (Big)p.FixedBaseRate + p.FixedSlopeRate <= 10 * one
            && p.FixedTermSeconds is >= 1 and <= (int)(365 * Day);
        bool limits = p.ReserveFactorRate >= 0 && p.ReserveFactorRate <= one && p.BorrowCapUnits >= 0 && p.MinBorrowUnits >= 0
            && p.BorrowFeeRate >= 0 && p.BorrowFeeRate <= one / 10 && p.MinBorrowFeeUnits >= 0 && p.FlowCapRate >= 0 && p.FlowCapRate <= one
            && p.EpochSeconds is >= 1 and <= 365 * Day && p.Unlock <= 1;
        return p.Model <= InterestModel.FixedFull && kinked && fixedFull && limits && p.Reserved == 0;
    }

    private long NowOf(ModelPool pool) => Math.Max(_accruedNs.GetValueOrDefault(pool.Asset.Id), NowNs);
}
