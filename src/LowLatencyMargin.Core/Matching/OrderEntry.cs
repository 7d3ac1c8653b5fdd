using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Memory;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Matching;

/// <summary>New orders as clients send them: checked completely, in the order of docs/matching.md, then handed to matching.</summary>
public sealed class OrderEntry(
    ExchangeState state, OrderRules rules, OrderScopes scopes, MarginCheck marginCheck, PositionLimits limits, RateBudget budget,
    MatchingEngine matching)
{
    /// <summary>Open reduce-only orders of an account in a market.</summary>
    public const int MaxReduceOnlyOrders = 16;

    /// <summary>Open maker-protected orders of an account in a market.</summary>
    public const int MaxProtectedOrders = 256;

    /// <summary>Both: what one trade can lead to.</summary>
    public const int MaxGuardedOrders = MaxReduceOnlyOrders + MaxProtectedOrders;

    private const OrderFlags AllFlags =
        OrderFlags.PostOnly | OrderFlags.Reprice | OrderFlags.ReduceOnly | OrderFlags.Hidden | OrderFlags.MakerProtected | OrderFlags.WholePosition;

    private const SideEffect AllEffects = SideEffect.AutoBorrow | SideEffect.AutoRepay | SideEffect.OwnFundsIfNone;

    private readonly Slab<Order> _orders = state.Orders;
    private readonly Slab<Position> _positions = state.Positions;
    private readonly Slab<Market> _markets = state.Markets;
    private readonly Slab<Account> _accounts = state.Accounts;
    private OrderPlan _plan;

    /// <summary>The plan of the order that was checked last.</summary>
    public ref OrderPlan Plan => ref _plan;

    /// <summary>The row of the order just placed, which may have ended at once; 0: none was.</summary>
    public int PlacedOrder { get; private set; }

    /// <summary>A new order.</summary>
    public ResultCode Place(ref readonly PlaceOrder command) => Place(in command, in OrderTerms.None, isCounted: true);

    /// <summary>A new order with terms.</summary>
    public ResultCode Place(ref readonly PlaceOrderWithTerms command) => Place(in command.Order, in command.Terms, isCounted: true);

    /// <summary>A new order; one of a batch, whose weight the batch has paid, is not counted.</summary>
    public ResultCode Place(ref readonly PlaceOrder command, ref readonly OrderTerms terms, bool isCounted)
    {
        PlacedOrder = 0;
        ResultCode code = Identify(in command, in terms);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (command.ClientOrderId != 0 && IsDuplicate(_plan.Account, command.ClientOrderId, report: true))
        {
            return ResultCode.Accepted;
        }

        if (isCounted && !budget.Allows(_plan.Account, 1, (command.Flags & OrderFlags.ReduceOnly) != 0))
        {
            return ResultCode.RateLimited;
        }

        code = Check(in command, in terms);
        if (code == ResultCode.Accepted)
        {
            code = CheckRoom();
        }

        if (code == ResultCode.Accepted && !_plan.Waits)
        {
            code = CheckRisk();
        }

        if (code == ResultCode.Accepted)
        {
            if (isCounted)
            {
                budget.Charge(_plan.Account, 1);
            }

            if (_plan.IsScoped)
            {
                scopes.Apply(ref _plan);
            }

            PlacedOrder = matching.Place(in _plan);
        }

        return code;
    }

    /// <summary>Whether account and market are there and every field is a known value.</summary>
    public ResultCode Identify(ref readonly PlaceOrder command, ref readonly OrderTerms terms)
    {
        if (command.AccountId < 1 || command.AccountId > _accounts.HighWater || _accounts[(int)command.AccountId].IsLiquidationAccount != 0)
        {
            return ResultCode.UnknownAccount;
        }

        if (command.MarketId < 1 || command.MarketId > _markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        bool known = command.Side <= Side.Sell && command.Type <= OrderType.Market && command.TimeInForce <= TimeInForce.Day
            && command.SelfTrade <= SelfTradePrevention.Decrement && (command.Flags & ~AllFlags) == 0
            && (command.Reserved | command.Reserved2) == 0
            && terms.Mode <= ModeChoice.Isolated && terms.Effect <= AllEffects && (terms.MarginUnits | terms.PositionId) >= 0
            && terms.Trigger <= TriggerKind.TrailingTakeProfit && terms.Source <= TriggerSource.Index;
        _plan.Account = unchecked((int)command.AccountId);
        _plan.Market = unchecked((int)command.MarketId);
        return known ? ResultCode.Accepted : ResultCode.MalformedCommand;
    }

    /// <summary>Whether an account has, or lately had, an order of that client id; reports how it stands (R-1309).</summary>
    public bool IsDuplicate(int account, long clientOrderId, bool report)
    {
        uint hash = ClientOrderIds.HashOf(state.Limits.HashSeed, account, clientOrderId);
        int slot = state.ClientOrderIds.Find(hash, account, clientOrderId);
        uint ended = slot != 0 ? 0 : state.RecentOrders.FindByClient(hash, account, clientOrderId);
        if (slot == 0 && ended == 0)
        {
            return false;
        }

        if (report)
        {
            ReportDuplicate(account, clientOrderId, slot, ended);
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReportDuplicate(int account, long clientOrderId, int slot, uint ended)
    {
        RecentOrder found = slot == 0 ? state.RecentOrders[ended] : default;
        if (slot != 0)
        {
            ref readonly Order order = ref _orders[slot];
            found.OrderId = Order.IdOf(slot, order.Generation);
            found.QuantityLots = order.QuantityLots;
            found.LeavesLots = order.LeavesLots;
            found.Market = _positions[order.Position].Market;
            found.Status = OrderStatus.Open;
        }

        ref DuplicateOrder duplicate = ref state.Events.Add<DuplicateOrder>(EventType.DuplicateOrder, found.Market, EventFlags.None, (byte)found.Status);
        duplicate.AccountId = account;
        duplicate.OrderId = found.OrderId;
        duplicate.ClientOrderId = clientOrderId;
        duplicate.QuantityLots = found.QuantityLots;
        duplicate.LeavesLots = found.LeavesLots;
    }

    /// <summary>All that concerns the order itself; fills <see cref="Plan"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ResultCode Check(ref readonly PlaceOrder command, ref readonly OrderTerms terms)
    {
        bool asks = ((long)terms.Mode | terms.MarginUnits | terms.PositionId) != 0;
        _plan.IsScoped = asks || (_accounts[_plan.Account].Traits & AccountTraits.Hedge) != 0;
        if (_plan.IsScoped && _markets[_plan.Market].Kind == MarketKind.SpotMargin)
        {
            // there are no positions here, and a scope becomes isolated by a transfer or the mode command
            _plan.IsScoped = false;
            int row = state.FindPosition(_plan.Account, _plan.Market);
            bool isOther = terms.Mode != ModeChoice.Any && (terms.Mode == ModeChoice.Isolated) != (_positions[row].IsIsolated != 0);
            if ((terms.MarginUnits | terms.PositionId) != 0 || isOther)
            {
                return isOther ? ResultCode.ModeConflict : ResultCode.InvalidPair;
            }
        }

        return _plan.IsScoped ? CheckScoped(in command, in terms) : Check(in command, in terms, state.FindPosition(_plan.Account, _plan.Market));
    }

    /// <summary>An order against a hedge position is reduce-only, whether it says so or not.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ResultCode CheckScoped(ref readonly PlaceOrder command, ref readonly OrderTerms terms)
    {
        PlaceOrder order = command;
        ResultCode code = CheckMargin(in terms);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        code = scopes.Find(ref order, in terms, _plan.Account, _plan.Market, out int row);
        if (code == ResultCode.Accepted)
        {
            code = Check(in order, in terms, row);
        }

        _plan.Position = scopes.OpensPosition ? 0 : row;
        return code;
    }

    private ResultCode Check(ref readonly PlaceOrder command, ref readonly OrderTerms terms, int row)
    {
        ref readonly Market market = ref _markets[_plan.Market];
        _plan.Side = command.Side;
        _plan.Type = command.Type;
        _plan.TimeInForce = command.TimeInForce;
        _plan.ClientOrderId = command.ClientOrderId;
        _plan.MaxSlippageRate = command.MaxSlippageRate;
        _plan.Lots = command.QuantityLots;
        _plan.Marks = (OrderMarks)command.Flags | (OrderMarks)((int)command.SelfTrade << 13);
        _plan.ExpiresNs = 0;
        _plan.Linked = 0;
        _plan.Effect = terms.Effect & SideEffect.Both;
        bool waits = terms.Trigger != TriggerKind.None;
        bool displays = terms.DisplayLots != 0;
        bool links = terms.LinkedOrderId != 0;

        // most orders are plain ones in a market without special rules: they skip what can't concern them
        bool plain = command.Flags == OrderFlags.None && command.TimeInForce <= TimeInForce.ImmediateOrCancel && !waits && !displays && !links
            && terms.ProtectiveStopTicks == 0;
        if (!plain && OrderRules.Contradict(command.Type, command.TimeInForce, command.Flags, waits, displays, links))
        {
            return ResultCode.InvalidCombination;
        }

        if (terms.Effect != SideEffect.None)
        {
            ResultCode effect = CheckEffect(in terms, in market);
            if (effect != ResultCode.Accepted)
            {
                return effect;
            }
        }

        bool reduces = (command.Flags & OrderFlags.ReduceOnly) != 0;
        _plan.Position = row;
        bool ruled = !plain || !rules.HasNone(_plan.Account, row, _plan.Market);
        ResultCode code = ruled ? CheckPermission(in command, in terms, in market, row, reduces) : ResultCode.Accepted;
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        bool whole = (command.Flags & OrderFlags.WholePosition) != 0;
        if (whole ? command.QuantityLots != 0 : command.QuantityLots is < 1 or > Exact.MaxQuantityLots)
        {
            return ResultCode.InvalidQuantity;
        }

        if (!reduces && command.QuantityLots < market.Parameters.MinQuantityLots)
        {
            return ResultCode.BelowMinimumSize;
        }

        if (!plain || (terms.ExpiresNs | terms.TriggerTicks | terms.TrailTicks | terms.ActivationTicks | terms.StepTicks | (long)terms.TrailRate) != 0
            || terms.Source != TriggerSource.Mark)
        {
            code = CheckTerms(in command, in terms);
            if (code != ResultCode.Accepted)
            {
                return code;
            }
        }

        code = CheckPrice(in command, waits);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (!ruled)
        {
            return ResultCode.Accepted;
        }

        code = CheckOptions(in command, reduces, whole, waits);
        return code != ResultCode.Accepted || reduces || market.IsSpot ? code : CheckSize(terms.ProtectiveStopTicks);
    }

    /// <summary>Whether the tables and the account's counts have room for the plan .</summary>
    public ResultCode CheckRoom()
    {
        int row = _plan.Position;
        bool listed = _plan.Waits || !_plan.IsImmediate;
        if (listed && _positions[row].OpenOrders >= _markets[_plan.Market].Parameters.MaxOpenOrders)
        {
            return ResultCode.TooManyOrders;
        }

        ResultCode code = _plan.IsScoped ? scopes.CheckRoom(in _plan, listed) : ResultCode.Accepted;
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        OrderMarks guarded = _plan.Marks & (OrderMarks.ReduceOnly | OrderMarks.MakerProtected);
        if (listed && guarded != 0 && row != 0
            && (guarded == OrderMarks.ReduceOnly
                ? state.TradingGuards[row].ReduceOnlyOrders >= MaxReduceOnlyOrders
                : state.TradingGuards[row].ProtectedOrders >= MaxProtectedOrders))
        {
            return ResultCode.TooManyOrders;
        }

        bool full = (listed && state.RestingOrders >= state.Limits.MaxOrders) || !_orders.HasRoom
            || (row == 0 && !state.HasRoomForPosition(_plan.Account, _plan.Market))
            || (_plan.HasTerms && state.OrderTerms.Capacity - state.OrderTerms.Count < 2);
        return full ? ResultCode.CapacityExceeded : ResultCode.Accepted;
    }

    /// <summary>Position limits and margin of the plan (R-504, R-1405).</summary>
    public ResultCode CheckRisk()
    {
        bool reduces = (_plan.Marks & OrderMarks.ReduceOnly) != 0;
        if (!reduces
            && !limits.Allow(_plan.Account, _plan.Position, _plan.Market, _plan.Side, _plan.LimitTicks, _plan.Lots, replacedLots: 0))
        {
            return ResultCode.PositionLimit;
        }

        ResultCode code = _plan.IsScoped
            ? marginCheck.Check(
                _plan.Account, _plan.Position, in scopes.Row, scopes.PoolUnits, _plan.Market, _plan.Side, _plan.LimitTicks, _plan.Lots, replaced: 0, reduces,
                _plan.IsImmediate, effect: _plan.Effect)
            : marginCheck.Check(
                _plan.Account, _plan.Position, _plan.Market, _plan.Side, _plan.LimitTicks, _plan.Lots, replaced: 0, reduces, _plan.IsImmediate,
                effect: _plan.Effect);
        if (code == ResultCode.BorrowUnavailable && _plan.OwnFundsIfNone && _plan.TimeInForce != TimeInForce.FillOrKill)
        {
            code = FallBack();
        }

        _plan.OrderMarginUnits = marginCheck.OrderMarginUnits;
        return code;
    }

    /// <summary>Orders that borrow or repay: in spot-margin markets; one that waits can't borrow when it is set off.</summary>
    private ResultCode CheckEffect(ref readonly OrderTerms terms, in Market market)
    {
        if (market.Kind != MarketKind.SpotMargin)
        {
            return ResultCode.InvalidPair;
        }

        bool borrows = (terms.Effect & SideEffect.AutoBorrow) != 0;
        if ((borrows && terms.Trigger != TriggerKind.None) || (!borrows && (terms.Effect & SideEffect.OwnFundsIfNone) != 0))
        {
            return ResultCode.InvalidCombination;
        }

        _plan.Marks |= (terms.Effect & SideEffect.Both) != 0 ? OrderMarks.Loans : OrderMarks.None;
        _plan.OwnFundsIfNone = (terms.Effect & SideEffect.OwnFundsIfNone) != 0;
        return ResultCode.Accepted;
    }

    /// <summary>The pool can't lend, and the client allows it: the order trades with own funds, as far as they go (R-1014).</summary>
    private ResultCode FallBack()
    {
        long lots = Math.Min(_plan.Lots, marginCheck.Spot.LotsOfOwnFunds(_plan.Account, _plan.Position, _plan.Market, _plan.Side, _plan.LimitTicks));
        if (lots == 0)
        {
            return ResultCode.BorrowUnavailable;
        }

        _plan.Lots = lots;
        _plan.Effect &= ~SideEffect.AutoBorrow;
        if ((_plan.Marks & OrderMarks.Iceberg) != 0)
        {
            _plan.Terms.DisplayLots = Math.Min(_plan.Terms.DisplayLots, lots);
        }

        return marginCheck.Check(
            _plan.Account, _plan.Position, _plan.Market, _plan.Side, _plan.LimitTicks, lots, replaced: 0, reduces: false, _plan.IsImmediate,
            effect: _plan.Effect);
    }

    /// <summary>Whether market and account take the margin that an order asks for .</summary>
    private ResultCode CheckMargin(in OrderTerms terms)
    {
        bool asks = terms.Mode != ModeChoice.Any || terms.Effect != SideEffect.None || (terms.MarginUnits | terms.PositionId) != 0;
        bool spotOnly = (_accounts[_plan.Account].Traits & AccountTraits.SpotOnly) != 0;
        return asks && _markets[_plan.Market].Kind == MarketKind.Spot ? ResultCode.InvalidPair
            : (asks && spotOnly) || rules.NeedsMargin(_plan.Account, _plan.Market) ? ResultCode.MarginDisabled
            : ResultCode.Accepted;
    }

    private ResultCode CheckPermission(ref readonly PlaceOrder command, in OrderTerms terms, in Market market, int row, bool reduces)
    {
        ResultCode code = CheckMargin(in terms);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        // an order that only repays loans is to them what a reduce-only one is to a position
        reduces |= (terms.Effect & SideEffect.Both) == SideEffect.AutoRepay && state.Gate.Repays(row, command.Side, command.QuantityLots);
        if (market.State != MarketState.Open && !MarketRules.Takes(market.State, reduces, (command.Flags & OrderFlags.PostOnly) != 0))
        {
            return ResultCode.MarketStateForbids;
        }

        if (!reduces && rules.IsKilled(_plan.Account, row, _plan.Market))
        {
            return ResultCode.KillSwitchActive;
        }

        if (!reduces && UnderWay.Refuses(state, _plan.Account, row))
        {
            return ResultCode.ScopeInLiquidation;
        }

        code = reduces ? ResultCode.Accepted : state.Gate.Check(_plan.Account, row, command.Side, command.QuantityLots, replaced: 0);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        return (command.Flags & OrderFlags.MakerProtected) != 0 && rules.IsFrozen(row) ? ResultCode.MakerProtectionActive : ResultCode.Accepted;
    }

    private ResultCode CheckTerms(ref readonly PlaceOrder command, ref readonly OrderTerms terms)
    {
        if (terms.DisplayLots != 0 && !OrderRules.IsDisplay(terms.DisplayLots, command.QuantityLots))
        {
            return ResultCode.InvalidDisplay;
        }

        if (command.TimeInForce == TimeInForce.GoodTillTime ? terms.ExpiresNs <= state.TimeNs : terms.ExpiresNs != 0)
        {
            return ResultCode.InvalidExpiry;
        }

        bool reduces = (command.Flags & OrderFlags.ReduceOnly) != 0;
        if (!OrderRules.AreTermsOfKind(in terms) || terms.ProtectiveStopTicks is < 0 or > Exact.MaxPriceTicks
            || (reduces && terms.ProtectiveStopTicks != 0))
        {
            return ResultCode.InvalidTrigger;
        }

        _plan.Terms = terms;
        _plan.ExpiresNs = command.TimeInForce == TimeInForce.Day ? OrderRules.EndOfDay(state.TimeNs) : terms.ExpiresNs;
        _plan.Marks |= (terms.DisplayLots != 0 ? OrderMarks.Iceberg : OrderMarks.None)
            | (_plan.ExpiresNs != 0 ? OrderMarks.Expires : OrderMarks.None)
            | (terms.Trigger != TriggerKind.None ? OrderMarks.Waiting : OrderMarks.None);
        if (terms.LinkedOrderId != 0)
        {
            int other = state.FindOrder(terms.LinkedOrderId, _plan.Account);
            if (other == 0 || _orders[other].Position != _plan.Position || _orders[other].Has(OrderMarks.Linked))
            {
                return ResultCode.InvalidLink;
            }

            _plan.Linked = other;
            _plan.Marks |= OrderMarks.Linked;
        }

        return ResultCode.Accepted;
    }

    private ResultCode CheckPrice(ref readonly PlaceOrder command, bool waits)
    {
        _plan.LimitTicks = command.PriceTicks;
        if (command.Type == OrderType.Market)
        {
            if (command.PriceTicks != 0 || command.MaxSlippageRate is < 0 or > Rate.Scale)
            {
                return ResultCode.InvalidPrice;
            }

            if (!waits)
            {
                _plan.LimitTicks = rules.MarketLimit(_plan.Market, command.Side, command.MaxSlippageRate);
                return _plan.LimitTicks == 0 ? ResultCode.NoReferencePrice : ResultCode.Accepted;
            }
        }
        else if (command.PriceTicks is < 1 or > Exact.MaxPriceTicks || command.MaxSlippageRate != 0)
        {
            return ResultCode.InvalidPrice;
        }

        if (waits && _plan.Terms.Trigger >= TriggerKind.TrailingStop)
        {
            ResultCode code = BeginTrail(command.Side);
            if (code != ResultCode.Accepted)
            {
                return code;
            }
        }

        return command.Type == OrderType.Limit && !rules.IsInBand(_plan.Market, command.PriceTicks)
            ? ResultCode.PriceOutsideBand
            : ResultCode.Accepted;
    }

    /// <summary>A trailing order follows at once, or from its activation price on.</summary>
    private ResultCode BeginTrail(Side side)
    {
        ref OrderTerms terms = ref _plan.Terms;
        long price = rules.PriceOf(_plan.Market, terms.Source);
        if (price == 0)
        {
            return ResultCode.NoReferencePrice;
        }

        bool follows = terms.ActivationTicks == 0 || TriggerBook.IsReached(side == Side.Sell, terms.ActivationTicks, price);
        long trigger = TriggerBook.TrailedTrigger(side, follows ? price : terms.ActivationTicks, Trail(in terms));
        if (trigger < 1)
        {
            return ResultCode.InvalidTrigger;
        }

        terms.TriggerTicks = follows ? trigger : 0;
        terms.ActivationTicks = follows ? price : terms.ActivationTicks;
        return ResultCode.Accepted;
    }

    private static long Trail(in OrderTerms terms) => terms.TrailRate != 0 ? -(long)terms.TrailRate : terms.TrailTicks;

    /// <summary>Against the account's sizing rule: from the limit price, without one from the trigger, without that from the mark.</summary>
    private ResultCode CheckSize(long stopTicks)
    {
        long entry = _plan.LimitTicks;
        if (_plan.Type == OrderType.Market)
        {
            long mark = _markets[_plan.Market].MarkTicks;
            entry = !_plan.Waits ? (mark != 0 ? mark : entry)
                : _plan.Terms.TriggerTicks != 0 ? _plan.Terms.TriggerTicks
                : _plan.Terms.ActivationTicks;
        }

        ref readonly Position held = ref _plan.IsScoped ? ref scopes.Row : ref _positions[_plan.Position];
        long poolUnits = _plan.IsScoped ? scopes.PoolUnits : 0;
        return state.Gate.CheckSize(
            _plan.Account, _plan.Position, in held, poolUnits, _plan.Market, _plan.Side, _plan.Lots, entry, stopTicks, replaced: 0);
    }

    private ResultCode CheckOptions(ref readonly PlaceOrder command, bool reduces, bool whole, bool waits)
    {
        if (reduces)
        {
            long reducible = MakerExamination.Reducible(command.Side, _positions[_plan.Position].SizeLots);
            if (reducible == 0)
            {
                return ResultCode.NothingToReduce;
            }

            _plan.Lots = whole ? reducible : Math.Min(_plan.Lots, reducible);
            if ((_plan.Marks & OrderMarks.Iceberg) != 0)
            {
                _plan.Terms.DisplayLots = Math.Min(_plan.Terms.DisplayLots, _plan.Lots);
            }
        }
        else if (!(waits && command.Type == OrderType.Market) && !rules.IsWorth(_plan.Market, _plan.Lots, _plan.LimitTicks))
        {
            return ResultCode.BelowMinimumNotional;
        }

        if (waits && _plan.Terms.Trigger <= TriggerKind.TakeProfit)
        {
            long price = rules.PriceOf(_plan.Market, _plan.Terms.Source);
            bool rising = TriggerBook.IsRising(command.Side, _plan.Terms.Trigger);
            if (price != 0 && TriggerBook.IsReached(rising, _plan.Terms.TriggerTicks, price))
            {
                return ResultCode.TriggerReached;
            }
        }

        if ((command.Flags & OrderFlags.PostOnly) != 0)
        {
            _plan.LimitTicks = rules.PostOnlyPrice(_plan.Market, command.Side, _plan.LimitTicks, (command.Flags & OrderFlags.Reprice) != 0);
            if (_plan.LimitTicks == 0)
            {
                return ResultCode.PostOnlyWouldTrade;
            }
        }

        return ResultCode.Accepted;
    }
}
