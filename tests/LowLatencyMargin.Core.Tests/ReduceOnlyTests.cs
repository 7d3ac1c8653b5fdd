using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1304: reduce-only orders never grow a position, and follow it when it shrinks.</summary>
[TestFixture]
internal sealed class ReduceOnlyTests
{
    private TestExchange _x = null!;
    private int _market;
    private int _a;
    private int _b;
    private int _c;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange();
        _market = _x.Market(TestExchange.Simple);
        _a = _x.Account(100_000);
        _b = _x.Account(1_000_000);
        _c = _x.Account(1_000_000);
        _x.Trade(_a, _b, _market, 10, 1_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-1304: cut to the position when it is placed; on the position's own side there is nothing to reduce.")]
    public void CutToThePosition()
    {
        TestExchange.Expect(ResultCode.Accepted, Sell(25, 1_010));
        Assert.That(_x.Open(_a, _x.LastOrderId).QuantityLots, Is.EqualTo(10));
        TestExchange.Expect(ResultCode.NothingToReduce, _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 1, 900, OrderFlags.ReduceOnly)));
    }

    [Test]
    [Description("R-1304: when the position shrinks, larger orders shrink where they stand; when it goes, they go, waiting ones too.")]
    public void FollowsThePosition()
    {
        Sell(10, 1_010);
        long resting = _x.LastOrderId;
        TestExchange.Expect(ResultCode.Accepted, _x.Order(
            TestExchange.AtMarket(_a, _market, Side.Sell, 8, OrderFlags.ReduceOnly), TestExchange.Stop(900)));
        long waiting = _x.LastOrderId;

        _x.Trade(_c, _a, _market, 6, 1_000);
        Assert.That((_x.Open(_a, resting).LeavesLots, _x.Open(_a, waiting).LeavesLots), Is.EqualTo((4L, 4L)));

        _x.Trade(_c, _a, _market, 4, 1_000);
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.NothingToReduce, CancelReason.NothingToReduce }));
        Assert.That(_x.OpenOrders(_a, _market), Is.Zero);
    }

    [Test]
    [Description("R-1304: within one command, several reduce-only orders together never trade more than the position.")]
    public void TogetherNeverTooMuch()
    {
        for (int i = 0; i < 4; i++)
        {
            TestExchange.Expect(ResultCode.Accepted, Sell(6, 1_010 + i));
        }

        _x.Buy(_c, _market, 24, 1_020);

        Assert.That(_x.Size(_a, _market), Is.Zero);
        Assert.That(_x.Events<Trade>(EventType.Trade).Sum(t => t.QuantityLots), Is.EqualTo(10));
        Assert.That(_x.OpenOrders(_a, _market), Is.Zero);
    }

    [Test]
    [Description("R-1304: a whole position that flips to the other side in one trade takes its reduce-only orders with it.")]
    public void FlippedPosition()
    {
        Sell(10, 1_050);
        _x.Trade(_c, _a, _market, 15, 1_000);
        Assert.That(_x.Size(_a, _market), Is.EqualTo(-5));
        Assert.That(_x.OpenOrders(_a, _market), Is.Zero);
    }

    [Test]
    [Description("R-1304, R-601: any number of reduce-only orders needs no margin, even of an account that has none left.")]
    public void NeedsNoMargin()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Withdraw(_a, 99_000));
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Buy(_a, _market, 1, 1_000));
        for (int i = 0; i < 16; i++)
        {
            TestExchange.Expect(ResultCode.Accepted, Sell(10, 1_001 + i));
        }

        Assert.That(_x.Held(_a), Is.Zero);
        TestExchange.Expect(ResultCode.TooManyOrders, Sell(10, 1_100));
    }

    [Test]
    [Description("R-1304: an isolated position's reduce-only orders follow it as well.")]
    public void Isolated()
    {
        int market = _x.Market(TestExchange.Simple);
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, market, MarginMode.Isolated));
        _x.Trade(_a, _b, market, 10, 1_000);
        _x.Order(TestExchange.Limit(_a, market, Side.Sell, 10, 1_010, OrderFlags.ReduceOnly));
        _x.Trade(_c, _a, market, 9, 1_000);
        Assert.That(_x.Open(_a, _x.FirstOrder(_a, market)).LeavesLots, Is.EqualTo(1));
        Assert.That(_x.Position(_a, market).PoolHoldUnits, Is.Zero);
    }

    [Test]
    [Description("R-1304, R-1104: a liquidation trades with reduce-only, iceberg, linked and protected orders as any order does.")]
    public void LiquidationMeetsSpecialOrders()
    {
        int victim = _x.Account(1_100);
        _x.Trade(victim, _b, _market, 10, 1_000);
        int shorts = _x.Account(100_000);
        _x.Trade(_c, shorts, _market, 4, 1_000);
        _x.Protect(_c, _market, fills: 1, frozenMs: 1_000);
        _x.Order(TestExchange.Limit(shorts, _market, Side.Buy, 4, 940, OrderFlags.ReduceOnly));
        _x.Order(TestExchange.Limit(_c, _market, Side.Buy, 1, 939, OrderFlags.MakerProtected));
        _x.Order(TestExchange.Limit(_c, _market, Side.Buy, 1, 938, OrderFlags.MakerProtected));
        _x.Order(TestExchange.Limit(_b, _market, Side.Buy, 3, 937), new OrderTerms { DisplayLots = 1 });
        _x.Order(TestExchange.Limit(_b, _market, Side.Buy, 2, 936));
        _x.Order(TestExchange.AtMarket(_b, _market, Side.Buy, 2), TestExchange.Stop(1_500) with { LinkedOrderId = _x.LastOrderId });

        _x.Mark(_market, 935);
        _x.TickUntilDone();

        Assert.That(_x.Size(victim, _market), Is.Zero);
        Assert.That(_x.Size(shorts, _market), Is.Zero);
        Assert.That(_x.OpenOrders(_c, _market), Is.Zero, "protection pulled the other");
        Assert.That(_x.OpenOrders(_b, _market), Is.Zero, "iceberg and linked order filled, the stop cancelled");
    }

    private ResultCode Sell(long lots, long ticks) => _x.Order(TestExchange.Limit(_a, _market, Side.Sell, lots, ticks, OrderFlags.ReduceOnly));
}
