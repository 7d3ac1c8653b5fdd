namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>Stops, take-profits and trailing orders (R-1302, R-1312, R-1313).</summary>
internal sealed partial class ReferenceBook
{
    private static readonly TriggerSource[] Sources = [TriggerSource.Mark, TriggerSource.Last, TriggerSource.Index];

    private void RunTriggers()
    {
        foreach (BookMarket market in Markets)
        {
            while (RunNextMove(market))
            {
            }
        }
    }

    /// <summary>Takes the first source with a price that has moved, and begins again.</summary>
    private bool RunNextMove(BookMarket market)
    {
        foreach (TriggerSource source in Sources)
        {
            int at = (int)source;
            if (market.Moves[at] is not { } move || !MayFire(market, source))
            {
                continue;
            }

            market.Moves[at] = null;
            while (Falling(market, source, move.Low) is { } order)
            {
                SetOff(order);
            }

            while (Rising(market, source, move.High) is { } order)
            {
                SetOff(order);
            }

            foreach (BookOrder order in Followers(market, source, isBuy: false, move.High))
            {
                Follow(order, move.High);
                TellTrailed(order);
            }

            foreach (BookOrder order in Followers(market, source, isBuy: true, move.Low))
            {
                Follow(order, move.Low);
                TellTrailed(order);
            }

            while (Falling(market, source, market.Prices[at]) is { } order)
            {
                SetOff(order);
            }

            while (Rising(market, source, market.Prices[at]) is { } order)
            {
                SetOff(order);
            }

            return true;
        }

        return false;
    }

    private static bool MayFire(BookMarket market, TriggerSource source) => market.State switch
    {
        MarketState.Open or MarketState.ReduceOnly => true,
        MarketState.PriceStale => source != TriggerSource.Mark,
        _ => false,
    };

    private static BookOrder? Falling(BookMarket market, TriggerSource source, long price) => market.Waiting
        .Where(order => order.Source == source && order.Trigger != 0 && !order.TriggersRising && order.Trigger >= price)
        .OrderByDescending(order => order.Trigger).ThenBy(order => order.TriggerTurn).FirstOrDefault();

    private static BookOrder? Rising(BookMarket market, TriggerSource source, long price) => market.Waiting
        .Where(order => order.Source == source && order.Trigger != 0 && order.TriggersRising && order.Trigger <= price)
        .OrderBy(order => order.Trigger).ThenBy(order => order.TriggerTurn).FirstOrDefault();

    private static List<BookOrder> Followers(BookMarket market, TriggerSource source, bool isBuy, long price)
    {
        IEnumerable<BookOrder> all = market.Waiting.Where(order => order.Source == source && order.Trails && order.IsBuy == isBuy);
        return isBuy
            ? [.. all.Where(order => order.FollowsAt >= price).OrderByDescending(order => order.FollowsAt).ThenBy(order => order.FollowTurn)]
            : [.. all.Where(order => order.FollowsAt <= price).OrderBy(order => order.FollowsAt).ThenBy(order => order.FollowTurn)];
    }

    private void Follow(BookOrder order, long price)
    {
        order.Activation = 0;
        order.Best = price;
        order.FollowTurn = ++_turn;
        long trigger = order.TriggerAt(price);
        if (trigger != order.Trigger)
        {
            order.Trigger = trigger;
            order.TriggerTurn = ++_turn;
        }
    }

    private void SetOff(BookOrder order)
    {
        BookMarket market = order.Market;
        market.Waiting.Remove(order);
        order.IsWaiting = false;
        order.WasTriggered = true;
        bool isPositionGone = order.IsReduceOnly && order.Row.Reducible(order.Side) == 0;
        if (order.IsReduceOnly && !isPositionGone)
        {
            long reducible = order.Row.Reducible(order.Side);
            order.Leaves = order.IsWhole ? reducible : Math.Min(order.Leaves, reducible);
            order.Quantity = order.Leaves;
        }

        ResultCode code = CheckSetOff(order);
        bool isRefused = isPositionGone || code != ResultCode.Accepted;
        TellTriggered(order, isRefused ? 0 : order.Price);
        Trip(order);
        if (isRefused)
        {
            if (!isPositionGone)
            {
                Reject(code, CommandType.None, 0);
            }

            End(order, isPositionGone ? CancelReason.NothingToReduce : CancelReason.RefusedAtTrigger);
        }
        else
        {
            Start(order);
        }

        Follow();
    }

    private static ResultCode CheckSetOff(BookOrder order)
    {
        if (!StateAllows(order))
        {
            return ResultCode.MarketStateForbids;
        }

        if (IsStopped(order))
        {
            return ResultCode.KillSwitchActive;
        }

        if (order.IsMarket)
        {
            order.Price = MarketPrice(order);
            if (order.Price == 0)
            {
                return ResultCode.NoReferencePrice;
            }
        }

        return order.IsReduceOnly || IsWithinLimits(order, order.Leaves) ? ResultCode.Accepted : ResultCode.PositionLimit;
    }
}
