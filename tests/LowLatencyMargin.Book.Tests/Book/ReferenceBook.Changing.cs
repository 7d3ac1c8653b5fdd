namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>Cancels and changes of one order (R-1305, R-1306).</summary>
internal sealed partial class ReferenceBook
{
    private ResultCode Cancel(in CancelOrder command)
    {
        if (FindAccount(command.AccountId) is not { } account)
        {
            return ResultCode.UnknownAccount;
        }

        ResultCode code = FindOpen(account, command.OrderId, command.ClientOrderId, out BookOrder? order);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (!MaySpend(account, 1, mayUseReserve: true))
        {
            return ResultCode.RateLimited;
        }

        Spend(account, 1);
        End(order!, CancelReason.Requested);
        return ResultCode.Accepted;
    }

    /// <summary>An order by the exchange's id or, when that is 0, by the client's: open, or how it ended.</summary>
    private ResultCode FindOpen(BookAccount account, long id, long clientId, out BookOrder? order)
    {
        order = id != 0 ? ById.GetValueOrDefault(id) : account.Named.GetValueOrDefault(clientId);
        if (order is null)
        {
            return ResultCode.UnknownOrder;
        }

        if (order.Account != account)
        {
            // of an order that is forgotten, nobody knows whose it was
            AlsoAllowed = order is { IsOpen: false, Ending: OrderStatus.None } ? ResultCode.OrderEnded : null;
            return ResultCode.UnknownOrder;
        }

        return order.IsOpen ? ResultCode.Accepted : order.Ending switch
        {
            OrderStatus.Filled => ResultCode.OrderFilled,
            OrderStatus.Cancelled => ResultCode.OrderCancelledBefore,
            OrderStatus.Expired => ResultCode.OrderExpired,
            OrderStatus.Triggered => ResultCode.OrderTriggeredBefore,
            _ => ResultCode.OrderEnded,
        };
    }

    private ResultCode Modify(in ModifyOrder command)
    {
        if (FindAccount(command.AccountId) is not { } account)
        {
            return ResultCode.UnknownAccount;
        }

        ResultCode code = FindOpen(account, command.OrderId, command.ClientOrderId, out BookOrder? order);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        var change = new Change(order!, command.PriceTicks, command.QuantityLots, command.TriggerTicks);
        bool reduces = CheckFields(change) == ResultCode.Accepted && (change.IsDecrease || change.IsAmendedAway);
        if (!MaySpend(account, 1, reduces || order!.IsReduceOnly))
        {
            return ResultCode.RateLimited;
        }

        code = CheckChange(change, new Together());
        if (code == ResultCode.Accepted)
        {
            Spend(account, 1);
            Apply(change);
            Follow();
        }

        return code;
    }

    private ResultCode CheckChange(Change change, Together? others)
    {
        ResultCode code = CheckFields(change);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (!StateAllows(change))
        {
            return ResultCode.MarketStateForbids;
        }

        return change.IsAmendedAway || change.IsDecrease ? ResultCode.Accepted : CheckNewTerms(change, others);
    }

    private static ResultCode CheckFields(Change change)
    {
        static bool IsOutside(long value) => value is < 0 or > BookMarket.MaxTicks;
        BookOrder order = change.Order;
        if (IsOutside(change.GivenPrice) || (change.GivenPrice != 0 && order.IsMarket))
        {
            return ResultCode.InvalidPrice;
        }

        if (IsOutside(change.GivenQuantity) || (change.GivenQuantity != 0 && order.IsWhole))
        {
            return ResultCode.InvalidQuantity;
        }

        if (IsOutside(change.GivenTrigger) || (change.GivenTrigger != 0 && (!order.IsWaiting || order.Trails)))
        {
            return ResultCode.InvalidTrigger;
        }

        return change.IsNothing ? ResultCode.NothingToModify : ResultCode.Accepted;
    }

    private static bool StateAllows(Change change) => change.Order.Market.State switch
    {
        MarketState.Open => true,
        MarketState.PreOpen => true,
        MarketState.ReduceOnly or MarketState.PriceStale => change.IsDecrease || change.IsAmendedAway || change.Order.IsReduceOnly,
        _ => false,
    };

