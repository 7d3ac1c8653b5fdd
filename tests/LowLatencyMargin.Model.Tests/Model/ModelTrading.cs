using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Orders: taking in, margin before trading, matching.</summary>
internal sealed partial class ModelExchange
{
    public Outcome Place(in PlaceOrder command)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(command.AccountId, outcome);
        ModelMarket? market = Market(command.MarketId, outcome);
        bool isMarket = command.Type == OrderType.Market;
        bool rests = !isMarket && command.TimeInForce == TimeInForce.GoodTillCancel;
        outcome.Refuse(
            ResultCode.MalformedCommand,
            command.Side > Side.Sell || command.Type > OrderType.Market || command.TimeInForce > TimeInForce.ImmediateOrCancel || command.Reserved != 0);
        outcome.Refuse(ResultCode.InvalidQuantity, command.QuantityLots is < 1 or > MaxField);
        outcome.Refuse(ResultCode.InvalidPrice, isMarket ? command.PriceTicks != 0 : command.PriceTicks is < 1 or > MaxField);
        outcome.Refuse(ResultCode.InvalidPrice,
            isMarket ? command.MaxSlippageRate < 0 || command.MaxSlippageRate > Rounding.Scale : command.MaxSlippageRate != 0);
        outcome.Refuse(ResultCode.MarginDisabled, account is { HasMargin: false } && market is { IsSpot: false });
        if (account is null || market is null || !outcome.IsAccepted)
        {
            return outcome;
        }

        long limit = command.PriceTicks;
        if (isMarket)
        {
            long reference = market.Mark != 0 ? market.Mark : market.Best(Opposite(command.Side))?.Price ?? 0;
            if (outcome.Refuse(ResultCode.NoReferencePrice, reference == 0))
            {
                return outcome;
            }

            int slippage = command.MaxSlippageRate == 0 ? market.Parameters.MaxSlippageRate : command.MaxSlippageRate;
            Big distance = Rounding.RateDown(reference, slippage);
            limit = (long)(command.Side == Side.Buy ? Big.Min(reference + distance, MaxField) : Big.Max(reference - distance, 1));
        }

        ModelRow? found = FindRow(account, market);
        outcome.Refuse(ResultCode.TooManyOrders, rests && found is not null && found.Orders.Count >= market.Parameters.MaxOpenOrders);
        outcome.Refuse(ResultCode.CapacityExceeded, rests && RestingOrders >= _maxOrders);
        long hold = HoldPrice(command.Side, limit, market);
        CheckLimits(market, command.QuantityLots, limit, hold, outcome);
        ModelRow row = found ?? RowOf(account, market);
        if (outcome.IsAccepted)
        {
            CheckMoney(row, null, command.Side, command.QuantityLots, limit, hold, rests, outcome);
        }

        if (outcome.IsAccepted)
        {
            var order = new ModelOrder
            {
                Row = row, Side = command.Side, ClientId = command.ClientOrderId, Price = limit, Hold = hold,
                Leaves = command.QuantityLots, Quantity = command.QuantityLots, Placed = ++_arrivals,
            };
            outcome.NewOrder = order;
            outcome.Acceptances.Add(new ModelAcceptance(false, account.Id, order.ClientId, limit, order.Quantity, order.Leaves));
            if (!market.HasMark)
            {
                market.Ceiling = Math.Max(market.Ceiling, limit);
            }

            Trade(order, rests, outcome);
        }

