using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Lending;

/// <summary>Borrowing, repaying and closing on request (R-1003, R-1005, R-1008).</summary>
public sealed class LoanDesk(
    ExchangeState state, Loans loans, LoanCheck check, Transfers transfers, OrderRules rules, OrderEntry orders)
{
    /// <summary>Borrows into the scope of an account in a market.</summary>
    public ResultCode Borrow(ref readonly Borrow command)
    {
        ResultCode code = Find(command.AccountId, command.MarketId, command.AssetId, out int account, out int marketId);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (command.AmountUnits <= 0)
        {
            return ResultCode.InvalidAmount;
        }

        ref readonly Market market = ref state.Markets[marketId];
        int row = state.FindPosition(account, marketId);
        if (market.State != MarketState.Open)
        {
            return ResultCode.MarketStateForbids;
        }

        if (rules.IsKilled(account, row, marketId))
        {
            return ResultCode.KillSwitchActive;
        }

        if (market.MarkTicks == 0)
        {
            return ResultCode.NoReferencePrice;
        }

        if ((row == 0 && !state.HasRoomForPosition(account, marketId)) || (state.ScopeOf[row] == 0 && !state.MarginScopes.HasRoom)
            || !Wallets.HasRoom(state, account, (int)command.AssetId))
        {
            return ResultCode.CapacityExceeded;
        }

        code = check.CanBorrow(new LoanRequest(account, row, marketId, (int)command.AssetId) { AmountUnits = command.AmountUnits });
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        row = row != 0 ? row : state.AddPosition(account, marketId);
        loans.Borrow(row, (int)command.AssetId, command.AmountUnits);
        state.Touch(row);
        return ResultCode.Accepted;
    }

    /// <summary>Repays from what is free in the scope.</summary>
    public ResultCode Repay(ref readonly Repay command)
    {
        ResultCode code = Find(command.AccountId, command.MarketId, command.AssetId, out int account, out int marketId);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (command.AmountUnits < 0)
        {
            return ResultCode.InvalidAmount;
        }

        int row = state.FindPosition(account, marketId);
        int asset = (int)command.AssetId;
        long owed = row == 0 ? 0 : loans.Owed(row, asset);
        if (owed == 0)
        {
            return ResultCode.NothingOwed;
        }

        long amount = command.AmountUnits == 0 ? owed : Math.Min(owed, command.AmountUnits);
        if (amount > Wallets.Free(state, state.WalletOf(in state.Positions[row]), asset))
        {
            return ResultCode.InsufficientBalance;
        }

        _ = loans.Repay(row, asset, amount);
        state.Touch(row);
        return ResultCode.Accepted;
    }

    /// <summary>
    /// Repays what free funds allow, and trades at once just as much as the rest, the buffer and the fee take, at the prices in the book; what the
    /// trades bring repays, and what is left over stays with the owner.
    /// </summary>
    public ResultCode Close(ref readonly CloseLoans command)
    {
        ResultCode code = Find(command.AccountId, command.MarketId, null, out int account, out int marketId);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (command.Reserved != 0)
        {
            return ResultCode.MalformedCommand;
        }

        int row = state.FindPosition(account, marketId);
        ref readonly Market market = ref state.Markets[marketId];
        LoanFigures figures = row == 0 ? default : LoanFigures.Pair(state, row);
        if (!figures.Owes)
        {
            return ResultCode.NothingOwed;
        }

        int wallet = state.WalletOf(in state.Positions[row]);
        bool sells = figures.QuoteOwedUnits != 0;
        Side side = sells ? Side.Sell : Side.Buy;
        long limit = rules.MarketLimit(marketId, side, command.MaxSlippageRate);
        long lots = sells
            ? LotsToSell(wallet, marketId, figures.QuoteOwedUnits, limit)
            : LotsToBuy(wallet, in market, figures.BaseOwedUnits);
        int asset = sells ? market.QuoteAsset : market.BaseAsset;
        if (lots == 0 && Wallets.Free(state, wallet, asset) <= 0)
        {
            return ResultCode.InsufficientBalance;
        }

        if (lots > 0)
        {
            PlaceOrder order = new()
            {
                AccountId = account,
                MarketId = marketId,
                ClientOrderId = command.ClientOrderId,
                Side = side,
                Type = OrderType.Market,
                TimeInForce = TimeInForce.ImmediateOrCancel,
                QuantityLots = lots,
                MaxSlippageRate = command.MaxSlippageRate,
            };
            OrderTerms terms = new() { Effect = SideEffect.AutoRepay };
            code = orders.Place(in order, in terms, isCounted: true);
            if (code != ResultCode.Accepted)
            {
                return code;
            }
        }

        RepayFree(row, asset, wallet);
        state.Touch(row);
        return ResultCode.Accepted;
    }

    private void RepayFree(int row, int asset, int wallet)
    {
        long free = Math.Max(0, Wallets.Free(state, wallet, asset));
        _ = loans.Repay(row, asset, Math.Min(free, loans.Owed(row, asset)));
    }

    /// <summary>The lots that bring what is owed with the buffer, fee paid, from the best bid on; all there are when the book does not bring it.</summary>
    private long LotsToSell(int wallet, int marketId, long owedUnits, long limitTicks)
    {
        ref readonly Market market = ref state.Markets[marketId];
        long missing = WithBuffer(owedUnits, in market) - Math.Max(0, Wallets.Free(state, wallet, market.QuoteAsset));
        long most = Math.Max(0, Wallets.Free(state, wallet, market.BaseAsset)) / market.LotUnits;
        if (missing <= 0 || most == 0)
        {
            return 0;
        }

        int kept = Rate.Scale - market.Parameters.TakerFeeRate;
        OrderBook book = state.Books[marketId];
        long lots = 0;
        int left = state.WorkLeft;
        for (long ticks = book.Bids.BestTicks; ticks >= limitTicks && ticks != 0 && lots < most && left > 0; ticks = book.Bids.NextWorse(ticks), left--)
        {
            long atLevel = Math.Min(book.Bids.At(ticks).Lots, most - lots);
            UInt128 lotValue = (UInt128)(ulong)ticks * (ulong)market.TickValueUnits * (ulong)kept;
            UInt128 needed = (((UInt128)(ulong)missing * Rate.Scale) + (lotValue - 1)) / lotValue;
            if (needed <= (ulong)atLevel)
            {
                return lots + (long)needed;
            }

            lots += atLevel;
            missing -= (long)((UInt128)(ulong)atLevel * lotValue / Rate.Scale);
        }

        return most;
    }

    private long LotsToBuy(int wallet, in Market market, long owedUnits)
    {
        long missing = owedUnits - Math.Max(0, Wallets.Free(state, wallet, market.BaseAsset));
        return missing <= 0 ? 0 : (missing + market.LotUnits - 1) / market.LotUnits;
    }

    private static long WithBuffer(long units, in Market market) => units + Rate.OfRoundedUp(units, market.Parameters.CloseBufferRate);

    /// <summary>Account, spot-margin market and, where the command names one, an asset of its pair.</summary>
    private ResultCode Find(long accountId, long marketId, long? assetId, out int account, out int market)
    {
        account = 0;
        market = 0;
        if (!transfers.HasAccount(accountId))
        {
            return ResultCode.UnknownAccount;
        }

        if (marketId < 1 || marketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        account = (int)accountId;
        market = (int)marketId;
        if (state.Markets[market].Kind != MarketKind.SpotMargin)
        {
            return ResultCode.InvalidPair;
        }

        if (assetId < 1 || assetId > state.Assets.HighWater)
        {
            return ResultCode.UnknownAsset;
        }

        bool ofPair = assetId is null || assetId == state.Markets[market].BaseAsset || assetId == state.Markets[market].QuoteAsset;
        return !ofPair ? ResultCode.InvalidPair
            : (state.Accounts[account].Traits & AccountTraits.SpotOnly) != 0 ? ResultCode.MarginDisabled
            : ResultCode.Accepted;
    }
}
