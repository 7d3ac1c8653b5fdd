using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1310: lists of orders, changes and cancels.</summary>
[TestFixture]
internal sealed class BatchTests
{
    private TestExchange _x = null!;
    private int _market;
    private int _a;
    private int _b;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange(recentOrders: 64);
        _market = _x.Market(TestExchange.Simple);
        _a = _x.Account(1_000_000);
        _b = _x.Account(1_000_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-1310, R-1314: an item that maker protection refuses in the end is reported under its own name, side and quantity.")]
    public void AnItemThatEndsIsToldAsItself()
    {
        _x.Protect(_a, _market, fills: 1);
        _x.Order(TestExchange.Limit(_a, _market, Side.Sell, 1, 1_001, OrderFlags.MakerProtected));
        OrderBatch batch = new() { AccountId = _a, MarketId = _market, Mode = BatchMode.Atomic, Count = 2, SelfTrade = SelfTradePrevention.None };
        BatchItem trades = TestExchange.Placed(Side.Buy, 1, 1_001) with { ClientOrderId = 501 };
        BatchItem frozen = TestExchange.Placed(Side.Sell, 3, 1_010, OrderFlags.MakerProtected) with { ClientOrderId = 502 };

        TestExchange.Expect(ResultCode.Accepted, _x.Batch(batch, [trades, frozen]));

        OrderChanged second = _x.Events<OrderChanged>(EventType.OrderAccepted)[1];
        Assert.That((second.ClientOrderId, second.QuantityLots, second.Header.Side), Is.EqualTo((502L, 3L, Side.Sell)));
    }

    [Test]
    [Description("R-104: the item in a reject is of this command, never of one before it.")]
    public void RefusedItemIsOfThisCommand()
    {
        TestExchange.Expect(ResultCode.InvalidQuantity, _x.Batch(
            _a, _market, BatchMode.Atomic, TestExchange.Placed(Side.Buy, 1, 900), TestExchange.Placed(Side.Buy, 0, 900)));
        Assert.That(_x.Events<Rejected>(EventType.Rejected).Single().Item, Is.EqualTo(2));

        OrderBatch batch = default;
        TestExchange.Expect(ResultCode.UnsupportedVersion, _x.Send(ref batch, CommandType.OrderBatch, version: 9));
        Assert.That(_x.Events<Rejected>(EventType.Rejected).Single().Item, Is.Zero);
    }

    [Test]
    [Description("R-1310: best effort does each item for itself, in order, and tells which were refused.")]
    public void BestEffort()
    {
        _x.Buy(_a, _market, 5, 990);
        long order = _x.LastOrderId;
        TestExchange.Expect(ResultCode.Accepted, _x.Batch(
            _a,
            _market,
            BatchMode.BestEffort,
            TestExchange.Placed(Side.Buy, 1, 980),
            TestExchange.Placed(Side.Buy, 0, 980),
            TestExchange.Changed(order, 3, 0),
            TestExchange.Cancelled(order),
            TestExchange.Cancelled(order)));
        Assert.That(
            _x.Events<Rejected>(EventType.Rejected).Select(r => (r.Item, r.Code)),
            Is.EqualTo(new[] { ((ushort)2, ResultCode.InvalidQuantity), ((ushort)5, ResultCode.OrderCancelledBefore) }));
        BatchFinished finished = _x.Events<BatchFinished>(EventType.BatchFinished).Single();
        Assert.That((finished.Applied, finished.Refused, _x.OpenOrders(_a, _market)), Is.EqualTo((3L, 2L, 1)));
    }

    // what the one bad item of an atomic batch is, and its code
    private static IEnumerable<TestCaseData> BadItems =>
    [
        new TestCaseData(TestExchange.Placed(Side.Buy, 1L << 40, 980), ResultCode.InvalidQuantity),
        new TestCaseData(TestExchange.Placed(Side.Buy, 1, 1L << 40), ResultCode.InvalidPrice),
        new TestCaseData(TestExchange.Placed((Side)2, 1, 980), ResultCode.MalformedCommand),
        new TestCaseData(TestExchange.Placed(Side.Buy, 1, 980) with { Action = (BatchAction)3 }, ResultCode.MalformedCommand),
        new TestCaseData(TestExchange.Placed(Side.Buy, 1, 980) with { OrderId = 1 }, ResultCode.MalformedCommand),
        new TestCaseData(TestExchange.Placed(Side.Buy, 1, 980, timeInForce: TimeInForce.GoodTillTime), ResultCode.InvalidExpiry),
        new TestCaseData(TestExchange.Placed(Side.Buy, 1, 980, OrderFlags.WholePosition), ResultCode.InvalidCombination),
        new TestCaseData(TestExchange.Placed(Side.Buy, 1, 980, OrderFlags.ReduceOnly), ResultCode.NothingToReduce),
        new TestCaseData(TestExchange.Placed(Side.Buy, 5_000, 980), ResultCode.InsufficientMargin),
        new TestCaseData(TestExchange.Placed(Side.Buy, (1L << 40) - 1, (1L << 40) - 1), ResultCode.Overflow),
        new TestCaseData(TestExchange.Cancelled(1L << 24), ResultCode.UnknownOrder),
        new TestCaseData(TestExchange.Cancelled(long.MaxValue), ResultCode.UnknownOrder),
        new TestCaseData(TestExchange.Changed(-1, 1, 1), ResultCode.UnknownOrder),
    ];

    [TestCaseSource(nameof(BadItems))]
    [Description("R-1310, R-105: one refused item refuses an atomic batch, bit for bit.")]
    public void AtomicIsAllOrNothing(BatchItem bad, ResultCode expected)
    {
        int poor = _x.Account(5_000);
        _x.Buy(poor, _market, 5, 990);
        long order = _x.LastOrderId;
        Hash128 before = _x.StateHash;
        TestExchange.Expect(expected, _x.Batch(poor, _market, BatchMode.Atomic, TestExchange.Placed(Side.Buy, 1, 970),
            TestExchange.Cancelled(order), bad));
        Assert.That(_x.StateHash, Is.EqualTo(before));
    }

    [Test]
    [Description("R-1310, R-504: items that pass one by one are refused when there is no margin for all of them together.")]
    public void MarginTogether()
    {
        int poor = _x.Account(1_000);
        BatchItem half = TestExchange.Placed(Side.Buy, 6, 1_000);
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Batch(poor, _market, BatchMode.Atomic, half, half));
        TestExchange.Expect(ResultCode.Accepted, _x.Batch(poor, _market, BatchMode.BestEffort, half, half));
        Assert.That(_x.OpenOrders(poor, _market), Is.EqualTo(1));
    }

