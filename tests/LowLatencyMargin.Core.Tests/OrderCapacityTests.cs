using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-604, R-105: full tables and counts refuse what needs room, and nothing else.</summary>
[TestFixture]
internal sealed class OrderCapacityTests
{
    [Test]
    [Description("R-604: resting and waiting orders fill the same table; orders that never rest, cancels and changes go on.")]
    public void FullTable()
    {
        using var x = new TestExchange(maxOrders: 4);
        int market = x.Market(TestExchange.Simple);
        (int a, int b) = (x.Account(1_000_000), x.Account(1_000_000));
        x.Trade(a, b, market, 5, 1_000);
        TestExchange.Expect(ResultCode.Accepted, x.Bracket(a, market, 900, 1_100));
        x.Buy(b, market, 3, 999);
        long order = x.LastOrderId;
        TestExchange.Expect(ResultCode.Accepted, x.Order(TestExchange.AtMarket(b, market, Side.Buy, 1), TestExchange.Stop(1_200)));

        TestExchange.Expect(ResultCode.CapacityExceeded, x.Buy(a, market, 1, 900));
        TestExchange.Expect(ResultCode.CapacityExceeded, x.Order(TestExchange.AtMarket(a, market, Side.Buy, 1), TestExchange.Stop(1_200)));
        TestExchange.Expect(ResultCode.CapacityExceeded, x.Quote(a, market, [(1, 900)], []));
        TestExchange.Expect(ResultCode.CapacityExceeded, x.Batch(a, market, BatchMode.Atomic, TestExchange.Placed(Side.Buy, 1, 900)));
        TestExchange.Expect(ResultCode.CapacityExceeded, x.Bracket(b, market, 1_100, 0));
        TestExchange.Expect(ResultCode.Accepted, x.Bracket(a, market, 901, 1_101));
        TestExchange.Expect(ResultCode.Accepted, x.Modify(b, order, 4, 998));
        TestExchange.Expect(ResultCode.Accepted, x.Sell(a, market, 1, 998, TimeInForce.ImmediateOrCancel));
        Assert.That(x.Events<Trade>(EventType.Trade), Has.Count.EqualTo(1));
        TestExchange.Expect(ResultCode.Accepted, x.CancelAll(a));
        TestExchange.Expect(ResultCode.Accepted, x.Quote(a, market, [(1, 900)], [(1, 1_100)]));
        TestExchange.Expect(ResultCode.Accepted, x.Quote(a, market, [(1, 901)], [(1, 1_101)]));
    }

    [Test]
    [Description("R-1304: sixteen reduce-only orders, resting, waiting and the bracket's together; the seventeenth has no place until one ends.")]
    public void ReduceOnlyOrders()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        (int a, int b) = (x.Account(1_000_000), x.Account(1_000_000));
        x.Trade(a, b, market, 5, 1_000);
        PlaceOrder order = TestExchange.Limit(a, market, Side.Sell, 1, 1_100, OrderFlags.ReduceOnly);
        for (int i = 0; i < 7; i++)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Order(order));
            TestExchange.Expect(ResultCode.Accepted, x.Order(order, TestExchange.Stop(900)));
        }

        TestExchange.Expect(ResultCode.Accepted, x.Bracket(a, market, 900, 1_200));
        TestExchange.Expect(ResultCode.TooManyOrders, x.Order(order));
        TestExchange.Expect(ResultCode.TooManyOrders, x.Order(order, TestExchange.Stop(900)));
        TestExchange.Expect(ResultCode.Accepted, x.Bracket(a, market, 901, 1_201));
        TestExchange.Expect(ResultCode.Accepted, x.Order(order with { TimeInForce = TimeInForce.ImmediateOrCancel, PriceTicks = 1_000 }));
        x.Bracket(a, market, 0, 0);
        TestExchange.Expect(ResultCode.Accepted, x.Order(order));
        Assert.That(x.State.TradingGuards[x.State.FindPosition(a, market)].ReduceOnlyOrders, Is.EqualTo(OrderEntry.MaxReduceOnlyOrders - 1));
    }

    [Test]
    [Description("R-1314: at most 256 protected orders; one fill that exceeds protection cancels all of them within the events of a command.")]
    public void ProtectedOrders()
    {
        using var x = new TestExchange(work: 16, maxOrders: 600);
        int market = x.Market(TestExchange.Simple with { MaxOpenOrders = 600 });
        (int a, int b) = (x.Account(10_000_000), x.Account(1_000_000));
        x.Protect(a, market, fills: 1);
        PlaceOrder order = TestExchange.Limit(a, market, Side.Buy, 1, 990, OrderFlags.MakerProtected);
        for (int i = 0; i < OrderEntry.MaxProtectedOrders; i++)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Order(order));
        }

        TestExchange.Expect(ResultCode.TooManyOrders, x.Order(order));
        TestExchange.Expect(ResultCode.TooManyOrders, x.Quote(a, market, [(1, 990)], []));

        TestExchange.Expect(ResultCode.Accepted, x.Sell(b, market, 300, 990));
        Assert.That(x.Size(a, market), Is.EqualTo(1));
        Assert.That(x.OpenOrders(a, market), Is.Zero);
        Assert.That(x.Exchange.Events.Count, Is.InRange(256, ExchangeState.EventsPerCommand(16)));
    }

    [Test]
    [Description("R-1310, R-1314, ARCHITECTURE bounded work: the most a batch and a quote can make of the least work stays within the events of a command.")]
    public void MostEventsOfListsWithLittleWork()
    {
        using var x = new TestExchange(work: 16, maxOrders: 2_000);
        int market = x.Market(TestExchange.Simple with { MaxOpenOrders = 600 });
        (int a, int b) = (x.Account(100_000_000), x.Account(100_000_000));
        (long, long)[] bids = [.. Enumerable.Range(0, 126).Select(i => (2L, 999L - i))];
        (long, long)[] asks = [.. Enumerable.Range(0, 126).Select(i => (2L, 1_001L + i))];
        x.Quote(a, market, bids, asks);
        (long, long)[] moved = [.. bids.Select(level => (3L, level.Item2 - 1))];
        TestExchange.Expect(ResultCode.Accepted, x.Quote(a, market, moved, [.. asks.Select(level => (9L, level.Item2))]));
        Assert.That(x.Exchange.Events.Count, Is.InRange(200, ExchangeState.EventsPerCommand(16)));
        BatchItem item = TestExchange.Placed(Side.Buy, 100, 2_000);
        BatchItem[] items = [.. Enumerable.Repeat(item, OrderBatch.MaxItems)];
        TestExchange.Expect(ResultCode.Accepted, x.Batch(b, market, BatchMode.BestEffort, items));
        Assert.That(x.Exchange.Events.Count, Is.InRange(200, ExchangeState.EventsPerCommand(16)));
        Assert.That(x.Size(b, market), Is.EqualTo(100 + 35), "sixteen trades: twelve of the first item, four of the second");
    }
}
