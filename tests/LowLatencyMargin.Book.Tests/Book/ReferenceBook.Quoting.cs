using System.Runtime.InteropServices;

namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>Mass quotes, brackets, maker protection (R-1302, R-1312, R-1314).</summary>
internal sealed partial class ReferenceBook
{
    private ResultCode Quote(in MassQuote quote, ReadOnlySpan<byte> command)
    {
        if (FindTrader(quote.AccountId) is not { } account)
        {
            return ResultCode.UnknownAccount;
        }

        if (FindMarket(quote.MarketId) is not { } market)
        {
            return ResultCode.UnknownMarket;
        }

        int head = SizeOf<MassQuote>();
        int count = quote.Bids + quote.Asks;
        bool isWhole = count <= MassQuote.MaxLevels && command.Length >= head + (count * SizeOf<QuoteLevel>());
        bool isKnown = (quote.Flags & ~OrderFlags.PostOnly) == 0 && quote.SelfTrade <= SelfTradePrevention.Decrement && quote.Reserved == 0;
        if (!isWhole || !isKnown)
        {
            return ResultCode.MalformedCommand;
        }

        QuoteLevel[] levels = MemoryMarshal.Cast<byte, QuoteLevel>(command.Slice(head, count * SizeOf<QuoteLevel>())).ToArray();
        if (!MaySpend(account, Math.Max(1, count), mayUseReserve: count == 0))
        {
            return ResultCode.RateLimited;
        }

        (OrderFlags flags, SelfTradePrevention rule, int bids) = (quote.Flags, quote.SelfTrade, quote.Bids);
        List<BookOrder> drafts = [.. levels.Select((level, i) => Draft(account, market, flags, rule, level, i, i < bids))];
        ResultCode code = CheckQuotes(account.Row(market), drafts, flags, bids);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        Spend(account, Math.Max(1, count));
        Replace(account.Row(market), drafts, quote.QuoteId);
        return ResultCode.Accepted;
    }

    private BookOrder Draft(
        BookAccount account, BookMarket market, OrderFlags flags, SelfTradePrevention rule, QuoteLevel level, int index, bool isBid) => new()
        {
            Tag = Tag + index,
            Row = account.Row(market),
            Side = isBid ? Side.Buy : Side.Sell,
            SelfTrade = rule,
            Flags = flags | OrderFlags.MakerProtected,
            Price = level.PriceTicks,
            Quantity = level.QuantityLots,
            Leaves = level.QuantityLots,
            IsQuote = true,
        };

    private ResultCode CheckQuotes(BookRow row, List<BookOrder> drafts, OrderFlags flags, int bids)
    {
        BookMarket market = row.Market;
        bool onlyCancels = drafts.Count == 0;
        if (!onlyCancels && !QuotesAllowed(market, flags))
        {
            return ResultCode.MarketStateForbids;
        }

        if (!onlyCancels && (row.Account.IsKilled || row.IsKilled || market.IsKilled))
        {
            return ResultCode.KillSwitchActive;
        }

        if (!onlyCancels && NowNs < row.FrozenUntil)
        {
            return ResultCode.MakerProtectionActive;
        }

        // all levels together, in place of all old quotes
        List<BookOrder> old = [.. row.Orders.Where(order => order.IsQuote)];
        int orders = row.Orders.Count - old.Count;
        long[] more = [.. ((Side[])[Side.Buy, Side.Sell])
            .Select(side => -old.Where(quote => quote.Side == side).Sum(quote => quote.Leaves))];
        for (int i = 0; i < drafts.Count; i++)
        {
            BookOrder draft = drafts[i];
            RefusedItem = i + 1;
            bool isOrdered = i == 0 || i == bids || (draft.IsBuy ? draft.Price < drafts[i - 1].Price : draft.Price > drafts[i - 1].Price);
            ResultCode code = draft.Price is < 1 or > BookMarket.MaxTicks ? ResultCode.InvalidPrice
                : !isOrdered || (i == bids && bids > 0 && draft.Price <= drafts[0].Price) ? ResultCode.InvalidQuotes
                : draft.Quantity is < 1 or > BookMarket.MaxTicks ? ResultCode.InvalidQuantity
                : draft.Quantity < market.Parameters.MinQuantityLots ? ResultCode.BelowMinimumSize
                : !IsWithinBand(market, draft.Price) ? ResultCode.PriceOutsideBand
                : !HasMinimumNotional(draft, draft.Quantity) ? ResultCode.BelowMinimumNotional
                : ++orders > market.Parameters.MaxOpenOrders ? ResultCode.TooManyOrders
                : !IsWithinLimits(draft, more[(int)draft.Side] += draft.Quantity) ? ResultCode.PositionLimit
                : ResultCode.Accepted;
            if (code != ResultCode.Accepted)
            {
                return code;
            }
        }

        RefusedItem = 0;
        return ResultCode.Accepted;
    }

