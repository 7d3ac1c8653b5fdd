using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Liquidation of loans (R-1011, R-1013, R-1101, R-1104), after docs/lending.md.</summary>
internal sealed partial class ModelExchange
{
    /// <summary>A scope that the exchange liquidates: why that is wrong, or null.</summary>
    public string? LiquidateLoans(long accountId, long marketId, Outcome outcome)
    {
        ModelMarket market = Markets[(int)marketId - 1];
        ModelRow? row = Accounts[accountId].Rows.GetValueOrDefault(marketId);
        if (row is not { Owes: true } || row.Account.IsLiquidation)
        {
            return $"account {accountId} owes nothing in market {marketId}";
        }

        if (!row.IsToBeLiquidated(doubt: 3))
        {
            return $"loans of account {accountId} in market {marketId} are healthy: assets {row.LoanAssets}, debts {row.LoanDebts}";
        }

        market.Liquidations++;
        outcome.LoanScopes.Add(new ModelLoanScope(true, accountId, marketId, row.LoanAssets, row.LoanDebts));
        CancelScope(row, outcome);

        while (row.IsToBeLiquidated(doubt: 0))
        {
            if (RepayPart(row, isWhole: false, outcome))
            {
                continue;
            }

            // positions that stand behind it too are closed first; then it is looked at again
            if (!row.HasOwnPurse && row.Account.CrossPositions.Any())
            {
                break;
            }

            if (row.HasOwnPurse || !RaiseForLoans(row, outcome))
            {
                TakeOverLoans(row, outcome);
                break;
            }
        }

        outcome.LoanScopes.Add(new ModelLoanScope(false, accountId, marketId, row.LoanAssets, row.LoanDebts));
        row.Refresh();
        Forget(row);
        return null;
    }

    /// <summary>What a liquidation account took over: sold as far as the book goes, and what is missing covered, at every mark.</summary>
    public void Dispose(ModelMarket market, Outcome outcome)
    {
        ModelRow row = market.LiquidationAccount.Rows[market.Id];
        if (!row.Owes)
        {
            return;
        }

        RepayPart(row, isWhole: true, outcome);
        if (row.Owes)
        {
            CoverBadLoan(row, outcome);
        }

        row.Refresh();
    }

    /// <summary>Sells other collateral for what the loans of a row take; whether it brought something.</summary>
    private bool RaiseForLoans(ModelRow row, Outcome outcome)
    {
        Big before = row.Account.Pool;
        Raise(row.Account, Rounding.RateUp(row.Debt, row.LiquidationLevel), Asset(row.Market.BaseAsset), outcome);
        return row.Account.Pool > before;
    }

    /// <summary>One step of a liquidation, of the larger debt or else of the other one; false when it neither traded nor repaid.</summary>
    private bool RepayPart(ModelRow row, bool isWhole, Outcome outcome)
    {
        bool inQuote = !row.QuoteOwed.IsZero && row.QuoteOwed >= row.WorthDown(row.BaseOwed);
        bool owesBoth = !row.QuoteOwed.IsZero && !row.BaseOwed.IsZero;
        return RepayPart(row, isWhole, inQuote, outcome) || (owesBoth && RepayPart(row, isWhole, !inQuote, outcome));
    }

    private bool RepayPart(ModelRow row, bool isWhole, bool inQuote, Outcome outcome)
    {
        ModelMarket market = row.Market;
        MarketParameters p = market.Parameters;
        ModelAsset asset = Asset(inQuote ? market.QuoteAsset : market.BaseAsset);
        ModelLoan loan = LoanOf(row, asset.Id)!;
        Big owed = loan.Owed;
        Big dust = Big.Min(Big.Pow(10, asset.Decimals) * loan.Pool.Parameters.DustE9 / 1_000_000_000, ModelPool.MaxUnits);
        Big part = isWhole || owed <= dust ? owed : Rounding.RateUp(owed, p.CloseFactorRate);
        Big bonusOf(Big units) => Rounding.RateUp(inQuote ? units : row.WorthUp(units), p.LiquidationBonusRate);
        Big bonus = Big.Min(bonusOf(part), Positive(row.LoanAssets - row.LoanDebts));
        Big freeQuote = Positive(row.Purse.FreeOf(market.QuoteAsset));
        Big freeBase = Positive(row.Purse.FreeOf(market.BaseAsset));
        Big traded = 0;
        if (inQuote)
        {
            Big kept = Big.Max(1, Rounding.RateDown(market.Mark * market.TickValue, Rounding.Scale - p.TakerFeeRate));
            Big lots = Big.Min(Rounding.Down(freeBase, market.BaseUnitsPerLot), Rounding.Up(Positive(part + bonus - freeQuote), kept));
            Big limit = Big.Max(1, market.Mark - Rounding.RateDown(market.Mark, p.MaxSlippageRate));
            traded = lots.IsZero ? 0 : -Match(row, null, Side.Sell, limit, lots, isLiquidation: true, [], [], outcome);
        }
        else
        {
            Big limit = Big.Min(MaxField, market.Mark + Rounding.RateDown(market.Mark, p.MaxSlippageRate));
            Big cost = Rounding.RateUp(limit * market.TickValue, Rounding.Scale + p.TakerFeeRate);
            Big lots = Big.Min(Rounding.Down(freeQuote, cost), Rounding.Up(Positive(part - freeBase), market.BaseUnitsPerLot));
            traded = lots.IsZero ? 0 : Match(row, null, Side.Buy, limit, lots, isLiquidation: true, [], [], outcome);
        }

        Big repaid = Big.Min(part, Positive(row.Purse.FreeOf(asset.Id)));
        if (!repaid.IsZero)
        {
            Pay(loan, repaid, outcome);
        }

        bonus = Big.Min(Big.Min(bonus, bonusOf(repaid)), Positive(row.Purse.FreeOf(market.QuoteAsset)));
        row.Purse.Add(market.QuoteAsset, -bonus);
        market.Insurance += bonus;
        if (repaid.IsZero && traded.IsZero)
        {
            return false;
        }

        outcome.LoanSteps.Add(new ModelLoanStep(row.Account.Id, market.Id, asset.Id, traded, repaid, bonus));
        return true;
    }

