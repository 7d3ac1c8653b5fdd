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
}
