using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests.Pricing;

/// <summary>R-901 to R-906: rules, intervals, and every place where what is owed counts or is paid. A tick x lot is a unit: 1 % is 10 a lot.</summary>
internal sealed class FundingTests
{
    private const long Hour = 3_600 * TestExchange.Second;

    /// <summary>Longs pay 1 % an interval, whatever the premium.</summary>
    private static FundingRules OnePercent =>
        FundingRules.Default with { InterestRate = TestExchange.Percent, ClampRate = TestExchange.Percent, DampeningRate = 0 };

    private TestExchange _x = null!;
    private int _market;
    private int _a;
    private int _b;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange { TimeNs = 100 * Hour };
        _market = _x.Market(TestExchange.Simple with { ModeSwitch = ModeSwitchPolicy.Checked });
        TestExchange.Expect(ResultCode.Accepted, _x.Funding(_market, OnePercent));
        _a = _x.Account(1_000_000);
        _b = _x.Account(1_000_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-906: every parameter has its range; a spot market has no funding; unknown markets are told.")]
    public void Ranges()
    {
        FundingRules good = FundingRules.Default;
        FundingRules[] wrong =
        [
            good with { IntervalMs = 59_999 }, good with { IntervalMs = 604_800_001 }, good with { InterestRate = TestExchange.Percent + 1 },
            good with { InterestRate = -TestExchange.Percent - 1 }, good with { ClampRate = -1 }, good with { ClampRate = TestExchange.Percent + 1 },
            good with { CapRate = -1 }, good with { CapRate = Rate.Scale + 1 }, good with { DampeningRate = -1 },
            good with { DampeningRate = Rate.Scale + 1 }, good with { IsOn = 2 }, good with { IsOn = -1 },
        ];
        foreach (FundingRules rules in wrong)
        {
            TestExchange.Expect(ResultCode.InvalidParameter, _x.Funding(_market, rules));
        }

        TestExchange.Expect(ResultCode.Accepted, _x.Funding(_market, good));
        Assert.That(_x.Events<FundingParamsUpdated>(EventType.FundingParamsUpdated).Single().Rules, Is.EqualTo(good));
        TestExchange.Expect(ResultCode.UnknownMarket, _x.Funding(99, good));
        TestExchange.Expect(ResultCode.UnknownMarket, _x.ForceFunding(0));
        TestExchange.Expect(ResultCode.FundingOff, Off());
        int unmarked = _x.Market(TestExchange.Simple, mark: 0);
        TestExchange.Expect(ResultCode.IndexMissing, _x.ForceFunding(unmarked));
        _x.SetState(_market, MarketState.Halted);
        _x.Funding(_market, good);
        TestExchange.Expect(ResultCode.MarketStateForbids, _x.ForceFunding(_market));

        ResultCode Off()
        {
            _x.FundingOff(_market);
            return _x.ForceFunding(_market);
        }
    }

    [Test]
    [Description("R-905: many intervals at once are done with a bounded share of each command's work; the sum does not depend on that.")]
    public void ManyIntervals([Values(16, 100, 4_096)] int work)
    {
        using var x = new TestExchange(work) { TimeNs = 100 * Hour };
        int market = x.Market(TestExchange.Simple);
        (int a, int b) = (x.Account(1_000_000), x.Account(1_000_000));
        x.Trade(a, b, market, 10, 1_000);
        x.TimeNs += (500 * Hour) + 1;
        x.Tick();
        x.TickUntilDone();
        Assert.That(x.Row(market).FundingIndexE8, Is.EqualTo(500 * 1_000L * Rate.BasisPoint));
        Assert.That((x.State.Funding[market].LastNs, x.State.Funding[market].NextNs), Is.EqualTo((600 * Hour, 601 * Hour)));
        Assert.That(AccountFigures.Of(x.State, a).EquityUnits, Is.EqualTo(1_000_000 - 500), "10 lots, 0.1 an interval each");
    }

    [Test]
    [Description("R-904: feeds are judged at the end of the interval, not when a late command comes.")]
    public void FreshAtTheEnd()
    {
        using var x = new TestExchange { TimeNs = (101 * Hour) - (30 * TestExchange.Second) };
        int market = x.Market(TestExchange.Simple, mark: 0);
        FeedPrice feed = new() { MarketId = market, PriceTicks = 1_000, Source = 1 };
        x.Send(ref feed, CommandType.FeedPrice);
        x.TimeNs += 5 * Hour;
        x.Tick();
        FundingUpdated only = x.Events<FundingUpdated>(EventType.FundingUpdated).Single();
        Assert.That((only.IntervalEndNs, only.RateE8), Is.EqualTo((101 * Hour, (long)Rate.BasisPoint)));
        Assert.That(x.State.Funding[market].NextNs, Is.EqualTo(106 * Hour));
        TestExchange.Expect(ResultCode.MarketStateForbids, x.ForceFunding(market));
    }

    [Test]
    [Description("R-902: an interval that could not be charged exactly is left out; a market without positions begins anew.")]
    public void TooMuch()
    {
        int market = _x.Market(TestExchange.Simple, mark: 1L << 39);
        _x.Funding(market, FundingRules.Default with { InterestRate = TestExchange.Percent, ClampRate = TestExchange.Percent });
        _x.Index(market, 1);
        int charged = 0;
        while (_x.ForceFunding(market) == ResultCode.Accepted)
        {
            charged++;
            Assert.That(_x.Events<FundingUpdated>(EventType.FundingUpdated).Single().RateE8, Is.EqualTo(Rate.Scale), "100 % at most");
        }

        Assert.That(charged, Is.EqualTo(0), "2^39 ticks are beyond 2^62 / 10^8 at once");
        _x.Mark(market, 1L << 30);
        _x.Index(market, 1);
        while (_x.ForceFunding(market) == ResultCode.Accepted)
        {
            charged++;
        }

        Assert.That((charged, _x.Row(market).FundingIndexE8), Is.EqualTo((42, 42 * (1L << 30) * Rate.Scale)));
        TestExchange.Expect(ResultCode.Overflow, _x.ForceFunding(market));
    }

    [Test]
    [Description("R-902, R-203: what a cross position owes is in equity, available and withdrawable at once; a withdrawal settles it.")]
    public void CrossFigures()
    {
        _x.Trade(_a, _b, _market, 100, 1_000);
        _x.ForceFunding(_market);
        Assert.That(AccountFigures.Of(_x.State, _a).EquityUnits, Is.EqualTo(999_000));
        Assert.That(AccountFigures.Of(_x.State, _b).EquityUnits, Is.EqualTo(1_001_000));
        TestExchange.Expect(ResultCode.InsufficientBalance, _x.Withdraw(_a, 989_001));
        TestExchange.Expect(ResultCode.Accepted, _x.Withdraw(_a, 989_000));
        FundingPaid paid = _x.Events<FundingPaid>(EventType.FundingPaid).Single();
        Assert.That((paid.AccountId, paid.SizeLots, paid.EntryE8, paid.IndexE8, paid.AmountUnits), Is.EqualTo(((long)_a, 100L, 0L, 10L * Rate.Scale, 1_000L)));
        TestExchange.Expect(ResultCode.InsufficientBalance, _x.Withdraw(_b, 991_001));
        TestExchange.Expect(ResultCode.Accepted, _x.Withdraw(_b, 991_000));
        Assert.That((_x.Pool(_a), _x.Pool(_b), _x.State.Funding[_market].ClearingUnits), Is.EqualTo((10_000L, 10_000L, 0L)));
    }

    [Test]
    [Description("R-903: an isolated margin pays and is looked at net of what it owes: removal, leverage, fills; the pool of its owner never.")]
    public void IsolatedFigures()
    {
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Trade(_a, _b, _market, 100, 1_000);
        _x.Allocate(_a, _market, 5_000);
        _x.ForceFunding(_market);
        Assert.That(_x.Position(_a, _market).MarginUnits, Is.EqualTo(15_000));
        TestExchange.Expect(ResultCode.LockedFunds, _x.Remove(_a, _market, 4_001));
        TestExchange.Expect(ResultCode.Accepted, _x.Remove(_a, _market, 4_000));
        Assert.That((_x.Position(_a, _market).MarginUnits, _x.Pool(_a)), Is.EqualTo((10_000L, 989_000L)));
        Assert.That(_x.State.FundingPaid[_x.State.FindPosition(_a, _market)], Is.EqualTo(1_000));

        _x.ForceFunding(_market);
        TestExchange.Expect(ResultCode.Accepted, _x.Leverage(_a, _market, 5));
        Assert.That((_x.Position(_a, _market).MarginUnits, _x.Pool(_a)), Is.EqualTo((20_000L, 978_000L)), "the margin of 5, after 9,000 were left");

        _x.ForceFunding(_market);
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_b, _market, 50, 1_000));
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(_a, _market, 50, 1_000));
        Assert.That(_x.EventTypes().Take(4), Is.EqualTo(new[] { EventType.OrderAccepted, EventType.FundingPaid, EventType.FundingPaid, EventType.Trade }));
        Assert.That(_x.Events<FundingPaid>(EventType.FundingPaid).Select(paid => paid.AccountId), Is.EqualTo(new long[] { _b, _a }), "maker first");
        Assert.That(_x.Position(_a, _market).MarginUnits, Is.EqualTo(19_000));
    }

    [Test]
    [Description("R-903: a margin below zero with profit behind it asks nobody while the position is open; equity decides.")]
    public void MarginBelowZero()
    {
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Trade(_a, _b, _market, 100, 1_000);
        _x.Mark(_market, 2_000);
        for (int i = 0; i < 7; i++)
        {
            TestExchange.Expect(ResultCode.Accepted, _x.ForceFunding(_market));
        }

        _x.Trade(_b, _a, _market, 1, 2_000);
        Assert.That(_x.Position(_a, _market).MarginUnits, Is.EqualTo(10_000 - 14_000 + 1_000));
        Assert.That(_x.Events<ShortfallCovered>(EventType.ShortfallCovered), Is.Empty);
        _x.Trade(_b, _a, _market, 99, 2_000);
        Assert.That((_x.Position(_a, _market).MarginUnits, _x.Pool(_a)), Is.EqualTo((0L, 1_000_000L + 100_000 - 14_000)));
        Assert.That((_x.Row(_market).ShortfallUnits, _x.State.Funding[_market].ClearingUnits), Is.EqualTo((0L, 0L)));
    }

    [Test]
    [Description("R-902, R-409: a split and a merge settle before; what was paid stays with the rest and is added at the merge.")]
    public void SplitAndMerge()
    {
        int a = _x.Hedger(1_000_000);
        long id = _x.Opened(a, _b, _market, Side.Buy, 10, 1_000, ModeChoice.Isolated);
        _x.ForceFunding(_market);
        TestExchange.Expect(ResultCode.Accepted, _x.Split(a, _market, 4, id));
        Assert.That(_x.Events<FundingPaid>(EventType.FundingPaid).Single().AmountUnits, Is.EqualTo(100));
        long part = _x.Events<PositionDivided>(EventType.PositionSplit).Single().OtherPositionId;
        Assert.That((_x.Of(a, _market, id).MarginUnits, _x.Of(a, _market, part).MarginUnits), Is.EqualTo((540L, 360L)));
        _x.ForceFunding(_market);
        TestExchange.Expect(ResultCode.Accepted, _x.Merge(a, _market, id, part));
        Assert.That(
            _x.Events<FundingPaid>(EventType.FundingPaid).Select(paid => (paid.PositionId, paid.AmountUnits)),
            Is.EqualTo(new[] { (id, 60L), (part, 40L) }));
        Assert.That(_x.Of(a, _market, id).MarginUnits, Is.EqualTo(800));
        Assert.That(_x.State.FundingPaid[_x.State.FirstHedge(a, _market)], Is.EqualTo(200));
    }

    [TestCase(MarginMode.Cross)]
    [TestCase(MarginMode.Isolated)]
    [Description("R-303, R-903: a switch with a position settles in the old scope.")]
    public void ModeSwitch(MarginMode mode)
    {
        _x.Mode(_a, _market, mode == MarginMode.Cross ? MarginMode.Isolated : MarginMode.Cross);
        _x.Trade(_a, _b, _market, 100, 1_000);
        _x.ForceFunding(_market);
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, _market, mode));
        Assert.That(_x.EventTypes()[0], Is.EqualTo(EventType.FundingPaid));
        bool isolated = mode == MarginMode.Isolated;
        Assert.That((_x.Position(_a, _market).MarginUnits, _x.Pool(_a)), Is.EqualTo(isolated ? (10_000L, 989_000L) : (0L, 999_000L)));
    }

    [Test]
    [Description("R-605, R-902: an order that comes to rest settles its isolated position; one that only rests in a cross row settles nothing.")]
    public void RestingOrders()
    {
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Trade(_a, _b, _market, 100, 1_000);
        _x.ForceFunding(_market);
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_a, _market, 10, 900));
        Assert.That(_x.EventTypes(), Is.EqualTo(new[] { EventType.OrderAccepted, EventType.FundingPaid, EventType.PositionUpdated }));
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(_b, _market, 10, 1_100));
        Assert.That(_x.EventTypes(), Is.EqualTo(new[] { EventType.OrderAccepted }));
    }

    [Test]
    [Description("R-1102: keys are not rewritten: an interval of a market that has charged before touches no row, and whom it makes due is liquidated.")]
    public void KeysStay()
    {
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Trade(_a, _b, _market, 100, 1_000);
        for (int i = 0; i < 5; i++)
        {
            _x.ForceFunding(_market);
            Assert.That(_x.EventTypes(), Is.EqualTo(new[] { EventType.FundingUpdated }), $"{i}: {5_000 - (i * 1_000)} to spare");
        }

        _x.ForceFunding(_market);
        Assert.That(_x.EventTypes().Take(3), Is.EqualTo(new[] { EventType.FundingUpdated, EventType.FundingPaid, EventType.LiquidationStarted }));
        LiquidationStarted started = _x.Events<LiquidationStarted>(EventType.LiquidationStarted).Single();
        Assert.That((started.EquityUnits, started.RequirementUnits), Is.EqualTo((4_000L, 5_000L)));
    }
}
