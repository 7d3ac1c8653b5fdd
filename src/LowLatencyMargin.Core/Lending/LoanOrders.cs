using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Lending;

/// <summary>
/// Orders that borrow what their fills lack (R-1007): what they need is split into own funds, which are held, and what the pool promises, so that a
/// fill can always be paid, and borrows nothing before it comes.
/// </summary>
public sealed class LoanOrders(ExchangeState state, Loans loans)
{
    /// <summary>Counts an order in or out of what a row's orders with auto-borrow need.</summary>
    public void Count(int row, in Order order, long lots, long holdUnits)
    {
        if ((state.OrderTerms[order.Terms].Effect & SideEffect.AutoBorrow) == 0)
        {
            return;
        }

        ref MarginScope scope = ref state.MarginScopes.Edit(loans.NeedScope(row));
        if (order.Side == Side.Buy)
        {
            scope.AutoBuyUnits += holdUnits;
        }
        else
        {
            scope.AutoSellLots += lots;
        }
    }

    /// <summary>Splits what the orders of a row need into what it holds itself and what pools promise; room with the pools was checked before.</summary>
    public void Split(ref Position position, int wallet, in Market market, ref long quoteUnits, ref long baseUnits)
    {
        int row = state.FindPosition(position.Account, position.Market);
        ref MarginScope scope = ref state.MarginScopes.Edit(state.ScopeOf[row]);
        long plain = SpotSettlement.QuoteHold(position.Orders.BuyHoldUnits - scope.AutoBuyUnits, in market);
        scope.OwnQuoteUnits = Own(wallet, market.QuoteAsset, quoteUnits - plain, position.OrderMarginUnits - plain);
        Promise(market.QuoteAsset, quoteUnits - plain - scope.OwnQuoteUnits, ref scope.PromisedQuoteUnits);
        quoteUnits = plain + scope.OwnQuoteUnits;

        plain = (position.Orders.SellLots - scope.AutoSellLots) * market.LotUnits;
        scope.OwnBaseUnits = Own(wallet, market.BaseAsset, baseUnits - plain, position.BaseHoldUnits - plain);
        Promise(market.BaseAsset, baseUnits - plain - scope.OwnBaseUnits, ref scope.PromisedBaseUnits);
        baseUnits = plain + scope.OwnBaseUnits;
        if (IsUncovered(in position, in scope, in market, Side.Buy) || IsUncovered(in position, in scope, in market, Side.Sell))
        {
            state.NoteShort(position.Account);
        }

        loans.LeaveScope(row);
    }

    /// <summary>Whether neither own funds nor promises cover what the orders with auto-borrow of a side need.</summary>
    public static bool IsUncovered(in Position position, in MarginScope scope, in Market market, Side side)
    {
        if (side == Side.Sell)
        {
            return scope.AutoSellLots * market.LotUnits > scope.OwnBaseUnits + scope.PromisedBaseUnits;
        }

        long plain = SpotSettlement.QuoteHold(position.Orders.BuyHoldUnits - scope.AutoBuyUnits, in market);
        return SpotSettlement.QuoteHold(position.Orders.BuyHoldUnits, in market) - plain > scope.OwnQuoteUnits + scope.PromisedQuoteUnits;
    }

    /// <summary>
    /// While a resting order of a row trades: what it needs itself is free to be paid with, if it is the one that borrows; nothing else moves, and what is
    /// promised stays promised.
    /// </summary>
    public void Free(ref Position position, in Market market, bool borrows, ref long quoteUnits, ref long baseUnits)
    {
        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[state.FindPosition(position.Account, position.Market)]];
        long plain = SpotSettlement.QuoteHold(position.Orders.BuyHoldUnits - scope.AutoBuyUnits, in market);
        quoteUnits = plain + (borrows ? 0 : Math.Min(scope.OwnQuoteUnits, quoteUnits - plain));
        plain = (position.Orders.SellLots - scope.AutoSellLots) * market.LotUnits;
        baseUnits = plain + (borrows ? 0 : Math.Min(scope.OwnBaseUnits, baseUnits - plain));
    }

    /// <summary>Borrows exactly what a fill lacks.</summary>
    public void Cover(int row, int asset, long neededUnits)
    {
        long lacking = neededUnits - Wallets.Free(state, state.WalletOf(in state.Positions[row]), asset);
        long lent = Math.Min(lacking, state.Pools[state.Assets[asset].Pool].LiquidityUnits);
        if (lent > 0)
        {
            loans.Borrow(row, asset, lent);
        }
    }

    /// <summary>What a fill brought repays, interest first.</summary>
    public void RepayFrom(int row, int asset, long receivedUnits)
    {
        long there = Wallets.Units(state, state.WalletOf(in state.Positions[row]), asset);
        _ = loans.Repay(row, asset, Math.Min(receivedUnits, Math.Max(0, there)));
    }

    /// <summary>The part of a need that own funds cover: what is free, and what the row holds for it already.</summary>
    private long Own(int wallet, int asset, long needUnits, long heldUnits) =>
        needUnits == 0 ? 0 : Math.Clamp(Wallets.Free(state, wallet, asset) + heldUnits, 0, needUnits);

    private void Promise(int asset, long units, ref long promisedUnits)
    {
        int index = state.Assets[asset].Pool;
        if (index == 0)
        {
            return;
        }

        ref LendingPool pool = ref state.Pools.Edit(index);
        long promised = Math.Min(units, promisedUnits + Math.Max(0, pool.FreeUnits));
        pool.PromisedUnits += promised - promisedUnits;
        promisedUnits = promised;
    }
}