    /// <summary>What a change that is more than a decrease must pass, like a new order.</summary>
    private ResultCode CheckNewTerms(Change change, Together? others)
    {
        BookOrder order = change.Order;
        BookMarket market = order.Market;
        if (IsStopped(order))
        {
            return ResultCode.KillSwitchActive;
        }

        if (order.IsProtected && NowNs < order.Row.FrozenUntil)
        {
            return ResultCode.MakerProtectionActive;
        }

        if (!order.IsReduceOnly && change.Quantity < market.Parameters.MinQuantityLots)
        {
            return ResultCode.BelowMinimumSize;
        }

        if (!IsDisplayInRange(order.Display, change.Quantity))
        {
            return ResultCode.InvalidDisplay;
        }

        if (!order.IsMarket && !IsWithinBand(market, change.Price))
        {
            return ResultCode.PriceOutsideBand;
        }

        bool isExempt = order.IsReduceOnly || (order.IsWaiting && order.IsMarket);
        if (!isExempt && new Big(change.Quantity - order.Filled) * change.Price * market.TickValue < market.Parameters.MinNotionalUnits)
        {
            return ResultCode.BelowMinimumNotional;
        }

        if (order.IsReduceOnly && order.Row.Reducible(order.Side) == 0)
        {
            return ResultCode.NothingToReduce;
        }

        Cut(change);
        long price = market.Prices[(int)order.Source];
        bool isReached = price != 0 && (order.TriggersRising ? price >= change.Trigger : price <= change.Trigger);
        if (change.Trigger != order.Trigger && isReached)
        {
            return ResultCode.TriggerReached;
        }

        if (!PassesPostOnly(change))
        {
            return ResultCode.PostOnlyWouldTrade;
        }

        if (market.State == MarketState.PreOpen && !order.IsWaiting && change.Crosses)
        {
            return ResultCode.MarketStateForbids;
        }

        if (change.IsNothing)
        {
            return ResultCode.NothingToModify;
        }

        long more = change.Quantity - order.Quantity + (others is null ? 0 : order.IsBuy ? others.BuyLots : others.SellLots);
        bool isFree = others is null || change.IsDecrease || order.IsReduceOnly || order.IsWaiting;
        return isFree || IsWithinLimits(order, more) ? ResultCode.Accepted : ResultCode.PositionLimit;
    }

    /// <summary>Reprices where that is asked for.</summary>
    private static bool PassesPostOnly(Change change)
    {
        BookOrder order = change.Order;
        if (!order.IsPostOnly || order.IsWaiting || !change.Crosses)
        {
            return true;
        }

        if (!order.Reprices)
        {
            return false;
        }

        change.Price = order.Market.Against(order.Side)[0].Price + (order.IsBuy ? -1 : 1);
        return change.Price is >= 1 and <= BookMarket.MaxTicks;
    }

    private static void Cut(Change change)
    {
        BookOrder order = change.Order;
        if (order.IsReduceOnly && !order.IsWhole)
        {
            change.Quantity = Math.Min(change.Quantity, order.Filled + order.Row.Reducible(order.Side));
        }
    }

    private void Apply(Change change)
    {
        BookOrder order = change.Order;
        BookMarket market = order.Market;
        if (change.IsAmendedAway)
        {
            End(order, CancelReason.AmendedAway);
            return;
        }

        long filled = order.Filled;
        bool keepsPlace = change.IsDecrease || (rules.HasFlag(Rules.IncreaseKeepsPriority) && change.Price == order.Price && !order.IsWaiting);
        order.Quantity = change.Quantity;
        order.Leaves = change.Quantity - filled;
        order.Trigger = change.Trigger;
        if (keepsPlace)
        {
            order.Shown = change.IsDecrease || order.Display != 0 ? Math.Min(order.Shown, order.Leaves) : order.Leaves;
            TellChanged(order);
            return;
        }

        if (order.IsWaiting)
        {
            order.Price = change.Price;
            order.TriggerTurn = ++_turn;
            order.FollowTurn = ++_turn;
            TellChanged(order);
            return;
        }

        market.SideOf(order.Side).Remove(order);
        order.Price = change.Price;
        TellChanged(order);
        Match(order);
    }

    private void TellChanged(BookOrder order)
    {
        TellAmended(order);
        if (order.IsWaiting || order.Display != 0)
        {
            TellTerms(order);
        }
    }

    /// <summary>A change of an order: what was asked for, and what it comes to.</summary>
    private sealed class Change(BookOrder order, long price, long quantity, long trigger)
    {
        public BookOrder Order { get; } = order;

        public long GivenPrice { get; } = price;

        public long GivenQuantity { get; } = quantity;

        public long GivenTrigger { get; } = trigger;

        public long Price { get; set; } = price == 0 ? order.Price : price;

        public long Quantity { get; set; } = quantity == 0 ? order.Quantity : quantity;

        public long Trigger { get; } = trigger == 0 ? order.Trigger : trigger;

        public bool IsDecrease => Quantity < Order.Quantity && Price == Order.Price && Trigger == Order.Trigger;

        public bool IsNothing => Quantity == Order.Quantity && Price == Order.Price && Trigger == Order.Trigger;

        public bool IsAmendedAway => !Order.IsWhole && Quantity <= Order.Filled;

        public bool Crosses => Order.Market.Crosses(Order.Side, Price);
    }
}
