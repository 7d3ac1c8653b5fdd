using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Loans of spot-margin scopes on request (R-1003, R-1005, R-1008, R-1009), after docs/lending.md.</summary>
internal sealed partial class ModelExchange
{
    public List<ModelLoan> Loans { get; } = [];

    private readonly List<ModelRow> _renewed = [];

    /// <summary>What a close that is under way repays when its order is done.</summary>
    private (ModelRow Row, long Asset)? _closing;

    public ModelLoan? LoanOf(ModelRow row, long asset) => Loans.Find(loan => loan.Row == row && loan.Pool.Asset.Id == asset);

    public Outcome Borrow(in Borrow command, Outcome outcome)
    {
        (ModelAccount? account, ModelMarket? market) = CheckScope(command.AccountId, command.MarketId, command.AssetId, outcome);
        if (!outcome.IsAccepted
            || outcome.Refuse(ResultCode.InvalidAmount, command.AmountUnits <= 0)
            || outcome.Refuse(ResultCode.NoReferencePrice, market!.Mark == 0)
            || outcome.Refuse(ResultCode.CapacityExceeded, !HasRoom(account!, Asset(command.AssetId))))
        {
            return outcome;
        }

        ModelRow row = RowOf(account!, market!);
        if (CanBorrow(row, command.AssetId, command.AmountUnits, promised: 0, loss: 0) is { } refusal)
        {
            outcome.Refuse(refusal, when: true);
        }
        else
        {
            Grow(row, Pools[command.AssetId], command.AmountUnits, outcome);
            row.Refresh();
        }

        Forget(row);
        return outcome;
    }

    public Outcome Repay(in Repay command, Outcome outcome)
    {
        (ModelAccount? account, ModelMarket? market) = CheckScope(command.AccountId, command.MarketId, command.AssetId, outcome);
        if (!outcome.IsAccepted || outcome.Refuse(ResultCode.InvalidAmount, command.AmountUnits < 0))
        {
            return outcome;
        }

        ModelRow? row = FindRow(account!, market!);
        ModelLoan? loan = row is null ? null : LoanOf(row, command.AssetId);
        if (outcome.Refuse(ResultCode.NothingOwed, loan is null))
        {
            return outcome;
        }

        Big paid = command.AmountUnits == 0 ? loan!.Owed : Big.Min(command.AmountUnits, loan!.Owed);
        if (!outcome.Refuse(ResultCode.InsufficientBalance, paid > row!.Purse.FreeOf(command.AssetId)))
        {
            Pay(loan, paid, outcome);
            row.Refresh();
            Forget(row);
        }

        return outcome;
    }

    /// <summary>R-1005, R-1006: one order at once for what is owed and the buffer; what is free then repays the rest.</summary>
    public Outcome CloseLoans(in CloseLoans command, Outcome outcome)
    {
        (ModelAccount? account, ModelMarket? market) = CheckScope(command.AccountId, command.MarketId, null, outcome);
        if (!outcome.IsAccepted || outcome.Refuse(ResultCode.MalformedCommand, command.Reserved != 0))
        {
            return outcome;
        }

        ModelRow? row = FindRow(account!, market!);
        if (outcome.Refuse(ResultCode.NothingOwed, row is not { Owes: true }))
        {
            return outcome;
        }

        bool sells = !row!.QuoteOwed.IsZero;
        long asset = sells ? market!.QuoteAsset : market!.BaseAsset;
        Big lots = sells ? LotsToSell(row, command.MaxSlippageRate) : LotsToBuy(row);
        if (outcome.Refuse(ResultCode.InsufficientBalance, lots.IsZero && row.Purse.FreeOf(asset).Sign <= 0))
        {
            return outcome;
        }

        if (!lots.IsZero)
        {
            var request = new OrderRequest(account!.Id, market.Id, command.ClientOrderId, sells ? Side.Sell : Side.Buy, OrderType.Market,
                TimeInForce.ImmediateOrCancel, 0, (long)lots) { Slippage = command.MaxSlippageRate, Effect = SideEffect.AutoRepay };
            _closing = (row, asset);
            Place(request, outcome);
            _closing = null;
        }

        if (outcome.IsAccepted)
        {
            if (lots.IsZero)
            {
                RepayFree(row, asset, outcome);
            }

            row.Refresh();
            Forget(row);
        }

        return outcome;
    }

    /// <summary>What is free repays, before orders that could borrow less hold it.</summary>
    private void RepayFree(ModelRow row, long asset, Outcome outcome)
    {
        if (LoanOf(row, asset) is { } loan && Positive(row.Purse.FreeOf(asset)) is { IsZero: false } free)
        {
            Pay(loan, Big.Min(free, loan.Owed), outcome);
        }
    }

