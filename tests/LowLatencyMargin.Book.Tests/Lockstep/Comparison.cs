using LowLatencyMargin.Book.Tests.Book;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Book.Tests.Lockstep;

/// <summary>The exchange's events and state against the reference book's.</summary>
internal static class Comparison
{
    /// <summary>Compares the events of a command, one by one, and learns the ids of new orders.</summary>
    public static List<Told> Events(Exchange exchange, ReferenceBook book)
    {
        List<Told> actual = [];
        foreach (ref readonly EventSlot slot in exchange.Events.Span)
        {
            if (Told.IsForetold(slot.Header.Type))
            {
                actual.Add(Told.Of(in slot));
            }
        }

        MatchUnordered(actual, book);
        for (int i = 0; i < Math.Max(actual.Count, book.Events.Count); i++)
        {
            bool areBoth = i < actual.Count && i < book.Events.Count;
            if (areBoth && actual[i].Type == EventType.OrderAccepted && book.Events[i] is { Type: EventType.OrderAccepted } told)
            {
                Learn(book, told.Order!, actual[i].B);
            }

            if (!areBoth || !IsAsTold(actual[i], book.Events[i]))
            {
                string expected = Lines(book.Events.Select(Told.Of));
                throw new DivergenceException($"event {i + 1} differs\n  exchange:\n{Lines(actual)}  reference book:\n{expected}");
            }
        }

        return actual;
    }

    /// <summary>The orders that a command's events named: what is left of them, and their accounts' positions.</summary>
    public static void Touched(ExchangeState state, ReferenceBook book)
    {
        HashSet<BookRow> rows = [];
        foreach (BookEvent told in book.Events)
        {
            foreach (BookOrder? order in (ReadOnlySpan<BookOrder?>)[told.Order, told.Other])
            {
                if (order is not null && rows.Add(order.Row))
                {
                    Row(state, order.Row);
                }
            }
        }
    }

    public static void Everything(ExchangeState state, ReferenceBook book)
    {
        foreach (BookMarket market in book.Markets)
        {
            ref readonly Market row = ref state.Markets[(int)market.Id];
            Same(row.MarkTicks, market.Mark, $"mark of market {market.Id}");
            Same(row.LastTicks, market.Prices[(int)TriggerSource.Last], $"last of market {market.Id}");
            CompareSide(state, state.Books[(int)market.Id].Bids, market.Bids, $"market {market.Id} bids");
            CompareSide(state, state.Books[(int)market.Id].Asks, market.Asks, $"market {market.Id} asks");
        }

        foreach (BookRow row in book.Accounts.Values.SelectMany(account => account.All.Values))
        {
            Row(state, row);
        }
    }

    /// <summary>Puts events that the text gives no order into the exchange's.</summary>
    private static void MatchUnordered(List<Told> actual, ReferenceBook book)
    {
        int first = book.Events.FindIndex(told => told.IsUnordered);
        int count = book.Events.Count(told => told.IsUnordered);
        if (count == 0)
        {
            return;
        }

        List<BookEvent> expected = book.Events.GetRange(first, count);
        for (int i = 0; i < count && first + i < actual.Count; i++)
        {
            int at = expected.FindIndex(told => told.Order!.Id == actual[first + i].B);
            if (at >= 0)
            {
                book.Events[first + i] = expected[at];
                book.Remember(expected[at].Order!);
                expected.RemoveAt(at);
            }
        }
    }

    private static bool IsAsTold(Told actual, BookEvent told) =>
        actual == Told.Of(told) || (told.OrF != 0 && actual == Told.Of(told with { F = told.OrF }));

    private static void Learn(ReferenceBook book, BookOrder order, long id)
    {
        if (id <= 0 || !book.ById.TryAdd(id, order))
        {
            throw new DivergenceException($"order id {id} was used before");
        }

        order.Id = id;
    }

    private static string Lines(IEnumerable<Told> events) => string.Concat(events.Select(told => $"    {told}\n"));

    private static void CompareSide(ExchangeState state, PriceLadder ladder, List<BookOrder> expected, string where)
    {
        int next = 0;
        int levels = 0;
        for (long ticks = ladder.BestTicks; ticks != 0; ticks = ladder.NextWorse(ticks))
        {
            levels++;
            Level level = ladder.At(ticks);
            long lots = 0;
            for (int slot = level.Head; slot != 0; slot = state.Orders[slot].Next)
            {
                if (next == expected.Count)
                {
                    throw new DivergenceException($"{where}: more orders in the exchange");
                }

                Compare(in state.Orders[slot], slot, expected[next++]);
                Same(ticks, state.Orders[slot].PriceTicks, $"{where}: price of order in level");
                lots += state.Orders[slot].LeavesLots;
            }

            Same(level.Lots, lots, $"{where}: lots at {ticks}");
        }

        Same(next, expected.Count, $"{where}: orders");
        Same(ladder.Count, levels, $"{where}: levels");
    }

    private static void Compare(in Order order, int slot, BookOrder expected)
    {
        Same(Order.IdOf(slot, order.Generation), expected.Id, "order in the queue");
        Same(order.PriceTicks, expected.Price, $"price of order {expected.Id}");
        Same(order.LeavesLots, expected.Leaves, $"leaves of order {expected.Id}");
        Same(order.QuantityLots, expected.Quantity, $"quantity of order {expected.Id}");
        Same(order.ClientOrderId, expected.ClientId, $"client id of order {expected.Id}");
        Same((long)order.Side, (long)expected.Side, $"side of order {expected.Id}");
        Same(order.Has(OrderMarks.Waiting) ? 1 : 0, expected.IsWaiting ? 1 : 0, $"whether order {expected.Id} waits");
    }

    /// <summary>Position, sums and all open orders of an account in a market, newest first.</summary>
    private static void Row(ExchangeState state, BookRow row)
    {
        string where = $"account {row.Account.Id} market {row.Market.Id}";
        int index = state.FindPosition((int)row.Account.Id, (int)row.Market.Id);
        if (index == 0)
        {
            Same(0, row.Size, $"{where}: size, no row");
            Same(0, row.Orders.Count, $"{where}: orders, no row");
            return;
        }

        ref readonly Position position = ref state.Positions[index];
        Same(position.SizeLots, row.Size, $"{where}: size");
        Same(position.EntryCostUnits, (long)row.Cost, $"{where}: cost");
        Same(position.OpenOrders, row.Orders.Count, $"{where}: open orders");
        Same(position.Orders.BuyLots, row.RestingLots(Side.Buy), $"{where}: resting buys");
        Same(position.Orders.SellLots, row.RestingLots(Side.Sell), $"{where}: resting sells");
        int slot = position.FirstOrder;
        foreach (BookOrder order in row.Orders.AsEnumerable().Reverse())
        {
            if (slot == 0)
            {
                throw new DivergenceException($"{where}: fewer orders in the exchange");
            }

            Compare(in state.Orders[slot], slot, order);
            slot = state.Orders[slot].NextOfPosition;
        }

        Same(slot, 0, $"{where}: end of the orders");
    }

    private static void Same(long actual, long expected, string what)
    {
        if (actual != expected)
        {
            throw new DivergenceException($"{what}: exchange {actual}, reference book {expected}");
        }
    }
}
