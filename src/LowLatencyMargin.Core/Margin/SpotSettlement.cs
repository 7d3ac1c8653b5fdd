using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>
/// Books fills of spot markets to balances, and what resting orders hold of them (docs/collateral.md). A row of a spot market has no position; its
/// order margin is what its buys hold of the quote asset, its share what its sells hold of the base asset.
/// </summary>
public sealed class SpotSettlement(ExchangeState state)
{
    /// <summary>What buys of a notional hold: the fee at its worst included.</summary>
    public static long QuoteHold(long buyUnits, in Market market) =>
        buyUnits + Rate.OfRoundedUp(buyUnits, Math.Max(market.Parameters.MakerFeeRate, market.Parameters.TakerFeeRate));

    /// <summary>Brings what a row's resting orders hold up to date.</summary>
    public void Reserve(ref Position position, in Market market)
    {
        int index = state.FindPosition(position.Account, position.Market);
        long quote = QuoteHold(position.Orders.BuyHoldUnits, in market);
        long moreQuote = quote - position.OrderMarginUnits;
        if (moreQuote != 0)
        {
            ref Balance balance = ref state.Balances.Edit(state.FindBalance(position.Account, market.QuoteAsset));
            balance.HoldUnits += moreQuote;
            position.OrderMarginUnits = quote;
        }

        long inBase = position.Orders.SellLots * market.LotUnits;
        long moreBase = inBase - position.ShareUnits;
        if (moreBase != 0)
        {
            state.Balances.Edit(state.FindBalance(position.Account, market.BaseAsset)).HoldUnits += moreBase;
            position.ShareUnits = inBase;
        }

        long pool = market.QuoteAsset == Asset.CollateralId ? quote : market.BaseAsset == Asset.CollateralId ? inBase : 0;
        state.Accounts.Edit(position.Account).PoolHoldUnits += pool - position.PoolHoldUnits;
        position.PoolHoldUnits = pool;
        if ((moreQuote | moreBase) != 0)
        {
            // what orders hold stands behind nothing: the shares of the cross scope follow
            state.Touch(index);
        }
    }

    /// <summary>
    /// Brings the maker's hold up to date and limits the buyer's fee to what there is for it, since many small fills round up to more than one large:
    /// a resting buy pays from what is free (one that meets its own account, which may be in the middle of a batch, from what its hold gives back), an
    /// incoming one rounds over all that it has traded and leaves what the rest of it would hold.
    /// </summary>
    public void LimitFees(
        ref Position maker, Side makerSide, in IncomingOrder taker, in Market market, long notionalUnits, int takerRate, ref long makerFee, ref long takerFee)
    {
        long held = maker.OrderMarginUnits;
        Reserve(ref maker, in market);
        if (makerSide == Side.Buy)
        {
            long most = maker.Account == taker.Account
                ? held - maker.OrderMarginUnits
                : Wallets.Free(state, maker.Account, market.QuoteAsset);
            makerFee = Math.Clamp(most - notionalUnits, 0, makerFee);
            return;
        }

        long rounded = Rate.OfRoundedUp(taker.TradedUnits, takerRate) - Rate.OfRoundedUp(taker.TradedUnits - notionalUnits, takerRate);
        long needed = QuoteHold(taker.LeavesLots * taker.LimitTicks * market.TickValueUnits, in market);
        long free = Wallets.Free(state, taker.Account, market.QuoteAsset) - notionalUnits - needed;
        takerFee = Math.Clamp(free, 0, Math.Min(takerFee, rounded));
    }

    /// <summary>Books one side of a trade.</summary>
    /// <param name="index">Row of account and market.</param>
    /// <param name="side">Side of this account.</param>
    /// <param name="lots">Quantity.</param>
    /// <param name="notionalUnits">What it traded for.</param>
    /// <param name="feeUnits">Fee, within <see cref="LimitFees"/>.</param>
    public void Book(int index, Side side, long lots, long notionalUnits, long feeUnits)
    {
        ref Position position = ref state.Positions.Edit(index);
        ref Market market = ref state.Markets.Edit(position.Market);
        ref PositionDetail detail = ref state.PositionDetails.Edit(index);
        int account = position.Account;
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
    }

    /// <summary>Ends a step for a touched row: its holds, and what its trades made of its balances.</summary>
    public void Refresh(ref Position position, in Market market)
    {
        Reserve(ref position, in market);
        if (position.WasOpened != 0)
        {
            position.WasOpened = 0;
            AddBalanceEvent(position.Account, market.BaseAsset, position.Market);
            AddBalanceEvent(position.Account, market.QuoteAsset, position.Market);
        }
    }

    private void AddBalanceEvent(int account, int asset, int market)
    {
        ref BalanceUpdated updated = ref state.Events.Add<BalanceUpdated>(EventType.BalanceUpdated, market);
        updated.AccountId = account;
        updated.AssetId = asset;
        updated.BalanceUnits = Wallets.Units(state, account, asset);
        updated.HoldUnits = Wallets.Held(state, account, asset);
    }
}
