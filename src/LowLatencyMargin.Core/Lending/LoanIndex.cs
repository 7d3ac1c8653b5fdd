using System;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Lending;

/// <summary>
/// Which loans to look at, and when: by the mark at which their level is reached, counted with interest up to a little more than there is, and by
/// the debt index at which that is used up. Neither a mark nor a step of interest touches any other loan.
/// </summary>
public sealed class LoanIndex(ExchangeState state)
{
    /// <summary>How far ahead interest is counted: a thousandth of the debt.</summary>
    private const long AheadDivisor = 1_000;

    /// <summary>A row's place in its market's index; its market is looked at if that is beyond the mark.</summary>
    public void Set(int row)
    {
        ref Position position = ref state.Positions.Edit(row);
        ref readonly Market market = ref state.Markets[position.Market];
        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
        if ((scope.QuoteLoan | scope.BaseLoan) == 0 || state.Accounts[position.Account].IsLiquidationAccount != 0)
        {
            state.Indexes[position.Market].Set(row, ref position, long.MinValue, 0);
            return;
        }

        LoanFigures figures = LoanFigures.Of(state, row);
        figures.QuoteOwedUnits += Ahead(scope.QuoteLoan);
        figures.BaseOwedUnits += Ahead(scope.BaseLoan);
        figures.QuoteOwedUnits += position.IsIsolated != 0 ? 0 : AheadElsewhere(row, position.Account, market.Parameters.LiquidationLevelRate);
        Share(in position, in market, ref figures);
        if (!Place(row, ref position, in figures, in market, isHealthy: false))
        {
            state.AddDue(position.Market);
        }
    }

    /// <summary>A row that was looked at and is healthy at the mark and with the interest of now: it is looked at again when either moves.</summary>
    public void SetHealthy(int row)
    {
        ref Position position = ref state.Positions.Edit(row);
        if (state.Accounts[position.Account].IsLiquidationAccount != 0)
        {
            return;
        }

        ref readonly Market market = ref state.Markets[position.Market];
        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
        Watch(scope.QuoteLoan);
        Watch(scope.BaseLoan);
        LoanFigures figures = LoanFigures.Of(state, row);
        Share(in position, in market, ref figures);
        _ = Place(row, ref position, in figures, in market, isHealthy: true);
    }

