using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1302, R-1312, R-1313: waiting orders, what sets them off, and in which order.</summary>
[TestFixture]
internal sealed class TriggerTests
{
    private const long Most = (1L << 40) - 1;
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

    [TestCase(Side.Buy, TriggerKind.Stop, 1_005, 1_004, 1_005)]
    [TestCase(Side.Sell, TriggerKind.Stop, 995, 996, 995)]
    [TestCase(Side.Buy, TriggerKind.TakeProfit, 995, 996, 994)]
    [TestCase(Side.Sell, TriggerKind.TakeProfit, 1_005, 1_004, 1_006)]
    [Description("R-1302: stop and take-profit of both sides are set off at their trigger, not a tick before, by the price they watch alone.")]
    public void SetOffAtItsTrigger(Side side, TriggerKind kind, long trigger, long before, long reached)
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Order(
            TestExchange.Limit(_a, _market, side, 3, 1_000),
                new OrderTerms { Trigger = kind, TriggerTicks = trigger, Source = TriggerSource.Index }));
        long order = _x.LastOrderId;
        Assert.That(_x.Held(_a), Is.Zero, "a waiting order holds no margin");

        _x.Index(_market, before);
        Assert.That(_x.Events<OrderTriggered>(EventType.OrderTriggered), Is.Empty);
        _x.Index(_market, reached);

        OrderTriggered triggered = _x.Events<OrderTriggered>(EventType.OrderTriggered).Single();
        Assert.That((triggered.OrderId, triggered.TriggerTicks, triggered.QuantityLots, triggered.PriceTicks),
            Is.EqualTo((order, trigger, 3L, 1_000L)));
        Assert.That(_x.Open(_a, order).PriceTicks, Is.EqualTo(1_000), "it rests under its id");
        Assert.That(_x.Held(_a), Is.Not.Zero);
    }

    [Test]
    [Description("R-1302: falling triggers go off from the highest, rising ones after them from the lowest, at one price the first put there first.")]
    public void OrderOfTriggers()
    {
        long[] ids = [.. new[] { 990L, 995L, 995L }.Select(ticks => Waiting(Side.Sell, ticks))];
        _x.Mark(_market, 980);
        Assert.That(Triggered(), Is.EqualTo(new[] { ids[1], ids[2], ids[0] }));

        long[] rising = [.. new[] { 1_010L, 1_005L }.Select(ticks => Waiting(Side.Buy, ticks))];
        _x.Mark(_market, 1_020);
        Assert.That(Triggered(), Is.EqualTo(new[] { rising[1], rising[0] }));
    }

    [Test]
    [Description("R-1302: trades of triggered orders move the last price and set off the next: a cascade in one command, without recursion.")]
    public void Cascade()
    {
        for (int i = 0; i < 50; i++)
        {
            _x.Buy(_b, _market, 1, 999 - i);
            TestExchange.Expect(ResultCode.Accepted, _x.Order(
                TestExchange.AtMarket(_a, _market, Side.Sell, 1) with { MaxSlippageRate = 50 * TestExchange.Percent },
                    TestExchange.Stop(999 - i, TriggerSource.Last)));
        }

        _x.Sell(_a, _market, 1, 999);

        Assert.That(Triggered(), Has.Length.EqualTo(50));
        Assert.That(_x.Row(_market).LastTicks, Is.EqualTo(950));
        Assert.That(_x.Exchange.HasPendingWork, Is.False);
    }

    [Test]
    [Description("R-1312: a triggered order that its owner can't pay for ends; R-1306: a late cancel is told how it ended.")]
    public void RefusedAtTrigger()
    {
        long order = Waiting(Side.Buy, 1_005, lots: 100_000);
        _x.Mark(_market, 1_005);
        Assert.That(_x.Events<Rejected>(EventType.Rejected).Single().Code, Is.EqualTo(ResultCode.InsufficientMargin));
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.RefusedAtTrigger }));
        TestExchange.Expect(ResultCode.OrderTriggeredBefore, _x.Cancel(_a, order));
    }

    [Test]
    [Description("R-1302, R-1313: a trailing stop follows the best price by its step and never goes back.")]
    public void TrailingStopNeverLoosens()
    {
        long order = Trailing(Side.Sell, new OrderTerms { Trigger = TriggerKind.TrailingStop, TrailTicks = 10, StepTicks = 5 });
        Assert.That(TriggerOf(order), Is.EqualTo(990));
        _x.Mark(_market, 1_004);
        Assert.That(TriggerOf(order), Is.EqualTo(990), "less than a step");
        _x.Mark(_market, 1_005);
        Assert.That(TriggerOf(order), Is.EqualTo(995));
        _x.Mark(_market, 996);
        Assert.That(TriggerOf(order), Is.EqualTo(995));
        _x.Mark(_market, 995);
        Assert.That(Triggered(), Is.EqualTo(new[] { order }));
    }

    [Test]
    [Description("R-1302: a trailing take-profit waits for its activation price, then follows by a rate.")]
    public void TrailingTakeProfitBeginsAtItsActivation()
    {
        OrderTerms terms = new() { Trigger = TriggerKind.TrailingTakeProfit, TrailRate = 2 * TestExchange.Percent, ActivationTicks = 950 };
        long order = Trailing(Side.Buy, terms);
        Assert.That(TriggerOf(order), Is.Zero);
        _x.Mark(_market, 951);
        Assert.That(TriggerOf(order), Is.Zero);
        _x.Mark(_market, 940);
        Assert.That(TriggerOf(order), Is.EqualTo(940 + 18));
        _x.Mark(_market, 958);
        Assert.That(Triggered(), Is.EqualTo(new[] { order }));
    }

    [TestCase(0, 1L, ResultCode.InvalidTrigger)]
    [TestCase(51, 0L, ResultCode.InvalidTrigger)]
    [TestCase(50, 0L, ResultCode.Accepted)]
    [TestCase(0, 1_000L, ResultCode.InvalidTrigger)]
    [TestCase(0, 999L, ResultCode.Accepted)]
    [TestCase(0, Most, ResultCode.InvalidTrigger)]
    [Description("R-1302: trail by ticks or by a rate of up to half, never both or neither; a trigger below 1 can't be.")]
    public void TrailRanges(int percent, long trailTicks, ResultCode expected)
    {
        OrderTerms terms = new() { Trigger = TriggerKind.TrailingStop, TrailRate = percent * TestExchange.Percent, TrailTicks = trailTicks };
        if (percent == 0 && trailTicks == 1)
        {
            terms.TrailRate = 1;
        }

        TestExchange.Expect(expected, _x.Order(TestExchange.AtMarket(_a, _market, Side.Sell, 1), terms));
    }

    [Test]
    [Description("R-101: the largest trigger, trail, step, activation and limit are taken, and a price at the end of the range sets them off.")]
    public void LargestFields()
    {
        int market = _x.Market(TestExchange.Simple, mark: 0);
        TestExchange.Expect(ResultCode.Accepted, _x.Index(market, 5));
        PlaceOrder order = TestExchange.Limit(_a, market, Side.Buy, Most, 1);
        OrderTerms trailing = new()
        {
            Trigger = TriggerKind.TrailingStop,
            TrailTicks = Most,
            StepTicks = Most,
            ActivationTicks = Most,
            Source = TriggerSource.Index,
        };
        TestExchange.Expect(ResultCode.Accepted, _x.Order(order, TestExchange.Stop(Most, TriggerSource.Index)));
        TestExchange.Expect(ResultCode.Accepted, _x.Order(order with { PriceTicks = Most }, TestExchange.Stop(Most, TriggerSource.Index)));
        TestExchange.Expect(ResultCode.Accepted, _x.Order(order, trailing));
        TestExchange.Expect(ResultCode.InvalidTrigger, _x.Order(order, TestExchange.Stop(Most + 1, TriggerSource.Index)));
        TestExchange.Expect(ResultCode.InvalidTrigger, _x.Order(order, trailing with { StepTicks = Most + 1 }));

        TestExchange.Expect(ResultCode.Accepted, _x.Index(market, Most));
        Assert.That(Triggered(), Has.Length.EqualTo(3));
        Assert.That(_x.Events<Rejected>(EventType.Rejected).Select(r => r.Code), Has.Some.EqualTo(ResultCode.Overflow));
    }

    [Test]
    [Description("R-1305: the trigger of a waiting order moves, and not to where the price is already; a trailing one moves by itself alone.")]
    public void ModifiedTrigger()
    {
        long order = Waiting(Side.Sell, 990);
        TestExchange.Expect(ResultCode.TriggerReached, _x.ModifyTrigger(_a, order, 1_000));
        TestExchange.Expect(ResultCode.NothingToModify, _x.ModifyTrigger(_a, order, 990));
        TestExchange.Expect(ResultCode.Accepted, _x.ModifyTrigger(_a, order, 980));
        _x.Mark(_market, 985);
        Assert.That(Triggered(), Is.Empty);
        long trailing = Trailing(Side.Sell, new OrderTerms { Trigger = TriggerKind.TrailingStop, TrailTicks = 10 });
        TestExchange.Expect(ResultCode.InvalidTrigger, _x.ModifyTrigger(_a, trailing, 970));
    }

    [Test]
    [Description("R-1302: of two linked orders the first that trades or is triggered cancels the other; a cancel leaves the other alone.")]
    public void LinkedOrders()
    {
        (long limit, long stop) = Pair();
        _x.Sell(_b, _market, 1, 995);
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.Linked }), "a partial fill of the one ends the other");
        TestExchange.Expect(ResultCode.OrderCancelledBefore, _x.Cancel(_a, stop));
        _x.Cancel(_a, limit);

        (limit, stop) = Pair();
        _x.Mark(_market, 1_010);
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.NotFilledAtOnce, CancelReason.Linked }), "nothing to buy: the stop ends too");
        TestExchange.Expect(ResultCode.OrderCancelledBefore, _x.Cancel(_a, limit));

        _x.Mark(_market, 1_000);
        (limit, stop) = Pair();
        _x.Cancel(_a, limit);
        Assert.That(_x.Open(_a, stop).Has(Matching.OrderMarks.Linked), Is.False);
    }

    [Test]
    [Description("R-1313: what waits is part of the state: the same commands hash alike, another trigger does not.")]
    public void WaitingOrdersAreState()
    {
        using var other = new TestExchange(recentOrders: 64);
        _ = other.Market(TestExchange.Simple);
        (int a, int _) = (other.Account(1_000_000), other.Account(1_000_000));
        Assert.That(other.StateHash, Is.EqualTo(_x.StateHash));
        Waiting(Side.Sell, 990);
        other.Order(TestExchange.AtMarket(a, _market, Side.Sell, 1), TestExchange.Stop(991));
        Assert.That(other.StateHash, Is.Not.EqualTo(_x.StateHash));
    }

    private (long Limit, long Stop) Pair()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 2, 995)));
        long limit = _x.LastOrderId;
        TestExchange.Expect(ResultCode.Accepted, _x.Order(
            TestExchange.AtMarket(_a, _market, Side.Buy, 2), TestExchange.Stop(1_010) with { LinkedOrderId = limit }));
        return (limit, _x.LastOrderId);
    }

    private long Waiting(Side side, long trigger, long lots = 1)
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Order(TestExchange.AtMarket(_a, _market, side, lots), TestExchange.Stop(trigger)));
        return _x.LastOrderId;
    }

    private long Trailing(Side side, OrderTerms terms)
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Order(TestExchange.AtMarket(_a, _market, side, 1), terms));
        return _x.LastOrderId;
    }

    private long TriggerOf(long order) => _x.State.OrderTerms[_x.Open(_a, order).Terms].TriggerTicks;

    private long[] Triggered() => [.. _x.Events<OrderTriggered>(EventType.OrderTriggered).Select(triggered => triggered.OrderId)];
}
