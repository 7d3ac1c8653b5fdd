using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1308: icebergs show a part of themselves; hidden orders keep their priority.</summary>
[TestFixture]
internal sealed class IcebergTests
{
    private const long Most = (1L << 40) - 1;
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
    [Description("R-1308: when the shown part has traded the next part goes behind the queue; the fills come in that order.")]
    public void NextPartGoesBehind()
    {
        Iceberg(7, 3);
        _x.Sell(_b, _market, 2, 1_000);

        _x.Buy(_c, _market, 9, 1_000);

        Assert.That(_x.Events<Trade>(EventType.Trade).Select(t => t.QuantityLots), Is.EqualTo(new[] { 3L, 2L, 3L, 1L }));
        Assert.That(_x.Events<OrderRefilled>(EventType.OrderRefilled).Select(r => (r.ShownLots, r.LeavesLots)),
            Is.EqualTo(new[] { (3L, 4L), (1L, 1L) }));
        Assert.That(_x.OpenOrders(_a, _market), Is.Zero);
    }

    [Test]
    [Description("R-1308, R-1305: a decrease comes out of the hidden part first, keeps the place, and never shows more than is left.")]
    public void DecreaseComesOutOfTheHiddenPart()
    {
        long order = Iceberg(10, 4);
        TestExchange.Expect(ResultCode.Accepted, _x.Modify(_a, order, 5, 0));
        Assert.That(Shown(order), Is.EqualTo(4));
        TestExchange.Expect(ResultCode.Accepted, _x.Modify(_a, order, 2, 0));
        Assert.That(Shown(order), Is.EqualTo(2));
    }

    [TestCase(100, 1, ResultCode.Accepted)]
    [TestCase(101, 1, ResultCode.InvalidDisplay)]
    [TestCase(101, 2, ResultCode.Accepted)]
    [TestCase(5, 5, ResultCode.Accepted)]
    [TestCase(5, 6, ResultCode.InvalidDisplay)]
    [TestCase(5, -1, ResultCode.InvalidDisplay)]
    [TestCase(5, Most, ResultCode.InvalidDisplay)]
    [Description("R-1308: at least a hundredth of the quantity is shown, at most all.")]
    public void DisplayRange(long lots, long display, ResultCode expected) =>
        TestExchange.Expect(expected, _x.Order(TestExchange.Limit(_a, _market, Side.Sell, lots, 1_000), new OrderTerms { DisplayLots = display }));

    [Test]
    [Description("R-1308, R-101: the largest iceberg, shown in a hundred parts, trades whole.")]
    public void LargestIceberg()
    {
        int market = _x.Market(TestExchange.Simple, mark: 1);
        (int seller, int buyer) = (_x.Account(1L << 50), _x.Account(1L << 50));
        TestExchange.Expect(ResultCode.Accepted, _x.Order(
            TestExchange.Limit(seller, market, Side.Sell, Most, 1), new OrderTerms { DisplayLots = (Most + 99) / 100 }));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(buyer, market, Most, 1, TimeInForce.FillOrKill));
        Assert.That(_x.Size(buyer, market), Is.EqualTo(Most));
        Assert.That(_x.Events<Trade>(EventType.Trade), Has.Count.EqualTo(100));
    }

    [Test]
    [Description("R-1308: a hidden order trades by price and time like any other.")]
    public void HiddenKeepsPriority()
    {
        _x.Order(TestExchange.Limit(_a, _market, Side.Sell, 1, 1_000, OrderFlags.Hidden));
        _x.Sell(_b, _market, 1, 1_000);
        _x.Buy(_c, _market, 1, 1_000);
        Assert.That(_x.Events<Fill>(EventType.Fill)[0].AccountId, Is.EqualTo(_a));
    }

    [Test]
    [Description("R-1308, R-1304: a reduce-only iceberg shrinks with its position, what it shows too.")]
    public void ReduceOnlyIceberg()
    {
        _x.Trade(_a, _b, _market, 10, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Order(
            TestExchange.Limit(_a, _market, Side.Sell, 10, 1_010, OrderFlags.ReduceOnly), new OrderTerms { DisplayLots = 5 }));
        long order = _x.LastOrderId;
        _x.Trade(_c, _a, _market, 7, 1_000);
        Assert.That((Shown(order), _x.Open(_a, order).LeavesLots), Is.EqualTo((3L, 3L)));
    }

    [Test]
    [Description("ARCHITECTURE, bounded work: an incoming order that an iceberg would give more parts than there is work ends at the work limit.")]
    public void PartsAreWork()
    {
        using var x = new TestExchange(work: 16);
        int market = x.Market(TestExchange.Simple);
        (int a, int b) = (x.Account(1_000_000), x.Account(1_000_000));
        x.Order(TestExchange.Limit(a, market, Side.Sell, 100, 1_000), new OrderTerms { DisplayLots = 1 });
        TestExchange.Expect(ResultCode.Accepted, x.Buy(b, market, 100, 1_000, TimeInForce.FillOrKill));
        Assert.That(x.Cancels(), Is.EqualTo(new[] { CancelReason.NotFilledWhole }));
        x.Buy(b, market, 100, 1_000);
        Assert.That((x.Size(b, market), x.Cancels()[0]), Is.EqualTo((16L, CancelReason.WorkLimit)));
    }

    private long Iceberg(long lots, long display)
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Order(
            TestExchange.Limit(_a, _market, Side.Sell, lots, 1_000), new OrderTerms { DisplayLots = display }));
        return _x.LastOrderId;
    }

    private long Shown(long order) => _x.State.OrderTerms[_x.Open(_a, order).Terms].ShownLots;
}
