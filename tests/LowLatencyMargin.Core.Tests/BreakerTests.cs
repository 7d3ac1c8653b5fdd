using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1401: price band and breaker.</summary>
[TestFixture]
internal sealed class BreakerTests
{
    private static readonly MarketParameters Breaking = TestExchange.Simple with
    {
        BreakerRate = 15 * TestExchange.Percent,
        BreakerWindowMs = 300_000,
        BreakerHaltMs = 60_000,
        PriceBandRate = 5 * TestExchange.Percent,
    };

    private TestExchange _x = null!;
    private int _market;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange { TimeNs = 1_000 * TestExchange.Second };
        _market = _x.Market(Breaking);
        _x.FundingOff(_market);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [TestCase(1_149, MarketState.Open)]
    [TestCase(1_150, MarketState.Halted)]
    [TestCase(851, MarketState.Open)]
    [TestCase(850, MarketState.Halted)]
    [Description("R-1401: a move of the rate within the window halts, one tick less does not; the event says from where.")]
    public void MoveOfTheRate(long ticks, MarketState expected)
    {
        _x.Mark(_market, ticks);
        Assert.That(_x.Row(_market).State, Is.EqualTo(expected));
        MarketStateChanged[] told = [.. _x.Events<MarketStateChanged>(EventType.MarketStateChanged)];
        Assert.That(told.Select(t => (t.Cause, t.ReferenceTicks, t.MarkTicks)), Is.EqualTo(
            expected == MarketState.Open ? [] : new[] { (StateCause.Breaker, 1_000L, ticks) }));
    }

    [Test]
    [Description("R-1401: small steps within the window add up; the same steps over a longer time don't.")]
    public void StepsWithinTheWindow([Values(20, 120)] int secondsApart)
    {
        for (int i = 1; i <= 5; i++)
        {
            _x.TimeNs += secondsApart * TestExchange.Second;
            _x.Mark(_market, 1_000 + (i * 35));
        }

        Assert.That(_x.Row(_market).State, Is.EqualTo(secondsApart == 20 ? MarketState.Halted : MarketState.Open));
    }

    [Test]
    [Description("R-1401: the halt ends by itself at its time, and begins a new window; one without a time waits for the operator.")]
    public void HaltEnds()
    {
        _x.Mark(_market, 1_200);
        Assert.That(_x.Exchange.NextDueNs, Is.EqualTo(_x.TimeNs + (60 * TestExchange.Second)));
        _x.TimeNs += 60 * TestExchange.Second;
        _x.Tick();
        Assert.That(_x.Row(_market).State, Is.EqualTo(MarketState.Open));
        _x.Mark(_market, 1_300);
        Assert.That(_x.Row(_market).State, Is.EqualTo(MarketState.Open));

        _x.Parameters(_market, Breaking with { BreakerHaltMs = 0 });
        _x.Mark(_market, 2_000);
        Assert.That(_x.Exchange.NextDueNs, Is.EqualTo(long.MaxValue));
        TestExchange.Expect(ResultCode.Accepted, _x.SetState(_market, MarketState.Open));
    }

    [Test]
    [Description("R-1401, R-1402: an operator's change during the halt stops its timer.")]
    public void OperatorOverridesTheTimer()
    {
        _x.Mark(_market, 1_200);
        _x.SetState(_market, MarketState.Settling);
        _x.TimeNs += 60 * TestExchange.Second;
        _x.Tick();
        Assert.That(_x.Row(_market).State, Is.EqualTo(MarketState.Settling));
    }

    [Test]
    [Description("R-1401: a mark from before the window does not count, also when the window was set longer in between.")]
    public void WindowThatChanges()
    {
        _x.Parameters(_market, Breaking with { BreakerWindowMs = 1_000 });
        _x.Mark(_market, 1_001);
        _x.Parameters(_market, Breaking with { BreakerWindowMs = 86_400_000 });
        _x.TimeNs += 3 * 86_400 * TestExchange.Second;
        _x.Mark(_market, 1_300);
        Assert.That(_x.Row(_market).State, Is.EqualTo(MarketState.Open));
    }

    [Test]
    [Description("R-1401, R-101: marks at both ends of the range.")]
    public void Extremes()
    {
        _x.Mark(_market, (1L << 40) - 1);
        Assert.That(_x.Row(_market).State, Is.EqualTo(MarketState.Halted));
        _x.SetState(_market, MarketState.Open);
        _x.Mark(_market, 1);
        Assert.That(_x.Row(_market).State, Is.EqualTo(MarketState.Halted));
    }

    [TestCase(950, ResultCode.Accepted)]
    [TestCase(949, ResultCode.PriceOutsideBand)]
    [TestCase(1_050, ResultCode.Accepted)]
    [TestCase(1_051, ResultCode.PriceOutsideBand)]
    [Description("R-1401: limit prices at most the band from the mark, both ways, in changes and waiting orders too.")]
    public void Band(long ticks, ResultCode expected)
    {
        int a = _x.Account(1_000_000);
        TestExchange.Expect(expected, _x.Buy(a, _market, 1, ticks));
        TestExchange.Expect(expected, _x.Order(TestExchange.Limit(a, _market, Side.Sell, 1, ticks), TestExchange.Stop(900)));
        int b = _x.Account(1_000_000);
        _x.Buy(b, _market, 1, 960);
        TestExchange.Expect(expected, _x.Modify(b, _x.LastOrderId, 0, ticks));
    }
}
