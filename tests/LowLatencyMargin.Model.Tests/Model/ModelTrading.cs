using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>A new order, whichever command brings it.</summary>
internal sealed record OrderRequest(long Account, long Market, long ClientId, Side Side, OrderType Type, TimeInForce TimeInForce, long Price, long Quantity)
{
    public int Slippage { get; init; }

    public bool IsReduceOnly { get; init; }

    public long Position { get; init; }

    public ModeChoice Mode { get; init; }

    public long MarginUnits { get; init; }

    public long ProtectiveStop { get; init; }

    public SideEffect Effect { get; init; }

    /// <summary>By the system itself: no rule of a trader stands against it.</summary>
    public bool IsExit { get; init; }
}

/// <summary>Orders: taking in, matching, what trades lead to.</summary>
internal sealed partial class ModelExchange
{
    private const int MostReduceOnly = 16;

    /// <summary>What the incoming order has traded for.</summary>
    private Big _takenUnits;

    public Outcome Place(in PlaceOrder command)
    {
        Outcome outcome = Checked(in command);
        Place(RequestOf(in command), outcome);
        return outcome;
    }

    private static Outcome Checked(in PlaceOrder command)
    {
        var outcome = new Outcome();
        outcome.Refuse(
            ResultCode.MalformedCommand,
            command.Side > Side.Sell || command.Type > OrderType.Market || command.TimeInForce > TimeInForce.ImmediateOrCancel || command.Reserved != 0);
        outcome.Refuse(ResultCode.InvalidPrice, command.Type == OrderType.Limit && command.MaxSlippageRate != 0);
        return outcome;
    }

    public Outcome Place(in PlaceOrderWithTerms command)
    {
        Outcome outcome = Checked(in command.Order);
        ref readonly OrderTerms terms = ref command.Terms;
        outcome.Refuse(ResultCode.MalformedCommand, terms.Mode > ModeChoice.Isolated);
        Place(
            RequestOf(in command.Order) with
            {
                Position = terms.PositionId,
                Mode = terms.Mode,
                MarginUnits = terms.MarginUnits,
                ProtectiveStop = terms.ProtectiveStopTicks,
                Effect = terms.Effect,
            },
            outcome);
        return outcome;
    }

    public Outcome Close(in ClosePosition command)
    {
        bool isMarket = command.PriceTicks == 0;
        var request = new OrderRequest(
            command.AccountId, command.MarketId, command.ClientOrderId, Side.Buy, isMarket ? OrderType.Market : OrderType.Limit,
            isMarket ? TimeInForce.ImmediateOrCancel : command.TimeInForce, command.PriceTicks, command.QuantityLots)
        {
            Position = command.PositionId,
            Slippage = command.MaxSlippageRate,
        };
        return Close(request, command.QuantityLots);
    }

    public static OrderRequest RequestOf(in PlaceOrder command) =>
        new(command.AccountId, command.MarketId, command.ClientOrderId, command.Side, command.Type, command.TimeInForce,
            command.PriceTicks, command.QuantityLots)
        {
            Slippage = command.MaxSlippageRate,
            IsReduceOnly = command.Flags.HasFlag(OrderFlags.ReduceOnly),
        };