        Forget(row);
        return outcome;
    }

    public Outcome Cancel(in CancelOrder command)
    {
        var outcome = new Outcome();
        ModelAccount? account = Account(command.AccountId, outcome);
        ModelOrder? order = Order(command.OrderId, account, outcome);
        if (order is not null)
        {
            CancelResting(order, CancelReason.Requested, outcome);
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
        if (outcome.Refuse(ResultCode.NothingToModify, price == order.Price && quantity == order.Quantity))
        {
            return outcome;
        }

        if (quantity <= filled)
        {
            CancelResting(order, CancelReason.AmendedAway, outcome);
        }
        else if (price == order.Price && quantity < order.Quantity)
        {
            order.Leaves = quantity - filled;
            order.Quantity = quantity;
            outcome.Acceptances.Add(new ModelAcceptance(true, row.Account.Id, order.ClientId, price, quantity, order.Leaves));
            row.Refresh();
        }
        else
        {
            Replace(order, price, quantity, quantity - filled, outcome);
        }

        Forget(row);
        return outcome;
    }

    private static Side Opposite(Side side) => side == Side.Buy ? Side.Sell : Side.Buy;

    private static long HoldPrice(Side side, long limit, ModelMarket market) => side == Side.Sell ? Math.Max(limit, market.Mark) : limit;

    private static void CheckLimits(ModelMarket market, Big moreLots, long limit, long hold, Outcome outcome)
    {
        Big lots = Exposed(market) + moreLots;
        Big price = Big.Max(Big.Max(market.Mark, hold), market.HasMark ? 0 : market.Ceiling);
        Big committed = Committed(market) + (moreLots * hold * market.TickValue);
        outcome.Refuse(ResultCode.Overflow, lots * Big.Max(price, limit) * market.TickValue > MaxNotional || committed > MaxNotional);
    }

    private void CheckMoney(ModelRow row, ModelOrder? replaced, Side side, Big lots, Big limit, Big hold, bool rests, Outcome outcome)
    {
        if (!row.Market.IsSpot)
        {
            outcome.Refuse(ResultCode.InsufficientMargin, !Covers(row, replaced, side, lots, limit, hold));
        }
        else if (CheckSpot(row, replaced, side, lots, limit, rests) is { } refusal)
        {
            outcome.Refuse(refusal, when: true);
        }
    }

    /// <summary>R-504: whether the scope can bear the order before it trades.</summary>
    private static bool Covers(ModelRow row, ModelOrder? replaced, Side side, Big lots, Big limit, Big hold)
    {
        ModelAccount account = row.Account;
        if (account.IsLiquidation)
        {
            return true;
        }

        ModelMarket market = row.Market;
        Big sideBefore = side == Side.Buy ? row.BuyLots : row.SellLots;
        Big replacedLots = replaced?.Leaves ?? 0;
        Big replacedHold = replaced?.HoldNotional ?? 0;
        Big sideLots = sideBefore - replacedLots + lots;
        Big holdNotional = lots * hold * market.TickValue;
        bool isBuy = side == Side.Buy;
        bool hasOtherSells = row.SellLots > (isBuy ? 0 : replacedLots);
        Big low = isBuy ? row.SellLow : hasOtherSells ? Big.Min(row.SellLow, hold) : hold;
        Big orderMargin = isBuy
            ? row.OrderMarginOf(sideLots, row.BuyHold - replacedHold + holdNotional, row.SellLots, row.SellHold, row.SellLow)
            : row.OrderMarginOf(row.BuyLots, row.BuyHold, sideLots, row.SellHold - replacedHold + holdNotional, low);
        bool isWorse = market.Mark != 0 && (isBuy ? limit > market.Mark : limit < market.Mark);
        Big loss = isWorse ? lots * Big.Abs(limit - market.Mark) * market.TickValue : 0;
        bool addsRisk = row.Beyond(side, sideLots) > row.Beyond(side, sideBefore)
            || orderMargin > row.OrderMargin
            || (isWorse && !row.Beyond(side, sideLots).IsZero);
        if (addsRisk)
        {
            if (!row.IsIsolated)
            {
                return Fits(orderMargin - row.OrderMargin + loss, account);
            }

            Big increase = row.PoolHoldOf(orderMargin) - row.PoolHold;
            bool fits = Fits(increase, account) && (increase.Sign <= 0 || increase <= account.AvailableMoney);
            return fits && (loss.IsZero || CoversAsFilled(row, side, lots, limit));
        }

        if (!isWorse)
        {
            return true;
        }

        if (row.IsIsolated)
        {
            return CoversAsFilled(row, side, lots, limit);
        }

        Big fee = Rounding.RateUp(holdNotional, market.Parameters.TakerFeeRate);
        Big rest = row.RequirementOf(row.Lots - lots, row.Cost - row.Released(lots));
        Big required = rest + account.CrossRequirement - row.Requirement;
        Big left = account.CrossEquity - loss - fee;
        bool reaches = !required.IsZero && account.CrossPositions.Any(other => other.ReachesIsEnough);
        return left > required || (left == required && !reaches);
    }

    private static bool Fits(Big increase, ModelAccount account) => increase.Sign <= 0 || increase <= account.Available;

    private static bool CoversAsFilled(ModelRow row, Side side, Big lots, Big limit)
    {
        ModelMarket market = row.Market;
        Big price = limit * market.TickValue;
        Big size = row.Size;
        Big cost = row.Cost;
        Big margin = row.Margin;
        bool closes = side == Side.Buy ? size.Sign < 0 : size.Sign > 0;
        Big closing = closes ? Big.Min(lots, row.Lots) : 0;
        if (!closing.IsZero)
        {
            Big released = row.Released(closing);
            margin += size.Sign > 0 ? (closing * price) - released : released - (closing * price);
            cost -= released;
            size -= size.Sign * closing;
            if (margin.Sign < 0)
            {
                return false;
            }

            margin = size.IsZero ? 0 : margin;
        }

        Big opening = lots - closing;
        if (!opening.IsZero)
        {
            Big added = opening * price;
            Big rate = row.InitialRate(side == Side.Sell);
            margin += Big.Max(0, Big.Min(Rounding.RateUp(added, rate), Rounding.RateUp(cost + added, rate) - margin));
            cost += added;
            size += side == Side.Buy ? opening : -opening;
        }
        else if (!size.IsZero)
        {
            margin -= Rounding.RateUp(closing * price, market.Parameters.TakerFeeRate);
        }

        Big notional = Big.Abs(size) * market.Mark * market.TickValue;
        Big profit = size.Sign >= 0 ? notional - cost : cost - notional;
        return size.IsZero || !row.IsLiquidatable(margin + profit, row.RequirementOf(Big.Abs(size), cost));
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
        long hold = HoldPrice(order.Side, price, market);
        CheckLimits(market, leaves, price, hold, outcome);
        if (outcome.IsAccepted)
        {
            CheckMoney(row, order, order.Side, leaves, price, hold, rests: true, outcome);
        }

        if (!outcome.IsAccepted)
        {
            return;
        }

        TakeOff(order);
        order.Price = price;
        order.Hold = hold;
        order.Quantity = quantity;
        order.Leaves = leaves;
        if (!market.HasMark)
        {
            market.Ceiling = Math.Max(market.Ceiling, price);
        }

        outcome.Acceptances.Add(new ModelAcceptance(true, row.Account.Id, order.ClientId, price, quantity, leaves));
        Trade(order, rests: true, outcome);
    }

    /// <summary>Trades what crosses; what is left rests or is cancelled.</summary>
    private void Trade(ModelOrder order, bool rests, Outcome outcome)
    {
        ModelRow row = order.Row;
        order.Leaves -= (long)Match(row, order.Side, order.Price, order.Leaves, order.ClientId, order.Leaves, isLiquidation: false, [], outcome);
        if (order.Leaves > 0 && rests)
        {
            Rest(order);
        }
        else if (order.Leaves > 0)
        {
            outcome.Cancels.Add(new ModelCancel(row.Account.Id, row.Market.Id, order.ClientId, order.Leaves, CancelReason.NotFilledAtOnce));
        }

        row.Refresh();
        CoverPools(outcome.Fills.Select(fill => fill.Account), row.Market, outcome);
        Forget(row);
    }

    private void Rest(ModelOrder order)
    {
        ModelRow row = order.Row;
        order.Arrival = ++_arrivals;
        order.Hold = HoldPrice(order.Side, order.Price, row.Market);
        if (order.Side == Side.Sell)
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
        ModelRow taker, Side side, Big limit, Big lots, long clientId, Big takerLeaves,
            bool isLiquidation, List<(ModelAccount Maker, Big Lots)> makers, Outcome outcome)
    {
        ModelMarket market = taker.Market;
        Big traded = 0;
        while (traded < lots)
        {
            ModelOrder? best = market.Best(Opposite(side));
            if (best is null || (side == Side.Buy ? best.Price > limit : best.Price < limit))
            {
                break;
            }

            Big quantity = Big.Min(lots - traded, best.Leaves);
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
            Big units = quantity * best.Price * market.TickValue;
            Big stillNeeded = (takerLeaves - traded) * limit * market.TickValue;
            (Big fee, Big profit) = Settle(best.Row, best.Side, quantity, units, market.Parameters.MakerFeeRate, inLiquidation: false, 0, outcome);
            outcome.Fills.Add(new ModelFill(best.Row.Account.Id, market.Id, best.ClientId, best.Leaves, fee, profit, IsTaker: false));
            (fee, profit) = Settle(taker, side, quantity, units, isLiquidation && !market.IsSpot ? 0 : market.Parameters.TakerFeeRate, isLiquidation, stillNeeded, outcome);
            outcome.Fills.Add(new ModelFill(taker.Account.Id, market.Id, clientId, (long)(takerLeaves - traded), fee, profit, IsTaker: true));
            makers.Add((best.Row.Account, quantity));
            best.Row.Refresh();
            if (best.Row != taker)
            {
                Forget(best.Row);
            }
        }

        return traded;
    }
}
