using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
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
            if (row.Parameters.FlowCapRate != 0)
            {
                Same(row.EpochOutUnits, pool.EpochOut, "taken out in the epoch of pool", asset.Id);
            }

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

    /// <summary>What a spot-margin row owes, was promised and is judged by.</summary>
    public static void CompareScope(ExchangeState state, ModelRow row)
    {
        int index = state.FindPosition((int)row.Account.Id, (int)row.Market.Id);
        MarginScope scope = state.MarginScopes[state.ScopeOf[index]];
        long id = (row.Account.Id * 100) + row.Market.Id;
        CompareLoan(state, scope.QuoteLoan, row.Account.Exchange.LoanOf(row, row.Market.QuoteAsset), "quote", id);
        CompareLoan(state, scope.BaseLoan, row.Account.Exchange.LoanOf(row, row.Market.BaseAsset), "base", id);
        Same(scope.PromisedQuoteUnits, row.PromisedQuote, "quote promised to row (account x 100 + market)", id);
        Same(scope.PromisedBaseUnits, row.PromisedBase, "base promised to row", id);
        if (row.Owes && !row.Account.IsLiquidation && row.Market.Mark != 0)
        {
            CompareFigures(state, index, row, id);
        }

        ref readonly Position position = ref state.Positions[index];
        if (row.HasOwnPurse)
        {
            int wallet = state.WalletOf(in position);
            Same(Wallets.Units(state, wallet, (int)row.Market.QuoteAsset), row.Purse.Units(row.Market.QuoteAsset), "quote in scope", id);
            Same(Wallets.Units(state, wallet, (int)row.Market.BaseAsset), row.Purse.Units(row.Market.BaseAsset), "base in scope", id);
            Same(Wallets.Held(state, wallet, (int)row.Market.QuoteAsset), row.QuoteHold, "quote held in scope", id);
            Same(Wallets.Held(state, wallet, (int)row.Market.BaseAsset), row.BaseHold, "base held in scope", id);
        }
    }

    /// <summary>What a row with loans is judged by, and where that ends.</summary>
    private static void CompareFigures(ExchangeState state, int index, ModelRow row, long id)
    {
        ref readonly Market market = ref state.Markets[state.Positions[index].Market];
        LoanFigures figures = LoanFigures.Of(state, index);
        Same(figures.DebtUnits(in market), row.LoanDebts, "debts of row (account x 100 + market)", id);
        bool isExact = row.HasOwnPurse || row.BaseCountsAlone;
        Big off = Big.Abs(figures.AssetUnits(in market) - row.LoanAssets);
        if (off > (isExact ? 0 : 1))
        {
            throw new DivergenceException($"assets of row {id}: exchange {figures.AssetUnits(in market)}, model {row.LoanAssets}");
        }

        if (isExact)
        {
            Same(figures.LiquidationPrice(in market), row.LoanPrice(row.LiquidationLevel), "liquidation price of loans of row", id);
            Same(figures.BankruptcyPrice(in market), row.LoanPrice(Rounding.Scale), "bankruptcy price of loans of row", id);
        }
    }

    private static void CompareLoan(ExchangeState state, int index, ModelLoan? loan, string what, long id)
    {
        Loan row = index == 0 ? default : state.Loans[index];
        Same(row.Shares, loan?.Shares ?? 0, $"shares of {what} loan of row (account x 100 + market)", id);
        Same(row.PrincipalUnits, loan?.Principal ?? 0, $"principal of {what} loan of row", id);
        Same(LoanFigures.OwedBy(state, index), loan?.Owed ?? 0, $"{what} owed by row", id);
    }

    public static void CompareEvents(Recording actual, Outcome expected)
    {
        List<ModelInterest> interest = [];
        List<ModelLendingChange> lendings = [];
        List<ModelLoanChange> loans = [];
        List<ModelLoanScope> scopes = [];
        List<ModelLoanStep> steps = [];
        List<ModelLoanTaking> takings = [];
        List<ModelBadLoan> bad = [];
        List<ModelPoolLoss> losses = [];
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
                case EventType.Borrowed or EventType.LoanRenewed:
                    LoanGrown g = EventSlot.As<LoanGrown>(in slot);
                    loans.Add(new ModelLoanChange(g.AccountId, g.AssetId, g.AmountUnits, g.ChargeUnits, g.OwedUnits));
                    break;
                case EventType.Repaid:
                    LoanRepaid r = EventSlot.As<LoanRepaid>(in slot);
                    loans.Add(new ModelLoanChange(r.AccountId, r.AssetId, -r.AmountUnits, r.InterestUnits, r.OwedUnits));
                    break;
                case EventType.LoanLiquidationStarted or EventType.LoanLiquidationFinished:
                    LoanScopeTold t = EventSlot.As<LoanScopeTold>(in slot);
                    bool isStart = slot.Header.Type == EventType.LoanLiquidationStarted;
                    scopes.Add(new ModelLoanScope(isStart, t.AccountId, slot.Header.MarketId, t.AssetUnits, t.DebtUnits));
                    break;
                case EventType.LoanLiquidationStep:
                    LoanLiquidationStep p = EventSlot.As<LoanLiquidationStep>(in slot);
                    steps.Add(new ModelLoanStep(p.AccountId, slot.Header.MarketId, p.AssetId, p.TradedLots, p.RepaidUnits, p.BonusUnits));
                    break;
                case EventType.LoanTakenOver:
                    LoanTakenOver o = EventSlot.As<LoanTakenOver>(in slot);
                    takings.Add(new ModelLoanTaking(o.AccountId, slot.Header.MarketId, o.BaseUnits, o.QuoteUnits, o.BaseOwedUnits, o.QuoteOwedUnits));
                    break;
                case EventType.BadLoan:
                    BadLoan b = EventSlot.As<BadLoan>(in slot);
                    bad.Add(new ModelBadLoan(b.AccountId, slot.Header.MarketId, b.AssetId, b.ShortfallUnits, b.InsuranceUnits, b.PoolUnits));
                    break;
                case EventType.PoolLoss:
                    PoolLoss w = EventSlot.As<PoolLoss>(in slot);
                    losses.Add(new ModelPoolLoss(w.AssetId, w.LossUnits, w.ReserveUnits, w.AssetsBeforeUnits, w.AssetsAfterUnits, w.SupplyShares));
                    break;
                default:
                    break;
            }
        }

        Same(scopes, expected.LoanScopes, "scopes of loan liquidations");
        Same(steps, expected.LoanSteps, "steps of loan liquidations");
        Same(takings, expected.LoanTakings, "loans taken over");
        Same(bad, expected.BadLoans, "bad loans");
        Same(losses, expected.PoolLosses, "losses of pools");
        Same(loans, expected.LoanChanges, "loans");
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

    private static void Same<T>(List<T> actual, List<T> expected, string what) => EventComparison.Same(actual, expected, what);
}