    public void Place(OrderRequest request, Outcome outcome)
    {
        ModelAccount? account = Account(request.Account, outcome);
        ModelMarket? market = Market(request.Market, outcome);
        bool isMarket = request.Type == OrderType.Market;
        bool rests = !isMarket && request.TimeInForce == TimeInForce.GoodTillCancel;
        outcome.Refuse(ResultCode.InvalidQuantity, request.Quantity is < 1 or > MaxField);
        outcome.Refuse(ResultCode.InvalidPrice, isMarket ? request.Price != 0 : request.Price is < 1 or > MaxField);
        outcome.Refuse(ResultCode.InvalidPrice, isMarket && (request.Slippage < 0 || request.Slippage > Rounding.Scale));
        outcome.Refuse(ResultCode.InvalidAmount, request.MarginUnits < 0);
        outcome.Refuse(ResultCode.MalformedCommand, request.MarginUnits < 0 || request.Position < 0);
        outcome.Refuse(ResultCode.InvalidCombination, request.MarginUnits > 0 && request.IsReduceOnly);
        outcome.Refuse(ResultCode.MarginDisabled, account is { HasMargin: false } && market is { IsSpot: false });
        outcome.Refuse(ResultCode.InvalidTrigger, request.ProtectiveStop is < 0 or > MaxField || (request.ProtectiveStop != 0 && request.IsReduceOnly));
        if (account is null || market is null)
        {
            return;
        }

        bool asks = request.Mode != ModeChoice.Any || request.MarginUnits != 0 || request.Position != 0;
        outcome.Refuse(ResultCode.MarginDisabled, asks && !account.HasMargin && market.Kind == MarketKind.SpotMargin);
        CheckEffect(request.Effect, account, market, outcome);
        if (ScopeOf(account, market, request, outcome) is not { } scope)
        {
            return;
        }

        outcome.Refuse(ResultCode.InvalidTrigger, request.ProtectiveStop != 0 && scope.IsAgainst);

        // which of several reasons is named is the exchange's business
        outcome.Refuse(ResultCode.TradingPaused, !outcome.IsAccepted && account.Trader is { IsPaused: true });
        outcome.Refuse(ResultCode.DailyTradeLimit, !outcome.IsAccepted && account.Trader is not null);

        bool isHeldBack = !request.IsReduceOnly && !scope.IsAgainst && !request.IsExit && (IsUnderWay(scope.Row) || IsUnderWay(account));
        outcome.Refuse(ResultCode.ScopeInLiquidation, isHeldBack);
        outcome.Refuse(ResultCode.MarketStateForbids, !market.Takes(request.IsReduceOnly || scope.IsAgainst));
        if (outcome.IsAccepted)
        {
            PlaceIn(scope, request, rests, outcome);
        }

        if (!outcome.IsAccepted)
        {
            Undo(scope);
        }

        Forget(scope.Row);
    }

    private void PlaceIn(Scope scope, OrderRequest request, bool rests, Outcome outcome)
    {
        ModelRow row = scope.Row;
        ModelAccount account = row.Account;
        ModelMarket market = row.Market;
        long limit = request.Price;
        if (request.Type == OrderType.Market)
        {
            long reference = market.Mark != 0 ? market.Mark : market.Best(Opposite(request.Side))?.Price ?? 0;
            if (outcome.Refuse(ResultCode.NoReferencePrice, reference == 0))
            {
                return;
            }

            int slippage = request.Slippage == 0 ? market.Parameters.MaxSlippageRate : request.Slippage;
            Big distance = Rounding.RateDown(reference, slippage);
            limit = (long)(request.Side == Side.Buy ? Big.Min(reference + distance, MaxField) : Big.Max(reference - distance, 1));
        }

        long quantity = request.Quantity;
        bool isReduceOnly = request.IsReduceOnly || scope.IsAgainst;
        bool isClosing = isReduceOnly || IsClosing(row, request.Side, quantity);
        if (isReduceOnly)
        {
            if (outcome.Refuse(ResultCode.NothingToReduce, row.Against(request.Side).IsZero))
            {
                return;
            }

            quantity = (long)Big.Min(quantity, row.Against(request.Side));
        }

        IEnumerable<ModelOrder> open = account.Rows.Values.Where(other => other.Market == market).SelectMany(other => other.Orders);
        outcome.Refuse(ResultCode.TooManyOrders, rests && open.Count() >= market.Parameters.MaxOpenOrders);
        outcome.Refuse(ResultCode.TooManyOrders, rests && isReduceOnly && open.Count(order => order.IsReduceOnly) >= MostReduceOnly);
        outcome.Refuse(ResultCode.CapacityExceeded, (rests && RestingOrders >= _maxOrders) || (scope.IsNew && !HasRoom(account, market)));
        long hold = HoldPrice(request.Side, limit, market);
        if (!isReduceOnly)
        {
            CheckPositionLimits(row, request.Side, quantity, 0, limit, outcome);
        }

        CheckLimits(market, quantity, limit, hold, outcome);

        // the scope terms as if they had come true: margin from the pool to the row
        account.Pool -= request.MarginUnits;
        row.Margin += request.MarginUnits;
        if (!request.IsExit)
        {
            CheckRules(row, request, limit, quantity, isClosing, outcome);
        }

        if (outcome.IsAccepted)
        {
            CheckMoney(row, rests, null, request.Side, quantity, limit, hold, isReduceOnly, outcome, request.MarginUnits, request.Effect);
        }

        account.Pool += request.MarginUnits;
        row.Margin -= request.MarginUnits;
        SideEffect effect = request.Effect & SideEffect.Both;
        if (outcome.Refusals is [ResultCode.BorrowUnavailable] && request.Effect.HasFlag(SideEffect.OwnFundsIfNone))
        {
            effect &= ~SideEffect.AutoBorrow;
            quantity = FallBack(row, request.Side, quantity, limit, rests, outcome);
        }

        if (outcome.IsAccepted)
        {
            Enter(scope, request, outcome);
            var order = new ModelOrder
            {
                Row = row, Side = request.Side, ClientId = request.ClientId, Price = limit, Hold = hold,
                Leaves = quantity, Quantity = quantity, Placed = ++_arrivals, IsReduceOnly = isReduceOnly, IsExit = request.IsExit,
                Effect = effect,
            };
            outcome.NewOrders.Add(order);
            outcome.Acceptances.Add(new ModelAcceptance(false, account.Id, order.ClientId, limit, order.Quantity, order.Leaves));
            if (row.IsHedge)
            {
                outcome.Assignments.Add((order, row.PositionId));
            }

            if (!market.HasMark)
            {
                market.Ceiling = Math.Max(market.Ceiling, limit);
            }

            Trade(order, rests, wasOpen: false, outcome);
        }
    }

