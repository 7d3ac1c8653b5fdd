using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Margin;

/// <summary>Whether what spot orders would hold and give away is there: before anything moves (docs/collateral.md).</summary>
[method: ColdPath]
public sealed class SpotCheck(ExchangeState state, MarginCheck marginCheck)
{
    private readonly Slab<Order> _orders = state.Orders;

    /// <summary>The same for what is borrowed.</summary>
    public LoanCheck Loans { get; } = new(state, marginCheck);

    /// <summary>
    /// One order, in place of <paramref name="replaced"/> when it is a change. One that can rest must be covered by what it holds more; one that trades
    /// at once or not at all brings something for it.
    /// </summary>
    public ResultCode Check(
        int account, in Position position, int marketId, Side side, long limitTicks, long lots, int replaced, bool immediate, CollateralPurpose purpose,
        SideEffect effect)
    {
        ref readonly Market market = ref state.Markets[marketId];
        OrderSums sums = position.Orders;
        long replacedLots = 0;
        long replacedUnits = 0;
        if (replaced != 0)
        {
            ref readonly Order order = ref _orders[replaced];
            replacedLots = order.LeavesLots;
            replacedUnits = order.LeavesLots * order.HoldTicks * market.TickValueUnits;
            sums.Take(side, replacedLots, replacedUnits);
            effect = order.Has(OrderMarks.Loans) ? state.OrderTerms[order.Terms].Effect : SideEffect.None;
        }

        if (!Exact.TryNotional(lots, limitTicks, market.TickValueUnits, out long units))
        {
            return ResultCode.Overflow;
        }

        sums.Add(side, lots, limitTicks, units);
        Int128 brought = !immediate ? 0
            : side == Side.Buy ? (Int128)lots * market.LotUnits
            : units - Rate.OfRoundedUp(units, market.Parameters.TakerFeeRate);
        if ((effect & SideEffect.AutoBorrow) != 0)
        {
            int row = state.FindPosition(account, marketId);
            ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[row]];
            long borrowing = side == Side.Buy
                ? scope.AutoBuyUnits + units - replacedUnits
                : (scope.AutoSellLots + lots - replacedLots) * market.LotUnits;
            ResultCode code = CheckBorrowing(account, row, marketId, in sums, side, borrowing, lots, limitTicks, replaced, out bool borrows);
            if (borrows || code != ResultCode.Accepted)
            {
                return code;
            }
        }

