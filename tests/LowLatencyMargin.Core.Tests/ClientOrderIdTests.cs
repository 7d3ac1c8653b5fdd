using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1309, R-1306: the client's own names of orders, and what late commands are told.</summary>
[TestFixture]
internal sealed class ClientOrderIdTests
{
    private TestExchange _x = null!;
    private int _market;
    private int _a;
    private int _b;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange(recentOrders: 8);
        _market = _x.Market(TestExchange.Simple);
        _a = _x.Account(1_000_000);
        _b = _x.Account(1_000_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-1309: a repeated order does nothing and is told how the first one stands, open or ended; other accounts have their own names.")]
    public void RepeatedOrder()
    {
        TestExchange.Expect(ResultCode.Accepted, Place(_a, 7));
        long order = _x.LastOrderId;
        Assert.That(Duplicate(_a, 7), Is.EqualTo((order, OrderStatus.Open, 3L)));
        TestExchange.Expect(ResultCode.Accepted, Place(_b, 7));
        Assert.That(_x.Events<DuplicateOrder>(EventType.DuplicateOrder), Is.Empty);
        _x.Sell(_b, _market, 1, 990, TimeInForce.ImmediateOrCancel);
        Assert.That(Duplicate(_a, 7), Is.EqualTo((order, OrderStatus.Open, 2L)));
        TestExchange.Expect(ResultCode.Accepted, _x.CancelByClient(_a, 7));
        Assert.That(Duplicate(_a, 7), Is.EqualTo((order, OrderStatus.Cancelled, 2L)));
        Assert.That(_x.OpenOrders(_a, _market), Is.Zero);
    }

    [Test]
    [Description("R-1309: after as many ended orders as are remembered a name is free again, and a late cancel is told that it ended.")]
    public void Forgotten()
    {
        Place(_a, 7);
        long order = _x.LastOrderId;
        _x.Cancel(_a, order);
        for (int i = 0; i < 8; i++)
        {
            TestExchange.Expect(ResultCode.OrderCancelledBefore, _x.Cancel(_a, order));
            Place(_b, 100 + i);
            _x.Cancel(_b, _x.LastOrderId);
        }

        TestExchange.Expect(ResultCode.OrderEnded, _x.Cancel(_a, order));
        TestExchange.Expect(ResultCode.UnknownOrder, _x.CancelByClient(_a, 7));
        TestExchange.Expect(ResultCode.Accepted, Place(_a, 7));
        Assert.That(_x.LastOrderId, Is.Not.EqualTo(order));
    }

    [Test]
    [Description("R-1306: others' orders and ids that never were are unknown, with any bits.")]
    public void UnknownIds()
    {
        Place(_a, 7);
        foreach (long id in new[] { _x.LastOrderId, 0, 1, -1, long.MinValue, long.MaxValue, 1L << 24, (1L << 24) - 1 })
        {
            TestExchange.Expect(ResultCode.UnknownOrder, _x.Cancel(_b, id));
        }

        TestExchange.Expect(ResultCode.UnknownOrder, _x.CancelByClient(_b, 7));
        TestExchange.Expect(ResultCode.Accepted, Place(_a, long.MinValue));
        TestExchange.Expect(ResultCode.Accepted, _x.CancelByClient(_a, long.MinValue));
    }

    [Test]
    [Description("R-1309: a refused order does not use up its name; an order filled at once does.")]
    public void RefusedAndFilledAtOnce()
    {
        TestExchange.Expect(ResultCode.InvalidQuantity, _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 0, 990), clientOrderId: 9));
        _x.Sell(_b, _market, 3, 990);
        TestExchange.Expect(ResultCode.Accepted, Place(_a, 9));
        Assert.That(Duplicate(_a, 9).Status, Is.EqualTo(OrderStatus.Filled));
        TestExchange.Expect(ResultCode.OrderFilled, _x.CancelByClient(_a, 9));
    }

    [Test]
    [Description("R-1309: thousands of names set and freed in any order are found again, each under its account, while the table grows.")]
    public void ManyNames()
    {
        using var x = new TestExchange(maxOrders: 8_192) { ChecksEvery = 1_000 };
        int market = x.Market(TestExchange.Simple with { MaxOpenOrders = 100_000 });
        int[] accounts = [x.Account(1L << 40), x.Account(1L << 40)];
        var random = new SplitMix(3);
        Dictionary<(int Account, long Name), long> open = [];
        int most = 0;
        for (int i = 0; i < 40_000; i++)
        {
            // grows to thousands, shrinks to few, grows again
            int names = i / 10_000 == 2 ? 50 : 8_000;
            int account = accounts[random.Below(2)];
            long name = 1 + random.Below(names);
            if (open.Remove((account, name), out long order))
            {
                TestExchange.Expect(ResultCode.Accepted, x.CancelByClient(account, name));
                Assert.That(x.Events<OrderChanged>(EventType.OrderCancelled).Single().OrderId, Is.EqualTo(order));
            }
            else if (open.Count < 8_000)
            {
                TestExchange.Expect(ResultCode.Accepted, x.Order(TestExchange.Limit(account, market, Side.Buy, 3, 990), clientOrderId: name));
                open.Add((account, name), x.LastOrderId);
            }

            most = Math.Max(most, open.Count);
        }

        Assert.That(most, Is.GreaterThan(4_000));
        foreach (((int account, long name), long order) in open)
        {
            TestExchange.Expect(ResultCode.Accepted, x.CancelByClient(account, name));
            Assert.That(x.Events<OrderChanged>(EventType.OrderCancelled).Single().OrderId, Is.EqualTo(order));
        }

        Assert.That(x.State.RestingOrders, Is.Zero);
    }

    private ResultCode Place(int account, long name) => _x.Order(TestExchange.Limit(account, _market, Side.Buy, 3, 990), clientOrderId: name);

    private (long Order, OrderStatus Status, long Leaves) Duplicate(int account, long name)
    {
        TestExchange.Expect(ResultCode.Accepted, Place(account, name));
        DuplicateOrder told = _x.Events<DuplicateOrder>(EventType.DuplicateOrder).Single();
        return (told.OrderId, (OrderStatus)told.Header.Detail, told.LeavesLots);
    }
}
