using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.MarketData;

namespace LowLatencyMargin.Core.Tests.MarketData;

/// <summary>What market data shows of orders that are not plain ones.</summary>
[TestFixture]
internal sealed class OrderTypeTests
{
    private MarketDataRig _rig = null!;
    private int _market;
    private int _maker;
    private int _taker;

    [SetUp]
    public void SetUp()
    {
        _rig = new MarketDataRig();
        _market = _rig.Market(TestExchange.Simple);
        _maker = _rig.Account(10_000_000);
        _taker = _rig.Account(10_000_000);
        _ = _rig.Follow(_market, BookContent.Orders);
    }

    [TearDown]
    public void TearDown()
    {
        Assert.That(_rig.Difference(), Is.Null);
        _rig.Dispose();
    }

    [Test]
    [Description("R-1308, R-1704: an iceberg shows its part alone; when that has traded, the next one stands behind the queue; at last what is left")]
    public void Iceberg()
    {
        long iceberg = Place(_maker, Side.Sell, 10, 1_000, display: 4);
        Assert.That(_rig.View.LotsAt(Side.Sell, 1_000, out _), Is.EqualTo(4));
        long plain = Place(_maker, Side.Sell, 3, 1_000);
        Place(_taker, Side.Buy, 3, 1_000);
        Assert.That(Queue(Side.Sell, 1_000), Is.EqualTo(new[] { (iceberg, 1L), (plain, 3L) }));
        Place(_taker, Side.Buy, 1, 1_000);
        Assert.That(Queue(Side.Sell, 1_000), Is.EqualTo(new[] { (plain, 3L), (iceberg, 4L) }));
        Place(_taker, Side.Buy, 8, 1_000);
        Assert.That(Queue(Side.Sell, 1_000), Is.EqualTo(new[] { (iceberg, 1L) }), "3 of the plain one, 4 of the part, 1 of the last two");
        Place(_taker, Side.Buy, 2, 1_000);
        Assert.That(Queue(Side.Buy, 1_000).Select(order => order.Lots), Is.EqualTo(new[] { 1L }));
        Assert.That(_rig.View.BestTicks(Side.Sell), Is.Zero);
    }

    [Test]
    [Description("R-1305, R-1308, R-1704: an iceberg made smaller loses from its hidden part first, and keeps its place")]
    public void IcebergMadeSmaller()
    {
        long iceberg = Place(_maker, Side.Sell, 10, 1_000, display: 4);
        long plain = Place(_maker, Side.Sell, 3, 1_000);
        _rig.Do(_rig.X.Modify(_maker, iceberg, 6, 0));
        Assert.That(_rig.Increments, Is.Empty, "nothing that can be seen");
        Assert.That(Queue(Side.Sell, 1_000), Is.EqualTo(new[] { (iceberg, 4L), (plain, 3L) }));
    }

    [Test]
    [Description("R-1308, R-1704: a hidden order is not in the book, only in the tape")]
    public void Hidden()
    {
        long hidden = Place(_maker, Side.Sell, 10, 1_000, flags: OrderFlags.Hidden);
        Assert.That(_rig.Increments, Is.Empty);
        Place(_taker, Side.Buy, 4, 1_000);
        Assert.That(_rig.Increments.Single().Header.Kind, Is.EqualTo(IncrementKind.Trade));
        Assert.That(_rig.Increments.Single().Trade.Lots, Is.EqualTo(4));
        _rig.Do(_rig.X.Modify(_maker, hidden, 0, 1_001));
        Assert.That(_rig.Increments, Is.Empty);
        _rig.Do(_rig.X.Cancel(_maker, hidden));
        Assert.That(_rig.Increments, Is.Empty);
    }

    [Test]
    [Description("R-1302, R-1704: a stop that waits is not in the book; set off, it comes like a new order: it trades, and its rest is shown")]
    public void StopLimit()
    {
        Place(_maker, Side.Sell, 2, 1_010);
        long stop = Place(_taker, Side.Buy, 5, 1_012, trigger: 1_005);
        Assert.That(_rig.Increments, Is.Empty);
        _rig.Do(_rig.X.Mark(_market, 1_006));
        Assert.That(
            _rig.Increments.Select(increment => increment.Header.Kind),
            Is.EqualTo(new[]
            {
                IncrementKind.Status, IncrementKind.Trade, IncrementKind.Order, IncrementKind.Order, IncrementKind.Level, IncrementKind.Level,
            }));
        Assert.That(Queue(Side.Buy, 1_012), Is.EqualTo(new[] { (stop, 3L) }));
    }

