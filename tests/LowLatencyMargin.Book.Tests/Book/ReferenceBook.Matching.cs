namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>From acceptance to the end of an order.</summary>
internal sealed partial class ReferenceBook
{
    /// <summary>What trades lead to, in the order in which it arose.</summary>
    private readonly Queue<Action> _aftermath = [];

    private readonly HashSet<BookRow> _changedRows = [];

    private bool _endsTogether;

    private void Accept(BookOrder order, bool withTerms = true)
    {
        if (order.Trails)
        {
            long price = order.Market.Prices[(int)order.Source];
            if (BeginsAtOnce(order, price))
            {
                Follow(order, price);
            }
        }

        order.IsOpen = true;
        ComeTo(order.Row);
        order.Row.Orders.Add(order);
        ByTag.TryAdd(order.Tag, order);
        if (order.ClientId != 0)
        {
            order.Account.Named[order.ClientId] = order;
        }

        if (order.Expires > 0)
        {
            order.Timer = SetTimer(order.Expires, () => Expire(order));
        }

        if (order.Linked is { } other)
        {
            other.Linked = order;
        }

        TellAccepted(order, withTerms);
    }

    private static void ComeTo(BookRow row)
    {
        if (!row.Account.Rows.Contains(row))
        {
            row.Account.Rows.Add(row);
        }
    }

    /// <summary>An accepted order waits, or trades and rests.</summary>
    private void Start(BookOrder order)
    {
        if (order.IsWaiting)
        {
            order.TriggerTurn = ++_turn;
            order.FollowTurn = ++_turn;
            order.Market.Waiting.Add(order);
            return;
        }

        if (order.TimeInForce == TimeInForce.FillOrKill && Countable(order) < order.Leaves)
        {
            End(order, CancelReason.NotFilledWhole);
            return;
        }

        Match(order);
    }

    private void Match(BookOrder taker)
    {
        BookMarket market = taker.Market;
        List<BookOrder> against = market.Against(taker.Side);
        while (taker.IsOpen && taker.Leaves > 0 && market.Crosses(taker.Side, taker.Price))
        {
            BookOrder maker = against[0];
            if (IsPassedOver(maker))
            {
                continue;
            }

            SelfTradePrevention rule = RuleOf(taker);
            if (taker.Account.IsSameOwner(maker.Account) && rule != SelfTradePrevention.None)
            {
                Prevent(taker, maker, rule);
                continue;
            }

            Trade(taker, maker, Math.Min(taker.Leaves, maker.Shown));
        }

        if (!taker.IsOpen || taker.Leaves == 0)
        {
            return;
        }

        if (taker.IsImmediate)
        {
            End(taker, CancelReason.NotFilledAtOnce);
            return;
        }

        taker.Shown = taker.Display == 0 ? taker.Leaves : Math.Min(taker.Display, taker.Leaves);
        market.Insert(taker);
    }

    private static SelfTradePrevention RuleOf(BookOrder taker) =>
        taker.SelfTrade == SelfTradePrevention.MarketRule ? taker.Market.Parameters.SelfTrade : taker.SelfTrade;

    /// <summary>What has lost its right to trade is cancelled or cut where it is met.</summary>
    private bool IsPassedOver(BookOrder maker)
    {
        if (maker.IsDoomed)
        {
            End(maker, CancelReason.Linked);
        }
        else if (maker.IsProtected && maker.Row.IsTripped)
        {
            End(maker, CancelReason.MakerProtection);
        }
        else if (maker.IsReduceOnly)
        {
            CutToPosition(maker);
        }

        return !maker.IsOpen;
    }

    private void CutToPosition(BookOrder order)
    {
        long reducible = order.Row.Reducible(order.Side);
        if (reducible == 0)
        {
            End(order, CancelReason.NothingToReduce);
        }
        else if (order.Leaves > reducible)
        {
            Shrink(order, order.Leaves - reducible);
        }
    }

    /// <summary>Makes an order smaller where it stands.</summary>
    private void Shrink(BookOrder order, long lots)
    {
        order.Quantity -= lots;
        order.Leaves -= lots;
        order.Shown = Math.Min(order.Shown, order.Leaves);
        TellChanged(order);
    }

