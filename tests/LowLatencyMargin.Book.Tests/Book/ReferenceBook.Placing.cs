namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>One new order: the checks of the table, by their numbers.</summary>
internal sealed partial class ReferenceBook
{
    private const int MaxReduceOnly = 16;
    private const int MaxProtected = 256;
    private const OrderFlags KnownFlags = (OrderFlags)63;

    private ResultCode Place(in PlaceOrder command, in OrderTerms terms)
    {
        if (FindTrader(command.AccountId) is not { } account)
        {
            return ResultCode.UnknownAccount;
        }

        if (FindMarket(command.MarketId) is not { } market)
        {
            return ResultCode.UnknownMarket;
        }

        if (!IsKnown(in command) || !IsKnown(in terms))
        {
            return ResultCode.MalformedCommand;
        }

        return Enter(Draft(account, market, in command, in terms), terms.LinkedOrderId, isFree: false);
    }

    private static bool IsKnown(in PlaceOrder order) =>
        order.Side <= Side.Sell && order.Type <= OrderType.Market && order.TimeInForce <= TimeInForce.Day
        && order.SelfTrade <= SelfTradePrevention.Decrement && (order.Flags & ~KnownFlags) == 0 && order.Reserved == 0 && order.Reserved2 == 0;

    private static bool IsKnown(in OrderTerms terms) =>
        terms.Trigger <= TriggerKind.TrailingTakeProfit && terms.Source <= TriggerSource.Index && terms.MarginUnits == 0;

    private BookOrder Draft(BookAccount account, BookMarket market, in PlaceOrder order, in OrderTerms terms) => new()
    {
        Tag = Tag,
        Row = account.Row(market),
        ClientId = order.ClientOrderId,
        Side = order.Side,
        Type = order.Type,
        TimeInForce = order.TimeInForce,
        SelfTrade = order.SelfTrade,
        Flags = order.Flags,
        Slippage = order.MaxSlippageRate,
        Price = order.PriceTicks,
        Quantity = order.QuantityLots,
        Leaves = order.QuantityLots,
        Display = terms.DisplayLots,
        Expires = order.TimeInForce == TimeInForce.Day ? NextMidnight(terms.ExpiresNs) : terms.ExpiresNs,
        Kind = terms.Trigger,
        Source = terms.Source,
        Trigger = terms.TriggerTicks,
        TrailTicks = terms.TrailTicks,
        TrailRate = terms.TrailRate,
        Activation = terms.ActivationTicks,
        Step = terms.StepTicks,
        IsWaiting = terms.Trigger != TriggerKind.None,
    };

    /// <summary>A day order that brings an expiry keeps it, to be refused for it.</summary>
    private long NextMidnight(long given)
    {
        const long day = 86_400_000_000_000;
        return given != 0 ? -1 : ((NowNs / day) + 1) * day;
    }

    /// <summary>Checks 3 to 23, then the order itself.</summary>
    private ResultCode Enter(BookOrder order, long link, bool isFree)
    {
        if (order.ClientId != 0 && order.Account.Named.TryGetValue(order.ClientId, out BookOrder? known))
        {
            TellDuplicate(known);
            return ResultCode.Accepted;
        }

        if (!isFree && !MaySpend(order.Account, 1, order.IsReduceOnly))
        {
            return ResultCode.RateLimited;
        }

        ResultCode code = Check(order, link, new Together());
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (!isFree)
        {
            Spend(order.Account, 1);
        }

        Accept(order);
        Start(order);
        Follow();
        return ResultCode.Accepted;
    }

    private void TellDuplicate(BookOrder known) => Tell(new BookEvent(EventType.DuplicateOrder, known.Market.Id)
    {
        Detail = (int)(known.IsOpen ? OrderStatus.Open : known.Ending),
        A = known.Account.Id, Order = known, C = known.ClientId, D = known.Quantity, E = known.Leaves,
    });

