using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Spot trading and assets as collateral, in numbers that can be checked by heart.</summary>
[TestFixture]
internal sealed class SpotTests
{
    private TestExchange _x = null!;
    private int _spot;
    private int _perpetual;
    private int _a;
    private int _b;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange(work: 4096);
        TestExchange.Expect(ResultCode.Accepted, _x.AddAsset("COIN", 3));
        _spot = _x.SpotMarket("COIN", 2, 1, TestExchange.Simple);
        _perpetual = _x.Market(TestExchange.Simple);
        _a = _x.Account(100_000);
        _b = _x.Account(100_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Deposit(_b, 100, asset: 2));
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-1601, R-1305: a bid that is moved into the book frees what it held for its own trade: the fee is paid whole.")]
    public void MovedBidPaysItsFee()
    {
        _x.Parameters(_spot, TestExchange.Simple with { TakerFeeRate = TestExchange.Percent });
        int c = _x.Account(10_100);
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(c, _spot, 10, 900));
        long bid = _x.LastOrderId;
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(_b, _spot, 10, 1_000));
        TestExchange.Expect(ResultCode.Accepted, _x.Modify(c, bid, 0, 1_000));
        Assert.That((_x.Units(c, 1), _x.Units(c, 2)), Is.EqualTo((0L, 10L)), "10,000 and 1 % of it");
    }

    [Test]
    [Description("R-1601: many small fills round up no further than one large one, and never into what the rest of the order needs.")]
    public void SmallFillsRoundOnce()
    {
        _x.Parameters(_spot, TestExchange.Simple with { TakerFeeRate = Rate.BasisPoint, MakerFeeRate = Rate.BasisPoint });
        int c = _x.Account(50_006);
        for (int i = 0; i < 50; i++)
        {
            TestExchange.Expect(ResultCode.Accepted, _x.Sell(_b, _spot, 1, 1_000));
        }

        TestExchange.Expect(ResultCode.Accepted, _x.Buy(c, _spot, 50, 1_000));
        Assert.That((_x.Units(c, 1), _x.Units(c, 2)), Is.EqualTo((1L, 50L)), "50,000 and 1 bp of it");
    }

    [Test]
    [Description("R-202: a price that no holding depends on looks at nobody; one that passes a holding liquidates its account.")]
    public void FallingCollateral()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Weights(2, 80 * TestExchange.Percent));
        int c = _x.Account();
        TestExchange.Expect(ResultCode.Accepted, _x.Deposit(c, 100, asset: 2));
        _x.Trade(c, _a, _perpetual, 500, 1_000);
        AccountFigures figures = AccountFigures.Of(_x.State, c);
        Assert.That((figures.EquityUnits, figures.RequirementUnits), Is.EqualTo((80_000L, 25_000L)));
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_spot, 313));
        Assert.That(_x.Exchange.Events.Count, Is.EqualTo(1), "25,040 is enough, and nobody is touched");
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_spot, 312));
        Assert.That(_x.Events<LiquidationStarted>(EventType.LiquidationStarted), Has.Count.EqualTo(1), "24,960 is not");
        Assert.That(_x.Position(c, _perpetual).SizeLots, Is.Zero);
        Assert.That(_x.Pool(c), Is.GreaterThanOrEqualTo(0));
    }

    [Test]
    [Description("R-1106, R-1102: a scope whose liquidation waits leaves the index of its collateral too: nobody looks at it until its time has come.")]
    public void CollateralOfAScopeThatWaits()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Weights(2, 80 * TestExchange.Percent));
        _x.Liquidations(_perpetual, TestExchange.Whole with { Style = LiquidationStyle.Staged, DisposalIntervalMs = 1_000 });
        int c = _x.Account();
        TestExchange.Expect(ResultCode.Accepted, _x.Deposit(c, 100, asset: 2));
        _x.Trade(c, _a, _perpetual, 500, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_spot, 312));
        Assert.That(_x.Events<LiquidationWaits>(EventType.LiquidationWaits), Has.Count.EqualTo(1));
        Assert.That(_x.Exchange.HasPendingWork, Is.False, "nothing to do before the stage");
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_spot, 311));
        Assert.That(_x.Exchange.HasPendingWork, Is.False, "nor when its collateral falls on");
        _x.Buy(_b, _perpetual, 500, 1_000);
        _x.TimeNs += 2 * TestExchange.Second;
        TestExchange.Expect(ResultCode.Accepted, _x.Tick());
        Assert.That(_x.Position(c, _perpetual).SizeLots, Is.LessThan(500), "the next stage");
    }

    [Test]
    [Description("ARCHITECTURE bounded work: holders that do not fit into a command go on with the next ticks, and all are done in the end.")]
    public void ManyHolders()
    {
        using var x = new TestExchange(work: 16);
        TestExchange.Expect(ResultCode.Accepted, x.AddAsset("COIN", 3));
        int spot = x.SpotMarket("COIN", 2, 1, TestExchange.Simple);
        int perpetual = x.Market(TestExchange.Simple);
        TestExchange.Expect(ResultCode.Accepted, x.Weights(2, 80 * TestExchange.Percent));
        int maker = x.Account(100_000_000);
        for (int i = 0; i < 40; i++)
        {
            int holder = x.Account();
            TestExchange.Expect(ResultCode.Accepted, x.Deposit(holder, 100, asset: 2));
            x.Trade(holder, maker, perpetual, 500, 1_000);
        }

        TestExchange.Expect(ResultCode.Accepted, x.Mark(spot, 200));
        int ticks = 0;
        while (x.Exchange.HasPendingWork)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Tick());
            Assert.That(++ticks, Is.LessThan(200));
        }

        Assert.That(ticks, Is.GreaterThan(1));
        for (int account = maker + 1; account <= x.State.Accounts.HighWater; account++)
        {
            Assert.That(x.Position(account, perpetual).SizeLots, Is.Zero);
            Assert.That(x.Pool(account), Is.GreaterThanOrEqualTo(0));
        }
    }

    [Test]
    [Description("R-209: one isolated position goes bankrupt, the other row is the same bit for bit.")]
    public void Isolation()
    {
        int other = _x.Market(TestExchange.Simple);
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, _perpetual, MarginMode.Isolated));
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, other, MarginMode.Isolated));
        _x.Trade(_a, _b, _perpetual, 100, 1_000);
        _x.Trade(_a, _b, other, 100, 1_000);
        Position before = _x.Position(_a, other);
        long pool = _x.Pool(_a);
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_perpetual, 500));
        Assert.That(_x.Position(_a, _perpetual).SizeLots, Is.Zero);
        Assert.That(_x.Events<ShortfallCovered>(EventType.ShortfallCovered).Single().ShortfallUnits, Is.EqualTo(40_000));
        Assert.That(_x.Position(_a, other), Is.EqualTo(before));
        Assert.That(_x.Pool(_a), Is.EqualTo(pool));
    }

    [Test]
    [Description("R-101: what is deposited, the mark and the pinned price are refused where their product can't be kept exactly.")]
    public void ExtremesOfValue()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Weights(2, 80 * TestExchange.Percent));
        TestExchange.Expect(ResultCode.Overflow, _x.Deposit(_a, 1L << 60, asset: 2));
        TestExchange.Expect(ResultCode.Accepted, _x.Deposit(_a, 1L << 40, asset: 2));
        TestExchange.Expect(ResultCode.Overflow, _x.Mark(_spot, 1L << 20));
        TestExchange.Expect(ResultCode.Overflow, _x.Weights(2, 80 * TestExchange.Percent, priceE9: 1L << 62));
        TestExchange.Expect(ResultCode.InvalidParameter, _x.Weights(2, 80 * TestExchange.Percent, priceE9: -1));
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_spot, 2_000));
    }

    [Test]
    [Description("R-404, R-107: what an isolated fill draws leaves the cross scope healthy with what spot orders hold gone.")]
    public void IsolatedFillLeavesWhatSpotOrdersHold()
    {
        int isolated = _x.Market(TestExchange.Simple);
        int rich = _x.Account(10_000_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, isolated, MarginMode.Isolated));
        _x.Trade(_a, rich, _perpetual, 10, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_a, _spot, 95, 1_000));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(rich, isolated, 10, 5_000));
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(_a, isolated, 10, 1_000));

        // 10 % of 50,000 would leave 95,000 of 95,000 held, with a requirement of 500
        Assert.That(_x.Position(_a, isolated).MarginUnits, Is.EqualTo(4_500));
        Assert.That(_x.OpenOrders(_a, _spot), Is.EqualTo(1));
    }

    [Test]
    [Description("R-202, R-1104: an account without positions that is healthy again when its orders are cancelled keeps its collateral, and its debt.")]
    public void CuredByItsOrders()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Weights(2, 80 * TestExchange.Percent));
        int c = _x.Account();
        TestExchange.Expect(ResultCode.Accepted, _x.Deposit(c, 100, asset: 2));
        _x.Trade(c, _a, _perpetual, 10, 1_000);
        _x.Trade(_a, c, _perpetual, 10, 500);
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(c, _spot, 90, 2_000));
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_spot, 600));

        // 10 coins count 4,800, all of them 48,000
        Assert.That(_x.OpenOrders(c, _spot), Is.Zero);
        Assert.That((_x.Pool(c), _x.Units(c, 2)), Is.EqualTo((-5_000L, 100L)));
    }
}
