using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1402: what each state of a market allows, cell by cell.</summary>
[TestFixture]
internal sealed class MarketStateTests
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

    // new risk, reduce-only, post-only, decrease, cancel, trigger by mark, trigger by last or index, liquidation
    [TestCase(MarketState.Open, true, true, true, true, true, true, true, true)]
    [TestCase(MarketState.PreOpen, false, false, true, true, true, false, false, false)]
    [TestCase(MarketState.ReduceOnly, false, true, false, true, true, true, true, true)]
    [TestCase(MarketState.Halted, false, false, false, false, true, false, false, false)]
    [TestCase(MarketState.PriceStale, false, true, false, true, true, false, true, false)]
    [TestCase(MarketState.Settling, false, false, false, false, true, false, false, false)]
    [Description("R-1402: the table of docs/matching.md.")]
    public void Table(
        MarketState to, bool newRisk, bool reduceOnly, bool postOnly, bool decrease, bool cancel, bool byMark, bool byIndex, bool liquidation)
    {
        int poor = _x.Account(1_100);
        _x.Trade(poor, _b, _market, 10, 1_000);
        _x.Buy(_a, _market, 5, 900);
        long order = _x.LastOrderId;
        PlaceOrder close = TestExchange.Limit(_a, _market, Side.Sell, 1, 1_900, OrderFlags.ReduceOnly);
        long onMark = Placed(close, TestExchange.Stop(995));
        long onIndex = Placed(close, TestExchange.Stop(995, TriggerSource.Index));
        if (to != MarketState.Open)
        {
            TestExchange.Expect(ResultCode.Accepted, _x.SetState(_market, to));
        }

        Assert.That(_x.Buy(_a, _market, 1, 900) == ResultCode.Accepted, Is.EqualTo(newRisk));
        Assert.That(_x.Order(close) == ResultCode.Accepted, Is.EqualTo(reduceOnly));
        Assert.That(_x.Order(TestExchange.Limit(_a, _market, Side.Buy, 1, 900, OrderFlags.PostOnly)) == ResultCode.Accepted, Is.EqualTo(postOnly));
        Assert.That(_x.Modify(_a, order, 4, 0) == ResultCode.Accepted, Is.EqualTo(decrease));
        Assert.That(_x.Cancel(_a, order) == ResultCode.Accepted, Is.EqualTo(cancel));
        _x.Mark(_market, 920);
        Assert.That(_x.Open(_a, onMark).Has(Matching.OrderMarks.Waiting), Is.EqualTo(!byMark));
        Assert.That(_x.Open(_a, onIndex).Has(Matching.OrderMarks.Waiting), Is.EqualTo(!byIndex));
        Assert.That(_x.Size(poor, _market) == 0, Is.EqualTo(liquidation));

        if (to != MarketState.Open)
        {
            TestExchange.Expect(ResultCode.Accepted, _x.SetState(_market, MarketState.Open));
            Assert.That(_x.Open(_a, onMark).Has(Matching.OrderMarks.Waiting), Is.False, "compared with the prices of this moment");
            Assert.That(_x.Size(poor, _market), Is.Zero);
        }
    }

    [Test]
    [Description("R-1402: a trigger that was reached only while nothing was set off is not made up for.")]
    public void PricesOfTheHaltDontCount()
    {
        long order = Placed(TestExchange.Limit(_a, _market, Side.Sell, 1, 1_900, OrderFlags.ReduceOnly), TestExchange.Stop(995));
        _x.SetState(_market, MarketState.Halted);
        _x.Mark(_market, 990);
        _x.Mark(_market, 1_000);
        _x.SetState(_market, MarketState.Open);
        Assert.That(_x.Open(_a, order).Has(Matching.OrderMarks.Waiting), Is.True);
    }

    [Test]
    [Description("R-1402: nothing crosses before the opening: post-only orders are kept apart, changes that would trade are refused.")]
    public void PreOpenNeverTrades()
    {
        _x.SetState(_market, MarketState.PreOpen);
        TestExchange.Expect(ResultCode.Accepted, _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 1, 999, OrderFlags.PostOnly)));
        long order = _x.LastOrderId;
        TestExchange.Expect(ResultCode.PostOnlyWouldTrade, _x.Order(TestExchange.Limit(_b, _market, Side.Sell, 1, 999, OrderFlags.PostOnly)));
        TestExchange.Expect(ResultCode.Accepted, _x.Order(TestExchange.Limit(_b, _market, Side.Sell, 1, 1_000, OrderFlags.PostOnly)));
        TestExchange.Expect(ResultCode.PostOnlyWouldTrade, _x.Modify(_a, order, 0, 1_000));
        TestExchange.Expect(ResultCode.Accepted, _x.Quote(_a, _market, [(1, 1_000)], [], OrderFlags.PostOnly));
        Assert.That(_x.Events<Trade>(EventType.Trade), Is.Empty);
        TestExchange.Expect(ResultCode.MarketStateForbids, _x.Quote(_a, _market, [(1, 990)], []));
    }

    [Test]
    [Description("R-1402: closing cancels resting and waiting orders of all accounts.")]
    public void ClosingCancelsAll()
    {
        Placed(TestExchange.Limit(_a, _market, Side.Sell, 1, 1_900), TestExchange.Stop(900));
        _x.Bracket(_b, _market, 1_500, 500);
        _x.Sell(_a, _market, 1, 1_100);
        _x.SetState(_market, MarketState.Closed);
        Assert.That(_x.Cancels(), Is.EqualTo(Enumerable.Repeat(CancelReason.MarketClosed, 4)));
        Assert.That(_x.State.RestingOrders, Is.Zero);
        TestExchange.Expect(ResultCode.MarketStateForbids, _x.Buy(_a, _market, 1, 900));
    }

    [Test]
    [Description("R-1402, R-1102: a liquidated account's position in a halted market comes last, and by takeover, without a trade in its book.")]
    public void CrossAccountWithAHaltedMarket()
    {
        int halted = _x.Market(TestExchange.Simple);
        int trader = _x.Account(2_200);
        _x.Trade(trader, _b, _market, 5, 1_000);
        _x.Trade(trader, _b, halted, 10, 1_000);
        _x.Buy(_b, halted, 10, 990);
        _x.Buy(_b, _market, 5, 500);
        _x.SetState(halted, MarketState.Halted);

        _x.Mark(_market, 500);

        Assert.That((_x.Size(trader, _market), _x.Size(trader, halted)), Is.EqualTo((0L, 0L)).Or.EqualTo((0L, 10L)));
        Assert.That(_x.Events<Trade>(EventType.Trade).All(t => t.Header.MarketId == _market), Is.True);
        Assert.That(_x.Position(_b, halted).Orders.BuyLots, Is.EqualTo(10));
        LiquidationStarted[] started = [.. _x.Events<LiquidationStarted>(EventType.LiquidationStarted)];
        Assert.That(started[0].Header.MarketId, Is.EqualTo(_market), "the smaller one, but it trades");
    }

    private long Placed(PlaceOrder order, OrderTerms terms)
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Order(order, terms));
        return _x.LastOrderId;
    }
}