    private ResultCode Check(BookOrder order, long link, Together others)
    {
        BookMarket market = order.Market;
        ResultCode code = Contradicts(order, link) ? ResultCode.InvalidCombination
            : !StateAllows(order) ? ResultCode.MarketStateForbids
            : IsStopped(order) ? ResultCode.KillSwitchActive
            : order.IsProtected && NowNs < order.Row.FrozenUntil ? ResultCode.MakerProtectionActive
            : CheckQuantity(order);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        bool isDayWithExpiry = order.Expires == -1;
        bool needsExpiry = order.TimeInForce == TimeInForce.GoodTillTime;
        if (isDayWithExpiry || (needsExpiry ? order.Expires <= NowNs : order.TimeInForce != TimeInForce.Day && order.Expires != 0))
        {
            return ResultCode.InvalidExpiry;
        }

        if (!IsTriggerInRange(order))
        {
            return ResultCode.InvalidTrigger;
        }

        if (link != 0)
        {
            BookOrder? other = ById.GetValueOrDefault(link);
            if (other is not { IsOpen: true, Linked: null } || other.Row != order.Row)
            {
                return ResultCode.InvalidLink;
            }

            others.Link = other;
        }

        code = CheckPrice(order);
        if (code == ResultCode.Accepted)
        {
            code = CheckAgainstBook(order);
        }

        if (code == ResultCode.Accepted)
        {
            code = CheckRoom(order, others);
        }

        if (code == ResultCode.Accepted)
        {
            order.Linked = others.Link;
        }

        return code;
    }

    private static bool Contradicts(BookOrder order, long link)
    {
        OrderFlags flags = order.Flags;
        bool waits = order.IsWaiting;
        bool isAtOnce = order.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;
        bool isHidden = flags.HasFlag(OrderFlags.Hidden);
        bool isShownInParts = order.Display != 0;
        bool isTimed = order.TimeInForce is TimeInForce.GoodTillTime or TimeInForce.Day;
        return (order.IsMarket && (order.IsPostOnly || isHidden || isShownInParts || order.IsProtected || (isTimed && !waits)))
            || (order.IsPostOnly && (isAtOnce || waits))
            || (order.Reprices && !order.IsPostOnly)
            || (isHidden && isShownInParts)
            || ((isShownInParts || isHidden || order.IsProtected) && (isAtOnce || waits))
            || (order.IsWhole && (!order.IsReduceOnly || !waits || !order.IsMarket))
            || (link != 0 && !waits && order.IsImmediate)
            || (order.IsProtected && order.IsReduceOnly);
    }

    private static bool StateAllows(BookOrder order) => order.Market.State switch
    {
        MarketState.Open => true,
        MarketState.PreOpen => order.IsPostOnly,
        MarketState.ReduceOnly or MarketState.PriceStale => order.IsReduceOnly,
        _ => false,
    };

    private static bool IsStopped(BookOrder order) =>
        !order.IsReduceOnly && (order.Account.IsKilled || order.Row.IsKilled || order.Market.IsKilled);

    private static ResultCode CheckQuantity(BookOrder order)
    {
        if (order.IsWhole ? order.Quantity != 0 : order.Quantity is < 1 or > BookMarket.MaxTicks)
        {
            return ResultCode.InvalidQuantity;
        }

        if (!order.IsReduceOnly && order.Quantity < order.Market.Parameters.MinQuantityLots)
        {
            return ResultCode.BelowMinimumSize;
        }

        return IsDisplayInRange(order.Display, order.Quantity) ? ResultCode.Accepted : ResultCode.InvalidDisplay;
    }

    private static bool IsDisplayInRange(long display, long quantity) =>
        display == 0 || (display >= (quantity + 99) / 100 && display <= quantity);

