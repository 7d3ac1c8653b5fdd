using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Timers;

namespace LowLatencyMargin.Core.Lending;

/// <summary>Loans as money: what opens, grows, repays and ends them. Whether they may is decided before (R-1002, R-1003, R-1008).</summary>
public sealed class Loans(ExchangeState state, LendingPools pools)
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>The loan of a row in an asset of its market, 0: none.</summary>
    public int Find(int row, int asset)
    {
        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
        return asset == state.Markets[state.Positions[row].Market].QuoteAsset ? scope.QuoteLoan : scope.BaseLoan;
    }

    /// <summary>What a row owes of an asset.</summary>
    public long Owed(int row, int asset)
    {
        int loan = Find(row, asset);
        return loan == 0 ? 0 : OwedBy(loan);
    }

    /// <summary>What a loan owes.</summary>
    public long OwedBy(int loan)
    {
        ref readonly Loan owing = ref state.Loans[loan];
        return state.Pools[owing.Pool].DebtOf(owing.Shares);
    }

    /// <summary>Fee, and interest charged at once, of borrowing so much: what a borrowing owes beyond its amount.</summary>
    public static long Charge(in LendingPool pool, long amountUnits, out int rate)
    {
        long fee = pool.BorrowFee(amountUnits);
        rate = pool.RateAt(LendingPool.UtilisationOf(pool.BorrowedUnits + amountUnits, Math.Max(0, pool.LiquidityUnits - amountUnits)));
        return pool.Parameters.Model == InterestModel.FixedFull ? fee + pool.FixedInterest(amountUnits, rate) : fee;
    }

    /// <summary>
    /// Whether a pool can lend or promise so much more (R-1014). What a row was promised before and would no longer need is not counted.
    /// </summary>
    public static ResultCode Lends(in LendingPool pool, long amountUnits, long givenBackUnits)
    {
        long cap = pool.Parameters.BorrowCapUnits;
        long promised = pool.PromisedUnits - givenBackUnits;
        bool isThere = amountUnits <= pool.LiquidityUnits - promised
            && (cap == 0 || pool.PrincipalUnits + promised <= cap - amountUnits);
        return isThere ? ResultCode.Accepted : ResultCode.BorrowUnavailable;
    }

    /// <summary>The scope row of a position row, made if it is not there.</summary>
    public int NeedScope(int row)
    {
        int scope = state.ScopeOf[row];
        if (scope == 0)
        {
            scope = state.MarginScopes.Allocate();
            Invariant.Assert(scope != 0, "room for a scope was checked before");
            state.MarginScopes.Edit(scope).Position = row;
            state.ScopeOf.Edit(row) = scope;
            ref Position position = ref state.Positions.Edit(row);
            position.Guards |= Policy.Guards.Loans;
            state.Accounts.Edit(position.Account).Traits |= AccountTraits.HasMarginScopes;
        }

        return scope;
    }

    /// <summary>Gives a scope row back if there is nothing in it.</summary>
    public void LeaveScope(int row)
    {
        int scope = state.ScopeOf[row];
        if (scope != 0 && state.MarginScopes[scope].IsEmpty)
        {
            state.MarginScopes.Free(scope);
            state.ScopeOf.Edit(row) = 0;
            state.Positions.Edit(row).Guards &= ~Policy.Guards.Loans;
            NoteTraits(state.Positions[row].Account);
        }
    }

    /// <summary>Borrows into the wallet of a row; that the pool lends was checked before.</summary>
    public void Borrow(int row, int asset, long amountUnits)
    {
        ref readonly Position position = ref state.Positions[row];
        int index = state.Assets[asset].Pool;
        ref LendingPool pool = ref state.Pools.Edit(index);
        Invariant.Assert(amountUnits <= pool.LiquidityUnits, "the pool's liquidity was checked before");
        pool.EnterEpoch(state.TimeNs);
        long charge = Charge(in pool, amountUnits, out int rate);
        int loan = Find(row, asset);
        loan = loan != 0 ? loan : Open(row, asset, index);
        pool.LiquidityUnits -= amountUnits;
        pool.PrincipalUnits += amountUnits;
        ref Loan grown = ref state.Loans.Edit(loan);
        grown.PrincipalUnits += amountUnits;
        TakeReserves(ref pool, charge);
        SetOwed(ref pool, ref grown, pool.DebtOf(grown.Shares) + amountUnits + charge);
        Wallets.Credit(state, state.WalletOf(in position), asset, amountUnits);
        pools.WatchInterest(index);
        AddGrown(EventType.Borrowed, loan, asset, rate, amountUnits, charge);
    }

    /// <summary>Repays from the wallet of a row, interest first: at most what is owed.</summary>
    /// <returns>What was repaid.</returns>
    public long Repay(int row, int asset, long amountUnits)
    {
        int loan = Find(row, asset);
        long owed = loan == 0 ? 0 : OwedBy(loan);
        long amount = Math.Min(amountUnits, owed);
        if (amount <= 0)
        {
            return 0;
        }

        Wallets.Debit(state, state.WalletOf(in state.Positions[row]), asset, amount);
        TakeIn(loan, amount, owed);
        return amount;
    }

    /// <summary>Repays a loan with money that is the exchange's already: of the insurance fund.</summary>
    public void RepayFromOutside(int row, int asset, long amountUnits)
    {
        int loan = Find(row, asset);
        TakeIn(loan, amountUnits, OwedBy(loan));
    }

    /// <summary>Writes a part of a loan off: reserves bear it first, then the lenders through the exchange rate (R-1013).</summary>
    public void WriteOff(int row, int asset, long amountUnits)
    {
        int loan = Find(row, asset);
        ref Loan bad = ref state.Loans.Edit(loan);
        ref LendingPool pool = ref state.Pools.Edit(bad.Pool);
        long owed = pool.DebtOf(bad.Shares);
        long before = pool.AssetUnits;
        long borrowed = pool.BorrowedUnits;
        long principal = Math.Max(0, amountUnits - (owed - bad.PrincipalUnits));
        pool.PrincipalUnits -= principal;
        bad.PrincipalUnits -= principal;
        SetOwed(ref pool, ref bad, owed - amountUnits);
        long lost = borrowed - pool.BorrowedUnits;
        long reserves = Math.Min(pool.ReserveUnits, lost);
        pool.ReserveUnits -= reserves;
        pool.LostUnits += lost - reserves;
        ref PoolLoss loss = ref state.Events.Add<PoolLoss>(EventType.PoolLoss, state.Positions[row].Market);
        loss.AssetId = asset;
        loss.LossUnits = lost;
        loss.ReserveUnits = reserves;
        loss.AssetsBeforeUnits = before;
        loss.AssetsAfterUnits = pool.AssetUnits;
        loss.SupplyShares = pool.SupplyShares;
        EndIfRepaid(loan);
    }

    /// <summary>Moves a part of a loan to another row of the same market: the liquidation account takes it over.</summary>
    public void Move(int row, int asset, int toRow, long amountUnits)
    {
        int from = Find(row, asset);
        ref Loan source = ref state.Loans.Edit(from);
        ref LendingPool pool = ref state.Pools.Edit(source.Pool);
        long owed = pool.DebtOf(source.Shares);
        long amount = Math.Min(amountUnits, owed);
        int to = Find(toRow, asset);
        to = to != 0 ? to : Open(toRow, asset, source.Pool);
        ref Loan target = ref state.Loans.Edit(to);
        long shares = amount == owed ? source.Shares : Math.Min(source.Shares, pool.DebtSharesOf(amount));
        long principal = amount == owed ? source.PrincipalUnits : Math.Min(source.PrincipalUnits, amount);
        target.PrincipalUnits += principal;
        target.Shares += shares;
        source.PrincipalUnits -= principal;
        source.Shares -= shares;
        EndIfRepaid(from);
    }

    /// <summary>The term of a loan is over: another begins, at the rate of now, for the principal that is left (R-1002).</summary>
    public void Renew(int loan)
    {
        ref Loan renewed = ref state.Loans.Edit(loan);
        ref LendingPool pool = ref state.Pools.Edit(renewed.Pool);
        int rate = pool.CurrentRate;
        long interest = pool.FixedInterest(renewed.PrincipalUnits, rate);
        long owed = pool.DebtOf(renewed.Shares);
        if (owed <= LendingPool.MaxUnits - interest)
        {
            SetOwed(ref pool, ref renewed, owed + interest);
        }

        StartTerm(loan);
        AddGrown(EventType.LoanRenewed, loan, pool.Asset, rate, 0, interest);
        state.Touch(renewed.Position);
    }

    private int Open(int row, int asset, int pool)
    {
        int loan = state.Loans.Allocate();
        Invariant.Assert(loan != 0, "room for a loan was checked before");
        ref Loan opened = ref state.Loans.Edit(loan);
        opened.Position = row;
        opened.Pool = pool;
        opened.LoanId = ++state.LastLoanId;
        opened.OpenedNs = state.TimeNs;
        ref MarginScope scope = ref state.MarginScopes.Edit(NeedScope(row));
        if (asset == state.Markets[state.Positions[row].Market].QuoteAsset)
        {
            scope.QuoteLoan = loan;
        }
        else
        {
            scope.BaseLoan = loan;
        }

        int account = state.Positions[row].Account;
        state.Accounts.Edit(account).Traits |= AccountTraits.HasLoans;
        state.Pools.Edit(pool).Loans++;
        if (state.Pools[pool].Parameters.Model == InterestModel.FixedFull)
        {
            StartTerm(loan);
        }

        return loan;
    }

    private void StartTerm(int loan) => state.Timers.Start(
        TimerKind.LoanTerm, loan, state.TimeNs + (state.Pools[state.Loans[loan].Pool].Parameters.FixedTermSeconds * NsPerSecond));

    private void TakeIn(int loan, long amount, long owed)
    {
        ref Loan repaid = ref state.Loans.Edit(loan);
        ref LendingPool pool = ref state.Pools.Edit(repaid.Pool);
        pool.EnterEpoch(state.TimeNs);
        long interest = Math.Min(amount, owed - repaid.PrincipalUnits);
        repaid.PrincipalUnits -= amount - interest;
        repaid.InterestPaidUnits += interest;
        pool.PrincipalUnits -= amount - interest;
        pool.LiquidityUnits += amount;
        if (pool.Parameters.Model == InterestModel.FixedFull)
        {
            pool.ReserveUnits += Numerics.Rate.OfRoundedDown(interest, pool.Parameters.ReserveFactorRate);
        }

        SetOwed(ref pool, ref repaid, owed - amount);
        ref readonly Position position = ref state.Positions[repaid.Position];
        ref LoanRepaid done = ref state.Events.Add<LoanRepaid>(EventType.Repaid, position.Market, FlagsOf(in position));
        done.AccountId = position.Account;
        done.LoanId = repaid.LoanId;
        done.AssetId = pool.Asset;
        done.AmountUnits = amount;
        done.InterestUnits = interest;
        done.OwedUnits = owed - amount;
        EndIfRepaid(loan);
    }

    /// <summary>The reserves' part of a fee that is owed from now on; of a fixed loan it comes with the payment.</summary>
    private static void TakeReserves(ref LendingPool pool, long chargeUnits)
    {
        if (pool.Parameters.Model == InterestModel.Kinked)
        {
            pool.ReserveUnits += Numerics.Rate.OfRoundedDown(chargeUnits, pool.Parameters.ReserveFactorRate);
        }
    }

    private static void SetOwed(ref LendingPool pool, ref Loan loan, long owedUnits)
    {
        long shares = pool.DebtSharesOf(owedUnits);
        pool.DebtShares += shares - loan.Shares;
        loan.Shares = shares;
    }

    private void EndIfRepaid(int loan)
    {
        ref readonly Loan ended = ref state.Loans[loan];
        if (ended.Shares != 0)
        {
            return;
        }

        int row = ended.Position;
        int pool = ended.Pool;
        ref MarginScope scope = ref state.MarginScopes.Edit(state.ScopeOf[row]);
        scope.QuoteLoan = scope.QuoteLoan == loan ? 0 : scope.QuoteLoan;
        scope.BaseLoan = scope.BaseLoan == loan ? 0 : scope.BaseLoan;
        state.LoanLimits[pool].Remove(loan);
        if (ended.TimerPlace != 0)
        {
            state.Timers.Stop(TimerKind.LoanTerm, loan);
        }

        state.Pools.Edit(pool).Loans--;
        state.Loans.Free(loan);
        pools.WatchInterest(pool);
        NoteTraits(state.Positions[row].Account);
    }

    /// <summary>Whether an account still has a loan, and a scope for loans and promises.</summary>
    private void NoteTraits(int account)
    {
        AccountTraits traits = AccountTraits.None;
        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
            traits |= (scope.QuoteLoan | scope.BaseLoan) != 0 ? AccountTraits.HasLoans : AccountTraits.None;
            traits |= state.ScopeOf[row] != 0 ? AccountTraits.HasMarginScopes : AccountTraits.None;
        }

        ref Account owner = ref state.Accounts.Edit(account);
        owner.Traits = (owner.Traits & ~(AccountTraits.HasLoans | AccountTraits.HasMarginScopes)) | traits;
    }

    private void AddGrown(EventType type, int loan, int asset, int rate, long amountUnits, long chargeUnits)
    {
        ref readonly Loan grown = ref state.Loans[loan];
        ref readonly Position position = ref state.Positions[grown.Position];
        ref LoanGrown borrowed = ref state.Events.Add<LoanGrown>(type, position.Market, FlagsOf(in position));
        borrowed.AccountId = position.Account;
        borrowed.LoanId = grown.LoanId;
        borrowed.AssetId = asset;
        borrowed.Rate = rate;
        borrowed.AmountUnits = amountUnits;
        borrowed.ChargeUnits = chargeUnits;
        borrowed.OwedUnits = OwedBy(loan);
    }

    private static EventFlags FlagsOf(in Position position) => position.IsIsolated != 0 ? EventFlags.Isolated : EventFlags.None;
}