    public Outcome Cancel(in CancelOrder command)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(command.AccountId, outcome);
        ModelOrder? order = Order(command.OrderId, account, outcome);
        if (order is not null)
        {
            CancelResting(order, CancelReason.Requested, outcome);
            EndWithoutOrders(order.Row, outcome);
            Forget(order.Row);
        }

        return outcome;
    }

    public Outcome Modify(in ModifyOrder command)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(command.AccountId, outcome);
        ModelOrder? order = Order(command.OrderId, account, outcome);
        outcome.Refuse(ResultCode.InvalidPrice, command.PriceTicks is < 0 or > MaxField);
        outcome.Refuse(ResultCode.InvalidQuantity, command.QuantityLots is < 0 or > MaxField);
        if (order is null || !outcome.IsAccepted)
        {
            return outcome;
        }

        long price = command.PriceTicks == 0 ? order.Price : command.PriceTicks;
        long quantity = command.QuantityLots == 0 ? order.Quantity : command.QuantityLots;
        long filled = order.Quantity - order.Leaves;
        ModelRow row = order.Row;
        ModelMarket market = row.Market;
        if (outcome.Refuse(ResultCode.NothingToModify, price == order.Price && quantity == order.Quantity))
        {
            return outcome;
        }

        if (quantity <= filled)
        {
            CancelResting(order, CancelReason.AmendedAway, outcome);
            EndWithoutOrders(row, outcome);
        }
        else if (!market.Takes(order.IsReduceOnly) && (price != order.Price || quantity > order.Quantity))
        {
            outcome.Refuse(ResultCode.MarketStateForbids, when: true);
        }
        else if (price == order.Price && quantity < order.Quantity)
        {
            Shrink(order, quantity - filled, outcome);
        }
        else if (!outcome.Refuse(ResultCode.ScopeInLiquidation, !order.IsReduceOnly && (IsUnderWay(row) || IsUnderWay(row.Account))))
        {
            Replace(order, price, quantity, quantity - filled, outcome);
        }

        Forget(row);
        return outcome;
    }

    private static Side Opposite(Side side) => side == Side.Buy ? Side.Sell : Side.Buy;

    private static long HoldPrice(Side side, long limit, ModelMarket market) => side == Side.Sell ? Math.Max(limit, market.Mark) : limit;

    private static void Shrink(ModelOrder order, long leaves, Outcome outcome)
    {
        order.Quantity -= order.Leaves - leaves;
        order.Leaves = leaves;
        ModelRow row = order.Row;
        row.NoteEarly();
        outcome.Acceptances.Add(new ModelAcceptance(true, row.Account.Id, order.ClientId, order.Price, order.Quantity, leaves));
        if (!order.IsReduceOnly)
        {
            row.Refresh();
        }
    }

    private static void CheckLimits(ModelMarket market, Big moreLots, long limit, long hold, Outcome outcome)
    {
        Big lots = Exposed(market) + moreLots;
        Big price = Big.Max(Big.Max(market.Mark, hold), market.HasMark ? 0 : market.Ceiling);
        Big committed = Committed(market) + (moreLots * hold * market.TickValue);
        outcome.Refuse(ResultCode.Overflow, lots * Big.Max(price, limit) * market.TickValue > MaxNotional || committed > MaxNotional);
    }

    private bool CheckMoney(
        ModelRow row, bool rests, ModelOrder? replaced, Side side, Big lots, Big limit, Big hold, bool isReduceOnly, Outcome outcome, Big moved,
        SideEffect effect)
    {
        if (!row.Market.IsSpot)
        {
            return CheckMargin(row, replaced, side, lots, limit, hold, isReduceOnly, outcome, moved);
        }

        if (CheckSpotOrder(row, replaced, side, lots, limit, rests, effect) is { } refusal)
        {
            outcome.Refuse(refusal, when: true);
        }

        return outcome.IsAccepted;
    }

    /// <summary>R-1405 as far as it is used here: open positions, and the end of the last tier .</summary>
    private static void CheckPositionLimits(ModelRow row, Side side, Big lots, Big replaced, long limit, Outcome outcome)
    {
        ModelMarket market = row.Market;
        bool isBuy = side == Side.Buy;
        Big inSide = isBuy ? row.Size : -row.Size;
        Big orders = (isBuy ? row.BuyLots : row.SellLots) - replaced;
        if (row.IsHedge)
        {
            IEnumerable<ModelRow> all = row.Account.Rows.Values.Where(other => other.Market == market && other != row && other.IsHedge);
            inSide += all.Aggregate(Big.Zero, (sum, other) => sum + (isBuy ? Big.Max(0, other.Size) : Big.Max(0, -other.Size)));
            orders += all.Aggregate(Big.Zero, (sum, other) => sum + (isBuy ? other.BuyLots : other.SellLots));
        }

        long price = market.Mark == 0 ? limit : market.Mark;
        Big end = market.Margin.TierEnd;
        outcome.Refuse(ResultCode.PositionLimit, !end.IsZero && (inSide + orders + lots) * price * market.TickValue >= end);
        bool opens = row.Size.IsZero && row.Account.Rows.Values.Count(other => !other.Size.IsZero) >= market.Parameters.MaxOpenPositions;
        outcome.Refuse(ResultCode.PositionLimit, opens);
    }

    private ModelOrder? Order(long id, ModelAccount? account, Outcome outcome)
    {
        ModelOrder? order = Orders.GetValueOrDefault(id);
        bool ended = order is null && EverIds.Contains(id);
        order = order is not null && order.Row.Account == account ? order : null;
        outcome.Refuse(ended ? ResultCode.OrderEnded : ResultCode.UnknownOrder, order is null);
        return order;
    }

    private void Replace(ModelOrder order, long price, long quantity, long leaves, Outcome outcome)
    {
        ModelRow row = order.Row;
        ModelMarket market = row.Market;
        if (order.IsReduceOnly)
        {
            long cut = (long)Big.Min(leaves, row.Against(order.Side));
            quantity -= leaves - cut;
            leaves = cut;
            if (price == order.Price && leaves <= order.Leaves)
            {
                if (!outcome.Refuse(ResultCode.NothingToModify, leaves == order.Leaves))
                {
                    Shrink(order, leaves, outcome);
                }

                return;
            }
        }

        long hold = HoldPrice(order.Side, price, market);
        if (!order.IsReduceOnly)
        {
            CheckPositionLimits(row, order.Side, leaves, order.Leaves, price, outcome);
        }

        CheckLimits(market, leaves, price, hold, outcome);
        CheckChange(order, price, leaves, outcome);
        if (!outcome.IsAccepted || !CheckMoney(row, rests: true, order, order.Side, leaves, price, hold, order.IsReduceOnly, outcome, 0, order.Effect))
        {
            return;
        }

        TakeOff(order);
        if (market.IsSpot)
        {
            // what it held is free for its own trades
            row.Refresh();
        }

        order.Price = price;
        order.Hold = hold;
        order.Quantity = quantity;
        order.Leaves = leaves;
        if (!market.HasMark)
        {
            market.Ceiling = Math.Max(market.Ceiling, price);
        }

        outcome.Acceptances.Add(new ModelAcceptance(true, row.Account.Id, order.ClientId, price, quantity, leaves));
        Trade(order, rests: true, wasOpen: true, outcome);
    }

    /// <summary>Trades what crosses; what is left rests or is cancelled.</summary>
    private void Trade(ModelOrder order, bool rests, bool wasOpen, Outcome outcome)
    {
        ModelRow row = order.Row;
        List<ModelRow> touched = [];
        Match(row, order, order.Side, order.Price, order.Leaves, isLiquidation: false, touched, [], outcome);
        bool isGone = order.IsReduceOnly && row.Against(order.Side).IsZero;
        if (order.Leaves > 0 && rests && !isGone && !row.IsOver)
        {
            Rest(order);
            if (row.IsIsolated)
            {
                SettleFunding(row, outcome);
            }
        }
        else if (order.Leaves > 0)
        {
            CancelReason reason = isGone ? CancelReason.NothingToReduce : CancelReason.NotFilledAtOnce;
            outcome.Cancels.Add(new ModelCancel(row.Account.Id, row.Market.Id, order.ClientId, order.Leaves, reason));
        }

        if (_closing is { } closing)
        {
            RepayFree(closing.Row, closing.Asset, outcome);
        }

        foreach (ModelRow other in touched.Distinct().Where(other => other.IsSpotMargin))
        {
            other.Refresh();
        }

        // a reduce-only order holds nothing: it alone changes no hold
        if (touched.Count > 0 || (!order.IsReduceOnly && (wasOpen || row.Orders.Contains(order))))
        {
            row.Refresh();
        }

        CoverPools(outcome.Fills.Select(fill => fill.Account), row.Market, outcome);
        FollowPositions(touched, outcome);
        EndWithoutOrders(row, outcome);
        Forget(row);
    }

    /// <summary>What trades lead to: orders that follow their positions, hedge positions that end.</summary>
    private void FollowPositions(List<ModelRow> rows, Outcome outcome)
    {
        foreach (ModelRow row in rows.Distinct())
        {
            foreach (ModelOrder order in row.Orders.OrderByDescending(order => order.Placed).ToList())
            {
                Big most = row.Against(order.Side);
                if (order.IsReduceOnly && most.IsZero)
                {
                    CancelResting(order, CancelReason.NothingToReduce, outcome);
                }
                else if (order.IsReduceOnly && order.Leaves > most)
                {
                    Shrink(order, (long)most, outcome);
                }
                else if (row.IsOver)
                {
                    CancelResting(order, CancelReason.PositionClosed, outcome);
                }
            }

            EndWithoutOrders(row, outcome);
            Forget(row);
        }
    }

    private void Rest(ModelOrder order)
    {
        ModelRow row = order.Row;
        order.Arrival = ++_arrivals;
        order.Hold = HoldPrice(order.Side, order.Price, row.Market);
        if (order.Side == Side.Sell && !order.IsReduceOnly)
        {
            row.SellLow = row.SellLots.IsZero ? order.Hold : Big.Min(row.SellLow, order.Hold);
        }

        row.Market.Book(order.Side).Add(order);
        row.Orders.Add(order);
        if (order.Id != 0)
        {
            Orders[order.Id] = order;
        }
    }

    private void TakeOff(ModelOrder order)
    {
        order.Row.Market.Book(order.Side).Remove(order);
        order.Row.Orders.Remove(order);
        order.Row.NoteEarly();
        Orders.Remove(order.Id);
    }

    private void CancelResting(ModelOrder order, CancelReason reason, Outcome outcome)
    {
        TakeOff(order);
        order.Row.Refresh();
        outcome.Cancels.Add(new ModelCancel(order.Row.Account.Id, order.Row.Market.Id, order.ClientId, order.Leaves, reason));
    }

    /// <summary>Meets the other side, best price first, then the order that came first; returns the lots traded.</summary>
    private Big Match(
        ModelRow taker, ModelOrder? incoming, Side side, Big limit, Big lots, bool isLiquidation,
            List<ModelRow> touched, List<(ModelAccount Maker, Big Lots)> makers, Outcome outcome)
    {
        ModelMarket market = taker.Market;
        Big traded = 0;
        _takenUnits = 0;
        while (traded < lots)
        {
            ModelOrder? best = market.Best(Opposite(side));
            if (best is null || (side == Side.Buy ? best.Price > limit : best.Price < limit))
            {
                break;
            }

            if (FollowsNow(best, outcome))
            {
                continue;
            }

            if (incoming is { IsExit: true } && best.Row.Account == taker.Account)
            {
                CancelResting(best, CancelReason.SelfTrade, outcome);
                EndWithoutOrders(best.Row, outcome);
                continue;
            }

            Big quantity = Big.Min(lots - traded, best.Leaves);
            quantity = incoming is { IsReduceOnly: true } ? Big.Min(quantity, taker.Against(side)) : quantity;
            if (quantity.IsZero || taker.IsOver)
            {
                break;
            }

            traded += quantity;
            best.Leaves -= (long)quantity;
            if (best.Leaves == 0)
            {
                TakeOff(best);
            }

            market.Last = best.Price;
            if (!market.HasMark && !isLiquidation)
            {
                market.Mark = best.Price;
            }

            outcome.Trades.Add(new ModelTrade(market.Id, best.Price, (long)quantity, side, isLiquidation));
            BookFill(taker, incoming, best, side, limit, quantity, (long)(lots - traded), isLiquidation, outcome);
            makers.Add((best.Row.Account, quantity));
            best.Row.Refresh();
            touched.Add(best.Row);
            touched.Add(taker);
        }

        foreach (ModelRow row in touched.Where(row => row != taker && !row.IsHedge))
        {
            Forget(row);
        }

        return traded;
    }

    /// <summary>Before it trades a resting order follows what became of its position; true when it is gone.</summary>
    private bool FollowsNow(ModelOrder order, Outcome outcome)
    {
        Big most = order.Row.Against(order.Side);
        if (order.IsReduceOnly && most.IsZero)
        {
            CancelResting(order, CancelReason.NothingToReduce, outcome);
            return true;
        }

        if (order.Row.IsOver)
        {
            CancelResting(order, CancelReason.PositionClosed, outcome);
            return true;
        }

        if (order.IsReduceOnly && order.Leaves > most)
        {
            Shrink(order, (long)most, outcome);
        }

        return false;
    }

    /// <summary>One trade: maker, then taker, then rebate, then the receivers of the fees.</summary>
    private void BookFill(ModelRow taker,
        ModelOrder? incoming, ModelOrder maker, Side side, Big limit, Big quantity, long leaves, bool isLiquidation, Outcome outcome)
    {
        ModelMarket market = taker.Market;
        ModelRow row = maker.Row;
        Big units = quantity * maker.Price * market.TickValue;
        if (market.IsSpot)
        {
            BookSpotFill(taker, incoming, maker, side, limit, quantity, leaves, isLiquidation, outcome);
            return;
        }

        SettleFunding(row, outcome);
        SettleFunding(taker, outcome);
        int makerRate = market.RatesOf(row.Account, Now).MakerRate;
        (Big makerFee, Big makerProfit) = Settle(row, maker.Side, quantity, units, Math.Max(0, makerRate), maker, inLiquidation: false, outcome);
        CountVolume(row, units, market);
        int takerRate = isLiquidation ? 0 : market.RatesOf(taker.Account, Now).TakerRate;
        if (incoming is not null)
        {
            incoming.Leaves = leaves;
        }

        (Big takerFee, Big takerProfit) = Settle(taker, side, quantity, units, takerRate, incoming, isLiquidation, outcome);

        if (!isLiquidation)
        {
            CountVolume(taker, units, market);
        }

        Big rebate = makerRate < 0 ? Big.Min(Rounding.RateDown(units, -makerRate), takerFee) : 0;
        row.Account.Add(market.QuoteAsset, rebate);
        row.Fees -= rebate;
        RecordRebate(row, rebate);
        market.Receive(makerFee + takerFee - rebate);
        outcome.Fills.Add(new ModelFill(row.Account.Id, market.Id, maker.ClientId, maker.Leaves, makerFee - rebate, makerProfit, IsTaker: false));
        outcome.Fills.Add(new ModelFill(taker.Account.Id, market.Id, incoming?.ClientId ?? 0, leaves, takerFee, takerProfit, IsTaker: true));
    }

    private void CountVolume(ModelRow row, Big units, ModelMarket market)
    {
        if (market.FeeSteps.Count > 0)
        {
            row.Account.AddVolume(Now, market.QuoteAsset == ModelAsset.Collateral ? units : Assets[(int)market.QuoteAsset - 1].Value(units));
        }
    }
}