    [Test]
    [Description("R-1303, R-1704: an order put behind the best opposite price is shown at the price it got")]
    public void Repriced()
    {
        Place(_maker, Side.Sell, 2, 1_010);
        long behind = Place(_taker, Side.Buy, 5, 1_012, flags: OrderFlags.PostOnly | OrderFlags.Reprice);
        Assert.That(Queue(Side.Buy, 1_009), Is.EqualTo(new[] { (behind, 5L) }));
    }

    [Test]
    [Description("R-1305, R-1704: a change that the reprice brings back to the present price costs no place: the book does what the event says")]
    public void RepricedToWhereItWas()
    {
        Place(_maker, Side.Sell, 2, 1_010);
        long first = Place(_taker, Side.Buy, 5, 1_009, flags: OrderFlags.PostOnly | OrderFlags.Reprice);
        long second = Place(_taker, Side.Buy, 4, 1_009);
        _rig.Do(_rig.X.Modify(_taker, first, 3, 1_015));
        Assert.That(Queue(Side.Buy, 1_009), Is.EqualTo(new[] { (first, 3L), (second, 4L) }));
    }

    [Test]
    [Description("R-1307, R-1704: two orders that shrink each other leave no print; the resting one keeps its place, the other rests with its rest")]
    public void Decrement()
    {
        long first = Place(_maker, Side.Sell, 7, 1_010);
        Place(_maker, Side.Buy, 5, 1_010, selfTrade: SelfTradePrevention.Decrement);
        Assert.That(_rig.Increments.Select(increment => increment.Header.Kind), Has.None.EqualTo(IncrementKind.Trade));
        Assert.That(Queue(Side.Sell, 1_010), Is.EqualTo(new[] { (first, 2L) }));
        long rest = Place(_maker, Side.Buy, 5, 1_010, selfTrade: SelfTradePrevention.Decrement);
        Assert.That(_rig.View.BestTicks(Side.Sell), Is.Zero);
        Assert.That(Queue(Side.Buy, 1_010), Is.EqualTo(new[] { (rest, 3L) }));
    }

    [Test]
    [Description("R-1402, R-1704: a market's state is told, and a market that closes leaves an empty book")]
    public void States()
    {
        Place(_maker, Side.Sell, 7, 1_010);
        SetMarketState close = new() { MarketId = _market, State = MarketState.Closed };
        _rig.Do(_rig.X.Send(ref close, CommandType.SetMarketState));
        Assert.That(_rig.View.Status.State, Is.EqualTo(MarketState.Closed));
        Assert.That(_rig.View.Orders, Is.Zero);
    }

    private long Place(
        long account,
        Side side,
        long lots,
        long ticks,
        long display = 0,
        long trigger = 0,
        OrderFlags flags = OrderFlags.None,
        SelfTradePrevention selfTrade = SelfTradePrevention.MarketRule)
    {
        PlaceOrderWithTerms place = default;
        place.Order.AccountId = account;
        place.Order.MarketId = _market;
        place.Order.Side = side;
        place.Order.QuantityLots = lots;
        place.Order.PriceTicks = ticks;
        place.Order.Flags = flags;
        place.Order.SelfTrade = selfTrade;
        place.Terms.DisplayLots = display;
        place.Terms.TriggerTicks = trigger;
        place.Terms.Trigger = trigger == 0 ? TriggerKind.None : TriggerKind.Stop;
        _rig.Do(_rig.X.Send(ref place, CommandType.PlaceOrderWithTerms));
        return _rig.X.Events<OrderChanged>(EventType.OrderAccepted).Single().OrderId;
    }

    private List<(long Order, long Lots)> Queue(Side side, long ticks)
    {
        List<(long, long)> queue = [];
        for (int row = _rig.View.FirstInQueue(side, ticks); row != 0; row = _rig.View.NextInQueue(row))
        {
            OrderIncrement order = _rig.View.OrderAt(row);
            queue.Add((order.OrderId, order.Lots));
        }

        return queue;
    }
}