    private static bool QuotesAllowed(BookMarket market, OrderFlags flags) =>
        market.State == MarketState.Open || (market.State == MarketState.PreOpen && flags.HasFlag(OrderFlags.PostOnly));

    private static bool IsSame(BookOrder quote, BookOrder draft) => quote.Side == draft.Side && quote.Price == draft.Price;

    private void Replace(BookRow row, List<BookOrder> drafts, long quoteId)
    {
        List<BookOrder> old = [.. row.Orders.Where(order => order.IsQuote).Reverse()];
        long cancelled = 0;
        Dictionary<BookOrder, BookOrder> kept = [];
        foreach (BookOrder quote in old)
        {
            BookOrder? level = drafts.Find(draft => IsSame(quote, draft));
            if (level is null)
            {
                End(quote, CancelReason.QuoteReplaced);
                cancelled++;
            }
            else if (!kept.TryAdd(level, quote))
            {
                End(quote, CancelReason.QuoteReplaced);
                cancelled++;
            }
            else if (level.Quantity < quote.Leaves)
            {
                Apply(new Change(quote, 0, quote.Filled + level.Quantity, 0));
            }
        }

        long placed = 0;
        for (int i = 0; i < drafts.Count; i++)
        {
            BookOrder draft = drafts[i];
            if (kept.TryGetValue(draft, out BookOrder? quote) && quote.IsOpen)
            {
                Keep(quote, draft.Quantity);
            }
            else if (draft.IsPostOnly && row.Market.Crosses(draft.Side, draft.Price))
            {
                Reject(ResultCode.PostOnlyWouldTrade, CommandType.MassQuote, i + 1);
            }
            else
            {
                Accept(draft);
                Start(draft);
                Follow();
                placed++;
            }
        }

        Tell(new BookEvent(EventType.QuotesReplaced, row.Market.Id) { A = row.Account.Id, B = quoteId, C = placed, D = kept.Count, E = cancelled });
    }

    private void Keep(BookOrder quote, long leaves)
    {
        if (quote.Leaves < leaves)
        {
            Apply(new Change(quote, 0, quote.Filled + leaves, 0));
            Follow();
        }
    }

    private ResultCode Bracket(in SetBracket command)
    {
        if (FindTrader(command.AccountId) is not { } account)
        {
            return ResultCode.UnknownAccount;
        }

        if (FindMarket(command.MarketId) is not { } market)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.Source > TriggerSource.Index || command.Reserved != 0 || command.Reserved2 != 0)
        {
            return ResultCode.MalformedCommand;
        }

        if (!MaySpend(account, 1, mayUseReserve: true))
        {
            return ResultCode.RateLimited;
        }

        BookRow row = account.Row(market);
        List<BookOrder> old = [.. row.Orders.Where(order => order.IsBracket)];
        if (command.StopLossTicks == 0 && command.TakeProfitTicks == 0)
        {
            if (old.Count == 0)
            {
                return ResultCode.StateUnchanged;
            }

            Spend(account, 1);
            old.ForEach(order => End(order, CancelReason.BracketReplaced));
            return ResultCode.Accepted;
        }

        ResultCode code = CheckBracket(in command, row, old.Count, out BookOrder? stop, out BookOrder? profit);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        Spend(account, 1);
        old.ForEach(order => End(order, CancelReason.BracketReplaced));
        foreach (BookOrder? order in (BookOrder?[])[stop, profit])
        {
            if (order is not null)
            {
                order.Linked = order == profit ? stop : null;
                Accept(order);
                Start(order);
            }
        }

