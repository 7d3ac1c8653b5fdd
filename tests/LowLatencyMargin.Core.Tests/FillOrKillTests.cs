using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1303: fill-or-kill trades whole or not at all, whatever stands in the book.</summary>
[TestFixture]
internal sealed class FillOrKillTests
{
    [Test]
    [Description("R-1303, R-1304: a reduce-only order counts only for what the account's other orders before it leave of the position.")]
    public void ReduceOnlyBehindAPlainOrderOfTheSameAccount()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        (int maker, int other, int taker) = (x.Account(1_000_000), x.Account(1_000_000), x.Account(1_000_000));
        x.Trade(maker, other, market, 5, 1_000);
        x.Sell(maker, market, 5, 1_001);
        x.Order(TestExchange.Limit(maker, market, Side.Sell, 5, 1_002, OrderFlags.ReduceOnly));

        TestExchange.Expect(ResultCode.Accepted, x.Buy(taker, market, 10, 1_002, TimeInForce.FillOrKill));

        Assert.That(x.Events<Trade>(EventType.Trade), Is.Empty, "5 of 10 would be neither all nor nothing");
        Assert.That(x.Cancels(), Is.EqualTo(new[] { CancelReason.NotFilledWhole }));
    }

    [Test]
    [Description("R-1303: what a trade makes reduce-only orders do is work too: a fill-or-kill order that the work can't finish does not begin.")]
    public void WorkOfGuardedOrdersIsCounted()
    {
        using var x = new TestExchange(work: 16);
        int market = x.Market(TestExchange.Simple);
        (int maker, int other, int taker) = (x.Account(1_000_000), x.Account(1_000_000), x.Account(1_000_000));
        x.Trade(maker, other, market, 20, 1_000);
        for (int i = 0; i < 15; i++)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Order(TestExchange.Limit(maker, market, Side.Sell, 1, 1_100 + i, OrderFlags.ReduceOnly)));
        }

        x.Sell(maker, market, 1, 1_001);
        x.Sell(other, market, 1, 1_002);

        TestExchange.Expect(ResultCode.Accepted, x.Buy(taker, market, 2, 1_002, TimeInForce.FillOrKill));

        Assert.That(x.Events<Trade>(EventType.Trade).Sum(t => t.QuantityLots), Is.EqualTo(0).Or.EqualTo(2));
    }

    [Test]
    [Description("R-1303, R-1310, R-1314: two fill-or-kill orders of one batch count a maker's protected order each for itself.")]
    public void TwoInABatch()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        (int maker, int taker) = (x.Account(1_000_000), x.Account(1_000_000));
        x.Protect(maker, market, lots: 1_000);
        x.Order(TestExchange.Limit(maker, market, Side.Sell, 5, 1_002, OrderFlags.MakerProtected));
        BatchItem item = TestExchange.Placed(Side.Buy, 1, 1_002, timeInForce: TimeInForce.FillOrKill);

        TestExchange.Expect(ResultCode.Accepted, x.Batch(taker, market, BatchMode.BestEffort, item, item));

        Assert.That(x.Events<Trade>(EventType.Trade), Has.Count.EqualTo(2));
    }

    [TestCase(1, 5)]
    [TestCase(2, 0)]
    [Description("R-1303, R-1314: of an account with protection only the first protected order is sure to be there: the others may be pulled.")]
    public void OneProtectedOrderIsSure(int orders, long traded)
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        (int maker, int taker) = (x.Account(1_000_000), x.Account(1_000_000));
        x.Protect(maker, market, fills: 1);
        for (int i = 0; i < 2; i++)
        {
            x.Order(TestExchange.Limit(maker, market, Side.Sell, 5, 1_002 + i, OrderFlags.MakerProtected));
        }

        TestExchange.Expect(ResultCode.Accepted, x.Buy(taker, market, 5 * orders, 1_010, TimeInForce.FillOrKill));

        Assert.That(x.Size(taker, market), Is.EqualTo(traded));
    }
}