    /// <summary>What the book does not take goes to the liquidation account, after what is missing is covered.</summary>
    private void TakeOverLoans(ModelRow row, Outcome outcome)
    {
        ModelMarket market = row.Market;
        CoverBadLoan(row, outcome);
        CoverBadLoan(row, outcome);
        Big quote = Positive(row.Purse.FreeOf(market.QuoteAsset));
        Big inBase = Positive(row.Purse.FreeOf(market.BaseAsset));
        Big quoteOwed = row.QuoteOwed;
        Big baseOwed = row.BaseOwed;
        if (!row.HasOwnPurse && !quoteOwed.IsZero)
        {
            inBase = Big.Min(inBase, row.UnitsWorth(quoteOwed));
            quoteOwed = Big.Min(quoteOwed, row.WorthDown(inBase));
            (quote, baseOwed) = (0, 0);
        }
        else if (!row.HasOwnPurse)
        {
            quote = Big.Min(quote, row.WorthUp(baseOwed));
            baseOwed = Big.Min(baseOwed, row.UnitsWithin(quote));
            inBase = 0;
        }

        ModelRow taker = market.LiquidationAccount.Rows[market.Id];
        row.Purse.Add(market.BaseAsset, -inBase);
        row.Purse.Add(market.QuoteAsset, -quote);
        taker.Purse.Add(market.BaseAsset, inBase);
        taker.Purse.Add(market.QuoteAsset, quote);
        MoveLoan(row, taker, market.BaseAsset, baseOwed);
        MoveLoan(row, taker, market.QuoteAsset, quoteOwed);
        outcome.LoanTakings.Add(new ModelLoanTaking(row.Account.Id, market.Id, inBase, quote, baseOwed, quoteOwed));
    }

    private void MoveLoan(ModelRow from, ModelRow to, long asset, Big owed)
    {
        if (owed.IsZero)
        {
            return;
        }

        ModelLoan source = LoanOf(from, asset)!;
        ModelLoan target = LoanOf(to, asset) ?? OpenLoan(to, source.Pool);
        bool isAll = owed == source.Owed;
        Big shares = isAll ? source.Shares : Big.Min(source.Shares, source.Pool.SharesOf(owed));
        Big principal = isAll ? source.Principal : Big.Min(source.Principal, owed);
        target.Shares += shares;
        target.Principal += principal;
        source.Shares -= shares;
        source.Principal -= principal;
        EndIfRepaid(source);
    }

    /// <summary>Debts beyond the worth of the pair at the mark: insurance, then the pool's reserves, then its lenders (R-1013).</summary>
    private void CoverBadLoan(ModelRow row, Outcome outcome)
    {
        ModelMarket market = row.Market;
        Big shortfall = row.Debt - Positive(row.Purse.FreeOf(market.QuoteAsset)) - row.WorthDown(Positive(row.Purse.FreeOf(market.BaseAsset)));
        if (shortfall.Sign <= 0 || !row.Owes)
        {
            return;
        }

        bool inQuote = !row.QuoteOwed.IsZero;
        (Big own, Big global) = TakeFromFunds(market, inQuote ? Big.Min(shortfall, row.QuoteOwed) : shortfall);
        Big insured = own + global;
        market.Shortfalls += shortfall;
        market.ShortfallCount++;
        if (inQuote && !insured.IsZero)
        {
            TakeIn(LoanOf(row, market.QuoteAsset)!, insured, outcome);
        }
        else if (!inQuote)
        {
            row.Purse.Add(market.QuoteAsset, insured);
        }

        long asset = inQuote ? market.QuoteAsset : market.BaseAsset;
        ModelLoan? loan = LoanOf(row, asset);
        Big lost = Big.Min(loan?.Owed ?? 0, inQuote ? shortfall - insured : row.UnitsWorth(shortfall - insured));
        outcome.BadLoans.Add(new ModelBadLoan(row.Account.Id, market.Id, asset, shortfall, insured, lost));
        if (!global.IsZero)
        {
            outcome.GlobalPayments.Add(new ModelGlobalPayment(row.Account.Id, market.Id, global, GlobalInsurance));
        }

        if (!lost.IsZero)
        {
            WriteOff(loan!, lost, outcome);
        }
    }

    private void WriteOff(ModelLoan loan, Big lost, Outcome outcome)
    {
        ModelPool pool = loan.Pool;
        Big before = pool.Assets;
        Big borrowed = pool.Borrowed;
        Big principal = Positive(lost - loan.Interest);
        pool.Principal -= principal;
        loan.Principal -= principal;
        loan.Owe(loan.Owed - lost);
        Big loss = borrowed - pool.Borrowed;
        Big reserves = Big.Min(pool.Reserves, loss);
        pool.Reserves -= reserves;
        outcome.PoolLosses.Add(new ModelPoolLoss(pool.Asset.Id, loss, reserves, before, pool.Assets, pool.Supply));
        EndIfRepaid(loan);
    }
}