    /// <summary>R-1101: a scope whose level has come to the market's, or null.</summary>
    public ModelRow? FindBadLoan() => Loans.Find(loan => !loan.Row.IsBeyondWorth && loan.Row.IsToBeLiquidated(doubt: -1))?.Row;

    /// <summary>Why a scope can't borrow, or be promised, so much; what it was promised before counts as given back.</summary>
    private ResultCode? CanBorrow(ModelRow row, long asset, Big amount, Big promised, Big loss)
    {
        if (!Pools.TryGetValue(asset, out ModelPool? pool))
        {
            return ResultCode.UnknownPool;
        }

        if (amount < pool.Parameters.MinBorrowUnits)
        {
            return ResultCode.BelowMinimumBorrow;
        }

        if (amount > ModelPool.MaxUnits)
        {
            return ResultCode.Overflow;
        }

        if (row.Owes && row.Market.Parameters.LoanTopUp == 0)
        {
            return ResultCode.LoanTopUpNotAllowed;
        }

        Big others = pool.Promised - promised;
        Big cap = pool.Parameters.BorrowCapUnits;
        if (amount > pool.Liquidity - others || (!cap.IsZero && pool.Principal + others + amount > cap))
        {
            return ResultCode.BorrowUnavailable;
        }

        (_, Big charge) = ChargeOf(pool, amount);
        if (row.OwedOf(asset) + amount + charge > ModelPool.MaxUnits)
        {
            return ResultCode.Overflow;
        }

        Big worth(Big units) => asset == row.Market.QuoteAsset ? units : row.WorthUp(units);
        Big initial = row.InitialLevel;
        Big needed = Rounding.RateUp(worth(Positive(amount - promised)), initial - Rounding.Scale) + Rounding.RateUp(worth(charge), initial) + loss;
        return row.Leverage == 1 || needed > row.LoanRoom ? ResultCode.InsufficientMargin : null;
    }

    /// <summary>Rate of the moment, fee and interest that is charged at once.</summary>
    private static (Big Rate, Big Charge) ChargeOf(ModelPool pool, Big amount)
    {
        PoolParameters p = pool.Parameters;
        Big fee = Big.Max(p.MinBorrowFeeUnits, Rounding.RateUp(amount, p.BorrowFeeRate));
        if (pool.IsKinked)
        {
            return (0, fee);
        }

        Big used = ModelPool.UtilisationOf(Positive(pool.Liquidity - amount), pool.Borrowed + amount);
        Big rate = p.FixedBaseRate + Rounding.RateDown(p.FixedSlopeRate, used);
        return (rate, fee + Rounding.Up(amount * rate * p.FixedTermSeconds, Rounding.Scale * 365 * 86_400));
    }

    private ModelLoan OpenLoan(ModelRow row, ModelPool pool)
    {
        long term = pool.IsKinked ? 0 : NowNs + (pool.Parameters.FixedTermSeconds * 1_000_000_000L);
        var loan = new ModelLoan { Row = row, Pool = pool, OpenedNs = NowNs, EndsNs = term };
        Loans.Add(loan);
        return loan;
    }

    private void Grow(ModelRow row, ModelPool pool, Big amount, Outcome outcome)
    {
        (_, Big charge) = ChargeOf(pool, amount);
        ModelLoan loan = LoanOf(row, pool.Asset.Id) ?? OpenLoan(row, pool);
        pool.Enter(NowNs);
        loan.Owe(loan.Owed + amount + charge);
        loan.Principal += amount;
        pool.Principal += amount;
        pool.Liquidity -= amount;
        if (pool.IsKinked)
        {
            pool.Reserves += Rounding.RateDown(charge, pool.Parameters.ReserveFactorRate);
        }

        row.Purse.Add(pool.Asset.Id, amount);
        outcome.LoanChanges.Add(new ModelLoanChange(row.Account.Id, pool.Asset.Id, amount, charge, loan.Owed));
    }

    private void Pay(ModelLoan loan, Big paid, Outcome outcome)
    {
        loan.Row.Purse.Add(loan.Pool.Asset.Id, -paid);
        TakeIn(loan, paid, outcome);
    }