    private static bool IsTriggerInRange(BookOrder order)
    {
        static bool InRange(long ticks) => ticks is >= 1 and <= BookMarket.MaxTicks;
        bool trailless = order.TrailTicks == 0 && order.TrailRate == 0 && order.Activation == 0 && order.Step == 0;
        switch (order.Kind)
        {
            case TriggerKind.None:
                return trailless && order.Trigger == 0 && order.Source == TriggerSource.Mark;
            case TriggerKind.Stop:
            case TriggerKind.TakeProfit:
                return trailless && InRange(order.Trigger);
            default:
                bool isDistanceGood = order.TrailTicks != 0
                    ? InRange(order.TrailTicks) && order.TrailRate == 0
                    : order.TrailRate is > 0 and <= Core.Numerics.Rate.Scale / 2;
                bool isActivationGood = order.Activation == 0 ? order.Kind == TriggerKind.TrailingStop : InRange(order.Activation);
                bool isStepGood = order.Step is >= 0 and <= BookMarket.MaxTicks;
                return order.Trigger == 0 && isDistanceGood && isActivationGood && isStepGood;
        }
    }

    /// <summary>A trail must not put the trigger below 1.</summary>
    private static bool IsTrailInRange(BookOrder order)
    {
        long price = order.Market.Prices[(int)order.Source];
        return order.TriggerAt(BeginsAtOnce(order, price) ? price : order.Activation) >= 1;
    }

    private static bool BeginsAtOnce(BookOrder order, long price) =>
        price != 0 && (order.Activation == 0 || (order.IsBuy ? price <= order.Activation : price >= order.Activation));

    private static ResultCode CheckPrice(BookOrder order)
    {
        BookMarket market = order.Market;
        if (order.IsMarket)
        {
            if (order.Price != 0 || order.Slippage is < 0 or > Core.Numerics.Rate.Scale)
            {
                return ResultCode.InvalidPrice;
            }
        }
        else if (order.Price is < 1 or > BookMarket.MaxTicks || order.Slippage != 0)
        {
            return ResultCode.InvalidPrice;
        }

        if (order.IsWaiting)
        {
            if (order.Trails && market.Prices[(int)order.Source] == 0)
            {
                return ResultCode.NoReferencePrice;
            }

            if (order.Trails && !IsTrailInRange(order))
            {
                return ResultCode.InvalidTrigger;
            }
        }
        else if (order.IsMarket)
        {
            order.Price = MarketPrice(order);
            if (order.Price == 0)
            {
                return ResultCode.NoReferencePrice;
            }
        }

        return order.IsMarket || IsWithinBand(market, order.Price) ? ResultCode.Accepted : ResultCode.PriceOutsideBand;
    }

    private static bool IsWithinBand(BookMarket market, long price)
    {
        int band = market.Parameters.PriceBandRate;
        return band == 0 || market.Mark == 0 || Math.Abs(price - market.Mark) <= (long)(new Big(market.Mark) * band / Core.Numerics.Rate.Scale);
    }

    /// <summary>The furthest price that a market order may trade at: its slippage away from the mark or, without one, the best opposite.</summary>
    private static long MarketPrice(BookOrder order)
    {
        BookMarket market = order.Market;
        long reference = market.Mark != 0 ? market.Mark : market.Against(order.Side) is [{ } best, ..] ? best.Price : 0;
        if (reference == 0)
        {
            return 0;
        }

        int slippage = order.Slippage == 0 ? market.Parameters.MaxSlippageRate : order.Slippage;
        long distance = (long)(new Big(reference) * slippage / Core.Numerics.Rate.Scale);
        return order.IsBuy ? Math.Min(BookMarket.MaxTicks, reference + distance) : Math.Max(1, reference - distance);
    }

    /// <summary>Checks 17 to 20.</summary>
    private static ResultCode CheckAgainstBook(BookOrder order)
    {
        BookMarket market = order.Market;
        if (order.IsReduceOnly)
        {
            long reducible = order.Row.Reducible(order.Side);
            if (reducible == 0)
            {
                return ResultCode.NothingToReduce;
            }

            order.Quantity = order.IsWhole ? reducible : Math.Min(order.Quantity, reducible);
            order.Leaves = order.Quantity;
            order.Display = Math.Min(order.Display, order.Quantity);
        }

        if (!HasMinimumNotional(order, order.Quantity))
        {
            return ResultCode.BelowMinimumNotional;
        }

        long price = market.Prices[(int)order.Source];
        if (order.IsWaiting && !order.Trails && price != 0 && order.IsReachedBy(price))
        {
            return ResultCode.TriggerReached;
        }

        return PassesPostOnly(order) ? ResultCode.Accepted : ResultCode.PostOnlyWouldTrade;
    }

