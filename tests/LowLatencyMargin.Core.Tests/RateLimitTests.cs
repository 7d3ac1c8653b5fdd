using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1316: order commands by weight, with a reserve for what reduces risk.</summary>
[TestFixture]
internal sealed class RateLimitTests
{
    private TestExchange _x = null!;
    private int _market;
    private int _a;
    private int _b;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange { TimeNs = 1_000 * TestExchange.Second };
        _market = _x.Market(TestExchange.Simple);
        _a = _x.Account(1_000_000);
        _b = _x.Account(1_000_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-1316: the burst at once, then one weight an interval, never more than the burst.")]
    public void BurstAndRefill()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.LimitRate(_a, perSecond: 3, burst: 4));
        Assert.That(Taken(10), Is.EqualTo(4));
        _x.TimeNs += 333_333_332;
        Assert.That(Taken(1), Is.Zero);
        _x.TimeNs += 1;
        Assert.That(Taken(2), Is.EqualTo(1));
        _x.TimeNs += 100 * TestExchange.Second;
        Assert.That(Taken(10), Is.EqualTo(4));
        Assert.That(new RateBudget(_x.State).Headroom(_a), Is.Zero);
    }

    [Test]
    [Description("R-1316: cancels, decreases, brackets and reduce-only orders go on into the reserve, and no further; it is paid back.")]
    public void Reserve()
    {
        _x.Trade(_a, _b, _market, 10, 1_000);
        _x.LimitRate(_a, 1, burst: 2, reserve: 5);
        Assert.That(Taken(3), Is.EqualTo(2));
        TestExchange.Expect(ResultCode.Accepted, _x.Modify(_a, _x.LastOrderId, 1, 0));
        TestExchange.Expect(ResultCode.RateLimited, _x.Modify(_a, _x.LastOrderId, 5, 0));
        TestExchange.Expect(ResultCode.Accepted, _x.Cancel(_a, _x.LastOrderId));
        TestExchange.Expect(ResultCode.Accepted, _x.CancelAll(_a));
        TestExchange.Expect(ResultCode.Accepted, _x.Bracket(_a, _market, 900, 0));
        TestExchange.Expect(ResultCode.Accepted, _x.Order(TestExchange.Limit(_a, _market, Side.Sell, 1, 1_100, OrderFlags.ReduceOnly)));
        TestExchange.Expect(ResultCode.RateLimited, _x.CancelAll(_a));
        Assert.That(new RateBudget(_x.State).Headroom(_a), Is.EqualTo(-5));
        _x.TimeNs += 6 * TestExchange.Second;
        Assert.That(Taken(3), Is.EqualTo(1));
    }

    [Test]
    [Description("R-1316: refused commands and duplicates cost nothing; batches and quotes weigh their items.")]
    public void Weights()
    {
        _x.LimitRate(_a, 1, burst: 5);
        TestExchange.Expect(ResultCode.InvalidQuantity, _x.Buy(_a, _market, 0, 900));
        TestExchange.Expect(ResultCode.Accepted, _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 1, 900), clientOrderId: 5));
        TestExchange.Expect(ResultCode.Accepted, _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 1, 900), clientOrderId: 5));
        Assert.That(new RateBudget(_x.State).Headroom(_a), Is.EqualTo(4));
        BatchItem item = TestExchange.Placed(Side.Buy, 1, 900);
        TestExchange.Expect(ResultCode.RateLimited, _x.Batch(_a, _market, BatchMode.BestEffort, item, item, item, item, item));
        TestExchange.Expect(ResultCode.Accepted, _x.Batch(_a, _market, BatchMode.BestEffort, item, item, item));
        TestExchange.Expect(ResultCode.RateLimited, _x.Quote(_a, _market, [(1, 900), (1, 899)], []));
        TestExchange.Expect(ResultCode.Accepted, _x.Quote(_a, _market, [(1, 900)], []));
        Assert.That(new RateBudget(_x.State).Headroom(_a), Is.Zero);
    }

    [Test]
    [Description("R-1316: an account's own limit takes the place of the one of all; 0 lifts it; liquidity of others is untouched.")]
    public void OwnAndCommonLimit()
    {
        _x.LimitRate(0, 1, burst: 2);
        Assert.That(Taken(5), Is.EqualTo(2));
        _x.LimitRate(_a, 0, 0);
        Assert.That(Taken(5), Is.EqualTo(5));
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(_b, _market, 1, 1_100));
        TestExchange.Expect(ResultCode.InvalidParameter, _x.LimitRate(0, 1, 0));
        TestExchange.Expect(ResultCode.InvalidParameter, _x.LimitRate(0, 1_000_001, 1));
        TestExchange.Expect(ResultCode.InvalidParameter, _x.LimitRate(0, 1, int.MaxValue));
    }

    private int Taken(int orders)
    {
        int taken = 0;
        for (int i = 0; i < orders; i++)
        {
            taken += _x.Buy(_a, _market, 3, 900) == ResultCode.Accepted ? 1 : 0;
        }

        return taken;
    }
}
