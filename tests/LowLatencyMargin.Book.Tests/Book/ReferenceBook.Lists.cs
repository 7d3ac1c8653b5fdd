using System.Runtime.InteropServices;

namespace LowLatencyMargin.Book.Tests.Book;

/// <summary>Mass cancels and batches (R-1306, R-1310).</summary>
internal sealed partial class ReferenceBook
{
    private int _ended;

    private ResultCode CancelMany(in CancelOrders command)
    {
        if (FindAccount(command.AccountId) is not { } account)
        {
            return ResultCode.UnknownAccount;
        }

        if (command.MarketId != 0 && FindMarket(command.MarketId) is null)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.Sides > SideFilter.Sells || command.SpareStops > 1 || command.Reserved != 0 || command.Reserved2 != 0)
        {
            return ResultCode.MalformedCommand;
        }

        if (!MaySpend(account, 1, mayUseReserve: true))
        {
            return ResultCode.RateLimited;
        }

        Spend(account, 1);
        CancelAll(account, command.MarketId, command.Sides, command.SpareStops != 0, CancelReason.MassCancel);
        return ResultCode.Accepted;
    }

    /// <summary>Markets in the order in which the account came to them last, newest order first.</summary>
    private void CancelAll(BookAccount account, long market, SideFilter sides, bool sparesStops, CancelReason reason)
    {
        long cancelled = 0;
        foreach (BookRow row in account.Rows.AsEnumerable().Reverse().Where(row => market == 0 || row.Market.Id == market).ToList())
        {
            foreach (BookOrder order in row.Orders.AsEnumerable().Reverse().ToList())
            {
                bool isOtherSide = (sides == SideFilter.Buys && !order.IsBuy) || (sides == SideFilter.Sells && order.IsBuy);
                if (!isOtherSide && !(sparesStops && order.IsWaiting && order.IsReduceOnly))
                {
                    End(order, reason);
                    cancelled++;
                }
            }
        }

        TellCancelledMany(account.Id, market, reason, cancelled);
    }

    private ResultCode Batch(in OrderBatch batch, ReadOnlySpan<byte> command)
    {
        if (FindTrader(batch.AccountId) is not { } account)
        {
            return ResultCode.UnknownAccount;
        }

        if (FindMarket(batch.MarketId) is not { } market)
        {
            return ResultCode.UnknownMarket;
        }

        int head = SizeOf<OrderBatch>();
        bool isWhole = batch.Count is >= 1 and <= OrderBatch.MaxItems && command.Length >= head + (batch.Count * SizeOf<BatchItem>());
        if (!isWhole || batch.Mode > BatchMode.Atomic || batch.SelfTrade > SelfTradePrevention.Decrement || batch.Reserved != 0)
        {
            return ResultCode.MalformedCommand;
        }

        BatchItem[] items = MemoryMarshal.Cast<byte, BatchItem>(command.Slice(head, batch.Count * SizeOf<BatchItem>())).ToArray();
        if (!MaySpend(account, items.Length, items.All(item => item.Action == BatchAction.Cancel)))
        {
            return ResultCode.RateLimited;
        }

        return batch.Mode == BatchMode.Atomic
            ? AllOrNone(account, market, batch.SelfTrade, items)
            : OneByOne(account, market, batch.SelfTrade, items);
    }

    private static bool IsKnown(in BatchItem item) =>
        item.Action <= BatchAction.Modify && item.Reserved == 0
        && (item.Action != BatchAction.Place || (item.OrderId == 0 && item.Side <= Side.Sell && item.Type <= OrderType.Market
            && item.TimeInForce <= TimeInForce.Day && (item.Flags & ~KnownFlags) == 0));

    private ResultCode OneByOne(BookAccount account, BookMarket market, SelfTradePrevention rule, BatchItem[] items)
    {
        long applied = 0;
        Spend(account, items.Length);
        for (int i = 0; i < items.Length; i++)
        {
            AlsoAllowed = null;
            ResultCode code = !IsKnown(in items[i]) ? ResultCode.MalformedCommand
                : items[i].Action == BatchAction.Place ? Enter(Draft(account, market, rule, in items[i], i), 0, isFree: true)
                : ChangeOne(account, market, in items[i]);
            if (code == ResultCode.Accepted)
            {
                applied++;
            }
            else
            {
                Reject(code, CommandType.OrderBatch, i + 1);
            }
        }

        TellBatch(account, market, applied, items.Length - applied);
        return ResultCode.Accepted;
    }

    private void TellBatch(BookAccount account, BookMarket market, long applied, long refused) =>
        Tell(new BookEvent(EventType.BatchFinished, market.Id) { A = account.Id, B = applied, C = refused });

    private BookOrder Draft(BookAccount account, BookMarket market, SelfTradePrevention rule, in BatchItem item, int index) => new()
    {
        Tag = Tag + index,
        Row = account.Row(market),
        ClientId = item.ClientOrderId,
        Side = item.Side,
        Type = item.Type,
        TimeInForce = item.TimeInForce,
        SelfTrade = rule,
        Flags = item.Flags,
        Expires = item.TimeInForce == TimeInForce.Day ? NextMidnight(0) : 0,
        GivenPrice = item.PriceTicks,
        GivenQuantity = item.QuantityLots,
        Price = item.PriceTicks,
        Quantity = item.QuantityLots,
        Leaves = item.QuantityLots,
    };

    private ResultCode ChangeOne(BookAccount account, BookMarket market, in BatchItem item)
    {
        ResultCode code = FindOpen(account, item.OrderId, item.ClientOrderId, out BookOrder? order);
        if (code == ResultCode.Accepted && order!.Market != market)
        {
            code = ResultCode.UnknownOrder;
        }

        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (item.Action == BatchAction.Cancel)
        {
            End(order!, CancelReason.Requested);
            return ResultCode.Accepted;
        }

        var change = new Change(order!, item.PriceTicks, item.QuantityLots, 0);
        code = CheckChange(change, new Together());
        if (code == ResultCode.Accepted)
        {
            Apply(change);
            Follow();
        }

        return code;
    }

    private ResultCode AllOrNone(BookAccount account, BookMarket market, SelfTradePrevention rule, BatchItem[] items)
    {
        var together = new Together();
        HashSet<BookOrder> named = [];
        HashSet<long> names = [];
        List<Action> actions = [];
        _ended = 0;
        for (int i = 0; i < items.Length; i++)
        {
            AlsoAllowed = null;
            ResultCode code = !IsKnown(in items[i]) ? ResultCode.MalformedCommand
                : items[i].Action == BatchAction.Place ? CheckItem(Draft(account, market, rule, in items[i], i), names, together, actions)
                : CheckItem(account, market, in items[i], i + 1, named, together, actions);
            if (code != ResultCode.Accepted)
            {
                RefusedItem = i + 1;
                return code;
            }
        }

        Spend(account, items.Length);
        foreach (Action action in actions)
        {
            action();
            Follow();
        }

        TellBatch(account, market, items.Length - _ended, _ended);
        return ResultCode.Accepted;
    }

    private ResultCode CheckItem(BookOrder order, HashSet<long> names, Together together, List<Action> actions)
    {
        if (order.ClientId != 0 && (order.Account.Named.ContainsKey(order.ClientId) || !names.Add(order.ClientId)))
        {
            return ResultCode.DuplicateClientOrderId;
        }

        ResultCode code = Check(order, 0, together);
        if (code == ResultCode.Accepted)
        {
            together.Add(order);
            actions.Add(() => StartChecked(order));
        }

        return code;
    }

    private ResultCode CheckItem(
        BookAccount account, BookMarket market, in BatchItem item, int number, HashSet<BookOrder> changed, Together together, List<Action> actions)
    {
        ResultCode code = FindOpen(account, item.OrderId, item.ClientOrderId, out BookOrder? order);
        if (code == ResultCode.Accepted && order!.Market != market)
        {
            code = ResultCode.UnknownOrder;
        }

        if (code != ResultCode.Accepted)
        {
            return code;
        }

        if (!changed.Add(order!))
        {
            return ResultCode.InvalidCombination;
        }

        BatchItem asked = item;
        if (item.Action == BatchAction.Cancel)
        {
            actions.Add(() => IfOpen(order!, in asked, number, () => End(order!, CancelReason.Requested)));
            return ResultCode.Accepted;
        }

        var change = new Change(order!, item.PriceTicks, item.QuantityLots, 0);
        code = CheckChange(change, together);
        if (code == ResultCode.Accepted)
        {
            long more = order!.IsWaiting || change.IsDecrease || change.IsAmendedAway ? 0 : change.Quantity - order.Quantity;
            together.BuyLots += order.IsBuy && !order.IsReduceOnly ? more : 0;
            together.SellLots += !order.IsBuy && !order.IsReduceOnly ? more : 0;
            actions.Add(() => IfOpen(order, in asked, number,
                () => ApplyChecked(new Change(order, asked.PriceTicks, asked.QuantityLots, 0), number)));
        }

        return code;
    }

    /// <summary>An item whose order has ended by trades of items before it says so.</summary>
    private void IfOpen(BookOrder order, in BatchItem item, int number, Action action)
    {
        if (order.IsOpen)
        {
            action();
            return;
        }

        _ended++;
        ResultCode code = FindOpen(order.Account, item.OrderId, item.ClientOrderId, out _);
        Reject(code, CommandType.OrderBatch, number);
    }

    /// <summary>An order of an atomic batch: what happened since its check can end it, not refuse it.</summary>
    private void StartChecked(BookOrder order)
    {
        long reducible = order.Row.Reducible(order.Side);
        bool isOutside = !order.IsMarket && !IsWithinBand(order.Market, order.GivenPrice);
        bool reducesNothing = !isOutside && order.IsReduceOnly && reducible == 0;
        if (order.IsReduceOnly)
        {
            order.Leaves = order.Quantity = reducesNothing || isOutside ? order.GivenQuantity : Math.Min(order.GivenQuantity, reducible);
        }

        order.Price = !order.IsMarket ? order.GivenPrice : reducesNothing ? 0 : MarketPrice(order);
        bool isFrozen = order.IsProtected && NowNs < order.Row.FrozenUntil;
        bool wouldTrade = !reducesNothing && !isFrozen && !isOutside && !PassesPostOnly(order);
        bool ends = reducesNothing || wouldTrade || isFrozen || isOutside;
        order.Price = wouldTrade ? order.GivenPrice : order.Price;
        Accept(order, withTerms: !ends);
        if (reducesNothing)
        {
            End(order, CancelReason.NothingToReduce);
        }
        else if (isFrozen)
        {
            End(order, CancelReason.MakerProtection);
        }
        else if (isOutside)
        {
            End(order, CancelReason.PriceOutsideBand);
        }
        else if (wouldTrade)
        {
            End(order, CancelReason.WouldTrade);
        }
        else
        {
            Start(order);
        }
    }

    /// <summary>A change of an atomic batch at its turn: refused where earlier items have made it impossible.</summary>
    private void ApplyChecked(Change change, int number)
    {
        ResultCode code = CheckChange(change, null);
        if (code == ResultCode.Accepted)
        {
            Apply(change);
            return;
        }

        _ended++;
        Reject(code, CommandType.OrderBatch, number);
    }
}
