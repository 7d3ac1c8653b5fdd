using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Margin;

/// <summary>
/// What several orders of one account in one market would lead to at worst, together: counts, position limits and margin as if all rested and all
/// filled at their limits, before any is applied (R-504, R-1310).
/// </summary>
public sealed class TogetherCheck(ExchangeState state, MarginCheck marginCheck, PositionLimits limits)
{
    private OrderSums _sums;
    private int _account;
    private int _market;
    private int _row;
    private int _newOrders;
    private int _listed;
    private int _reduceOnly;
    private int _protected;
    private long _buyLots;
    private long _sellLots;
    private long _replacedBuyLots;
    private long _replacedSellLots;
    private long _addedLots;
    private long _addedUnits;
    private long _highestTicks;
    private long _lossUnits;
    private int _roundings;
    private long _buyUnits;
    private long _sellUnits;
    private long _buyHoldUnits;
    private long _sellHoldUnits;
    private bool _addsExcess;
    private ResultCode _isolated;

    /// <summary>Starts with the orders that the account has in the market.</summary>
    public void Begin(int account, int market)
    {
        _account = account;
        _market = market;
        _row = state.FindPosition(account, market);
        _sums = state.Positions[_row].Orders;
        _roundings = _newOrders = _listed = _reduceOnly = _protected = 0;
        _buyLots = _sellLots = _replacedBuyLots = _replacedSellLots = 0;
        _addedLots = _addedUnits = _highestTicks = _lossUnits = 0;
        _buyUnits = _sellUnits = _buyHoldUnits = _sellHoldUnits = 0;
        _addsExcess = false;
        _isolated = ResultCode.Accepted;
    }

    /// <summary>One more new order.</summary>
    public ResultCode Add(in OrderPlan plan)
    {
        bool listed = !plan.IsImmediate;
        _newOrders++;
        _listed += listed ? 1 : 0;
        _reduceOnly += listed && (plan.Marks & OrderMarks.ReduceOnly) != 0 ? 1 : 0;
        _protected += listed && (plan.Marks & OrderMarks.MakerProtected) != 0 ? 1 : 0;
        ref readonly Position position = ref state.Positions[_row];
        ref readonly TradingGuard guard = ref state.TradingGuards[_row];
        bool tooMany = position.OpenOrders + _listed > state.Markets[_market].Parameters.MaxOpenOrders
            || guard.ReduceOnlyOrders + _reduceOnly > OrderEntry.MaxReduceOnlyOrders
            || guard.ProtectedOrders + _protected > OrderEntry.MaxProtectedOrders;
        if (listed && tooMany)
        {
            return ResultCode.TooManyOrders;
        }

        bool full = state.RestingOrders + _listed > state.Limits.MaxOrders || state.Orders.Capacity - state.Orders.Count < _newOrders
            || (plan.HasTerms && state.OrderTerms.Capacity - state.OrderTerms.Count < 2 * _newOrders)
            || (_row == 0 && !state.HasRoomForPosition(_account, _market));
        return full ? ResultCode.CapacityExceeded : Add(plan.Side, plan.LimitTicks, plan.Lots, (plan.Marks & OrderMarks.ReduceOnly) != 0);
    }

    /// <summary>An order that takes the place of one there is.</summary>
    public ResultCode Add(int replaced, in OrderChanges.Change change)
    {
        Take(replaced);
        ref readonly Order order = ref state.Orders[replaced];
        return Add(order.Side, change.PriceTicks, change.Lots, order.Has(OrderMarks.ReduceOnly));
    }

    /// <summary>An order that will be gone before the others are placed.</summary>
    public void Take(int slot)
    {
        ref readonly Order order = ref state.Orders[slot];
        long units = order.LeavesLots * order.HoldTicks * state.Markets[_market].TickValueUnits;
        if (!order.Has(OrderMarks.ReduceOnly))
        {
            _sums.Take(order.Side, order.LeavesLots, units);
            _replacedBuyLots += order.Side == Side.Buy ? order.LeavesLots : 0;
            _replacedSellLots += order.Side == Side.Sell ? order.LeavesLots : 0;
        }

        _addedLots -= order.LeavesLots;
        _addedUnits -= units;
    }

    /// <summary>An order that will be gone, and counts no more.</summary>
    public void TakeListed(int slot)
    {
        Take(slot);
        _listed--;
        _protected--;
    }

    /// <summary>Whether there is margin for all of them.</summary>
    public ResultCode Verdict()
    {
        ref readonly Market market = ref state.Markets[_market];
        ref readonly Position position = ref state.Positions[_row];
        long valued = Math.Max(_highestTicks, market.HasMark != 0 ? market.MarkTicks : market.CeilingTicks);
        if (!Exact.TryNotional(Math.Max(0, market.RestingLots + market.PositionLots + _addedLots), valued, market.TickValueUnits, out _)
            || market.CommittedUnits + _addedUnits > Exact.MaxNotionalUnits)
        {
            return ResultCode.Overflow;
        }

        if (market.IsSpot)
        {
            OrderLoss loss = new() { LossUnits = _lossUnits, NotionalUnits = _buyUnits + _sellUnits };
            return marginCheck.Spot.Check(_account, in position, in market, in _sums, in loss, _roundings, brought: 0, CollateralPurpose.Opening);
        }

        long margin = Requirements.OrderMargin(in position, in _sums, in market);
        if (!_addsExcess && margin <= position.OrderMarginUnits && _lossUnits == 0)
        {
            return ResultCode.Accepted;
        }

        return _isolated != ResultCode.Accepted ? _isolated
            : position.IsIsolated != 0 ? IsolatedVerdict(in position, in market, margin)
            : CrossVerdict(in position, in market, margin);
    }

