using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Lending;

/// <summary>Whether a scope may owe more, give something away or trade at a loss: before anything moves (R-1003, R-1007, R-1014).</summary>
public sealed class LoanCheck(ExchangeState state, MarginCheck marginCheck)
{
    /// <summary>The level that a scope must have after borrowing: by its leverage, else the market's; always above the one it is liquidated at.</summary>
    public static int InitialLevel(in Position position, in Market market)
    {
        int one = Rate.Scale;
        int level = position.Leverage switch
        {
            0 => market.Parameters.InitialLevelRate,
            1 => int.MaxValue,
            _ => one + (int)((one + position.Leverage - 2L) / (position.Leverage - 1)),
        };
        return Math.Max(level, market.Parameters.LiquidationLevelRate + 1);
    }

    /// <summary>What a scope could lose or lend against: its assets less its debts and promises at the initial level .</summary>
    public long Room(int row)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly Market market = ref state.Markets[position.Market];
        if (position.IsIsolated == 0)
        {
            return marginCheck.Available(position.Account);
        }

        LoanFigures figures = LoanFigures.Of(state, row);
        int level = InitialLevel(in position, in market);
        return figures.AssetUnits(in market) - Times(figures.DebtUnits(in market), level) - Times(PromisedUnits(row), level - Rate.Scale);
    }

    /// <summary>What a scope can lose before it is liquidated.</summary>
    public long Slack(int row)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly Market market = ref state.Markets[position.Market];
        if (position.IsIsolated == 0)
        {
            return AccountFigures.Of(state, position.Account).SlackUnits;
        }

        LoanFigures figures = LoanFigures.Of(state, row);
        return figures.AssetUnits(in market) - Times(figures.DebtUnits(in market), market.Parameters.LiquidationLevelRate) - (figures.Owes ? 1 : 0);
    }

    /// <summary>What pools promised the orders of a row, at the mark.</summary>
    public long PromisedUnits(int row)
    {
        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
        return scope.PromisedQuoteUnits
            + LoanFigures.ValueUp(scope.PromisedBaseUnits, in state.Markets[state.Positions[row].Market]);
    }

    /// <summary>Whether a scope may borrow so much of an asset more than it does, and lose so much by what it does with it.</summary>
    /// <param name="row">Row of account and market.</param>
    /// <param name="asset">Asset.</param>
    /// <param name="amountUnits">What the pool has to lend or promise; with what it has promised the row before.</param>
    /// <param name="promisedUnits">That earlier promise.</param>
    /// <param name="lossUnits">Loss against the mark and fees, in the quote asset.</param>
    public ResultCode CanBorrow(int row, int asset, long amountUnits, long promisedUnits, long lossUnits)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly Market market = ref state.Markets[position.Market];
        int index = state.Assets[asset].Pool;
        if (index == 0)
        {
            return ResultCode.UnknownPool;
        }

        ref readonly LendingPool pool = ref state.Pools[index];
        if (amountUnits < pool.Parameters.MinBorrowUnits)
        {
            return ResultCode.BelowMinimumBorrow;
        }

        if (amountUnits > LendingPool.MaxUnits)
        {
            return ResultCode.Overflow;
        }

        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
        if (scope.IsLiquidating != 0)
        {
            return ResultCode.ScopeInLiquidation;
        }

        if (market.Parameters.LoanTopUp == 0 && (scope.QuoteLoan | scope.BaseLoan) != 0)
        {
            return ResultCode.LoanTopUpNotAllowed;
        }

        ResultCode lends = Loans.Lends(in pool, amountUnits, promisedUnits);
        if (lends != ResultCode.Accepted)
        {
            return lends;
        }

        bool inBase = asset == market.BaseAsset;
        long charge = Loans.Charge(in pool, amountUnits, out _);
        if (OwedBy(asset == market.QuoteAsset ? scope.QuoteLoan : scope.BaseLoan) > LendingPool.MaxUnits - amountUnits - charge)
        {
            return ResultCode.Overflow;
        }

        int level = InitialLevel(in position, in market);
        long more = amountUnits - promisedUnits;
        long worth = inBase ? LoanFigures.ValueUp(Math.Max(0, more), in market) : Math.Max(0, more);
        long charged = inBase ? LoanFigures.ValueUp(charge, in market) : charge;
        long required = Times(worth, level - Rate.Scale) + Times(charged, level) + lossUnits;
        long room = Room(row);
        return required > room ? marginCheck.Refuse(required, room) : ResultCode.Accepted;
    }

    private long OwedBy(int loan) => LoanFigures.OwedBy(state, loan);

    private static long Times(long units, int rate) => (long)Int128.Min(Exact.MaxMoneyUnits, (((Int128)units * rate) + (Rate.Scale - 1)) / Rate.Scale);
}