    private void Prevent(BookOrder taker, BookOrder maker, SelfTradePrevention rule)
    {
        long lots = Math.Min(taker.Leaves, maker.Leaves);
        TellPrevented(taker, maker, rule, lots);
        if (rule is SelfTradePrevention.Maker or SelfTradePrevention.Both)
        {
            End(maker, CancelReason.SelfTrade);
        }

        if (rule is SelfTradePrevention.Taker or SelfTradePrevention.Both)
        {
            End(taker, CancelReason.SelfTrade);
        }

        if (rule == SelfTradePrevention.Decrement)
        {
            Decrement(maker, lots);
            Decrement(taker, lots);
        }
    }

    private void Decrement(BookOrder order, long lots)
    {
        if (order.Leaves == lots)
        {
            End(order, CancelReason.SelfTrade);
        }
        else
        {
            Shrink(order, lots);
        }
    }

    private void Trade(BookOrder taker, BookOrder maker, long lots)
    {
        BookMarket market = taker.Market;
        long price = maker.Price;
        taker.Leaves -= lots;
        maker.Leaves -= lots;
        maker.Shown -= lots;
        long before = Math.Abs(taker.Row.Size) + (taker.Row == maker.Row ? 0 : Math.Abs(maker.Row.Size));
        maker.Row.Trade(maker.Side, lots, price);
        taker.Row.Trade(taker.Side, lots, price);
        long after = Math.Abs(taker.Row.Size) + (taker.Row == maker.Row ? 0 : Math.Abs(maker.Row.Size));
        market.OpenInterest += (after - before) / 2;
        market.SetPrice(TriggerSource.Last, price);
        if (!market.HasMark)
        {
            market.SetPrice(TriggerSource.Mark, price);
        }

        Moved(market);
        TellTrade(taker, maker, price, lots);
        Account(maker);
        Account(taker);
        Trip(maker);
        if (maker.IsProtected && maker.Row.IsProtectionOn)
        {
            CountFill(maker.Row, maker.Side, lots);
        }

        Trip(taker);
        if (maker.Leaves == 0)
        {
            Finish(maker, OrderStatus.Filled);
        }
        else if (maker.Shown == 0)
        {
            Refill(maker);
        }

        if (taker.Leaves == 0)
        {
            Finish(taker, OrderStatus.Filled);
        }
    }

    private void Refill(BookOrder maker)
    {
        maker.Shown = Math.Min(maker.Display, maker.Leaves);
        if (!rules.HasFlag(Rules.RefillKeepsPriority))
        {
            maker.Market.SideOf(maker.Side).Remove(maker);
            maker.Market.Insert(maker);
        }

        TellRefilled(maker);
    }

    /// <summary>What one side of a trade leads to.</summary>
    private void Account(BookOrder order)
    {
        BookRow row = order.Row;
        if (_changedRows.Add(row))
        {
            _aftermath.Enqueue(() => ShrinkReduceOnly(row));
        }
    }

    /// <summary>The first trade or trigger of a linked order dooms its partner.</summary>
    private void Trip(BookOrder order)
    {
        if (order.Linked is not { } other || rules.HasFlag(Rules.LinksDoNothing))
        {
            return;
        }

        order.Linked = null;
        other.Linked = null;
        other.IsDoomed = true;
        _aftermath.Enqueue(() =>
        {
            if (other.IsOpen)
            {
                End(other, CancelReason.Linked);
            }
        });
    }

    private void ShrinkReduceOnly(BookRow row)
    {
        _changedRows.Remove(row);
        foreach (BookOrder order in row.Orders.Where(order => order.IsReduceOnly).Reverse().ToList())
        {
            if (order.IsOpen)
            {
                CutToPosition(order);
            }
        }

        Leave(row);
    }

