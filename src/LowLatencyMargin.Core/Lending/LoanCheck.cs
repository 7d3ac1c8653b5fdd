using System;
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
            <= 1 => market.Parameters.InitialLevelRate,
            _ => one + (int)((one + position.Leverage - 2L) / (position.Leverage - 1)),
        };
        return Math.Max(level, market.Parameters.LiquidationLevelRate + 1);
    }

    /// <summary>What a scope could lose or lend against: its assets less its debts and promises at the initial level .</summary>
    public long Room(int account, int row, int marketId)
    {
        ref readonly Position position = ref state.Positions[row];
        ref readonly Market market = ref state.Markets[marketId];
        if (position.IsIsolated == 0)
        {
            var own = LoanSums.OfRow(state, account, row, in market);
            return marginCheck.Available(account) + own.BackingUnits - own.BackedInitialUnits;
        }

        LoanFigures figures = LoanFigures.Of(state, row);
        int level = InitialLevel(in position, in market);
        return figures.AssetUnits(in market) - Times(figures.DebtUnits(in market), level) - Times(PromisedUnits(row, in market), level - Rate.Scale);
    }

    /// <summary>What a scope that owes can lose before it is liquidated.</summary>
    public long Slack(int row, int marketId) => LoanFigures.Of(state, row).SlackUnits(in state.Markets[marketId]) - 1;

    /// <summary>What pools promised the orders of a row, at the mark.</summary>
    public long PromisedUnits(int row, in Market market)
    {
        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
        return scope.PromisedQuoteUnits + LoanFigures.ValueUp(scope.PromisedBaseUnits, in market);
    }

    /// <summary>Whether a scope may borrow so much of an asset, or be promised it, and lose so much by what it does with it.</summary>
    public ResultCode CanBorrow(in LoanRequest request)
    {
        ref readonly Position position = ref state.Positions[request.Row];
        ref readonly Market market = ref state.Markets[request.Market];
        int index = state.Assets[request.Asset].Pool;
        if (index == 0)
        {
            return ResultCode.UnknownPool;
        }

        ref readonly LendingPool pool = ref state.Pools[index];
        long amount = request.AmountUnits;
        if (amount < pool.Parameters.MinBorrowUnits)
        {
            return ResultCode.BelowMinimumBorrow;
        }

        if (amount > LendingPool.MaxUnits)
        {
            return ResultCode.Overflow;
        }

        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[request.Row]];
        if (scope.IsLiquidating != 0)
        {
            return ResultCode.ScopeInLiquidation;
        }

        if (market.Parameters.LoanTopUp == 0 && (scope.QuoteLoan | scope.BaseLoan) != 0)
        {
            return ResultCode.LoanTopUpNotAllowed;
        }

        ResultCode lends = Loans.Lends(in pool, amount, request.PromisedUnits);
        if (lends != ResultCode.Accepted)
        {
            return lends;
        }

        bool inBase = request.Asset == market.BaseAsset;
        long charge = Loans.Charge(in pool, amount, out _);
        if (LoanFigures.OwedBy(state, inBase ? scope.BaseLoan : scope.QuoteLoan) > LendingPool.MaxUnits - amount - charge)
        {
            return ResultCode.Overflow;
        }

        int level = InitialLevel(in position, in market);
        long more = Math.Max(0, amount - request.PromisedUnits);
        long worth = inBase ? LoanFigures.ValueUp(more, in market) : more;
        long charged = inBase ? LoanFigures.ValueUp(charge, in market) : charge;
        long required = Times(worth, level - Rate.Scale) + Times(charged, level) + request.LossUnits;
        long room = position.Leverage == 1 ? 0 : Room(request.Account, request.Row, request.Market);
        return required > room ? marginCheck.Refuse(required, room)
            : position.IsIsolated == 0 ? CheckHeld(in request, Times(worth, level - Rate.Scale))
            : ResultCode.Accepted;
    }

    /// <summary>What an order of a cross scope holds more stands behind nothing but its own row: the rest of the account must do without it.</summary>
    private ResultCode CheckHeld(in LoanRequest request, long promisedUnits)
    {
        var own = LoanSums.OfRow(state, request.Account, request.Row, in state.Markets[request.Market]);
        long lost = request.HeldUnits + promisedUnits - own.CountedMore(request.HeldWorthUnits, promisedUnits);
        long available = marginCheck.Available(request.Account);
        return lost > 0 && lost > available ? marginCheck.Refuse(lost, available) : ResultCode.Accepted;
    }

    private static long Times(long units, int rate) => (long)Int128.Min(Exact.MaxMoneyUnits, (((Int128)units * rate) + (Rate.Scale - 1)) / Rate.Scale);
}

/// <summary>What a scope asks of a pool.</summary>
/// <param name="account">Account.</param>
/// <param name="row">Row of account and market, 0: none yet.</param>
/// <param name="market">Market.</param>
/// <param name="asset">Asset.</param>
public readonly struct LoanRequest(int account, int row, int market, int asset)
{
    /// <summary>Account.</summary>
    public int Account { get; } = account;

    /// <summary>Row of account and market, 0: none yet.</summary>
    public int Row { get; } = row;

    /// <summary>Market.</summary>
    public int Market { get; } = market;

    /// <summary>Asset.</summary>
    public int Asset { get; } = asset;

    /// <summary>What the pool has to lend or promise, with what it has promised the row before.</summary>
    public long AmountUnits { get; init; }

    /// <summary>That earlier promise.</summary>
    public long PromisedUnits { get; init; }

    /// <summary>Loss against the mark and fees, in the quote asset.</summary>
    public long LossUnits { get; init; }

    /// <summary>What counts less in the account for what the order would hold.</summary>
    public long HeldUnits { get; init; }

    /// <summary>What that counts against the loans of its own row.</summary>
    public long HeldWorthUnits { get; init; }
}
