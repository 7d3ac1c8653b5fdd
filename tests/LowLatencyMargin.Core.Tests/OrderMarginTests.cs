using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Tests;

[TestFixture]
internal sealed class OrderMarginTests
{
    private TestExchange _x = null!;
    private int _market;
    private int _rich;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange();
        _market = _x.Market(TestExchange.Simple);
        _rich = _x.Account(10_000_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-504: the incoming order counts before it trades; one unit too little refuses, even when it would fill at once.")]
    public void WorstCaseBeforeAccept()
    {
        int poor = _x.Account(999);
        _x.Sell(_rich, _market, 10, 1_000);
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Buy(poor, _market, 10, 1_000));
        _x.Deposit(poor, 1);
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(poor, _market, 10, 1_000));
        Assert.That(_x.Position(poor, _market).SizeLots, Is.EqualTo(10));
    }

    [Test]
    [Description("R-504: a limit worse than the mark also needs the loss against the mark.")]
    public void LossAgainstMarkIsNeeded()
    {
        int poor = _x.Account(1_010 + 99);
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Buy(poor, _market, 10, 1_010));
        _x.Deposit(poor, 1);
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(poor, _market, 10, 1_010));
    }

    [Test]
    [Description("R-504: a full close with zero free margin is accepted.")]
    public void FullCloseNeedsNothing()
    {
        int poor = _x.Account(1_000);
        _x.Trade(poor, _rich, _market, 10, 1_000);
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Buy(poor, _market, 1, 1_000));
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(poor, _market, 10, 1_000));
        Assert.That(_x.Held(poor), Is.Zero);
    }

    [Test]
    [Description("R-504: a flip needs margin for the new part only.")]
    public void FlipNeedsMarginForTheNewPart()
    {
        int poor = _x.Account(1_000 + 499);
        _x.Trade(poor, _rich, _market, 10, 1_000);
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Sell(poor, _market, 15, 1_000));
        TestExchange.Expect(ResultCode.Accepted, _x.Deposit(poor, 1));
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(poor, _market, 15, 1_000));
        Assert.That(_x.Held(poor), Is.EqualTo(500));
    }

    [Test]
    [Description("R-601: cross holds the larger side.")]
    public void CrossHoldsTheLargerSide()
    {
        int a = _x.Account(100_000);
        _x.Buy(a, _market, 10, 900);
        Assert.That(_x.Held(a), Is.EqualTo(900));
        _x.Sell(a, _market, 10, 1_100);
        Assert.That(_x.Held(a), Is.EqualTo(1_100));
        _x.Buy(a, _market, 10, 900);
        Assert.That(_x.Held(a), Is.EqualTo(1_800));
    }

    [TestCase(OrderMarginRule.Sum, 2_000)]
    [TestCase(OrderMarginRule.Max, 1_100)]
    [Description("R-602: isolated orders add up, or the larger side counts.")]
    public void IsolatedSumOrMax(OrderMarginRule rule, long held)
    {
        _x.Parameters(_market, TestExchange.Simple with { IsolatedOrderMargin = rule });
        int a = _x.Account(100_000);
        _x.Mode(a, _market, MarginMode.Isolated);
        _x.Buy(a, _market, 10, 900);
        _x.Sell(a, _market, 10, 1_100);
        Assert.That(_x.Held(a), Is.EqualTo(held));
    }

    [Test]
    [Description("R-601, R-603: isolated orders draw on isolated margin that the position does not need before they hold pool money.")]
    public void IsolatedOrdersUseSpareMargin()
    {
        int a = _x.Account(100_000);
        _x.Mode(a, _market, MarginMode.Isolated);
        _x.Allocate(a, _market, 600);
        _x.Buy(a, _market, 10, 900);
        Assert.That(_x.Held(a), Is.EqualTo(300));
        _x.Remove(a, _market, 100);
        Assert.That(_x.Held(a), Is.EqualTo(400));
    }

    [Test]
    [Description("R-601 offsetPosition: reducing lots are taken at the average price of the side's orders.")]
    public void ReducingBuysAreTakenAtTheAverage()
    {
        int a = _x.Account(100_000);
        _x.Trade(_rich, a, _market, 10, 1_000);
        _x.Buy(a, _market, 10, 900);
        Assert.That(_x.Held(a), Is.Zero);
        _x.Buy(a, _market, 5, 960);
        Assert.That(_x.Held(a), Is.EqualTo(460), "up(10 % of up(13800 x 5 / 15))");
    }

    [Test]
    [Description("R-601 offsetPosition: reducing sells are taken at the lowest hold price, so never too little is asked.")]
    public void ReducingSellsAreTakenAtTheLowest()
    {
        int a = _x.Account(100_000);
        _x.Trade(a, _rich, _market, 10, 1_000);
        _x.Sell(a, _market, 10, 1_100);
        Assert.That(_x.Held(a), Is.Zero);
        _x.Sell(a, _market, 5, 1_200);
        Assert.That(_x.Held(a), Is.EqualTo(600), "11000 + 6000 - 10 x 1100");
    }

    [Test]
    [Description("R-601: without offset even reducing orders hold margin.")]
    public void WithoutOffset()
    {
        _x.Parameters(_market, TestExchange.Simple with { OffsetPosition = 0 });
        int a = _x.Account(100_000);
        _x.Trade(a, _rich, _market, 10, 1_000);
        _x.Sell(a, _market, 10, 1_100);
        Assert.That(_x.Held(a), Is.EqualTo(1_100));
    }

    [Test]
    [Description("R-603: a sell holds at the higher of limit and mark, with the worst fee.")]
    public void SellHoldsAtMark()
    {
        _x.Parameters(_market, TestExchange.Simple with { TakerFeeRate = 100_000 });
        int a = _x.Account(100_000);
        _x.Buy(_rich, _market, 1, 500);
        _x.Sell(a, _market, 10, 600);
        Assert.That(_x.Held(a), Is.EqualTo(1_000 + 10), "10 % and 10 bp of 10 x 1000");
    }

    [Test]
    [Description("R-603: holds go with a cancel, a fill and an immediate order's end.")]
    public void HoldsAreReleased()
    {
        int a = _x.Account(100_000);
        _x.Buy(a, _market, 10, 990);
        long order = _x.LastOrderId;
        _x.Buy(a, _market, 10, 980);
        Assert.That(_x.Held(a), Is.EqualTo(1_970));
        _x.Cancel(a, _x.LastOrderId);
        Assert.That(_x.Held(a), Is.EqualTo(990));
        _x.Sell(_rich, _market, 4, 990);
        Assert.That(_x.Held(a), Is.EqualTo(594));
        _x.Modify(a, order, 5, 0);
        Assert.That(_x.Held(a), Is.EqualTo(99));
        _x.Buy(a, _market, 10, 970, TimeInForce.ImmediateOrCancel);
        Assert.That(_x.Held(a), Is.EqualTo(99));
        _x.Sell(_rich, _market, 1, 990);
        Assert.That(_x.Held(a), Is.Zero);
    }

    [Test]
    [Description("R-504, R-209: an isolated close at a limit that loses more than its margin is refused, not left to the insurance fund.")]
    public void IsolatedCloseCannotRunIntoBadDebt()
    {
        int a = _x.Account(100_000);
        int friend = _x.Account(100_000);
        _x.Mode(a, _market, MarginMode.Isolated);
        _x.Trade(a, _rich, _market, 5, 1_000);
        _x.Buy(friend, _market, 20, 1);
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Sell(a, _market, 5, 1));
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Sell(a, _market, 10, 1));
        _x.Sell(a, _market, 5, 1_500);
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Sell(a, _market, 5, 1));
        Assert.That(_x.Row(_market).ShortfallUnits, Is.Zero);
    }

    [Test]
    [Description("R-504, R-207: margin allocated to a flat isolated row stands behind an order's loss, as settlement will use it.")]
    public void AllocatedMarginCounts()
    {
        int a = _x.Account(100_000);
        _x.Mode(a, _market, MarginMode.Isolated);
        _x.Allocate(a, _market, 20_000);
        _x.Buy(_rich, _market, 10, 800);
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(a, _market, 10, 800));
        Assert.That((_x.Position(a, _market).SizeLots, _x.Position(a, _market).MarginUnits), Is.EqualTo((-10L, 20_000L)));
    }

    [Test]
    [Description("R-504: an isolated order whose fill at its limit would be liquidatable is refused, spare margin counted once.")]
    public void IsolatedFillMustStartHealthy()
    {
        int a = _x.Account(100_000);
        _x.Mode(a, _market, MarginMode.Isolated);
        _x.Allocate(a, _market, 1_000);
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Buy(a, _market, 10, 1_060));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(a, _market, 10, 1_050));
    }

    [Test]
    [Description("R-605, R-506: an order made smaller when rates have risen holds by those of now; what the pool does not have for it is cancelled.")]
    public void SmallerOrderAtHigherRates()
    {
        int market = _x.Market(TestExchange.Simple with
        {
            VolatilityThresholdRate = TestExchange.Percent,
            VolatilityMultiplierRate = 120 * TestExchange.Percent,
            VolatilityWindowMs = 60_000,
        });
        int a = _x.Account(1_500);
        _x.Mode(a, market, MarginMode.Isolated);
        _x.Trade(a, _rich, market, 10, 1_000);
        _x.Allocate(a, market, 500);
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(a, market, 5, 900));
        long order = _x.LastOrderId;
        _x.Mark(market, 1_020);
        Assert.That((_x.Held(a), _x.Pool(a)), Is.EqualTo((0L, 0L)));

        // 4 x 900 x 12 % = 432; what the margin of 1,500 leaves beyond 12 % of 10,000 is 300
        TestExchange.Expect(ResultCode.Accepted, _x.Modify(a, order, 4, 900));
        Assert.That(_x.OpenOrders(a, market), Is.Zero);
        Assert.That(_x.Held(a), Is.Zero);
    }

    [Test]
    [Description("R-301, R-505: what an order that switches to cross brings back to the pool counts for the account's leverage too.")]
    public void PortfolioLeverageOfASwitchingOrder()
    {
        int a = _x.Account(10_000);
        _x.PortfolioLeverage(a, 2);
        _x.Mode(a, _market, MarginMode.Isolated);
        _x.Allocate(a, _market, 10_000);
        TestExchange.Expect(
            ResultCode.PortfolioLeverageExceeded, _x.Order(TestExchange.Limit(a, _market, Side.Buy, 21, 1_000), new OrderTerms { Mode = ModeChoice.Cross }));
        TestExchange.Expect(
            ResultCode.Accepted, _x.Order(TestExchange.Limit(a, _market, Side.Buy, 20, 1_000), new OrderTerms { Mode = ModeChoice.Cross }));
    }

    [Test]
    [Description("R-504, R-605: what is allocated to a flat row stands behind all its orders of a side once, not behind each.")]
    public void AllocatedMarginCountsOnce()
    {
        int a = _x.Account(100_000);
        _x.Mode(a, _market, MarginMode.Isolated);
        _x.Allocate(a, _market, 2_000);

        // at 1200 a lot loses 200 and needs 50 at once; without the 2,000 it would draw 120
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(a, _market, 8, 1_200));
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Buy(a, _market, 8, 1_200));
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(a, _market, 8, 1_250));
        TestExchange.Expect(ResultCode.Accepted, _x.Allocate(a, _market, 2_000));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(a, _market, 8, 1_200));
    }
}