    private static bool HasMinimumNotional(BookOrder order, long quantity) =>
        order.IsReduceOnly || (order.IsWaiting && order.IsMarket)
        || new Big(quantity) * order.Price * order.Market.TickValue >= order.Market.Parameters.MinNotionalUnits;

    /// <summary>Reprices where that is asked for.</summary>
    private static bool PassesPostOnly(BookOrder order)
    {
        BookMarket market = order.Market;
        if (!order.IsPostOnly || !market.Crosses(order.Side, order.Price))
        {
            return true;
        }

        if (!order.Reprices)
        {
            return false;
        }

        order.Price = market.Against(order.Side)[0].Price + (order.IsBuy ? -1 : 1);
        return order.Price is >= 1 and <= BookMarket.MaxTicks;
    }

    /// <summary>Checks 21 to 23, with what other items of the same command add.</summary>
    private static ResultCode CheckRoom(BookOrder order, Together others)
    {
        BookRow row = order.Row;
        bool stays = order.IsWaiting || !order.IsImmediate;
        int reducing = row.Orders.Count(open => open.IsReduceOnly);
        int quoting = row.Orders.Count(open => open.IsProtected);
        if (stays && (row.Orders.Count + others.Orders >= order.Market.Parameters.MaxOpenOrders
            || (order.IsReduceOnly && reducing + others.ReduceOnly >= MaxReduceOnly)
            || (order.IsProtected && quoting + others.Protected >= MaxProtected)))
        {
            return ResultCode.TooManyOrders;
        }

        if (!order.IsReduceOnly && !order.IsWaiting && !IsWithinLimits(order, order.Quantity + (order.IsBuy ? others.BuyLots : others.SellLots)))
        {
            return ResultCode.PositionLimit;
        }

        return ResultCode.Accepted;
    }

    /// <summary>R-1405, with that many lots more on the order's side.</summary>
    private static bool IsWithinLimits(BookOrder order, long moreLots)
    {
        BookRow row = order.Row;
        BookMarket market = order.Market;
        MarketParameters limits = market.Parameters;
        if (row.Size == 0 && row.Account.OpenPositions >= limits.MaxOpenPositions)
        {
            return false;
        }

        Big lots = (order.IsBuy ? row.Size : -row.Size) + row.RestingLots(order.Side) + moreLots;
        Big units = lots * (market.Mark != 0 ? market.Mark : order.Price) * market.TickValue;
        Big resting = limits.LimitOfDepthRate == 0 ? 0 : market.Bids.Concat(market.Asks).Sum(open => open.Leaves);
        return Fits(lots, limits.MaxPositionLots)
            && Fits(units, limits.MaxPositionUnits)
            && FitsPart(lots, resting, limits.LimitOfDepthRate)
            && FitsPart(lots, market.OpenInterest, limits.LimitOfOpenInterestRate)
            && FitsPart(units, market.Insurance, limits.LimitOfInsuranceRate);
    }

    private static bool Fits(Big amount, long limit) => limit == 0 || amount <= limit;

    private static bool FitsPart(Big amount, Big whole, int rate) => rate == 0 || amount <= whole * rate / Core.Numerics.Rate.Scale;

    /// <summary>What the other items of one command take at their worst.</summary>
    internal sealed class Together
    {
        public int Orders { get; set; }

        public int ReduceOnly { get; set; }

        public int Protected { get; set; }

        public long BuyLots { get; set; }

        public long SellLots { get; set; }

        public BookOrder? Link { get; set; }

        public void Add(BookOrder order)
        {
            bool stays = order.IsWaiting || !order.IsImmediate;
            Orders += stays ? 1 : 0;
            ReduceOnly += stays && order.IsReduceOnly ? 1 : 0;
            Protected += stays && order.IsProtected ? 1 : 0;
            BuyLots += order.IsBuy && !order.IsReduceOnly ? order.Quantity : 0;
            SellLots += !order.IsBuy && !order.IsReduceOnly ? order.Quantity : 0;
        }
    }
}
