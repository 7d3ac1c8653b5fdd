using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>
/// Turns the collateral of an account without cross positions and orders into what its pool lacks (docs/collateral.md): on the book, what that does
/// not take to a liquidation account at its weight, and only then by insurance.
/// </summary>
public sealed class CollateralSale(ExchangeState state, Settlement settlement, MatchingEngine matching)
{
    /// <summary>Trades that are made whatever work is left, before everything is settled.</summary>
    private const int ChunkTrades = 8;

    /// <summary>Sells until the pool is not below zero; false when the work did not suffice.</summary>
    /// <param name="account">Account.</param>
    /// <param name="lossMarket">Market whose insurance covers what is not covered by then; 0: that of the asset taken over last, or the first.</param>
    public bool Sell(int account, ref int lossMarket)
    {
        if (!Raise(account, units: 0, exceptAsset: 0, ref lossMarket))
        {
            return false;
        }

        if (state.Accounts[account].BalanceUnits < 0)
        {
            CoverRest(account, lossMarket != 0 ? lossMarket : 1);
        }

        return true;
    }

    /// <summary>Sells other assets than one until the pool has so much, or nothing is left that counts; false when the work did not suffice.</summary>
    public bool Raise(int account, long units, int exceptAsset, ref int lossMarket)
    {
        ref ForcedSale sale = ref state.Sale;
        while (sale.Asset != 0 || state.Accounts[account].BalanceUnits < units)
        {
            if (sale.Asset == 0)
            {
                int row = LargestHolding(account, exceptAsset);
                if (row == 0)
                {
                    break;
                }

                if (state.WorkLeft == 0)
                {
                    return false;
                }

                state.Spend(1);
                Begin(account, state.Balances[row].Asset, units, ref sale);
            }

            int asset = sale.Asset;
            int market = TakingMarket(asset);
            lossMarket = lossMarket != 0 ? lossMarket : market;
            if (!SellOnBook(account, ref sale))
            {
                return false;
            }

            sale.EndLots();
            if (state.Accounts[account].BalanceUnits < units && !TakeOver(account, asset, market, units))
            {
                break;
            }
        }

        return true;
    }

    private static long FreeOf(in Balance balance) => balance.Units - balance.HoldUnits;

    /// <summary>The holding that counts most for maintenance, the lower asset of two; 0: none counts.</summary>
    private int LargestHolding(int account, int exceptAsset)
    {
        int largest = 0;
        long most = 0;
        for (int row = state.Accounts[account].FirstBalance; row != 0; row = state.Balances[row].Next)
        {
            ref readonly Balance balance = ref state.Balances[row];
            long counts = balance.Asset == Asset.CollateralId || balance.Asset == exceptAsset
                ? 0
                : Collateral.Weighted(state, balance.Asset, FreeOf(in balance), CollateralPurpose.Maintenance);
            if (counts > most || (counts == most && counts > 0 && balance.Asset < state.Balances[largest].Asset))
            {
                largest = row;
                most = counts;
            }
        }

        return largest;
    }

    /// <summary>The market whose liquidation account takes an asset over.</summary>
    private int TakingMarket(int asset)
    {
        ref readonly Asset row = ref state.Assets[asset];
        return row.SpotMarket != 0 ? row.SpotMarket : row.PriceMarket != 0 ? row.PriceMarket : 1;
    }

    /// <summary>How much of an asset is to be sold, and how low.</summary>
    private void Begin(int account, int asset, long wantedUnits, ref ForcedSale sale)
    {
        sale.Asset = asset;
        int marketId = state.Assets[asset].SpotMarket;
        ref readonly Market market = ref state.Markets[marketId];
        if (marketId == 0 || market.MarkTicks == 0 || !MarketRules.Liquidates(market.State))
        {
            return;
        }

        long limit = Math.Max(1, market.MarkTicks - Rate.OfRoundedDown(market.MarkTicks, market.Parameters.MaxSlippageRate));
        if (!Exact.TryNotional(1, limit, market.TickValueUnits, out long gross))
        {
            return;
        }

        long net = gross - Rate.OfRoundedUp(gross, market.Parameters.TakerFeeRate);
        long there = FreeOf(in state.Balances[state.FindBalance(account, asset)]) / market.LotUnits;
        long lots = net <= 0 ? there : Math.Min(there, Exact.MultiplyDivideUp(wantedUnits - state.Accounts[account].BalanceUnits, 1, net));
        if (lots > 0 && CanTrade(account, marketId))
        {
            sale.Lots = lots;
            sale.TradedUnits = 0;
            sale.LimitTicks = limit;
            sale.LiquidationId = ++state.LastLiquidationId;
        }
    }

    /// <summary>Whether an account has a cross row in a market, or room for one.</summary>
    private bool CanTrade(int account, int marketId)
    {
        int index = state.FindPosition(account, marketId);
        return index != 0 ? state.Positions[index].IsIsolated == 0 : state.HasRoomForPosition(account, marketId);
    }

    /// <summary>Sells what the book takes of it, chunk by chunk; false when the work did not suffice.</summary>
    private bool SellOnBook(int account, ref ForcedSale sale)
    {
        int marketId = state.Assets[sale.Asset].SpotMarket;
        while (sale.Lots > 0)
        {
            if (!CanTrade(account, marketId))
            {
                break;
            }

            if (state.WorkLeft == 0)
            {
                return false;
            }

            int index = state.FindPosition(account, marketId);
            index = index != 0 ? index : state.AddPosition(account, marketId);
            state.Touch(index);
            int trades = ChunkTrades;
            sale.Lots -= matching.TradeAtOnce(index, Side.Sell, sale.Lots, sale.LimitTicks, sale.LiquidationId, ref trades, ref sale.TradedUnits);
            if (trades > 0)
            {
                break;
            }

            matching.RunAftermath();
            settlement.Refresh();
        }

        return true;
    }

    /// <summary>The fewest units that cover what lacks, or all, for what they count; false when there is no room for them.</summary>
    private bool TakeOver(int account, int asset, int marketId, long wantedUnits)
    {
        int taker = state.Markets[marketId].LiquidationAccount;
        int row = state.FindBalance(account, asset);
        long there = row == 0 ? 0 : FreeOf(in state.Balances[row]);
        if (there == 0)
        {
            return true;
        }

        if (!Wallets.HasRoom(state, taker, asset))
        {
            return false;
        }

        long lacking = wantedUnits - state.Accounts[account].BalanceUnits;
        long units = Math.Min(there, Collateral.LeastUnits(state, asset, lacking, CollateralPurpose.Maintenance));
        long paid = Collateral.Weighted(state, asset, units, CollateralPurpose.Maintenance);
        Wallets.Debit(state, account, asset, units);
        Wallets.Credit(state, taker, asset, units);
        state.Accounts.Edit(account).BalanceUnits += paid;
        state.Accounts.Edit(taker).BalanceUnits -= paid;
        ref CollateralTakenOver taken = ref state.Events.Add<CollateralTakenOver>(EventType.CollateralTakenOver, marketId);
        taken.AccountId = account;
        taken.AssetId = asset;
        taken.TakenUnits = units;
        taken.PaidUnits = paid;
        return true;
    }

    private void CoverRest(int account, int marketId)
    {
        long shortfall = -state.Accounts[account].BalanceUnits;
        state.Accounts.Edit(account).BalanceUnits = 0;
        settlement.CoverShortfall(marketId, account, shortfall, state.LossOrigin);
    }
}
