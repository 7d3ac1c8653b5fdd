using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests.Pricing;

/// <summary>R-801 to R-806: marks that are made of their sources.</summary>
internal sealed class MarkPriceTests
{
    private const long Second = TestExchange.Second;

    private TestExchange _x = null!;
    private int _market;
    private int _a;
    private int _b;

    /// <summary>No smoothing and no gap: what a source says is the mark.</summary>
    private static PriceRules Plain(MarkRule rule) => PriceRules.Default with { Rule = rule, HalfLifeMs = 0, GapRate = 0 };

    private long Mark => _x.State.Markets[_market].MarkTicks;

    private MarketState State => _x.State.Markets[_market].State;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange { TimeNs = 100 * Second };
        _market = _x.Market(TestExchange.Simple, mark: 0);
        _a = _x.Account(10_000_000);
        _b = _x.Account(10_000_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-801, R-802: three fresh: their median; two: their mean; one: that one while it is in band; none: the mark stays, price-stale.")]
    public void MedianOfTheFresh()
    {
        Rules(Plain(MarkRule.Median) with { VwapWindowMs = 64_000 });
        Feed(1, 1_000);
        Assert.That(Mark, Is.EqualTo(1_000), "the first price");
        Feed(2, 1_003);
        Assert.That(Mark, Is.EqualTo(1_002), "1001.5, halves up");
        _x.Trade(_a, _b, _market, 5, 1_010);
        Assert.That(Mark, Is.EqualTo(1_003), "median of 1010, 1000 and 1003");
        At(159);
        Feed(2, 1_021);
        Assert.That(Mark, Is.EqualTo(1_010), "median of 1010, 1000 and 1021");
        At(162);
        Assert.That(Mark, Is.EqualTo(1_016), "the first feed went stale at 160: 1015.5");
        At(165);
        Assert.That(Mark, Is.EqualTo(1_021), "and the trade left the window at 164");
        At(219);
        Assert.That(State, Is.EqualTo(MarketState.Open));
        At(220);
        Assert.That((Mark, State), Is.EqualTo((1_021L, MarketState.PriceStale)));
        Feed(1, 1_080);
        Assert.That((Mark, State), Is.EqualTo((1_021L, MarketState.PriceStale)), "alone and 5.8 % away");
        Feed(1, 1_070);
        Assert.That((Mark, State), Is.EqualTo((1_070L, MarketState.Open)), "alone, 4.8 % away");
    }

    [Test]
    [Description("R-802: a market without a price refuses new risk and liquidates nobody, and takes up both when the price is back.")]
    public void FrozenMarketLiquidatesNobody()
    {
        Rules(Plain(MarkRule.External));
        Feed(1, 1_000);
        int poor = _x.Account(1_300);
        _x.Trade(poor, _b, _market, 10, 1_000);
        At(160);
        Assert.That(State, Is.EqualTo(MarketState.PriceStale));
        TestExchange.Expect(ResultCode.MarketStateForbids, _x.Buy(_a, _market, 1, 990));
        Feed(1, 900);
        Assert.That((Mark, State), Is.EqualTo((1_000L, MarketState.PriceStale)), "10 % away");
        Feed(2, 900);
        Assert.That((Mark, State), Is.EqualTo((900L, MarketState.Open)), "two say so");
        Assert.That(_x.Events<LiquidationStarted>(EventType.LiquidationStarted), Has.Count.EqualTo(1));
    }

    [Test]
    [Description("R-803: the mark goes half of the way in a half-life, and arrives.")]
    public void Smoothed()
    {
        Rules(PriceRules.Default with { Rule = MarkRule.External, GapRate = 0 });
        Feed(1, 1_000);
        Feed(1, 1_040);
        Assert.That(Mark, Is.EqualTo(1_000), "no time has passed");
        At(105);
        Assert.That(Mark, Is.EqualTo(1_020));
        At(110);
        Assert.That(Mark, Is.EqualTo(1_030));
        At(155);
        Assert.That(Mark, Is.EqualTo(1_040));
    }

    [Test]
    [Description("R-804: in an interval the mark leaves its beginning by 5 % at most, unless two sources confirm; the next goes on.")]
    public void GapIsCut()
    {
        Rules(PriceRules.Default with { Rule = MarkRule.Touch, HalfLifeMs = 0 });
        Feed(1, 1_000);
        Feed(1, 1_200);
        Assert.That(Mark, Is.EqualTo(1_050));
        Feed(1, 1_300);
        Assert.That(Mark, Is.EqualTo(1_050), "the same interval");
        At(105);
        Assert.That(Mark, Is.EqualTo(1_102));
        Rules(PriceRules.Default with { Rule = MarkRule.Median, HalfLifeMs = 0 });
        Feed(1, 1_300);
        Feed(2, 1_280);
        Assert.That(Mark, Is.EqualTo(1_290), "both are beyond");
    }

    [Test]
    [Description("R-806: trades of liquidations are in no window.")]
    public void LiquidationsDoNotCount()
    {
        Rules(Plain(MarkRule.Median) with { BandRate = 100 * TestExchange.Percent });
        _x.Trade(_a, _b, _market, 1, 1_000);
        int poor = _x.Account(1_300);
        _x.Trade(poor, _b, _market, 10, 1_000);
        Assert.That(_x.State.Prices[_market].Trades.Trades, Is.EqualTo(2));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_a, _market, 20, 930));
        Feed(1, 830);
        Assert.That(_x.Events<LiquidationStarted>(EventType.LiquidationStarted), Has.Count.EqualTo(1));
        Assert.That(_x.Events<Trade>(EventType.Trade), Is.Not.Empty);
        Assert.That(_x.State.Prices[_market].Trades.Trades, Is.EqualTo(2));
        Assert.That(Mark, Is.EqualTo(915));
    }

    [Test]
    [Description("R-801: book, mean, touch and hybrid, each as its source has it.")]
    public void OtherRules()
    {
        _ = _x.Parameters(_market, TestExchange.Simple with { MaxSpreadRate = 2 * TestExchange.Percent });
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_a, _market, 1, 1_000));
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(_b, _market, 1, 1_010));
        Rules(Plain(MarkRule.Mid));
        Assert.That(Mark, Is.EqualTo(1_005));
        Rules(Plain(MarkRule.MidAndExternal));
        Feed(1, 1_020);
        Assert.That(Mark, Is.EqualTo(1_013), "1012.5");
        Rules(Plain(MarkRule.Touch));
        Assert.That(Mark, Is.EqualTo(1_010), "median of 1000, 1010 and 1020");
        Feed(1, 1_080);
        Assert.That(Mark, Is.EqualTo(1_026), "no further than 5 % from 1080");
        Rules(Plain(MarkRule.Hybrid) with { BandRate = 100 * TestExchange.Percent });
        _x.Trade(_a, _b, _market, 1, 1_005);
        Assert.That(Mark, Is.EqualTo(1_065), "1005 x 20 % + 1080 x 80 %");
    }

    [Test]
    [Description("R-801: a mark by hand holds until the rules are set again.")]
    public void ByHand()
    {
        Rules(Plain(MarkRule.External));
        Feed(1, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_market, 1_500));
        Feed(1, 1_001);
        Assert.That((Mark, _x.State.Markets[_market].IndexTicks), Is.EqualTo((1_500L, 1_001L)));
        Rules(Plain(MarkRule.External) with { BandRate = 100 * TestExchange.Percent });
        Assert.That(Mark, Is.EqualTo(1_001));
    }

    [Test]
    [Description("R-109: feeds and rules that can't be are refused, and change nothing.")]
    public void Refused()
    {
        TestExchange.Expect(ResultCode.UnknownMarket, Send(new FeedPrice { MarketId = 9, PriceTicks = 1, Source = 1 }));
        TestExchange.Expect(ResultCode.InvalidPrice, Send(new FeedPrice { MarketId = _market, PriceTicks = 0, Source = 1 }));
        TestExchange.Expect(ResultCode.InvalidPrice, Send(new FeedPrice { MarketId = _market, PriceTicks = 1L << 40, Source = 1 }));
        TestExchange.Expect(ResultCode.MalformedCommand, Send(new FeedPrice { MarketId = _market, PriceTicks = 1, Source = 3 }));
        PriceRules[] broken =
        [
            PriceRules.Default with { Rule = (MarkRule)7 },
            PriceRules.Default with { VwapWindowMs = 999 },
            PriceRules.Default with { FreshMs = 99 },
            PriceRules.Default with { HalfLifeMs = -1 },
            PriceRules.Default with { IntervalMs = 999 },
            PriceRules.Default with { GapRate = 51 * TestExchange.Percent },
            PriceRules.Default with { BandRate = 0 },
            PriceRules.Default with { ClampRate = 51 * TestExchange.Percent },
        ];
        foreach (PriceRules rules in broken)
        {
            var command = new SetPriceRules { MarketId = _market, Rules = rules };
            TestExchange.Expect(ResultCode.InvalidParameter, _x.Send(ref command, CommandType.SetPriceRules));
        }

        Assert.That(_x.State.Prices[_market].Rules, Is.EqualTo(PriceRules.Default));
    }

    private void At(long second)
    {
        _x.TimeNs = second * Second;
        _x.Tick();
    }

    private void Feed(int source, long ticks) =>
        TestExchange.Expect(ResultCode.Accepted, Send(new FeedPrice { MarketId = _market, PriceTicks = ticks, Source = source }));

    private ResultCode Send(FeedPrice command) => _x.Send(ref command, CommandType.FeedPrice);

    private void Rules(PriceRules rules)
    {
        var command = new SetPriceRules { MarketId = _market, Rules = rules };
        TestExchange.Expect(ResultCode.Accepted, _x.Send(ref command, CommandType.SetPriceRules));
    }
}