    private void CountFill(BookRow row, Side side, long lots)
    {
        SetMakerProtection limits = row.Protection;
        if (row.WindowStart < 0 || NowNs - row.WindowStart >= limits.WindowMs * 1_000_000L)
        {
            row.WindowStart = NowNs;
            row.WindowLots = row.WindowDelta = row.WindowFills = 0;
        }

        row.WindowLots += lots;
        row.WindowDelta += side == Side.Buy ? lots : -lots;
        row.WindowFills++;
        bool isExceeded = (limits.QuantityLots != 0 && row.WindowLots >= limits.QuantityLots)
            || (limits.DeltaLots != 0 && Math.Abs(row.WindowDelta) >= limits.DeltaLots)
            || (limits.Fills != 0 && row.WindowFills >= limits.Fills);
        if (isExceeded && !row.IsTripped)
        {
            row.IsTripped = true;
            row.FrozenUntil = limits.FrozenMs == 0 ? long.MaxValue : NowNs + (limits.FrozenMs * 1_000_000L);
            TellProtection(row);
            _aftermath.Enqueue(() => CancelProtected(row));
        }
    }

    private void TellProtection(BookRow row) => Tell(new BookEvent(EventType.MakerProtectionTriggered, row.Market.Id)
    {
        A = row.Account.Id, B = row.WindowLots, C = row.WindowDelta, D = row.WindowFills, E = row.FrozenUntil,
    });

    private void CancelProtected(BookRow row)
    {
        row.IsTripped = false;
        row.WindowStart = -1;
        foreach (BookOrder order in row.Orders.Where(order => order.IsProtected).Reverse().ToList())
        {
            End(order, CancelReason.MakerProtection);
        }
    }

    /// <summary>What trades led to, when the incoming order has rested or ended.</summary>
    private void Follow()
    {
        while (_aftermath.TryDequeue(out Action? next))
        {
            next();
        }
    }

    /// <summary>What a fill-or-kill order can count on.</summary>
    private static Big Countable(BookOrder order)
    {
        BookMarket market = order.Market;
        Big lots = 0;
        HashSet<BookAccount> quoting = [];
        foreach (BookOrder maker in market.Against(order.Side))
        {
            if (order.IsBuy ? maker.Price > order.Price : maker.Price < order.Price)
            {
                break;
            }

            SelfTradePrevention rule = RuleOf(order);
            if (order.Account.IsSameOwner(maker.Account) && rule != SelfTradePrevention.None)
            {
                if (rule == SelfTradePrevention.Maker)
                {
                    continue;
                }

                break;
            }

            bool isUnsure = maker.IsReduceOnly || maker.Linked is not null || maker.IsDoomed
                || (maker.IsProtected && maker.Row.IsProtectionOn && !quoting.Add(maker.Account));
            lots += isUnsure ? 0 : maker.Leaves;
        }

        return lots;
    }

    private void End(BookOrder order, CancelReason reason)
    {
        TellOrder(EventType.OrderCancelled, order, (int)reason);
        Finish(order, order.WasTriggered ? OrderStatus.Triggered : reason == CancelReason.Expired ? OrderStatus.Expired : OrderStatus.Cancelled);
    }

    private void Finish(BookOrder order, OrderStatus ending)
    {
        order.IsOpen = false;
        order.Ending = ending;
        order.Market.SideOf(order.Side).Remove(order);
        order.Market.Waiting.Remove(order);
        order.Row.Orders.Remove(order);
        _timers.Remove(order.Timer);
        if (order.Linked is { } other)
        {
            other.Linked = null;
            order.Linked = null;
        }

        Leave(order.Row);
        if (_endsTogether)
        {
            return;
        }

        Remember(order);
    }

    /// <summary>The last orders that ended stay known. Those that ended in no given order are remembered in the exchange's.</summary>
    public void Remember(BookOrder order)
    {
        _recent.Enqueue(order);
        if (_recent.Count > recentOrders)
        {
            Forget(_recent.Dequeue());
        }
    }

    private static void Forget(BookOrder order)
    {
        order.Ending = OrderStatus.None;
        if (order.ClientId != 0 && order.Account.Named.GetValueOrDefault(order.ClientId) == order)
        {
            order.Account.Named.Remove(order.ClientId);
        }
    }

    /// <summary>A setting keeps an account in a market, or no longer does.</summary>
    private static void Settle(BookRow row)
    {
        if (row.IsEmpty)
        {
            Leave(row);
        }
        else
        {
            ComeTo(row);
        }
    }

    private static void Leave(BookRow row)
    {
        if (row.IsEmpty)
        {
            row.Account.Rows.Remove(row);
        }
    }

    private void Expire(BookOrder order) => End(order, CancelReason.Expired);
}
