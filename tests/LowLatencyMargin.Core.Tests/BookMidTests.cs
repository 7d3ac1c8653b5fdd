using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Pricing;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1403: when a book is fit to take a price from.</summary>
[TestFixture]
internal sealed class BookMidTests
{
    private TestExchange _x = null!;
    private int _market;
    private int _a;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange();
        _market = _x.Market(TestExchange.Simple, mark: 10_000);
        _a = _x.Account(100_000_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [TestCase(10_000, 10_010, 10_005)]
    [TestCase(10_000, 10_011, 0)]
    [TestCase(9_999, 10_000, 9_999)]
    [Description("R-1403: both sides at most ten basis points apart give the middle, rounded down; a tick wider gives none.")]
    public void Spread(long bid, long ask, long mid)
    {
        _x.Buy(_a, _market, 1, bid);
        Assert.That(Mid(), Is.Zero, "one side alone");
        _x.Sell(_a, _market, 1, ask);
        Assert.That(Mid(), Is.EqualTo(mid));
        _x.CancelAll(_a, _market, SideFilter.Buys);
        Assert.That(Mid(), Is.Zero);
    }

    [Test]
    [Description("R-1403, R-101: at the top of the range.")]
    public void Extremes()
    {
        const long Most = (1L << 40) - 1;
        int market = _x.Market(TestExchange.Simple, mark: Most);
        int rich = _x.Account(1L << 55);
        _x.Sell(rich, market, 1, Most);
        _x.Buy(rich, market, 1, Most - 1);
        Assert.That(MarkPrices.BookMid(_x.State.Books[market], _x.Row(market)), Is.EqualTo(Most - 1));
    }

    private long Mid() => MarkPrices.BookMid(_x.State.Books[_market], _x.Row(_market));
}
