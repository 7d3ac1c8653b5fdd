using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Margin;

/// <summary>
/// Books fills of spot markets to balances, and what resting orders hold of them (docs/collateral.md). A row of a spot market has no position; its
/// order margin is what its buys hold of the quote asset, its share what its sells hold of the base asset.
/// </summary>
[method: ColdPath]
public sealed class SpotSettlement(ExchangeState state)
{
    /// <summary>Orders that borrow and repay.</summary>
    public LoanOrders Loans { get; } = new(state, new Loans(state, new LendingPools(state)));

    /// <summary>What buys of a notional hold: the fee at its worst included.</summary>
    public static long QuoteHold(long buyUnits, in Market market) =>
        buyUnits + Rate.OfRoundedUp(buyUnits, Math.Max(market.Parameters.MakerFeeRate, market.Parameters.TakerFeeRate));

    /// <summary>Brings what a row's resting orders hold up to date.</summary>
    public void Reserve(ref Position position, in Market market)
    {
        long quote = QuoteHold(position.Orders.BuyHoldUnits, in market);
        long inBase = position.Orders.SellLots * market.LotUnits;
        int wallet = state.WalletOf(in position);
        if ((position.Guards & Guards.Loans) != 0)
        {
            Loans.Split(ref position, wallet, in market, ref quote, ref inBase);
        }

        Hold(ref position, wallet, in market, quote, inBase);
    }

    /// <summary>Sets what a row holds of quote and base asset.</summary>
    private void Hold(ref Position position, int wallet, in Market market, long quote, long inBase)
    {
        long moreQuote = quote - position.OrderMarginUnits;
        if (moreQuote != 0)
        {
            ref Balance balance = ref state.Balances.Edit(state.FindBalance(wallet, market.QuoteAsset));
            balance.HoldUnits += moreQuote;
            position.OrderMarginUnits = quote;
        }

        long moreBase = inBase - position.BaseHoldUnits;
        if (moreBase != 0)
        {
            state.Balances.Edit(state.FindBalance(wallet, market.BaseAsset)).HoldUnits += moreBase;
            position.BaseHoldUnits = inBase;
        }

        // of an isolated scope the hold is the wallet's, and none of the account's pool
        long morePool = market.QuoteAsset == Asset.CollateralId ? moreQuote : market.BaseAsset == Asset.CollateralId ? moreBase : 0;
        state.Accounts.Edit(wallet).PoolHoldUnits += morePool;
        position.PoolHoldUnits += position.IsIsolated != 0 ? 0 : morePool;
        if ((moreQuote | moreBase) != 0)
        {
            // what orders hold stands behind nothing: the shares of the cross scope follow
            state.Touch(state.FindPosition(position.Account, position.Market));
        }
    }

    /// <summary>
    /// Brings the maker's hold up to date and limits the buyer's fee to what there is for it, since many small fills round up to more than one large:
    /// a resting buy pays from what is free (one that meets its own account, which may be in the middle of a batch, from what its hold gives back), an
    /// incoming one rounds over all that it has traded and leaves what the rest of it would hold. An order that borrows
    /// then borrows what its side of the trade lacks (R-1007).
    /// </summary>
    public void Prepare(
        ref Position maker, in SpotTrade trade, in IncomingOrder taker, in Market market, int takerRate, ref long makerFee,
        ref long takerFee)
    {
        bool makerBorrows = (trade.MakerEffect & SideEffect.AutoBorrow) != 0;
        bool takerBorrows = (trade.TakerEffect & SideEffect.AutoBorrow) != 0;
        long needed = maker.OrderMarginUnits;
        long stillNeeded;
        if ((maker.Guards & Guards.Loans) == 0)
        {
            Reserve(ref maker, in market);
            stillNeeded = maker.OrderMarginUnits;
        }
        else
        {
            needed = QuoteHold(maker.Orders.BuyHoldUnits + trade.HoldUnits, in market);
            stillNeeded = QuoteHold(maker.Orders.BuyHoldUnits, in market);
            long quote = stillNeeded;
            long inBase = maker.Orders.SellLots * market.LotUnits;
            Loans.Free(ref maker, in market, makerBorrows, ref quote, ref inBase);
            Hold(ref maker, state.WalletOf(in maker), in market, quote, inBase);
        }

        if (trade.MakerSide == Side.Buy)
        {
            long most = makerBorrows || maker.Account == taker.Account
                ? needed - stillNeeded
                : Wallets.Free(state, state.WalletOf(in maker), market.QuoteAsset);
            makerFee = Math.Clamp(most - trade.NotionalUnits, 0, makerFee);
        }
        else
        {
            long rounded = Rate.OfRoundedUp(taker.TradedUnits, takerRate) - Rate.OfRoundedUp(taker.TradedUnits - trade.NotionalUnits, takerRate);
            takerFee = Math.Min(takerFee, rounded);
            if (!takerBorrows)
            {
                long leaves = QuoteHold(taker.LeavesLots * taker.LimitTicks * market.TickValueUnits, in market);
                int wallet = state.WalletOf(in state.Positions[taker.Position]);
                takerFee = Math.Clamp(Wallets.Free(state, wallet, market.QuoteAsset) - trade.NotionalUnits - leaves, 0, takerFee);
            }
        }

        if (makerBorrows)
        {
            Cover(trade.MakerRow, trade.MakerSide, in trade, makerFee, in market);
        }

        if (takerBorrows)
        {
            Cover(taker.Position, taker.Side, in trade, takerFee, in market);
        }
    }

