using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1314: two-sided quotes replaced at once.</summary>
[TestFixture]
internal sealed class MassQuoteTests
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
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-1314: a quote that ends while the others are placed is placed anew; no other quote takes its quantity.")]
    public void AKeptQuoteThatEndsMeanwhile()
    {
        _x.Quote(_a, _market, [], [(5, 1_010)]);
        long quote = _x.Events<OrderChanged>(EventType.OrderAccepted).Single().OrderId;
        _x.Order(TestExchange.Limit(_a, _market, Side.Sell, 1, 1_001), new OrderTerms { LinkedOrderId = quote });

        TestExchange.Expect(ResultCode.Accepted, _x.Quote(_a, _market, [(1, 1_001), (1, 990)], [(100, 1_010)], selfTrade: SelfTradePrevention.None));

        Assert.That(_x.State.Books[_market].Bids.At(990).Lots, Is.EqualTo(1));
        Assert.That(_x.State.Books[_market].Asks.BestTicks, Is.EqualTo(1_010));
        Assert.That(_x.State.Books[_market].Asks.At(1_010).Lots, Is.EqualTo(100));
    }

    [Test]
    [Description("R-1314: levels at old prices keep their orders, smaller ones their place; the others are replaced; an empty quote removes all.")]
    public void ReplacedAtOnce()
    {
        _x.Quote(_a, _market, [(5, 999), (5, 998)], [(5, 1_001), (5, 1_002)]);
        Assert.That(Told(), Is.EqualTo((4L, 0L, 0L)));
        _x.Buy(_b, _market, 1, 999);

        TestExchange.Expect(ResultCode.Accepted, _x.Quote(_a, _market, [(3, 999), (5, 997)], [(9, 1_001)]));
        Assert.That(Told(), Is.EqualTo((1L, 2L, 2L)));
        _x.Sell(_b, _market, 3, 999);
        Assert.That(_x.Events<Fill>(EventType.Fill)[0].AccountId, Is.EqualTo(_a), "a decrease keeps the place");

        TestExchange.Expect(ResultCode.Accepted, _x.Quote(_a, _market, [], []));
        Assert.That(_x.OpenOrders(_a, _market), Is.Zero);
        Assert.That(_x.Events<QuotesReplaced>(EventType.QuotesReplaced).Single().QuoteId, Is.EqualTo(77));
    }

    [Test]
    [Description("R-1314: orders that are no quotes stay, whatever their price.")]
    public void OtherOrdersStay()
    {
        _x.Buy(_a, _market, 1, 999);
        _x.Quote(_a, _market, [(5, 999)], []);
        _x.Quote(_a, _market, [], []);
        Assert.That(_x.OpenOrders(_a, _market), Is.EqualTo(1));
    }

    [Test]
    [Description("R-1314: the largest quote, twice, then out of order, crossed, twice at a price, too many levels.")]
    public void Limits()
    {
        _x.Parameters(_market, TestExchange.Simple with { MaxOpenOrders = 300 });
        (long, long)[] bids = [.. Enumerable.Range(0, 126).Select(i => (1L, 999L - i))];
        (long, long)[] asks = [.. Enumerable.Range(0, 126).Select(i => (1L, 1_001L + i))];
        TestExchange.Expect(ResultCode.Accepted, _x.Quote(_a, _market, bids, asks));
        TestExchange.Expect(ResultCode.Accepted, _x.Quote(_a, _market, bids, asks));
        Assert.That(Told(), Is.EqualTo((0L, 252L, 0L)));
        TestExchange.Expect(ResultCode.MalformedCommand, _x.Quote(_a, _market, [.. bids, (1, 5)], asks));
        TestExchange.Expect(ResultCode.InvalidQuotes, _x.Quote(_a, _market, [(1, 999), (1, 999)], []));
        TestExchange.Expect(ResultCode.InvalidQuotes, _x.Quote(_a, _market, [(1, 998), (1, 999)], []));
        TestExchange.Expect(ResultCode.InvalidQuotes, _x.Quote(_a, _market, [(1, 999)], [(1, 999)]));
        Assert.That(_x.OpenOrders(_a, _market), Is.EqualTo(252), "a refused quote leaves the old ones");
    }

    [Test]
    [Description("R-1314, R-504: margin is checked for all levels together, with what the old quotes held free again.")]
    public void MarginTogether()
    {
        int maker = _x.Account(1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Quote(maker, _market, [(5, 1_000), (5, 999)], []));
        TestExchange.Expect(ResultCode.Accepted, _x.Quote(maker, _market, [(4, 1_000), (6, 998)], []));
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Quote(maker, _market, [(6, 1_000), (6, 998)], []));
        Assert.That(_x.Position(maker, _market).Orders.BuyLots, Is.EqualTo(10));
    }

    [Test]
    [Description("R-1314: a post-only level that would trade is left out and told with its number; without post-only it trades.")]
    public void PostOnlyLevels()
    {
        _x.Sell(_b, _market, 3, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Quote(_a, _market, [(1, 1_000), (1, 999)], [(1, 1_005)], OrderFlags.PostOnly));
        Rejected rejected = _x.Events<Rejected>(EventType.Rejected).Single();
        Assert.That((rejected.Item, rejected.Code, Told().Placed), Is.EqualTo(((ushort)1, ResultCode.PostOnlyWouldTrade, 2L)));
        _x.Quote(_a, _market, [(2, 1_000)], []);
        Assert.That(_x.Size(_a, _market), Is.EqualTo(2));
    }

    [Test]
    [Description("R-101, R-1314: prices and quantities at the ends of their ranges are refused cleanly, alone and in sum.")]
    public void Extremes()
    {
        const long Most = (1L << 40) - 1;
        TestExchange.Expect(ResultCode.Overflow, _x.Quote(_a, _market, [(Most, Most)], []));
        TestExchange.Expect(ResultCode.Overflow, _x.Quote(_a, _market, [(Most, 2), (Most, 1)], []));
        TestExchange.Expect(ResultCode.InvalidPrice, _x.Quote(_a, _market, [(1, Most + 1)], []));
        TestExchange.Expect(ResultCode.InvalidPrice, _x.Quote(_a, _market, [(1, 0)], []));
        TestExchange.Expect(ResultCode.InvalidQuantity, _x.Quote(_a, _market, [(Most + 1, 1)], []));
        TestExchange.Expect(ResultCode.InvalidQuantity, _x.Quote(_a, _market, [(-1, 1)], []));
        Assert.That(_x.OpenOrders(_a, _market), Is.Zero);
    }

    [Test]
    [Description("R-1314: protection counts lots, net lots or fills of a window; what is reached pulls all protected orders and freezes new ones.")]
    public void Protection([Values("lots", "delta", "fills")] string limit)
    {
        _x.TimeNs = 5;
        TestExchange.Expect(ResultCode.Accepted, _x.Protect(
            _a, _market, lots: limit == "lots" ? 4 : 0, delta: limit == "delta" ? 2 : 0, fills: limit == "fills" ? 2 : 0, windowMs: 10, frozenMs: 5));
        _x.Buy(_a, _market, 1, 900);
        _x.Quote(_a, _market, [(5, 999)], [(5, 1_001)]);
        _x.Sell(_b, _market, limit == "delta" ? 1 : 2, 999);
        _x.TimeNs += 9_999_999;
        Assert.That(_x.Events<MakerProtectionTriggered>(EventType.MakerProtectionTriggered), Is.Empty);
        _x.Sell(_b, _market, limit == "delta" ? 1 : 2, 999);

        MakerProtectionTriggered told = _x.Events<MakerProtectionTriggered>(EventType.MakerProtectionTriggered).Single();
        Assert.That((told.Fills, told.FrozenUntilNs), Is.EqualTo((2L, _x.TimeNs + 5_000_000)));
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.MakerProtection, CancelReason.MakerProtection }));
        Assert.That(_x.OpenOrders(_a, _market), Is.EqualTo(1), "the unprotected order stays");
        TestExchange.Expect(ResultCode.MakerProtectionActive, _x.Quote(_a, _market, [(1, 999)], []));
        _x.TimeNs += 5_000_000;
        TestExchange.Expect(ResultCode.Accepted, _x.Quote(_a, _market, [(1, 999)], []));
    }

    [Test]
    [Description("R-1314: a new window forgets the fills of the last; setting protection again thaws.")]
    public void WindowsAndThaw()
    {
        _x.Protect(_a, _market, fills: 2, windowMs: 10);
        _x.Quote(_a, _market, [(5, 999)], []);
        _x.Sell(_b, _market, 1, 999);
        _x.TimeNs += 10_000_000;
        _x.Sell(_b, _market, 1, 999);
        Assert.That(_x.Events<MakerProtectionTriggered>(EventType.MakerProtectionTriggered), Is.Empty);
        _x.Sell(_b, _market, 1, 999);
        Assert.That(_x.Events<MakerProtectionTriggered>(EventType.MakerProtectionTriggered).Single().FrozenUntilNs, Is.EqualTo(long.MaxValue));
        _x.Protect(_a, _market, fills: 2, windowMs: 10);
        TestExchange.Expect(ResultCode.Accepted, _x.Quote(_a, _market, [(1, 999)], []));
    }

    [Test]
    [Description("R-1314: within the command that exceeds protection no protected order trades any more.")]
    public void NoTradeBeyondProtection()
    {
        _x.Protect(_a, _market, lots: 3, frozenMs: 1);
        _x.Quote(_a, _market, [(2, 999), (2, 998), (2, 997)], []);
        _x.Sell(_b, _market, 6, 990);
        Assert.That(_x.Size(_a, _market), Is.EqualTo(4));
        Assert.That(_x.OpenOrders(_a, _market), Is.Zero);
    }

    private (long Placed, long Kept, long Cancelled) Told()
    {
        QuotesReplaced told = _x.Events<QuotesReplaced>(EventType.QuotesReplaced).Single();
        return (told.Placed, told.Kept, told.Cancelled);
    }
}
