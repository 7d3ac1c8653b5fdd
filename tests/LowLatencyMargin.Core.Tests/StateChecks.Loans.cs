using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Pools and loans between commands: sums over lenders, loans and promises, limits, places.</summary>
internal static partial class StateChecks
{
    private static long SellHold(ExchangeState state, int row, long lots) =>
        (lots * state.Markets[state.Positions[row].Market].LotUnits) - state.MarginScopes[state.ScopeOf[row]].PromisedBaseUnits;

    private static void CheckLoans(ExchangeState state, Totals totals)
    {
        for (int pool = 1; pool <= state.Pools.HighWater; pool++)
        {
            CheckPool(state, pool);
            totals.Timers += state.Pools[pool].TimerPlace != 0 ? 1 : 0;
        }

        int scopes = 0;
        for (int row = 1; row <= state.Positions.HighWater; row++)
        {
            if (state.ScopeOf[row] != 0)
            {
                CheckScope(state, row);
                scopes++;
            }
        }

        Holds(scopes == state.MarginScopes.Count, "a scope was lost");
        for (int loan = 1; loan <= state.Loans.HighWater; loan++)
        {
            totals.Timers += state.Loans[loan].TimerPlace != 0 ? 1 : 0;
        }
    }

    private static void CheckPool(ExchangeState state, int index)
    {
        ref readonly LendingPool pool = ref state.Pools[index];
        long shares = 0;
        long principal = 0;
        int loans = 0;
        int limits = 0;
        for (int loan = 1; loan <= state.Loans.HighWater; loan++)
        {
            ref readonly Loan owing = ref state.Loans[loan];
            if (owing.Position != 0 && owing.Pool == index)
            {
                shares += owing.Shares;
                principal += owing.PrincipalUnits;
                loans++;
                limits += owing.LimitPlace != 0 ? 1 : 0;
                Holds(owing.Shares > 0 && pool.DebtOf(owing.Shares) >= owing.PrincipalUnits, "a loan owes its principal at least");
            }
        }

        Holds(shares == pool.DebtShares && principal == pool.PrincipalUnits && loans == pool.Loans, "R-1001: sums of a pool's loans");
        Holds(limits == state.LoanLimits[index].Count, "limits of counted interest");
        long lent = 0;
        for (int row = 1; row <= state.Balances.HighWater; row++)
        {
            if (state.Balances[row].Asset != pool.Asset)
            {
                continue;
            }

            long own = state.Balances[row].LentShares;
            Holds(own == 0 || own >= LendingPool.MinLentShares, "a lender has no dust");
            Holds(state.UnlockNotices[row].Shares <= own, "no more announced than lent");
            lent += own;
        }

        Holds(lent == pool.SupplyShares, "R-1001: sum of the lenders' shares");
        long promised = 0;
        for (int scope = 1; scope <= state.MarginScopes.HighWater; scope++)
        {
            ref readonly MarginScope row = ref state.MarginScopes[scope];
            if (row.Position != 0)
            {
                ref readonly Market market = ref state.Markets[state.Positions[row.Position].Market];
                promised += market.QuoteAsset == pool.Asset ? row.PromisedQuoteUnits : market.BaseAsset == pool.Asset ? row.PromisedBaseUnits : 0;
            }
        }

        Holds(promised == pool.PromisedUnits && pool.PromisedUnits <= pool.LiquidityUnits, "R-1007: what is promised is there");
        Holds(pool.LiquidityUnits >= 0 && pool.ReserveUnits >= 0 && pool.AssetUnits >= 0, "a pool's money");
        bool accrues = pool.DebtShares != 0 && pool.Parameters.Model == InterestModel.Kinked;
        Holds(accrues == (pool.TimerPlace != 0), "timer of a pool");
    }

    private static void CheckScope(ExchangeState state, int row)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
        Holds(scope.Position == row && !scope.IsEmpty && (position.Guards & Policy.Guards.Loans) != 0, "scope of a row");
        Holds(
            position.IsIsolated == 0 || Wallets.Units(state, state.WalletOf(in position), state.Markets[position.Market].QuoteAsset) >= 0,
            "R-1201: the wallet of an isolated scope is not below zero");
        long units = 0;
        long lots = 0;
        for (int slot = position.FirstOrder; slot != 0; slot = state.Orders[slot].NextOfPosition)
        {
            ref readonly Order order = ref state.Orders[slot];
            bool borrows = order.Has(OrderMarks.Loans) && (state.OrderTerms[order.Terms].Effect & SideEffect.AutoBorrow) != 0;
            units += borrows && order.Side == Side.Buy ? order.LeavesLots * order.HoldTicks * state.Markets[position.Market].TickValueUnits : 0;
            lots += borrows && order.Side == Side.Sell ? order.LeavesLots : 0;
        }

        Holds(units == scope.AutoBuyUnits && lots == scope.AutoSellLots, "orders with auto-borrow");
        CheckLevel(state, row);
    }

    /// <summary>Nobody is left below the level, and whoever has a liquidation price is found by it.</summary>
    private static void CheckLevel(ExchangeState state, int row)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly Market market = ref state.Markets[position.Market];
        bool isQuiet = state.PendingMarkets == 0 && state.PendingPools == 0 && MarketRules.Liquidates(market.State);
        if (position.IsIsolated == 0 || !isQuiet)
        {
            return;
        }

        LoanFigures figures = LoanFigures.Of(state, row);
        Holds(!figures.IsLiquidatable(in market), "R-1101: a scope below its level was left");
        Holds(!figures.Owes || position.IndexSide != 0 || figures.LiquidationPrice(in market) == 0, "R-703: a scope with a liquidation price is indexed");
    }

    /// <summary>The row whose isolated wallet an account is, 0: it is no longer isolated.</summary>
    private static int WalletRow(ExchangeState state, int wallet)
    {
        for (int row = 1; row <= state.Positions.HighWater; row++)
        {
            if (state.Positions[row].Account != 0 && state.Positions[row].IsIsolated != 0 && state.WalletOf(in state.Positions[row]) == wallet)
            {
                return row;
            }
        }

        return 0;
    }
}