        return ResultCode.Accepted;
    }

    private ResultCode CheckBracket(in SetBracket command, BookRow row, int replaced, out BookOrder? stop, out BookOrder? profit)
    {
        static bool IsOutside(long ticks) => ticks is < 0 or > BookMarket.MaxTicks;
        (stop, profit) = (null, null);
        BookMarket market = row.Market;
        if (market.State is not (MarketState.Open or MarketState.ReduceOnly or MarketState.PriceStale))
        {
            return ResultCode.MarketStateForbids;
        }

        if (row.Size == 0)
        {
            return ResultCode.NoPosition;
        }

        if (IsOutside(command.StopLossTicks) || IsOutside(command.TakeProfitTicks))
        {
            return ResultCode.InvalidTrigger;
        }

        if (command.MaxSlippageRate is < 0 or > Core.Numerics.Rate.Scale)
        {
            return ResultCode.InvalidPrice;
        }

        bool isLong = row.Size > 0;
        Big atStop = new Big(Math.Abs(row.Size)) * command.StopLossTicks * market.TickValue;
        if (command.StopLossTicks != 0 && (isLong ? atStop >= row.Cost : atStop <= row.Cost))
        {
            return ResultCode.StopOnWinningSide;
        }

        if (command.StopLossTicks != 0)
        {
            Big buffered = new Big(command.StopLossTicks) * market.Parameters.StopBufferRate;
            long buffer = (long)((buffered + Core.Numerics.Rate.Scale - 1) / Core.Numerics.Rate.Scale);
            long trigger = isLong ? Math.Max(1, command.StopLossTicks - buffer) : Math.Min(BookMarket.MaxTicks, command.StopLossTicks + buffer);
            stop = Half(in command, row, TriggerKind.Stop, trigger, 0);
        }

        if (command.TakeProfitTicks != 0)
        {
            profit = Half(in command, row, TriggerKind.TakeProfit, command.TakeProfitTicks, 1);
        }

        long price = market.Prices[(int)command.Source];
        if (price != 0 && (stop?.IsReachedBy(price) == true || profit?.IsReachedBy(price) == true))
        {
            return ResultCode.TriggerReached;
        }

        int more = (stop is null ? 0 : 1) + (profit is null ? 0 : 1) - replaced;
        bool isFull = row.Orders.Count + more > market.Parameters.MaxOpenOrders
            || row.Orders.Count(order => order.IsReduceOnly) + more > MaxReduceOnly;
        return isFull ? ResultCode.TooManyOrders : ResultCode.Accepted;
    }

    private BookOrder Half(in SetBracket command, BookRow row, TriggerKind kind, long trigger, int index) => new()
    {
        Tag = Tag + index,
        Row = row,
        Side = row.Size > 0 ? Side.Sell : Side.Buy,
        Type = OrderType.Market,
        Flags = OrderFlags.ReduceOnly | OrderFlags.WholePosition,
        Slippage = command.MaxSlippageRate,
        Quantity = Math.Abs(row.Size),
        Leaves = Math.Abs(row.Size),
        Kind = kind,
        Source = command.Source,
        Trigger = trigger,
        IsWaiting = true,
        IsBracket = true,
    };

    private ResultCode Protect(in SetMakerProtection command)
    {
        if (FindTrader(command.AccountId) is not { } account)
        {
            return ResultCode.UnknownAccount;
        }

        if (FindMarket(command.MarketId) is not { } market)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.Reserved != 0)
        {
            return ResultCode.MalformedCommand;
        }

        bool isOff = command.QuantityLots == 0 && command.DeltaLots == 0 && command.Fills == 0;
        bool isNegative = command.QuantityLots < 0 || command.DeltaLots < 0 || command.Fills < 0 || command.FrozenMs < 0 || command.WindowMs < 0;
        if (isNegative || command.WindowMs > 86_400_000 || (!isOff && command.WindowMs == 0))
        {
            return ResultCode.InvalidParameter;
        }

        BookRow row = account.Row(market);
        if (isOff && !row.IsProtectionOn)
        {
            return ResultCode.StateUnchanged;
        }

        row.Protection = command;
        Settle(row);
        row.WindowStart = -1;
        row.FrozenUntil = 0;
        return ResultCode.Accepted;
    }
}
