using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1302, R-1312: stop-loss and take-profit over a position.</summary>
[TestFixture]
internal sealed class BracketTests
{
    private TestExchange _x = null!;
    private int _market;
    private int _a;
    private int _b;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange();
        _market = _x.Market(TestExchange.Simple);
        _a = _x.Account(1_000_000);
        _b = _x.Account(1_000_000);
        _x.Trade(_a, _b, _market, 10, 1_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-1312: the stop closes the whole position, as large as it is by then, and ends the take-profit.")]
    public void StopClosesThePosition()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Bracket(_a, _market, 990, 1_050));
        _x.Trade(_a, _b, _market, 5, 1_000);
        _x.Buy(_b, _market, 20, 985);

        _x.Mark(_market, 990);

        Assert.That(_x.Events<OrderTriggered>(EventType.OrderTriggered).Single().QuantityLots, Is.EqualTo(15));
        Assert.That(_x.Size(_a, _market), Is.Zero);
        Assert.That(_x.OpenOrders(_a, _market), Is.Zero);
    }

    [Test]
    [Description("R-1302: a new bracket takes the place of the old one, both prices 0 remove it, and a bracket that is not there can't be removed.")]
    public void ReplacedAndRemoved()
    {
        _x.Bracket(_a, _market, 990, 1_050);
        TestExchange.Expect(ResultCode.Accepted, _x.Bracket(_a, _market, 0, 1_060));
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.BracketReplaced, CancelReason.BracketReplaced }));
        Assert.That(_x.OpenOrders(_a, _market), Is.EqualTo(1));
        TestExchange.Expect(ResultCode.Accepted, _x.Bracket(_a, _market, 0, 0));
        Assert.That(_x.OpenOrders(_a, _market), Is.Zero);
        TestExchange.Expect(ResultCode.StateUnchanged, _x.Bracket(_a, _market, 0, 0));
    }

    [Test]
    [Description("R-1302: a position that is closed otherwise takes its bracket with it.")]
    public void EndsWithThePosition()
    {
        _x.Bracket(_a, _market, 990, 1_050);
        _x.Trade(_b, _a, _market, 10, 1_000);
        Assert.That(_x.OpenOrders(_a, _market), Is.Zero);
        TestExchange.Expect(ResultCode.NoPosition, _x.Bracket(_a, _market, 990, 0));
    }

    [TestCase(999, 998)]
    [TestCase(500, 499)]
    [TestCase(1, 1)]
    [Description("R-1312: the market's buffer puts the trigger further away, rounded up, never below one tick.")]
    public void StopBuffer(long price, long trigger)
    {
        _x.Parameters(_market, TestExchange.Simple with { StopBufferRate = TestExchange.Percent / 10 });
        TestExchange.Expect(ResultCode.Accepted, _x.Bracket(_a, _market, price, 0));
        Assert.That(_x.Events<OrderTermsSet>(EventType.OrderTermsSet).Single().TriggerTicks, Is.EqualTo(trigger));
    }

    [Test]
    [Description("R-1312: the losing side is told from the exact average entry, not from a rounded one.")]
    public void LosingSideIsExact()
    {
        _x.Trade(_a, _b, _market, 20, 1_001);
        _x.Mark(_market, 1_010);
        TestExchange.Expect(ResultCode.Accepted, _x.Bracket(_a, _market, 1_000, 0));
        TestExchange.Expect(ResultCode.StopOnWinningSide, _x.Bracket(_a, _market, 1_001, 0));
        TestExchange.Expect(ResultCode.StopOnWinningSide, _x.Bracket(_b, _market, 1_000, 0));
        TestExchange.Expect(ResultCode.TriggerReached, _x.Bracket(_b, _market, 1_001, 0));
    }

    [Test]
    [Description("R-101, R-1302: triggers at the ends of the range, with the largest buffer.")]
    public void Extremes()
    {
        const long Most = (1L << 40) - 1;
        _x.Parameters(_market, TestExchange.Simple with { StopBufferRate = TestExchange.Percent });
        TestExchange.Expect(ResultCode.Accepted, _x.Bracket(_b, _market, Most, 1));
        Assert.That(_x.Events<OrderTermsSet>(EventType.OrderTermsSet)[0].TriggerTicks, Is.EqualTo(Most));
        TestExchange.Expect(ResultCode.InvalidTrigger, _x.Bracket(_b, _market, Most + 1, 1));
        TestExchange.Expect(ResultCode.InvalidTrigger, _x.Bracket(_b, _market, 1_001, -1));
    }

    [Test]
    [Description("R-1315: brackets can be spared by a mass cancel, and work under a kill switch.")]
    public void SparedAndAlive()
    {
        _x.Bracket(_a, _market, 990, 0);
        _x.Buy(_a, _market, 1, 900);
        _x.Buy(_b, _market, 10, 985);
        TestExchange.Expect(ResultCode.Accepted, _x.Kill(_a, _market, spareStops: 1));
        Assert.That(_x.OpenOrders(_a, _market), Is.EqualTo(1));
        _x.Mark(_market, 990);
        Assert.That(_x.Size(_a, _market), Is.Zero);
    }

    [Test]
    [Description("R-1312, R-1101: of a bracket and a liquidation at the same mark the bracket comes first, and saves the position.")]
    public void BeforeLiquidation()
    {
        int trader = _x.Account(1_100);
        _x.Trade(trader, _b, _market, 10, 1_000);
        _x.Bracket(trader, _market, 940, 0);
        _x.Buy(_b, _market, 10, 938);
        _x.Mark(_market, 938);
        Assert.That(_x.Size(trader, _market), Is.Zero);
        Assert.That(_x.Events<LiquidationStarted>(EventType.LiquidationStarted), Is.Empty);
        Assert.That(_x.Pool(trader), Is.EqualTo(1_100 - 620));
    }
}