    [Test]
    [Description("R-1310, R-504: of an isolated position too, each order filled at its limit is looked at.")]
    public void IsolatedTogether()
    {
        int trader = _x.Account(3_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(trader, _market, MarginMode.Isolated));
        BatchItem item = TestExchange.Placed(Side.Buy, 6, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Batch(trader, _market, BatchMode.Atomic, item, item));
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Batch(trader, _market, BatchMode.Atomic, item, item, item, item));
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Batch(trader, _market, BatchMode.Atomic, TestExchange.Placed(Side.Buy, 6, 1_500)));
    }

    [Test]
    [Description("R-1310, R-604: counts of open and of reduce-only orders hold for all items together.")]
    public void CountsTogether()
    {
        _x.Parameters(_market, TestExchange.Simple with { MaxOpenOrders = 17 });
        _x.Trade(_a, _b, _market, 20, 1_000);
        BatchItem[] reducing = [.. Enumerable.Repeat(TestExchange.Placed(Side.Sell, 1, 1_100, OrderFlags.ReduceOnly), 17)];
        TestExchange.Expect(ResultCode.TooManyOrders, _x.Batch(_a, _market, BatchMode.Atomic, reducing));
        Assert.That(_x.Events<Rejected>(EventType.Rejected).Single().Item, Is.EqualTo(17));
        TestExchange.Expect(ResultCode.Accepted, _x.Batch(_a, _market, BatchMode.Atomic, reducing[..16]));
        BatchItem plain = TestExchange.Placed(Side.Buy, 1, 900);
        TestExchange.Expect(ResultCode.TooManyOrders, _x.Batch(_a, _market, BatchMode.Atomic, plain, plain));
    }

    [Test]
    [Description("R-1310: the largest batch trades, rests and finishes within one command and its events.")]
    public void LargestBatch()
    {
        BatchItem[] asks = [.. Enumerable.Range(0, OrderBatch.MaxItems).Select(i => TestExchange.Placed(Side.Sell, 1, 1_000 + i))];
        TestExchange.Expect(ResultCode.Accepted, _x.Batch(_a, _market, BatchMode.Atomic, asks));
        BatchItem[] bids = [.. Enumerable.Range(0, OrderBatch.MaxItems).Select(_ => TestExchange.Placed(Side.Buy, 1, 2_000))];
        TestExchange.Expect(ResultCode.Accepted, _x.Batch(_b, _market, BatchMode.Atomic, bids));
        Assert.That(_x.Size(_b, _market), Is.EqualTo(OrderBatch.MaxItems));
        TestExchange.Expect(ResultCode.MalformedCommand, _x.Batch(_a, _market, BatchMode.Atomic, [.. asks.Append(asks[0])]));
        TestExchange.Expect(ResultCode.MalformedCommand, _x.Batch(_a, _market, BatchMode.Atomic));
    }

    [Test]
    [Description("R-1310: an order named twice, or of another market, refuses an atomic batch.")]
    public void EachOrderOnce()
    {
        int other = _x.Market(TestExchange.Simple);
        _x.Buy(_a, other, 1, 900);
        long elsewhere = _x.LastOrderId;
        _x.Buy(_a, _market, 2, 900);
        long order = _x.LastOrderId;
        TestExchange.Expect(ResultCode.InvalidCombination,
            _x.Batch(_a, _market, BatchMode.Atomic, TestExchange.Cancelled(order), TestExchange.Changed(order, 1, 0)));
        TestExchange.Expect(ResultCode.UnknownOrder, _x.Batch(_a, _market, BatchMode.Atomic, TestExchange.Cancelled(elsewhere)));
    }

    [Test]
    [Description("R-1310: items that earlier ones' trades overtook end by themselves: post-only, reduce-only.")]
    public void OvertakenItems()
    {
        _x.Trade(_a, _b, _market, 2, 1_000);
        _x.Buy(_b, _market, 2, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Batch(
            _a, _market, BatchMode.Atomic, TestExchange.Placed(Side.Sell, 3, 1_000),
                TestExchange.Placed(Side.Sell, 1, 1_010, OrderFlags.ReduceOnly)));
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.NothingToReduce }));
        _x.CancelAll(_a);
        TestExchange.Expect(ResultCode.Accepted, _x.Batch(
            _b, _market, BatchMode.Atomic, TestExchange.Placed(Side.Sell, 1, 1_005), TestExchange.Placed(Side.Buy, 1, 1_005, OrderFlags.PostOnly)));
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.WouldTrade }));
    }

    [Test]
    [Description("R-1310, R-1401: the first trade of a market without a mark sets its band; a later item outside it is accepted and ends.")]
    public void OvertakenByTheFirstTrade()
    {
        int market = _x.Market(TestExchange.Simple with { PriceBandRate = Rate.Scale / 100 }, mark: 0);
        _x.Buy(_b, market, 1, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Batch(
            _a, market, BatchMode.Atomic, TestExchange.Placed(Side.Sell, 1, 900), TestExchange.Placed(Side.Buy, 1, 900)));
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.PriceOutsideBand }));
        Assert.That(_x.OpenOrders(_a, market), Is.Zero);
    }
}