    private ResultCode CrossVerdict(in Position position, in Market market, long margin)
    {
        long required = margin - position.OrderMarginUnits + _lossUnits;
        if (required > 0 && !marginCheck.IsCovered(_account, required))
        {
            return ResultCode.InsufficientMargin;
        }

        ResultCode code = Fill(Side.Buy, in position, in market);
        code = code == ResultCode.Accepted ? Fill(Side.Sell, in position, in market) : code;
        return code != ResultCode.Accepted || (state.Accounts[_account].Traits & Accounts.AccountTraits.PortfolioLeverage) == 0
            ? code
            : marginCheck.CheckPortfolio(_account, _row, in position, in market, in _sums, _lossUnits);
    }

    private ResultCode IsolatedVerdict(in Position row, in Market market, long margin)
    {
        Position position = row;
        Pricing.FundingCharge.Settle(ref position, in market);
        long required = Settlement.PoolHold(in position, margin, in market) - position.PoolHoldUnits;
        if (required > 0 && !marginCheck.IsMoneyThere(_account, required))
        {
            return ResultCode.InsufficientMargin;
        }

        ResultCode code = Fill(Side.Buy, in position, in market);
        code = code == ResultCode.Accepted ? Fill(Side.Sell, in position, in market) : code;
        code = code == ResultCode.Accepted ? marginCheck.CheckIsolatedOrders(in position, Side.Buy, in market, in _sums) : code;
        return code == ResultCode.Accepted ? marginCheck.CheckIsolatedOrders(in position, Side.Sell, in market, in _sums) : code;
    }

    /// <summary>All new orders of a side, filled at their limits .</summary>
    private ResultCode Fill(Side side, in Position position, in Market market)
    {
        AddedOrder order = side == Side.Buy
            ? new AddedOrder(side, _buyLots, _buyUnits, _buyHoldUnits)
            : new AddedOrder(side, _sellLots, _sellUnits, _sellHoldUnits);
        return order.Lots == 0 ? ResultCode.Accepted
            : position.IsIsolated != 0 ? marginCheck.CheckIsolatedFill(in position, in market, in order)
            : marginCheck.CheckCrossFill(_account, in position, in market, in order);
    }

    private ResultCode Add(Side side, long limitTicks, long lots, bool reduces)
    {
        ref readonly Market market = ref state.Markets[_market];
        ref readonly Position position = ref state.Positions[_row];
        long holdTicks = MarginCheck.HoldTicks(side, limitTicks, in market);
        if (!Exact.TryNotional(lots, holdTicks, market.TickValueUnits, out long holdUnits)
            || _addedUnits + holdUnits > Exact.MaxNotionalUnits || _addedLots + lots > Exact.MaxQuantityLots)
        {
            return ResultCode.Overflow;
        }

        if (!reduces)
        {
            ResultCode code = AddRisk(side, limitTicks, lots, holdTicks, holdUnits, in position, in market);
            if (code != ResultCode.Accepted)
            {
                return code;
            }
        }

        _roundings += side == Side.Buy ? 2 : 0;
        _addedLots += lots;
        _addedUnits += holdUnits;
        _highestTicks = Math.Max(_highestTicks, holdTicks);
        long adverse = market.MarkTicks == 0 ? 0 : side == Side.Buy ? limitTicks - market.MarkTicks : market.MarkTicks - limitTicks;
        if (adverse > 0)
        {
            _lossUnits = Math.Min(Exact.MaxNotionalUnits, _lossUnits + (lots * adverse * market.TickValueUnits));
            if (position.IsIsolated != 0 && _isolated == ResultCode.Accepted)
            {
                var order = new AddedOrder(side, lots, Requirements.Notional(lots, limitTicks, in market), holdUnits);
                _isolated = marginCheck.CheckIsolatedFill(in position, in market, in order);
            }
        }

        return ResultCode.Accepted;
    }

    private ResultCode AddRisk(Side side, long limitTicks, long lots, long holdTicks, long holdUnits, in Position position, in Market market)
    {
        _buyLots += side == Side.Buy ? lots : 0;
        _sellLots += side == Side.Sell ? lots : 0;
        long ordered = side == Side.Buy ? _buyLots : _sellLots;
        if (!limits.Allow(_account, _row, _market, side, limitTicks, ordered, side == Side.Buy ? _replacedBuyLots : _replacedSellLots))
        {
            return ResultCode.PositionLimit;
        }

        bool offset = market.Parameters.OffsetPosition != 0;
        _buyUnits += side == Side.Buy ? Requirements.Notional(lots, limitTicks, in market) : 0;
        _sellUnits += side == Side.Sell ? Requirements.Notional(lots, limitTicks, in market) : 0;
        _buyHoldUnits += side == Side.Buy ? holdUnits : 0;
        _sellHoldUnits += side == Side.Sell ? holdUnits : 0;
        _sums.Add(side, lots, holdTicks, holdUnits);
        _addsExcess |= _sums.ExcessLots(side, position.SizeLots, offset) > position.Orders.ExcessLots(side, position.SizeLots, offset);
        return ResultCode.Accepted;
    }
}
