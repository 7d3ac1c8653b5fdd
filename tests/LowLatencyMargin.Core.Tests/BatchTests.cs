using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

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
        TestExchange.Expect(ResultCode.InvalidQuantity, _x.Batch(_a, _market, BatchMode.Atomic, TestExchange.Placed(Side.Buy, 1, 900), TestExchange.Placed(Side.Buy, 0, 900)));
        Assert.That(_x.Events<Rejected>(EventType.Rejected).Single().Item, Is.EqualTo(2));

        OrderBatch batch = default;
        TestExchange.Expect(ResultCode.UnsupportedVersion, _x.Send(ref batch, CommandType.OrderBatch, version: 9));
        Assert.That(_x.Events<Rejected>(EventType.Rejected).Single().Item, Is.Zero);
    }
}
