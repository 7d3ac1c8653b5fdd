namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>Stops, take-profits and trailing orders (R-1302, R-1312, R-1313).</summary>
internal sealed partial class ReferenceBook
{
    private static readonly TriggerSource[] Sources = [TriggerSource.Mark, TriggerSource.Last, TriggerSource.Index];

    private void RunTriggers()
    {
        foreach (BookMarket market in Markets.Where(market => market.MovedTurn != 0).OrderBy(market => market.MovedTurn).ToList())
        {
            market.MovedTurn = 0;
            foreach (TriggerSource source in Sources.Where(source => !MayFire(market, source)))
            {
                market.Forget(source);
            }

            while (RunNextMove(market))
            {
            }
        }
    }

    /// <summary>A price of a market has moved; markets are looked at in the order in which theirs did.</summary>
    private void Moved(BookMarket market) => market.MovedTurn = market.MovedTurn == 0 ? ++_turn : market.MovedTurn;

    /// <summary>Takes the first source with a price that has moved, and begins again.</summary>
    private bool RunNextMove(BookMarket market)
    {
        foreach (TriggerSource source in Sources)
        {
            int at = (int)source;
            if (!MayFire(market, source))
            {
                continue;
            }

            if (market.Moves[at] is { } move)
            {
                if ((Falling(market, source, move.Low) ?? Rising(market, source, move.High)) is { } order)
                {
                    SetOff(order);
                    return true;
                }

                market.Moves[at] = null;
            }

            if (market.Unfollowed[at] is { } seen)
            {
                BookOrder? follower = Followers(market, source, isBuy: false, seen.High).FirstOrDefault()
                    ?? Followers(market, source, isBuy: true, seen.Low).FirstOrDefault();
                if (follower is not null)
                {
                    Follow(follower, follower.IsBuy ? seen.Low : seen.High);
                    TellTrailed(follower);
                    market.Moves[at] = (market.Prices[at], market.Prices[at]);
                    return true;
                }

                market.Unfollowed[at] = null;
            }
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
        order.Trigger = order.TriggerAt(price);
        order.TriggerTurn = ++_turn;
    }

    private void SetOff(BookOrder order)
    {
        BookMarket market = order.Market;
        market.Waiting.Remove(order);
        order.WasTriggered = true;
        bool isPositionGone = order.IsReduceOnly && order.Row.Reducible(order.Side) == 0;
        if (order.IsReduceOnly && !isPositionGone)
        {
            long reducible = order.Row.Reducible(order.Side);
            order.Leaves = order.IsWhole ? reducible : Math.Min(order.Leaves, reducible);
            order.Quantity = order.Leaves;
        }

        ResultCode code = CheckSetOff(order, out long limit);
        bool isRefused = isPositionGone || code != ResultCode.Accepted;
        order.Price = isRefused ? order.Price : limit;
        order.IsWaiting = false;
        TellTriggered(order, isPositionGone ? 0 : limit);
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

    private static ResultCode CheckSetOff(BookOrder order, out long limit)
    {
        limit = order.IsMarket ? MarketPrice(order) : order.Price;
        if (!StateAllows(order))
        {
            return ResultCode.MarketStateForbids;
        }

        if (IsStopped(order))
        {
            return ResultCode.KillSwitchActive;
        }

        if (limit == 0)
        {
            return ResultCode.NoReferencePrice;
        }

        return order.IsReduceOnly || IsWithinLimits(order, order.Leaves) ? ResultCode.Accepted : ResultCode.PositionLimit;
    }
}