    /// <summary>Interest first, then principal.</summary>
    private void TakeIn(ModelLoan loan, Big paid, Outcome outcome)
    {
        ModelPool pool = loan.Pool;
        Big interest = Big.Min(paid, loan.Interest);
        pool.Enter(NowNs);
        pool.Liquidity += paid;
        pool.Principal -= paid - interest;
        loan.Principal -= paid - interest;
        loan.Owe(loan.Owed - paid);
        if (!pool.IsKinked)
        {
            pool.Reserves += Rounding.RateDown(interest, pool.Parameters.ReserveFactorRate);
        }

        outcome.LoanChanges.Add(new ModelLoanChange(loan.Row.Account.Id, pool.Asset.Id, -paid, interest, loan.Owed));
        EndIfRepaid(loan);
    }

    private void EndIfRepaid(ModelLoan loan)
    {
        if (loan.Owed.IsZero)
        {
            Loans.Remove(loan);
        }
    }

    /// <summary>A fixed term that ended begins again: interest on the principal that is left.</summary>
    private void Renew(ModelLoan loan, Outcome outcome)
    {
        PoolParameters p = loan.Pool.Parameters;
        Big rate = p.FixedBaseRate + Rounding.RateDown(p.FixedSlopeRate, loan.Pool.Utilisation);
        Big charge = Rounding.Up(loan.Principal * rate * p.FixedTermSeconds, Rounding.Scale * 365 * 86_400);
        loan.Owe(loan.Owed + charge);
        loan.EndsNs += p.FixedTermSeconds * 1_000_000_000L;
        outcome.LoanChanges.Add(new ModelLoanChange(loan.Row.Account.Id, loan.Pool.Asset.Id, 0, charge, loan.Owed));
        _renewed.Add(loan.Row);
    }

    /// <summary>At the end of a command the holds of rows whose loans began another term follow.</summary>
    public void FinishRenewals()
    {
        _renewed.ForEach(row => row.Refresh());
        _renewed.Clear();
    }

    /// <summary>The lots that bring what is owed with the buffer, from the best bid on; all there are when the book does not bring it.</summary>
    private static Big LotsToSell(ModelRow row, int slippage)
    {
        ModelMarket market = row.Market;
        Big missing = row.QuoteOwed + Rounding.RateUp(row.QuoteOwed, market.Parameters.CloseBufferRate)
            - Positive(row.Purse.FreeOf(market.QuoteAsset));
        Big most = Rounding.Down(Positive(row.Purse.FreeOf(market.BaseAsset)), market.BaseUnitsPerLot);
        if (missing.Sign <= 0)
        {
            return 0;
        }

        Big reference = market.Mark;
        Big limit = Big.Max(1, reference - Rounding.RateDown(reference, slippage == 0 ? market.Parameters.MaxSlippageRate : slippage));
        Big lots = 0;
        foreach (IGrouping<long, ModelOrder> level in market.Bids.Where(bid => bid.Price >= limit).GroupBy(bid => bid.Price)
            .OrderByDescending(level => level.Key))
        {
            Big there = Big.Min(most - lots, level.Aggregate(Big.Zero, (sum, bid) => sum + bid.Leaves));
            Big perLot = level.Key * market.TickValue * (Rounding.Scale - market.Parameters.TakerFeeRate);
            Big needed = Rounding.Up(missing * Rounding.Scale, perLot);
            if (needed <= there)
            {
                return lots + needed;
            }

            lots += there;
            missing -= Rounding.Down(there * perLot, Rounding.Scale);
        }

        return most;
    }

    private static Big LotsToBuy(ModelRow row)
    {
        Big missing = row.BaseOwed - Positive(row.Purse.FreeOf(row.Market.BaseAsset));
        return missing.Sign <= 0 ? 0 : Rounding.Up(missing, row.Market.BaseUnitsPerLot);
    }

    /// <summary>Account, market and, unless there is none, asset of a command about loans.</summary>
    private (ModelAccount? Account, ModelMarket? Market) CheckScope(long accountId, long marketId, long? assetId, Outcome outcome)
    {
        ModelAccount? account = KnownAccount(accountId);
        ModelMarket? market = KnownMarket(marketId);
        _ = outcome.Refuse(ResultCode.UnknownAccount, account is null)
            || outcome.Refuse(ResultCode.UnknownMarket, market is null)
            || outcome.Refuse(ResultCode.InvalidPair, market!.Kind != MarketKind.SpotMargin)
            || outcome.Refuse(ResultCode.UnknownAsset, assetId is { } asset && KnownAsset(asset) is null)
            || outcome.Refuse(ResultCode.InvalidPair, assetId is { } other && other != market.BaseAsset && other != market.QuoteAsset)
            || outcome.Refuse(ResultCode.MarginDisabled, !account!.HasMargin);
        return (account, market);
    }
}