    /// <summary>
    /// The loans of all cross rows of an account, after something that they share has changed; without <paramref name="examine"/> the account was just looked
    /// at: only rows that are short all the same are looked at again.
    /// </summary>
    public void SetAccount(int account, bool examine)
    {
        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
            if ((scope.QuoteLoan | scope.BaseLoan) != 0 && state.Positions[row].IsIsolated == 0)
            {
                if (examine || LoanFigures.Of(state, row).IsLiquidatable(in state.Markets[state.Positions[row].Market]))
                {
                    Set(row);
                }
                else
                {
                    SetHealthy(row);
                }
            }
        }
    }

    /// <summary>
    /// A cross scope can be brought down by several prices at once: half of its slack is for its loans, and each of their rows has an equal part of that. (The
    /// other half is for positions and collateral.)
    /// </summary>
    private void Share(in Position position, in Market market, ref LoanFigures figures)
    {
        if (position.IsIsolated != 0)
        {
            return;
        }

        int rows = 0;
        for (int other = state.Accounts[position.Account].FirstPosition; other != 0; other = state.Positions[other].Next)
        {
            ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[other]];
            rows += (scope.QuoteLoan | scope.BaseLoan) != 0 && state.Positions[other].IsIsolated == 0 ? 1 : 0;
        }

        long slack = figures.SlackUnits(in market);
        figures.QuoteUnits -= slack > 0 ? slack - (slack / (2 * rows)) : 0;
    }

    /// <summary>A row whose market is to be asked about it whatever its key: false when the key is beyond the mark already.</summary>
    private bool Place(int row, ref Position position, in LoanFigures figures, in Market market, bool isHealthy)
    {
        long price = figures.PriceAt(market.Parameters.LiquidationLevelRate, in market, out bool isLong);
        long mark = market.MarkTicks;
        bool never = isLong && price == 0;

        // one tick for the rounding of assets and debts
        long ticks = isLong ? price + 1 : Math.Max(0, price - 1);
        if (isHealthy)
        {
            ticks = isLong ? Math.Min(ticks, mark - 1) : Math.Max(ticks, mark + 1);
        }

        long key = never ? long.MinValue : isLong ? ticks : -ticks;
        state.Indexes[position.Market].Set(row, ref position, key, never ? (byte)0 : isLong ? (byte)1 : (byte)2);
        return never || mark == 0 || (isLong ? ticks < mark : ticks > mark);
    }

    /// <summary>What a loan owes more when its interest has grown as far as is counted; notes the limit where that ends.</summary>
    private long Ahead(int loan)
    {
        if (loan == 0)
        {
            return 0;
        }

        ref readonly LendingPool pool = ref state.Pools[state.Loans[loan].Pool];
        long limit = Accrues(in pool) ? FreshLimit(in pool) : pool.DebtIndex;
        Limit(loan, in pool, limit);
        return LendingPool.DebtAt(state.Loans[loan].Shares, limit) - pool.DebtOf(state.Loans[loan].Shares);
    }

    /// <summary>
    /// The same of the other rows of a cross scope, whose interest uses up the same slack, in the quote asset at the level of this row's market.
    /// </summary>
    private long AheadElsewhere(int row, int account, int levelRate)
    {
        long sum = 0;
        for (int other = state.Accounts[account].FirstPosition; other != 0; other = state.Positions[other].Next)
        {
            ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[other]];
            if (other == row || (scope.QuoteLoan | scope.BaseLoan) == 0 || state.Positions[other].IsIsolated != 0)
            {
                continue;
            }

            ref readonly Market market = ref state.Markets[state.Positions[other].Market];
            long ahead = FreshAhead(scope.QuoteLoan) + LoanFigures.ValueUp(FreshAhead(scope.BaseLoan), in market);
            sum += (long)(((Int128)ahead * market.Parameters.LiquidationLevelRate / levelRate) + 1);
        }

        return sum;
    }

    private long FreshAhead(int loan)
    {
        ref readonly LendingPool pool = ref state.Pools[state.Loans[loan].Pool];
        return loan == 0 || !Accrues(in pool) ? 0
            : LendingPool.DebtAt(state.Loans[loan].Shares, FreshLimit(in pool)) - pool.DebtOf(state.Loans[loan].Shares);
    }

    private static long FreshLimit(in LendingPool pool) => Math.Min(LendingPool.MaxIndex, pool.DebtIndex + (pool.DebtIndex / AheadDivisor));

    private void Watch(int loan)
    {
        if (loan != 0)
        {
            ref readonly LendingPool pool = ref state.Pools[state.Loans[loan].Pool];
            Limit(loan, in pool, pool.DebtIndex);
        }
    }

    private void Limit(int loan, in LendingPool pool, long limit)
    {
        if (Accrues(in pool))
        {
            state.LoanLimits[state.Loans[loan].Pool].Set(loan, limit);
        }
    }

    private static bool Accrues(in LendingPool pool) => pool.Parameters.Model == Commands.InterestModel.Kinked;

    /// <summary>Looks at the loans whose counted interest is used up, as far as the command's work goes; true when some are left.</summary>
    public bool Follow(int pool)
    {
        LimitHeap limits = state.LoanLimits[pool];
        while (limits.TopLimit < state.Pools[pool].DebtIndex)
        {
            if (state.WorkLeft == 0)
            {
                return true;
            }

            state.Spend(1);
            int row = state.Loans[limits.Top].Position;
            Set(row);
            state.NoteWatched(state.Positions[row].Account);
        }

        return false;
    }
}
