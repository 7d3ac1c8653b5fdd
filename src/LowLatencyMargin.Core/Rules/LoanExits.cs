using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Rules;

/// <summary>Exits of scopes with loans (R-1408, R-1504): what the owner could order to repay, and no more.</summary>
public sealed class LoanExits(ExchangeState state, OrderRules orderRules, OrderEntry orders, LoanDesk desk, Settlement settlement)
{
    /// <summary>Repays what a scope owes, as the owner's own close would; false when nothing was repaid.</summary>
    public bool CloseAll(int index)
    {
        LoanFigures pair = LoanFigures.Pair(state, index);
        ref readonly Position position = ref state.Positions[index];
        ref readonly Market market = ref state.Markets[position.Market];
        int asset = pair.QuoteOwedUnits != 0 ? market.QuoteAsset : market.BaseAsset;
        bool repays = Wallets.Free(state, state.WalletOf(in position), asset) > 0;
        if (!IsPossible(index) || !(repays || Crosses(position.Market, SideOf(in pair))))
        {
            return false;
        }

        CloseLoans command = new() { AccountId = position.Account, MarketId = position.Market };
        int account = position.Account;
        return desk.Close(in command) == ResultCode.Accepted && HasRepaid(account, index, in pair);
    }

    /// <summary>Sells, or buys, the fewest lots that bring a scope's level to the target; false when nothing was repaid.</summary>
    public bool BringBack(int index, int target)
    {
        LoanFigures pair = LoanFigures.Pair(state, index);
        ref readonly Position position = ref state.Positions[index];
        int account = position.Account;
        int marketId = position.Market;
        ref readonly Market market = ref state.Markets[marketId];
        Side side = SideOf(in pair);
        long most = MostLots(in position, in market, in pair);
        if (most <= 0 || pair.IsLiquidatable(in market) || !IsPossible(index) || !Crosses(marketId, side))
        {
            return false;
        }

        long least = 1;
        while (least < most)
        {
            long lots = (least + most) / 2;
            if (Suffices(in pair, in market, lots, target))
            {
                most = lots;
            }
            else
            {
                least = lots + 1;
            }
        }

        PlaceOrder order = new()
        {
            AccountId = account,
            MarketId = marketId,
            Side = side,
            Type = OrderType.Market,
            TimeInForce = TimeInForce.ImmediateOrCancel,
            SelfTrade = SelfTradePrevention.Maker,
            QuantityLots = least,
        };
        OrderTerms terms = new() { Effect = SideEffect.AutoRepay };
        if (orders.Place(in order, in terms, isCounted: false) != ResultCode.Accepted || !HasRepaid(account, index, in pair))
        {
            return false;
        }

        LoanFigures after = LoanFigures.Pair(state, index);
        long traded = after.BaseUnits - after.BaseOwedUnits - (pair.BaseUnits - pair.BaseOwedUnits);
        ref PositionReduced reduced = ref state.Events.Add<PositionReduced>(EventType.PositionAutoReduced, marketId, EventFlags.None, (byte)ExitCause.Level);
        reduced.AccountId = account;
        reduced.QuantityLots = Math.Abs(traded) / market.LotUnits;
        reduced.TargetLevel = target;
        return true;
    }

    private static Side SideOf(in LoanFigures pair) => pair.QuoteOwedUnits != 0 ? Side.Sell : Side.Buy;

    private bool Crosses(int market, Side side)
    {
        long limit = orderRules.MarketLimit(market, side, 0);
        return limit != 0 && state.Books[market].Crosses(side, limit);
    }

    private bool IsPossible(int index)
    {
        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[index]];
        return state.WorkLeft > 0 && state.Orders.HasRoom && scope.IsLiquidating == 0
            && MarketRules.Liquidates(state.Markets[state.Positions[index].Market].State);
    }

    /// <summary>What is free to sell, or what is owed, as far as the free quote pays for it at the worst price.</summary>
    private long MostLots(in Position position, in Market market, in LoanFigures pair)
    {
        int wallet = state.WalletOf(in position);
        if (pair.QuoteOwedUnits != 0)
        {
            return Math.Max(0, Wallets.Free(state, wallet, market.BaseAsset)) / market.LotUnits;
        }

        long limit = orderRules.MarketLimit(position.Market, Side.Buy, 0);
        UInt128 worst = (UInt128)(ulong)Math.Max(1, limit) * (ulong)market.TickValueUnits * (ulong)(Rate.Scale + market.Parameters.TakerFeeRate);
        UInt128 paid = (UInt128)(ulong)Math.Max(0, Wallets.Free(state, wallet, market.QuoteAsset)) * Rate.Scale / worst;
        return (long)UInt128.Min(paid, (ulong)((pair.BaseOwedUnits + market.LotUnits - 1) / market.LotUnits));
    }

    /// <summary>Whether the level is at the target once so many lots are traded at the mark, the fee is paid and what they bring has repaid.</summary>
    private static bool Suffices(in LoanFigures pair, in Market market, long lots, int target)
    {
        LoanFigures after = pair;
        long value = Requirements.Notional(lots, market.MarkTicks, in market);
        long fee = Rate.OfRoundedUp(value, market.Parameters.TakerFeeRate);
        if (pair.QuoteOwedUnits != 0)
        {
            long repaid = Math.Min(pair.QuoteOwedUnits, value - fee);
            after.BaseUnits -= lots * market.LotUnits;
            after.QuoteUnits += value - fee - repaid;
            after.QuoteOwedUnits -= repaid;
        }
        else
        {
            long repaid = Math.Min(pair.BaseOwedUnits, lots * market.LotUnits);
            after.BaseUnits += (lots * market.LotUnits) - repaid;
            after.QuoteUnits -= value + fee;
            after.BaseOwedUnits -= repaid;
        }

        return (Int128)after.AssetUnits(in market) * Rate.Scale >= (Int128)target * after.DebtUnits(in market);
    }

    /// <summary>An exit that repaid nothing would come again at once, and find the same: its account is not due for that.</summary>
    private bool HasRepaid(int account, int index, in LoanFigures before)
    {
        settlement.Refresh();
        LoanFigures after = LoanFigures.Pair(state, index);
        bool repaid = after.QuoteOwedUnits != before.QuoteOwedUnits || after.BaseOwedUnits != before.BaseOwedUnits;
        if (!repaid)
        {
            state.DropRules(state.Accounts[account].Rules);
        }

        return repaid;
    }
}
