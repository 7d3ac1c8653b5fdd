using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1303, R-1315: what happens at its time, before the command that moved the clock.</summary>
[TestFixture]
internal sealed class TimerTests
{
    private TestExchange _x = null!;
    private int _market;
    private int _a;
    private int _b;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange(recentOrders: 64) { TimeNs = 1_000 };
        _market = _x.Market(TestExchange.Simple);
        _x.FundingOff(_market);
        _a = _x.Account(1_000_000);
        _b = _x.Account(1_000_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-1303: good-till-time ends at its time, not a nanosecond before, and before the command of that time trades.")]
    public void EndsAtItsTime()
    {
        long order = GoodTill(2_000);
        Assert.That(_x.Exchange.NextDueNs, Is.EqualTo(2_000));
        _x.TimeNs = 1_999;
        _x.Tick();
        Assert.That(_x.Open(_a, order).LeavesLots, Is.EqualTo(5));
        _x.TimeNs = 2_000;
        _x.Sell(_b, _market, 1, 990);
        Assert.That(_x.Events<Trade>(EventType.Trade), Is.Empty);
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.Expired }));
        TestExchange.Expect(ResultCode.OrderExpired, _x.Cancel(_a, order));
        Assert.That(_x.Exchange.NextDueNs, Is.EqualTo(long.MaxValue));
    }

    [TestCase(0L, 86_400L)]
    [TestCase(86_399L, 86_400L)]
    [TestCase(86_400L, 172_800L)]
    [Description("R-1303: a day order ends at the next midnight, UTC.")]
    public void DayEndsAtMidnight(long second, long midnight)
    {
        using var x = new TestExchange { TimeNs = second * TestExchange.Second };
        int market = x.Market(TestExchange.Simple);
        x.FundingOff(market);
        int a = x.Account(1_000_000);
        TestExchange.Expect(ResultCode.Accepted, x.Buy(a, market, 1, 990, TimeInForce.Day));
        Assert.That(x.Exchange.NextDueNs, Is.EqualTo(midnight * TestExchange.Second));
    }

    [Test]
    [Description("R-1303: timers run in the order of their times, then of their setting, however they were set and stopped.")]
    public void InOrderOfTime()
    {
        var random = new SplitMix(5);
        List<(long Due, long Order)> all = [];
        for (int i = 0; i < 150; i++)
        {
            long due = 2_000 + random.Below(40);
            all.Add((due, GoodTill(due)));
            if (random.Below(3) == 0)
            {
                int at = random.Below(all.Count);
                TestExchange.Expect(ResultCode.Accepted, _x.Cancel(_a, all[at].Order));
                all.RemoveAt(at);
            }
        }

        _x.TimeNs = 3_000;
        _x.Tick();
        Assert.That(_x.Events<OrderChanged>(EventType.OrderCancelled).Select(c => c.OrderId),
            Is.EqualTo(all.OrderBy(e => e.Due).Select(e => e.Order)));
    }

    [Test]
    [Description("R-1303: a filled or cancelled order's timer is gone, a changed one's stays.")]
    public void StoppedWithItsOrder()
    {
        long filled = GoodTill(2_000);
        _x.Sell(_b, _market, 5, 990);
        Assert.That(_x.Exchange.NextDueNs, Is.EqualTo(long.MaxValue));
        TestExchange.Expect(ResultCode.OrderFilled, _x.Cancel(_a, filled));
        long changed = GoodTill(2_000);
        _x.Modify(_a, changed, 9, 991);
        Assert.That(_x.Exchange.NextDueNs, Is.EqualTo(2_000));
    }

    [Test]
    [Description("R-1303, R-1302: a waiting order expires too; its partner stays, unlinked.")]
    public void WaitingOrderExpires()
    {
        long limit = GoodTill(5_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Order(
            TestExchange.AtMarket(_a, _market, Side.Sell, 1) with { TimeInForce = TimeInForce.GoodTillTime },
            TestExchange.Stop(900) with { ExpiresNs = 2_000, LinkedOrderId = limit }));
        _x.TimeNs = 2_000;
        _x.Tick();
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.Expired }));
        Assert.That(_x.Open(_a, limit).Has(Matching.OrderMarks.Linked), Is.False);
    }

    [Test]
    [Description("R-1315: the dead-man timer cancels everything unless it is set again in time; 0 stops it; stops can be spared.")]
    public void DeadManTimer()
    {
        _x.Trade(_a, _b, _market, 5, 1_000);
        _x.Bracket(_a, _market, 900, 0);
        _x.Buy(_a, _market, 1, 990);
        TestExchange.Expect(ResultCode.Accepted, _x.DeadMan(_a, 10, spareStops: 1));
        _x.TimeNs += 9_000_000;
        TestExchange.Expect(ResultCode.Accepted, _x.DeadMan(_a, 10, spareStops: 1));
        Assert.That(_x.Events<CancelAllAfterSet>(EventType.CancelAllAfterSet).Single().DueNs, Is.EqualTo(_x.TimeNs + 10_000_000));
        _x.TimeNs += 9_000_000;
        _x.Tick();
        Assert.That(_x.OpenOrders(_a, _market), Is.EqualTo(2));
        _x.TimeNs += 1_000_000;
        _x.Tick();
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.CancelAllAfter }));
        Assert.That(_x.OpenOrders(_a, _market), Is.EqualTo(1), "the bracket stays");

        _x.DeadMan(_a, 10);
        TestExchange.Expect(ResultCode.Accepted, _x.DeadMan(_a, 0));
        Assert.That(_x.Exchange.NextDueNs, Is.EqualTo(long.MaxValue));
    }

    private long GoodTill(long timeNs)
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Order(
            TestExchange.Limit(_a, _market, Side.Buy, 5, 990) with { TimeInForce = TimeInForce.GoodTillTime },
                new OrderTerms { ExpiresNs = timeNs }));
        return _x.LastOrderId;
    }
}