    private void Cover(int row, Side side, in SpotTrade trade, long feeUnits, in Market market)
    {
        if (side == Side.Buy)
        {
            Loans.Cover(row, market.QuoteAsset, trade.NotionalUnits + feeUnits);
        }
        else
        {
            Loans.Cover(row, market.BaseAsset, trade.Lots * market.LotUnits);
        }
    }

    /// <summary>Books one side of a trade.</summary>
    /// <param name="index">Row of account and market.</param>
    /// <param name="side">Side of this account.</param>
    /// <param name="lots">Quantity.</param>
    /// <param name="notionalUnits">What it traded for.</param>
    /// <param name="feeUnits">Fee, within <see cref="Prepare"/>.</param>
    /// <param name="repays">Whether what it brings repays a loan of that asset.</param>
    public void Book(int index, Side side, long lots, long notionalUnits, long feeUnits, bool repays)
    {
        ref Position position = ref state.Positions.Edit(index);
        ref Market market = ref state.Markets.Edit(position.Market);
        ref PositionDetail detail = ref state.PositionDetails.Edit(index);
        int account = state.WalletOf(in position);
        long baseUnits = lots * market.LotUnits;
        position.WasOpened = 1;
        detail.UpdatedNs = state.TimeNs;
        state.Touch(index);
        if (side == Side.Buy)
        {
            Wallets.Debit(state, account, market.QuoteAsset, notionalUnits + feeUnits);
            Wallets.Credit(state, account, market.BaseAsset, baseUnits);
        }
        else
        {
            Wallets.Debit(state, account, market.BaseAsset, baseUnits);
            Wallets.Credit(state, account, market.QuoteAsset, notionalUnits - feeUnits);
        }

        market.FeeUnits += feeUnits;
        detail.FeeUnits += feeUnits;
        if (repays)
        {
            Loans.RepayFrom(index, side == Side.Buy ? market.BaseAsset : market.QuoteAsset, side == Side.Buy ? baseUnits : notionalUnits - feeUnits);
        }
    }

    /// <summary>Ends a step for a touched row: its holds, and what its trades made of its balances.</summary>
    public void Refresh(ref Position position, in Market market)
    {
        Reserve(ref position, in market);
        if (position.WasOpened != 0)
        {
            position.WasOpened = 0;
            AddBalanceEvent(in position, market.BaseAsset);
            AddBalanceEvent(in position, market.QuoteAsset);
        }
    }

    private void AddBalanceEvent(in Position position, int asset)
    {
        int wallet = state.WalletOf(in position);
        ref BalanceUpdated updated = ref state.Events.Add<BalanceUpdated>(
            EventType.BalanceUpdated, position.Market, position.IsIsolated != 0 ? EventFlags.Isolated : EventFlags.None);
        updated.AccountId = position.Account;
        updated.AssetId = asset;
        updated.BalanceUnits = Wallets.Units(state, wallet, asset);
        updated.HoldUnits = Wallets.Held(state, wallet, asset);
    }
}

/// <summary>A trade of a spot market, before it is booked.</summary>
public struct SpotTrade
{
    /// <summary>Row of the resting side.</summary>
    public int MakerRow;

    /// <summary>Side of the resting order.</summary>
    public Side MakerSide;

    /// <summary>What the resting order does to loans.</summary>
    public SideEffect MakerEffect;

    /// <summary>What the incoming order does to loans.</summary>
    public SideEffect TakerEffect;

    /// <summary>Quantity.</summary>
    public long Lots;

    /// <summary>What it trades for.</summary>
    public long NotionalUnits;

    /// <summary>Of a resting buy: what it held for it, without fee.</summary>
    public long HoldUnits;
}
