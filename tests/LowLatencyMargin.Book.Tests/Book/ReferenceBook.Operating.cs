namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>Prices, market states, switches, timers and limits (R-1315, R-1316, R-1401, R-1402).</summary>
internal sealed partial class ReferenceBook
{
    private const long NsPerMs = 1_000_000;

    private ResultCode SetMark(in SetMarkPrice command)
    {
        if (FindMarket(command.MarketId) is not { } market)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.PriceTicks is < 1 or > BookMarket.MaxTicks)
        {
            return ResultCode.InvalidPrice;
        }

        long mark = command.PriceTicks;
        market.HasMark = true;
        TellPrice(EventType.MarkPriceUpdated, market, mark, market.Mark);
        market.SetPrice(TriggerSource.Mark, mark);
        market.SetPrice(TriggerSource.Index, mark);
        Moved(market);
        Watch(market, mark);
        return ResultCode.Accepted;
    }

    private ResultCode SetIndex(in SetIndexPrice command)
    {
        if (FindMarket(command.MarketId) is not { } market)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.PriceTicks is < 1 or > BookMarket.MaxTicks)
        {
            return ResultCode.InvalidPrice;
        }

        TellPrice(EventType.IndexPriceUpdated, market, command.PriceTicks, market.Prices[(int)TriggerSource.Index]);
        market.SetPrice(TriggerSource.Index, command.PriceTicks);
        Moved(market);
        return ResultCode.Accepted;
    }

    private void TellPrice(EventType type, BookMarket market, long price, long before) =>
        Tell(new BookEvent(type, market.Id) { A = price, B = before });

    /// <summary>The breaker: a mark too far from those of the window halts an open market.</summary>
    private void Watch(BookMarket market, long mark)
    {
        MarketParameters limits = market.Parameters;
        long reference = market.Breaker.ReferenceFor(mark, NowNs, limits.BreakerWindowMs * NsPerMs, limits.BreakerRate);
        if (limits.BreakerRate != 0)
        {
            market.Breaker.Add(NowNs, mark);
        }

        if (reference == 0 || market.State is not MarketState.Open)
        {
            return;
        }

        long resumes = limits.BreakerHaltMs == 0 ? 0 : NowNs + (limits.BreakerHaltMs * NsPerMs);
        ChangeState(market, MarketState.Halted, StateCause.Breaker, reference, mark, resumes);
        market.Breaker.Clear();
        market.Breaker.Add(NowNs, mark);
        if (resumes != 0)
        {
            market.Resumes = SetTimer(resumes, () => ChangeState(market, MarketState.Open, StateCause.Resumed, 0, 0, 0));
        }
    }

    private void ChangeState(BookMarket market, MarketState state, StateCause cause, long reference, long mark, long resumes)
    {
        Tell(new BookEvent(EventType.MarketStateChanged, market.Id)
        {
            A = (long)state | ((long)market.State << 8) | ((long)cause << 16), B = reference, C = mark, D = resumes,
        });
        market.State = state;
        market.CompareAgain();
        Moved(market);
    }

    private ResultCode SetState(in SetMarketState command)
    {
        if (FindMarket(command.MarketId) is not { } market)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.State > MarketState.Closed || command.Reserved != 0 || command.Reserved2 != 0 || command.Reserved3 != 0)
        {
            return ResultCode.MalformedCommand;
        }

        if (command.State == market.State)
        {
            return ResultCode.StateUnchanged;
        }

        _timers.Remove(market.Resumes);
        ChangeState(market, command.State, StateCause.Operator, 0, 0, 0);
        if (command.State == MarketState.Closed)
        {
            CancelAll(market, sparesStops: false, CancelReason.MarketClosed);
        }

        return ResultCode.Accepted;
    }

    /// <summary>All orders of a market. The text gives no order for these, so the comparison takes them as a set.</summary>
    private void CancelAll(BookMarket market, bool sparesStops, CancelReason reason)
    {
        List<BookOrder> orders = [.. market.Bids.Concat(market.Asks).Concat(market.Waiting)
            .Where(order => !(sparesStops && order.IsWaiting))];
        _endsTogether = true;
        foreach (BookOrder order in orders)
        {
            End(order, reason);
            Events[^1] = Events[^1] with { IsUnordered = true };
        }

        _endsTogether = false;
        TellCancelledMany(0, market.Id, reason, orders.Count);
    }

    private ResultCode Kill(in KillSwitch command)
    {
        BookAccount? account = FindTrader(command.AccountId);
        BookMarket? market = FindMarket(command.MarketId);
        if (command.AccountId != 0 && account is null)
        {
            return ResultCode.UnknownAccount;
        }

        if ((command.MarketId != 0 || command.AccountId == 0) && market is null)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.On > 1 || command.SpareStops > 1 || command.Reserved != 0 || command.Reserved2 != 0)
        {
            return ResultCode.MalformedCommand;
        }

        bool isOn = command.On == 1;
        bool wasOn = account is null ? market!.IsKilled : market is null ? account.IsKilled : account.Row(market).IsKilled;
        if (wasOn == isOn)
        {
            return ResultCode.StateUnchanged;
        }

        Tell(new BookEvent(EventType.KillSwitchChanged, command.MarketId) { A = command.AccountId, B = command.On });
        if (account is null)
        {
            market!.IsKilled = isOn;
        }
        else if (market is null)
        {
            account.IsKilled = isOn;
        }
        else
        {
            account.Row(market).IsKilled = isOn;
            Settle(account.Row(market));
        }

        if (isOn && account is null)
        {
            CancelAll(market!, command.SpareStops != 0, CancelReason.KillSwitch);
        }
        else if (isOn)
        {
            CancelAll(account!, command.MarketId, SideFilter.Both, command.SpareStops != 0, CancelReason.KillSwitch);
        }

        return ResultCode.Accepted;
    }

    private ResultCode SetDeadMan(in CancelAllAfter command)
    {
        if (FindTrader(command.AccountId) is not { } account)
        {
            return ResultCode.UnknownAccount;
        }

        if (command.SpareStops > 1 || command.Reserved != 0 || command.Reserved2 != 0)
        {
            return ResultCode.MalformedCommand;
        }

        if (command.TimeoutMs is < 0 or > 86_400_000)
        {
            return ResultCode.InvalidParameter;
        }

        _timers.Remove(account.DeadMan);
        account.DeadMan = default;
        long due = command.TimeoutMs == 0 ? 0 : NowNs + (command.TimeoutMs * NsPerMs);
        bool sparesStops = command.SpareStops != 0;
        if (due != 0)
        {
            account.DeadMan = SetTimer(due, () => CancelAll(account, 0, SideFilter.Both, sparesStops, CancelReason.CancelAllAfter));
        }

        Tell(new BookEvent(EventType.CancelAllAfterSet, 0) { A = account.Id, B = due });
        return ResultCode.Accepted;
    }

    private ResultCode Limit(in SetRateLimit command)
    {
        const int most = 1_000_000;
        BookAccount? account = FindTrader(command.AccountId);
        if (command.AccountId != 0 && account is null)
        {
            return ResultCode.UnknownAccount;
        }

        if (command.Reserved != 0)
        {
            return ResultCode.MalformedCommand;
        }

        if (command.PerSecond is < 0 or > most || command.Burst is < 0 or > most || command.Reserve is < 0 or > most
            || (command.PerSecond > 0 && command.Burst == 0))
        {
            return ResultCode.InvalidParameter;
        }

        if (account is null)
        {
            _limitOfAll = command;
            Accounts.Values.Where(each => each.OwnLimit is null).ToList().ForEach(each => each.Budget.Reset());
        }
        else
        {
            account.OwnLimit = command;
            account.Budget.Reset();
        }

        return ResultCode.Accepted;
    }

    private ResultCode SetGroup(in SetTradeGroup command)
    {
        if (FindTrader(command.AccountId) is not { } account)
        {
            return ResultCode.UnknownAccount;
        }

        if (command.GroupId < 0)
        {
            return ResultCode.InvalidParameter;
        }

        account.Group = command.GroupId;
        return ResultCode.Accepted;
    }

    private ResultCode SetParameters(in SetMarketParameters command)
    {
        if (FindMarket(command.MarketId) is not { } market)
        {
            return ResultCode.UnknownMarket;
        }

        if (market.Parameters.BreakerWindowMs != command.Parameters.BreakerWindowMs)
        {
            market.Breaker.Clear();
        }

        market.Parameters = command.Parameters;
        return ResultCode.Accepted;
    }
}
