using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1307: what happens when an order meets one of its own account or group.</summary>
[TestFixture]
internal sealed class SelfTradeTests
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
        _x.Sell(_a, _market, 3, 1_000);
        _x.Sell(_b, _market, 10, 1_001);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    // lots bought, own resting lots after, reasons of cancels in order
    private static IEnumerable<TestCaseData> Rules =>
    [
        new TestCaseData(SelfTradePrevention.None, 5L, 0L, Array.Empty<CancelReason>()),
        new TestCaseData(SelfTradePrevention.Taker, 0L, 3L, new[] { CancelReason.SelfTrade }),
        new TestCaseData(SelfTradePrevention.MarketRule, 0L, 3L, new[] { CancelReason.SelfTrade }),
        new TestCaseData(SelfTradePrevention.Maker, 5L, 0L, new[] { CancelReason.SelfTrade }),
        new TestCaseData(SelfTradePrevention.Both, 0L, 0L, new[] { CancelReason.SelfTrade, CancelReason.SelfTrade }),
        new TestCaseData(SelfTradePrevention.Decrement, 2L, 0L, new[] { CancelReason.SelfTrade }),
    ];

    [TestCaseSource(nameof(Rules))]
    [Description("R-1307: each rule, when 5 are bought against 3 of one's own and 10 of another's.")]
    public void Rule(SelfTradePrevention rule, long traded, long own, CancelReason[] cancels)
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 5, 1_001) with { SelfTrade = rule }));
        Assert.That(_x.Events<Trade>(EventType.Trade).Sum(t => t.QuantityLots), Is.EqualTo(traded));
        Assert.That(_x.Position(_a, _market).Orders.SellLots, Is.EqualTo(own));
        Assert.That(_x.Cancels(), Is.EqualTo(cancels));
        SelfTradePrevented[] told = [.. _x.Events<SelfTradePrevented>(EventType.SelfTradePrevented)];
        Assert.That(told.Select(t => (t.PriceTicks, t.PreventedLots)), Is.EqualTo(rule == SelfTradePrevention.None ? [] : new[] { (1_000L, 3L) }));
    }

    [TestCase(2, 1L, 0L)]
    [TestCase(3, 0L, 0L)]
    [Description("R-1307: decrement takes the smaller quantity off both; what reaches zero is cancelled.")]
    public void Decrement(long lots, long makerLeft, long takerLeft)
    {
        _x.Order(TestExchange.Limit(_a, _market, Side.Buy, lots, 1_000) with { SelfTrade = SelfTradePrevention.Decrement });
        Assert.That(_x.Position(_a, _market).Orders.SellLots, Is.EqualTo(makerLeft));
        Assert.That(_x.Position(_a, _market).Orders.BuyLots, Is.EqualTo(takerLeft));
        Assert.That(_x.Events<Trade>(EventType.Trade), Is.Empty);
    }

    [Test]
    [Description("R-1307: accounts of one group count as one owner until one leaves it.")]
    public void Groups()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Group(_a, 7));
        TestExchange.Expect(ResultCode.Accepted, _x.Group(_b, 7));
        _x.Buy(_b, _market, 1, 1_000);
        Assert.That(_x.Events<SelfTradePrevented>(EventType.SelfTradePrevented).Single().MakerAccountId, Is.EqualTo(_a));

        TestExchange.Expect(ResultCode.Accepted, _x.Group(_b, 0));
        _x.Buy(_b, _market, 1, 1_000);
        Assert.That(_x.Events<Trade>(EventType.Trade), Has.Count.EqualTo(1));
    }

    [Test]
    [Description("R-1307: a change that crosses one's own order is prevented too, and ends what it changed.")]
    public void ModifiedIntoItself()
    {
        _x.Buy(_a, _market, 2, 990);
        long order = _x.LastOrderId;
        TestExchange.Expect(ResultCode.Accepted, _x.Modify(_a, order, 0, 1_000));
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.SelfTrade }));
        Assert.That(_x.Position(_a, _market).Orders.BuyLots, Is.Zero);
    }

    [Test]
    [Description("R-1307, R-603: a change that self-trade prevention ends gives back what the order held, down to the last row of the account.")]
    public void ModifiedIntoItsGroup()
    {
        int partner = _x.Account(1_000_000);
        _x.Group(_a, 7);
        _x.Group(partner, 7);
        _x.Buy(partner, _market, 2, 990);
        TestExchange.Expect(ResultCode.Accepted, _x.Modify(partner, _x.LastOrderId, 0, 1_000));
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.SelfTrade }));
        Assert.That(_x.Held(partner), Is.Zero);
        TestExchange.Expect(ResultCode.Accepted, _x.Withdraw(partner, 1_000_000));
    }

    [Test]
    [Description("R-1307, R-1303: under the rule Maker fill-or-kill does not count its own orders, and ends them only if it fills.")]
    public void FillOrKillBehindItself()
    {
        _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 11, 1_001)
            with { TimeInForce = TimeInForce.FillOrKill, SelfTrade = SelfTradePrevention.Maker });
        Assert.That((_x.Cancels()[0], _x.Position(_a, _market).Orders.SellLots), Is.EqualTo((CancelReason.NotFilledWhole, 3L)));
        _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 10, 1_001)
            with { TimeInForce = TimeInForce.FillOrKill, SelfTrade = SelfTradePrevention.Maker });
        Assert.That(_x.Size(_a, _market), Is.EqualTo(10));
    }

    [Test]
    [Description("ARCHITECTURE, bounded work: preventions are work; the order that meets too many of its own ends at the limit.")]
    public void PreventionsAreWork()
    {
        using var x = new TestExchange(work: 16);
        int market = x.Market(TestExchange.Simple);
        int a = x.Account(1_000_000);
        for (int i = 0; i < 20; i++)
        {
            x.Sell(a, market, 1, 1_000);
        }

        x.Order(TestExchange.Limit(a, market, Side.Buy, 1, 1_000) with { SelfTrade = SelfTradePrevention.Maker });
        Assert.That(x.Cancels()[^1], Is.EqualTo(CancelReason.WorkLimit));
        Assert.That(x.OpenOrders(a, market), Is.EqualTo(4));
        Assert.That(x.Exchange.Events.Count, Is.LessThanOrEqualTo(ExchangeState.EventsPerCommand(16)));
    }
}
