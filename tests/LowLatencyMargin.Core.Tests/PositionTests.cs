using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Tests;

[TestFixture]
internal sealed class PositionTests
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
    [Description("R-403: the average entry is cost over size, so that adding never rounds.")]
    public void EntryIsExact()
    {
        _x.Trade(_a, _b, _market, 1, 1_000);
        _x.Trade(_a, _b, _market, 2, 1_001);
        Position p = _x.Position(_a, _market);
        Assert.That((p.SizeLots, p.EntryCostUnits), Is.EqualTo((3L, 3_002L)));
    }

    [Test]
    [Description("R-404, R-410: a partial close releases the cost rounded against the owner; the rest keeps the remainder, so that all closes sum up exactly.")]
    public void PartialClosesSumUp()
    {
        _x.Trade(_a, _b, _market, 1, 1_000);
        _x.Trade(_a, _b, _market, 2, 1_001);

        _x.Trade(_b, _a, _market, 1, 1_010);

        List<Fill> fills = _x.Events<Fill>(EventType.Fill);
        Assert.That(fills.Single(f => f.AccountId == _a).RealizedPnlUnits, Is.EqualTo(1_010 - 1_001), "long: up(3002 / 3) = 1001 is released");
        Assert.That(fills.Single(f => f.AccountId == _b).RealizedPnlUnits, Is.EqualTo(1_000 - 1_010), "short: down(3002 / 3) = 1000 is released");
        Assert.That(_x.Position(_a, _market).EntryCostUnits, Is.EqualTo(2_001));
        Assert.That(_x.Position(_b, _market).EntryCostUnits, Is.EqualTo(2_002));

        _x.Trade(_b, _a, _market, 2, 1_010);
        Assert.That(_x.Pool(_a), Is.EqualTo(1_000_000 + 3_030 - 3_002));
        Assert.That(_x.Pool(_b), Is.EqualTo(1_000_000 - 3_030 + 3_002));
    }

    [Test]
    [Description("R-403: a flip realises the old part and enters the rest at the fill's price.")]
    public void Flip()
    {
        _x.Trade(_a, _b, _market, 2, 1_000);
        _x.Trade(_b, _a, _market, 5, 1_020);
        Position p = _x.Position(_a, _market);
        Assert.That((p.SizeLots, p.EntryCostUnits), Is.EqualTo((-3L, 3_060L)));
        Assert.That(_x.Pool(_a), Is.EqualTo(1_000_040));
        Assert.That(_x.Position(_b, _market).SizeLots, Is.EqualTo(3));
    }

    [Test]
    [Description("R-406, R-1601: one command updates both sides; each pays its own fee, rounded up.")]
    public void BothSides()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Parameters(_market, MarketParameters.Default));
        _x.Trade(_a, _b, _market, 3, 1_001);
        Assert.That(_x.Position(_a, _market).SizeLots, Is.EqualTo(3));
        Assert.That(_x.Position(_b, _market).SizeLots, Is.EqualTo(-3));
        Assert.That(_x.Pool(_b), Is.EqualTo(1_000_000 - 2), "maker: up(3003 x 5 bp)");
        Assert.That(_x.Pool(_a), Is.EqualTo(1_000_000 - 4), "taker: up(3003 x 10 bp)");
        Assert.That(_x.Row(_market).FeeUnits, Is.EqualTo(6));
        Assert.That(_x.Events<PositionChanged>(EventType.PositionOpened), Has.Count.EqualTo(2));
    }

    [Test]
    [Description("R-404: isolated profit goes to the isolated margin, and returns to the pool when the position is flat.")]
    public void IsolatedScope()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, _market, MarginMode.Isolated));
        _x.Trade(_a, _b, _market, 10, 1_000);
        Assert.That((_x.Position(_a, _market).MarginUnits, _x.Pool(_a)), Is.EqualTo((1_000L, 999_000L)), "drawn: 10 % of 10,000");

        _x.Trade(_b, _a, _market, 4, 1_050);
        Assert.That((_x.Position(_a, _market).MarginUnits, _x.Pool(_a)), Is.EqualTo((1_200L, 999_000L)), "profit of 200 stays with the position");

        _x.Trade(_b, _a, _market, 6, 1_050);
        Assert.That((_x.Position(_a, _market).MarginUnits, _x.Pool(_a)), Is.EqualTo((0L, 1_000_500L)));
    }

    [Test]
    [Description("R-207, R-501: an opening fill draws no more than the whole position needs beyond what is allocated.")]
    public void DrawsOnlyWhatIsMissing()
    {
        _x.Mode(_a, _market, MarginMode.Isolated);
        TestExchange.Expect(ResultCode.Accepted, _x.Allocate(_a, _market, 1_500));
        _x.Trade(_a, _b, _market, 10, 1_000);
        Assert.That(_x.Position(_a, _market).MarginUnits, Is.EqualTo(1_500), "1,000 needed, 1,500 there");
        _x.Trade(_a, _b, _market, 10, 1_000);
        Assert.That(_x.Position(_a, _market).MarginUnits, Is.EqualTo(2_000), "2,000 needed, 500 drawn");
    }

    [Test]
    [Description("R-106, R-401: a position has an id, new each time one opens from flat.")]
    public void PositionIds()
    {
        _x.Trade(_a, _b, _market, 1, 1_000);
        long first = _x.Events<PositionChanged>(EventType.PositionOpened).Single(p => p.AccountId == _a).PositionId;
        _x.Trade(_b, _a, _market, 1, 1_000);
        Assert.That(_x.Events<PositionChanged>(EventType.PositionClosed).Single(p => p.AccountId == _a).PositionId, Is.EqualTo(first));
        _x.Trade(_a, _b, _market, 1, 1_000);
        Assert.That(_x.Events<PositionChanged>(EventType.PositionOpened).Single(p => p.AccountId == _a).PositionId, Is.GreaterThan(first));
    }

    [Test]
    [Description("R-701, R-703: the liquidation price comes with every fill and every change of margin.")]
    public void LiquidationPriceIsShown()
    {
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Trade(_a, _b, _market, 10, 1_000);
        Assert.That(Price(), Is.EqualTo(948), "up((10000 - 1000) / (10 x 0.95))");
        _x.Allocate(_a, _market, 500);
        Assert.That(Price(), Is.EqualTo(895), "up(8500 / 9.5)");
        _x.Mark(_market, 895);
        Assert.That(_x.Position(_a, _market).SizeLots, Is.EqualTo(10), "equity 450 against up(447.5)");
        _x.Mark(_market, 894);
        Assert.That(_x.Position(_a, _market).SizeLots, Is.Zero, "equity 440 against 447");

        long Price() => _x.Events<PositionChanged>(EventType.PositionOpened).Concat(_x.Events<PositionChanged>(EventType.PositionUpdated))
            .Single(p => p.AccountId == _a).LiquidationPriceTicks;
    }
}
