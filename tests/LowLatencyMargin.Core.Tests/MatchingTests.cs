using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

[TestFixture]
internal sealed class MatchingTests
{
    private TestExchange _x = null!;
    private int _market;
    private int _a;
    private int _b;
    private int _c;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange();
        _market = _x.Market(TestExchange.Simple);
        _a = _x.Account(1_000_000);
        _b = _x.Account(1_000_000);
        _c = _x.Account(1_000_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-1301: the best price first, then the order that came first; every fill at the resting price.")]
    public void PriceThenTime()
    {
        _x.Sell(_a, _market, 1, 1_002);
        _x.Sell(_a, _market, 2, 1_001);
        _x.Sell(_b, _market, 3, 1_001);
        _x.Sell(_b, _market, 4, 1_000);

        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_c, _market, 8, 1_001));

        Assert.That(_x.Events<Trade>(EventType.Trade).Select(t => (t.PriceTicks, t.QuantityLots)),
            Is.EqualTo(new[] { (1_000L, 4L), (1_001L, 2L), (1_001L, 2L) }));
        List<Fill> makers = [.. _x.Events<Fill>(EventType.Fill).Where((_, i) => i % 2 == 0)];
        Assert.That(makers.Select(f => (f.AccountId, f.LeavesLots)), Is.EqualTo(new[] { ((long)_b, 0L), (_a, 0L), (_b, 1L) }));
        Assert.That(_x.State.Books[_market].Asks.BestTicks, Is.EqualTo(1_001));
    }

    [Test]
    [Description("R-1305: less quantity keeps the place in the queue, and the id.")]
    public void DecreaseKeepsPriority()
    {
        _x.Sell(_a, _market, 5, 1_000);
        long order = _x.LastOrderId;
        _x.Sell(_b, _market, 5, 1_000);

        TestExchange.Expect(ResultCode.Accepted, _x.Modify(_a, order, 2, 0));
        OrderChanged amended = _x.Events<OrderChanged>(EventType.OrderAmended).Single();
        Assert.That((amended.OrderId, amended.LeavesLots), Is.EqualTo((order, 2L)));

        _x.Buy(_c, _market, 3, 1_000);
        Assert.That(_x.Events<Trade>(EventType.Trade).Select(t => t.QuantityLots), Is.EqualTo(new[] { 2L, 1L }));
    }

    [Test]
    [Description("R-1305: more quantity loses the place.")]
    public void IncreaseLosesPriority()
    {
        _x.Sell(_a, _market, 5, 1_000);
        long order = _x.LastOrderId;
        _x.Sell(_b, _market, 5, 1_000);

        TestExchange.Expect(ResultCode.Accepted, _x.Modify(_a, order, 6, 0));

        _x.Buy(_c, _market, 5, 1_000);
        Assert.That(_x.Events<Fill>(EventType.Fill)[0].AccountId, Is.EqualTo(_b));
    }

    [Test]
    [Description("R-1305: another price loses the place even when it comes back.")]
    public void PriceChangeLosesPriority()
    {
        _x.Sell(_a, _market, 5, 1_000);
        long order = _x.LastOrderId;
        _x.Sell(_b, _market, 5, 1_000);
        _x.Modify(_a, order, 0, 1_001);
        _x.Modify(_a, order, 0, 1_000);

        _x.Buy(_c, _market, 5, 1_000);
        Assert.That(_x.Events<Fill>(EventType.Fill)[0].AccountId, Is.EqualTo(_b));
    }

    [Test]
    [Description("R-1305: a change that crosses trades as a new order would.")]
    public void CrossingModifyTrades()
    {
        _x.Sell(_a, _market, 5, 1_010);
        _x.Buy(_b, _market, 7, 990);

        TestExchange.Expect(ResultCode.Accepted, _x.Modify(_b, _x.LastOrderId, 0, 1_010));

        Assert.That(_x.Events<Trade>(EventType.Trade).Select(t => (t.PriceTicks, t.QuantityLots)), Is.EqualTo(new[] { (1_010L, 5L) }));
        Assert.That(_x.State.Books[_market].Bids.At(1_010).Lots, Is.EqualTo(2));
    }

    [Test]
    [Description("R-1305: a new total at or below what has filled cancels the rest.")]
    public void AmendedAway()
    {
        _x.Sell(_a, _market, 5, 1_000);
        long order = _x.LastOrderId;
        _x.Buy(_b, _market, 3, 1_000);

        TestExchange.Expect(ResultCode.Accepted, _x.Modify(_a, order, 3, 0));

        OrderChanged gone = _x.Events<OrderChanged>(EventType.OrderCancelled).Single();
        Assert.That(((CancelReason)gone.Header.Detail, gone.LeavesLots), Is.EqualTo((CancelReason.AmendedAway, 2L)));
        Assert.That(_x.State.RestingOrders, Is.Zero);
    }

    [Test]
    [Description("R-1303: what an immediate order does not trade at once is cancelled.")]
    public void ImmediateOrCancel()
    {
        _x.Sell(_a, _market, 2, 1_000);

        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_b, _market, 5, 1_000, TimeInForce.ImmediateOrCancel));

        OrderChanged gone = _x.Events<OrderChanged>(EventType.OrderCancelled).Single();
        Assert.That(((CancelReason)gone.Header.Detail, gone.LeavesLots), Is.EqualTo((CancelReason.NotFilledAtOnce, 3L)));
        Assert.That(_x.State.Books[_market].Bids.Count, Is.Zero);
    }

    [Test]
    [Description("R-1302: a market order trades no further from the mark than the market's slippage, and never rests.")]
    public void MarketOrderStaysWithinSlippage()
    {
        _x.Sell(_a, _market, 1, 1_010);
        _x.Sell(_a, _market, 1, 1_011);

        TestExchange.Expect(ResultCode.Accepted, _x.MarketOrder(_b, _market, Side.Buy, 2));

        Assert.That(_x.Events<Trade>(EventType.Trade).Select(t => t.PriceTicks), Is.EqualTo(new[] { 1_010L }));
        Assert.That(_x.State.Books[_market].Bids.Count, Is.Zero);
        Assert.That(_x.Position(_b, _market).SizeLots, Is.EqualTo(1));
    }

    [Test]
    [Description("R-1302: a market order may ask for its own slippage; the distance rounds down.")]
    public void OwnSlippage()
    {
        _x.Buy(_a, _market, 1, 981);
        _x.Buy(_a, _market, 1, 980);

        TestExchange.Expect(ResultCode.Accepted, _x.MarketOrder(_b, _market, Side.Sell, 2, slippage: (2 * TestExchange.Percent) - 1));

        Assert.That(_x.Events<Trade>(EventType.Trade).Select(t => t.PriceTicks), Is.EqualTo(new[] { 981L }));
    }

    [Test]
    [Description("ARCHITECTURE: an order that reaches the work of one command has its remainder cancelled.")]
    public void WorkLimitCancelsTheRest()
    {
        using var x = new TestExchange(work: 16);
        int market = x.Market(TestExchange.Simple);
        int maker = x.Account(1_000_000);
        int taker = x.Account(1_000_000);
        for (int i = 0; i < 20; i++)
        {
            x.Sell(maker, market, 1, 1_000);
        }

        TestExchange.Expect(ResultCode.Accepted, x.Buy(taker, market, 20, 1_000));

        Assert.That(x.Events<Trade>(EventType.Trade), Has.Count.EqualTo(16));
        OrderChanged gone = x.Events<OrderChanged>(EventType.OrderCancelled).Single();
        Assert.That(((CancelReason)gone.Header.Detail, gone.LeavesLots), Is.EqualTo((CancelReason.WorkLimit, 4L)));
        Assert.That(x.State.RestingOrders, Is.EqualTo(4));
    }

    [Test]
    [Description("R-106: an order id is never used again, though its row is.")]
    public void OrderIdsAreNeverReused()
    {
        HashSet<long> ids = [];
        HashSet<int> rows = [];
        for (int i = 0; i < 500; i++)
        {
            TestExchange.Expect(ResultCode.Accepted, _x.Buy(_a, _market, 1, 900));
            Assert.That(ids.Add(_x.LastOrderId), Is.True, "id used before");
            rows.Add(Matching.Order.SlotOf(_x.LastOrderId));
            TestExchange.Expect(ResultCode.Accepted, _x.Cancel(_a, _x.LastOrderId));
            TestExchange.Expect(ResultCode.OrderEnded, _x.Cancel(_a, _x.LastOrderId));
        }

        Assert.That(rows, Has.Count.LessThan(10), "rows are used again");
    }

    [Test]
    [Description("R-1306: nobody cancels or changes another account's order.")]
    public void OrdersOfOthers()
    {
        _x.Buy(_a, _market, 1, 900);
        TestExchange.Expect(ResultCode.UnknownOrder, _x.Cancel(_b, _x.LastOrderId));
        TestExchange.Expect(ResultCode.UnknownOrder, _x.Modify(_b, _x.LastOrderId, 2, 0));
        Assert.That(_x.State.RestingOrders, Is.EqualTo(1));
    }

    [Test]
    [Description("R-604: open orders per account and market are limited; a cancel makes room, and an immediate order needs none.")]
    public void OrderCountLimit()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Parameters(_market, TestExchange.Simple with { MaxOpenOrders = 2 }));
        _x.Buy(_a, _market, 1, 900);
        _x.Buy(_a, _market, 1, 901);
        TestExchange.Expect(ResultCode.TooManyOrders, _x.Buy(_a, _market, 1, 902));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_a, _market, 1, 902, TimeInForce.ImmediateOrCancel));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_b, _market, 1, 902));
    }

    [Test]
    [Description("R-801: before a mark is set the last trade serves as mark.")]
    public void LastTradeServesAsMark()
    {
        int market = _x.Market(TestExchange.Simple, mark: 0);
        _x.Trade(_a, _b, market, 1, 700);
        Assert.That(_x.Row(market).MarkTicks, Is.EqualTo(700));
        _x.Mark(market, 800);
        _x.Trade(_a, _b, market, 1, 790);
        Assert.That(_x.Row(market).MarkTicks, Is.EqualTo(800));
    }
}