        OrderLoss loss = new() { LossUnits = WorseThanMark(side, lots, limitTicks, in market), NotionalUnits = units, Replaced = replaced };
        return Check(account, in position, in market, in sums, in loss, roundings: 0, brought, purpose);
    }

    /// <summary>
    /// The orders of a row as they would be; <paramref name="roundings"/> is how much more than the sum's the fees may be rounded up to, <paramref
    /// name="brought"/> what comes in for what is given.
    /// </summary>
    public ResultCode Check(
        int account, in Position position, in Market market, in OrderSums sums, in OrderLoss added, int roundings, Int128 brought,
        CollateralPurpose purpose)
    {
        int wallet = position.IsIsolated == 0 ? account : state.WalletOf(in position);
        MarginScope scope = (position.Guards & Guards.Loans) == 0 ? default : state.MarginScopes[state.ScopeOf[state.FindPosition(account, position.Market)]];
        long pays = sums.BuyHoldUnits <= position.Orders.BuyHoldUnits ? 0
            : SpotSettlement.QuoteHold(sums.BuyHoldUnits, in market) + roundings - position.OrderMarginUnits - scope.PromisedQuoteUnits;
        if (pays > 0 && pays > Wallets.Free(state, wallet, market.QuoteAsset))
        {
            return ResultCode.InsufficientBalance;
        }

        long free = Wallets.Free(state, wallet, market.BaseAsset) + position.BaseHoldUnits + scope.PromisedBaseUnits;
        bool sells = sums.SellLots > position.Orders.SellLots;
        if (sells && sums.SellLots > (free < 0 ? 0 : free / market.LotUnits))
        {
            return ResultCode.InsufficientBalance;
        }

        if ((state.Accounts[account].Traits & AccountTraits.SpotOnly) != 0)
        {
            return ResultCode.Accepted;
        }

        ResultCode code = (scope.QuoteLoan | scope.BaseLoan) == 0 ? ResultCode.Accepted : CheckLoss(account, position.Market, in added);
        if (position.IsIsolated != 0 || code != ResultCode.Accepted)
        {
            return code;
        }

        long sold = sells ? (sums.SellLots * market.LotUnits) - position.BaseHoldUnits - scope.PromisedBaseUnits : 0;
        Int128 loss = Lost(account, market.QuoteAsset, pays, purpose) + Lost(account, market.BaseAsset, sold, purpose);
        if ((state.Accounts[account].Traits & AccountTraits.HasMarginScopes) != 0)
        {
            loss += LostBacking(account, in position, in market, pays, sold);
        }

        if (loss > 0 && (position.Guards & Guards.Loans) != 0)
        {
            // what the row holds counts against its own loans
            long held = Math.Max(0, pays) + (LoanSums.CountsAlone(state, in market) ? 0 : LoanFigures.ValueDown(sold, in market));
            loss -= LoanSums.OfRow(state, account, state.FindPosition(account, position.Market), in market).CountedMore(held, promisedUnits: 0);
        }

        if (loss > 0 && brought > 0)
        {
            loss -= Gained(account, pays > 0 ? market.BaseAsset : market.QuoteAsset, brought, purpose);
        }

        return loss > 0 && !marginCheck.IsCovered(account, (long)Int128.Min(loss, long.MaxValue), purpose)
            ? ResultCode.InsufficientMargin
            : ResultCode.Accepted;
    }

    /// <summary>What counts less when so many units more of an asset are held.</summary>
    private long Lost(int account, int asset, long units, CollateralPurpose purpose)
    {
        if (units <= 0)
        {
            return 0;
        }

        long counts = Counted(account, asset);
        return asset == Asset.CollateralId
            ? units
            : Collateral.Weighted(state, asset, counts, purpose) - Collateral.Weighted(state, asset, counts - units, purpose);
    }

    /// <summary>What counts less against loans in other markets when so much of the pair is held.</summary>
    private long LostBacking(int account, in Position position, in Market market, long pays, long sold)
    {
        int row = position.Market == 0 ? 0 : state.FindPosition(account, position.Market);
        return (pays > 0 ? LoanSums.Lost(state, account, row, market.QuoteAsset, pays) : 0)
            + (sold > 0 ? LoanSums.Lost(state, account, row, market.BaseAsset, sold) : 0);
    }

    private long Gained(int account, int asset, Int128 units, CollateralPurpose purpose)
    {
        if (asset == Asset.CollateralId)
        {
            return (long)Int128.Min(units, Exact.MaxMoneyUnits);
        }

        long counts = Counted(account, asset);
        long with = (long)Int128.Min(counts + units, state.Assets[asset].ExternalUnits);
        return Collateral.Weighted(state, asset, with, purpose) - Collateral.Weighted(state, asset, counts, purpose);
    }

    private long Counted(int account, int asset)
    {
        ref readonly Balance balance = ref state.Balances[state.FindBalance(account, asset)];
        return balance.Units - balance.HoldUnits;
    }

    /// <summary>The lots of an order that own free funds pay for, fee included.</summary>
    public long LotsOfOwnFunds(int account, int index, int marketId, Side side, long limitTicks)
    {
        ref readonly Market market = ref state.Markets[marketId];
        ref readonly Position position = ref state.Positions[index];
        int wallet = position.IsIsolated == 0 ? account : state.WalletOf(in position);
        if (side == Side.Sell)
        {
            return Math.Max(0, Wallets.Free(state, wallet, market.BaseAsset)) / market.LotUnits;
        }

        long free = Math.Max(0, Wallets.Free(state, wallet, market.QuoteAsset));
        int fee = Math.Max(market.Parameters.MakerFeeRate, market.Parameters.TakerFeeRate);
        UInt128 cost = (UInt128)(ulong)limitTicks * (ulong)market.TickValueUnits * (ulong)(Rate.Scale + fee);
        long lots = (long)UInt128.Min((UInt128)(ulong)free * Rate.Scale / cost, Exact.MaxQuantityLots);
        while (lots > 0 && SpotSettlement.QuoteHold(lots * limitTicks * market.TickValueUnits, in market) > free)
        {
            lots--;
        }

        return lots;
    }

    /// <summary>Orders of a scope that owes may not bring it to its liquidation by trading worse than the mark.</summary>
    private ResultCode CheckLoss(int account, int marketId, in OrderLoss added)
    {
        if (added.LossUnits == 0)
        {
            return ResultCode.Accepted;
        }

        ref readonly Market market = ref state.Markets[marketId];
        int row = state.FindPosition(account, marketId);
        long loss = added.LossUnits + RestingLoss(row, added.Replaced, in market)
            + Rate.OfRoundedUp(added.NotionalUnits, market.Parameters.TakerFeeRate);
        long slack = Loans.Slack(row, marketId);
        return loss > slack ? marginCheck.Refuse(loss, slack) : ResultCode.Accepted;
    }

    /// <summary>What resting orders of a row would lose against the mark.</summary>
    private long RestingLoss(int row, int replaced, in Market market)
    {
        long loss = 0;
        for (int slot = state.Positions[row].FirstOrder; slot != 0; slot = _orders[slot].NextOfPosition)
        {
            ref readonly Order order = ref _orders[slot];
            loss += slot == replaced || order.Has(OrderMarks.Waiting) ? 0 : WorseThanMark(order.Side, order.LeavesLots, order.PriceTicks, in market);
        }

        return loss;
    }

    private static long WorseThanMark(Side side, long lots, long ticks, in Market market)
    {
        long worse = side == Side.Buy ? ticks - market.MarkTicks : market.MarkTicks - ticks;
        return market.MarkTicks == 0 || worse <= 0 ? 0 : lots * worse * market.TickValueUnits;
    }

    /// <summary>An order that borrows what its fills lack: the pool must have it to promise, and the scope must be good for it (R-1007, R-1014).</summary>
    private ResultCode CheckBorrowing(
        int account, int index, int marketId, in OrderSums sums, Side side, long borrowing, long lots, long limitTicks, int replaced,
        out bool borrows)
    {
        ref readonly Market market = ref state.Markets[marketId];
        ref readonly Position position = ref state.Positions[index];
        ref readonly MarginScope scope = ref state.MarginScopes[state.ScopeOf[index]];
        int wallet = position.IsIsolated == 0 ? account : state.WalletOf(in position);
        bool buys = side == Side.Buy;
        int asset = buys ? market.QuoteAsset : market.BaseAsset;
        long whole = buys ? SpotSettlement.QuoteHold(sums.BuyHoldUnits, in market) : sums.SellLots * market.LotUnits;
        long plain = buys ? SpotSettlement.QuoteHold(sums.BuyHoldUnits - borrowing, in market) : whole - borrowing;
        long held = buys ? position.OrderMarginUnits : position.BaseHoldUnits;
        long own = Math.Max(0, Wallets.Free(state, wallet, asset) + held - plain);
        long lacking = Math.Max(0, whole - plain - own);
        borrows = lacking != 0;
        if (!borrows)
        {
            return ResultCode.Accepted;
        }

        if (market.MarkTicks == 0)
        {
            return ResultCode.NoReferencePrice;
        }

        if (state.ScopeOf[index] == 0 && !state.MarginScopes.HasRoom)
        {
            return ResultCode.CapacityExceeded;
        }

        if (!Exact.TryNotional(lots, Math.Max(limitTicks, market.MarkTicks), market.TickValueUnits, out _))
        {
            return ResultCode.Overflow;
        }

        long loss = WorseThanMark(side, lots, limitTicks, in market);
        loss += loss == 0 ? 0 : RestingLoss(index, replaced, in market);
        loss += Rate.OfRoundedUp(lots * limitTicks * market.TickValueUnits, market.Parameters.TakerFeeRate);
        long promised = buys ? scope.PromisedQuoteUnits : scope.PromisedBaseUnits;
        long more = plain + own - held;
        bool counts = buys || !LoanSums.CountsAlone(state, in market);
        LoanRequest request = new(account, index, marketId, asset)
        {
            AmountUnits = lacking,
            PromisedUnits = promised,
            LossUnits = loss,
            HeldUnits = position.IsIsolated == 0 ? Lost(account, asset, more, CollateralPurpose.Opening) : 0,
            HeldWorthUnits = !counts ? 0 : buys ? Math.Max(0, more) : LoanFigures.ValueDown(more, in market),
        };
        ResultCode code = Loans.CanBorrow(in request);
        return code == ResultCode.UnknownPool ? ResultCode.BorrowUnavailable : code;
    }
}

/// <summary>What orders that are added would lose against the mark.</summary>
public readonly struct OrderLoss
{
    /// <summary>Loss of those that trade worse than the mark.</summary>
    public long LossUnits { get; init; }

    /// <summary>What they all would trade for: the fee is of that.</summary>
    public long NotionalUnits { get; init; }

    /// <summary>The order that one takes the place of, 0: none.</summary>
    public int Replaced { get; init; }
}
