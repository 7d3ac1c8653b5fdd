using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Liquidation;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1103, R-1106 b, R-1108, R-1110, R-1805: keepers.</summary>
[TestFixture]
internal sealed class KeeperTests
{
    private TestExchange _x = null!;
    private int _market;
    private int _rich;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange();
        _market = _x.Market(TestExchange.Simple with { PenaltyRate = TestExchange.Percent });
        _rich = _x.Account(10_000_000, owner: 1);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-1110: rewards of the engine's liquidations take turns over the registered keepers; nobody is paid for an account of its owner.")]
    public void RewardsTakeTurns()
    {
        int one = _x.Account(100, owner: 2);
        int two = _x.Account(100, owner: 3);
        TestExchange.Expect(ResultCode.Accepted, _x.Keeper(one));
        TestExchange.Expect(ResultCode.Accepted, _x.Keeper(two));
        Assert.That(new[] { Paid(owner: 9), Paid(owner: 9), Paid(owner: 9), Paid(owner: 2), Paid(owner: 3) }, Is.EqualTo(new[] { one, two, one, two, one }));
        TestExchange.Expect(ResultCode.Accepted, _x.Keeper(one, on: false));
        TestExchange.Expect(ResultCode.Accepted, _x.Keeper(two, on: false));
        Assert.That(Paid(owner: 9), Is.Zero, "nobody is registered: insurance");
    }

    [Test]
    [Description("R-1110: who liquidates more has more turns; the score halves with every day.")]
    public void ActivityCounts()
    {
        int one = _x.Account(100, owner: 2);
        int two = _x.Account(100, owner: 3);
        _x.Keeper(one);
        _x.Keeper(two);
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidations(_market, TestExchange.Whole with { KeeperLoop = KeeperLoop.Keepers }));
        for (int i = 0; i < 2; i++)
        {
            int poor = Poor(owner: 9);
            _x.Buy(_rich, _market, 10, 940);
            _x.Mark(_market, 940);
            TestExchange.Expect(ResultCode.PositionHealthy, _x.Liquidate(two, _rich, _market));
            TestExchange.Expect(ResultCode.Accepted, _x.Liquidate(two, poor, _market));
            Assert.That(_x.Events<KeeperRewarded>(EventType.KeeperRewarded).Single().KeeperId, Is.EqualTo(two), "manual calls: first come");
            TestExchange.Expect(ResultCode.NoPosition, _x.Liquidate(two, poor, _market));
            _x.Mark(_market, 1_000);
        }

        _x.Liquidations(_market, TestExchange.Whole);
        int[] paid = [.. Enumerable.Range(0, 8).Select(_ => Paid(owner: 9))];
        Assert.That(paid.Count(keeper => keeper == two), Is.EqualTo(6), "weights 1 and 3");
        _x.TimeNs += 2 * 86_400_000_000_000;
        _x.Tick();
        Assert.That(Keepers.ScoreAt(in _x.State.Keepers[2], _x.State.TimeNs), Is.Zero);
    }

    [Test]
    [Description("R-1114: a scope under way refuses new risk and takes money; who takes it over at the mark must bear it.")]
    public void KeepersTakeOverAtTheMark()
    {
        int weak = _x.Account(10, owner: 2);
        int strong = _x.Account(5_000, owner: 3);
        _x.Keeper(weak);
        _x.Keeper(strong);
        _x.Liquidations(_market, TestExchange.Whole with { Style = LiquidationStyle.Keeper });
        int poor = Poor(owner: 9);
        _x.Mark(_market, 940);
        Assert.That((_x.Size(poor, _market), _x.Size(strong, _market), _x.Size(weak, _market)), Is.EqualTo((0L, 10L, 0L)));
        Assert.That(_x.Position(strong, _market).EntryCostUnits, Is.EqualTo(9_400));
        Assert.That(_x.Events<KeeperRewarded>(EventType.KeeperRewarded).Single().KeeperId, Is.EqualTo(strong));
        Assert.That(_x.Events<Trade>(EventType.Trade), Is.Empty);
    }

    [Test]
    [Description("R-1114, R-1106 c: staged: new risk of the scope is refused, another scope of the account goes on, its owner may close it.")]
    public void ScopesUnderWay()
    {
        int other = _x.Market(TestExchange.Simple);
        _x.Liquidations(_market, TestExchange.Whole with { Style = LiquidationStyle.Staged, DisposalIntervalMs = 1_000 });
        int poor = Poor(owner: 9);
        _x.Deposit(poor, 5_000);
        _x.Mark(_market, 940);
        Assert.That(_x.Events<LiquidationWaits>(EventType.LiquidationWaits), Has.Count.EqualTo(1));
        TestExchange.Expect(ResultCode.ScopeInLiquidation, _x.Buy(poor, _market, 1, 900));
        TestExchange.Expect(ResultCode.LiquidationActive, _x.Liquidate(_rich, poor, _market));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(poor, other, 1, 900));
        _x.Buy(_rich, _market, 10, 935);
        TestExchange.Expect(ResultCode.Accepted, _x.Order(TestExchange.AtMarket(poor, _market, Side.Sell, 10, OrderFlags.ReduceOnly), default));
        Assert.That(_x.Size(poor, _market), Is.Zero);
        Assert.That(_x.Events<LiquidationFinished>(EventType.LiquidationFinished), Has.Count.EqualTo(1), "its owner has closed it");
        Assert.That(_x.State.LiquidationProgress[_x.State.FindPosition(poor, _market)], Is.Default);
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(poor, _market, 1, 900));
    }

    [Test]
    [Description("R-1114: an order that closes rests while the cross scope waits, until the next stage.")]
    public void ClosingOrderRestsWhileCrossScopeWaits()
    {
        _x.Liquidations(_market, TestExchange.Whole with { Style = LiquidationStyle.Staged, DisposalIntervalMs = 1_000 });
        int poor = _x.Account(1_000, owner: 9);
        _x.Trade(poor, _rich, _market, 10, 1_000);
        _x.Mark(_market, 940);
        Assert.That(_x.Events<LiquidationWaits>(EventType.LiquidationWaits), Has.Count.EqualTo(1));
        TestExchange.Expect(
            ResultCode.Accepted, _x.Order(TestExchange.Limit(poor, _market, Side.Sell, 10, 945, OrderFlags.ReduceOnly), default));
        Assert.That(_x.Position(poor, _market).OpenOrders, Is.EqualTo(1));
        _x.Deposit(poor, 1);
        Assert.That(_x.Position(poor, _market).OpenOrders, Is.EqualTo(1), "tested again, and it waits");
        _x.TimeNs += 1_000_000_000;
        _x.Tick();
        Assert.That(_x.Position(poor, _market).OpenOrders, Is.Zero);
        Assert.That(_x.Events<LiquidationWaits>(EventType.LiquidationWaits), Has.Count.EqualTo(1));
    }

    [Test]
    [Description("R-1203, R-1106 c: what liquidation accounts took over is sold in parts, what is gained goes to insurance.")]
    public void InventoryIsSold()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Losses(_market, LossRules.Default with { Mode = LossMode.None }));
        LiquidationRules rules = TestExchange.Whole with { DisposalIntervalMs = 1_000, DisposalShareRate = Numerics.Rate.Scale };
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidations(_market, rules));
        int poor = Poor(owner: 9);
        _x.Mark(_market, 940);
        int inventory = _x.Row(_market).LiquidationAccount;
        Assert.That(_x.Size(inventory, _market), Is.EqualTo(10), "nobody bids");
        _x.Buy(_rich, _market, 100, 935);
        for (int i = 1; i <= 20 && _x.Size(inventory, _market) != 0; i++)
        {
            _x.TimeNs += 1_000_000_000;
            _x.Tick();
        }

        Assert.That((_x.Size(inventory, _market), _x.Pool(inventory), _x.Size(poor, _market)), Is.EqualTo((0L, 0L, 0L)));
        Assert.That(_x.Row(_market).InsuranceUnits, Is.GreaterThanOrEqualTo(350), "bought at 900, sold at 935");
    }

    [Test]
    [Description("R-1201, R-1203: a liquidation account that has sold all and lacks money has a shortfall, not a debt that waits for the next takeover.")]
    public void InventoryThatIsSoldShort()
    {
        _x.Losses(_market, LossRules.Default with { Mode = LossMode.None });
        _x.Liquidations(
            _market,
            TestExchange.Whole with { DisposalIntervalMs = 1_000, DisposalFractionRate = Numerics.Rate.Scale, DisposalShareRate = Numerics.Rate.Scale });
        _ = Poor(owner: 9);
        int inventory = _x.Row(_market).LiquidationAccount;
        _x.Mark(_market, 940);
        _x.Mark(_market, 800);
        int other = _x.Account(400, owner: 10);
        _x.Mode(other, _market, MarginMode.Isolated);
        _x.Trade(_rich, other, _market, 5, 800);
        _x.Mark(_market, 1_000);
        Assert.That((_x.Size(inventory, _market), _x.Pool(inventory)), Is.EqualTo((5L, -100L)), "bought at 900, sold at 880, worth 1000");
        _x.Mark(_market, 910);
        _x.Buy(_rich, _market, 5, 912);
        _x.TimeNs += 1_000_000_000;
        _x.Tick();
        Assert.That((_x.Size(inventory, _market), _x.Pool(inventory)), Is.EqualTo((0L, 0L)));
        ShortfallCovered covered = _x.Events<ShortfallCovered>(EventType.ShortfallCovered).Single();
        Assert.That((covered.AccountId, covered.ShortfallUnits, covered.BadDebtUnits), Is.EqualTo(((long)inventory, 40L, 40L)));
    }

    [TestCase(1_000_000_000, 40)]
    [TestCase(1_250_000_000, 20)]
    [TestCase(1_500_000_000, 0)]
    [Description("R-1201, R-202: collateral that a liquidation account took over counts at its maintenance weight: what it paid for it is no loss.")]
    public void InventoryThatIsSoldShortBesideCollateral(long priceE9, long shortfall)
    {
        _x.Losses(_market, LossRules.Default with { Mode = LossMode.None });
        _x.Liquidations(
            _market,
            TestExchange.Whole with { DisposalIntervalMs = 1_000, DisposalFractionRate = Numerics.Rate.Scale, DisposalShareRate = Numerics.Rate.Scale });
        int inventory = _x.Row(_market).LiquidationAccount;
        TakeOverCollateral(units: 100);
        Assert.That((_x.Pool(inventory), _x.Units(inventory, 2)), Is.EqualTo((-80L, 100L)));
        _ = Poor(owner: 9);
        _x.Mark(_market, 940);
        _x.Mark(_market, 800);
        int other = _x.Account(400, owner: 10);
        _x.Mode(other, _market, MarginMode.Isolated);
        _x.Trade(_rich, other, _market, 5, 800);
        _x.Mark(_market, 1_000);
        Assert.That((_x.Size(inventory, _market), _x.Pool(inventory)), Is.EqualTo((5L, -180L)), "bought at 900, sold at 880, worth 1000");
        _x.Weights(2, 80 * TestExchange.Percent, priceE9);
        _x.Mark(_market, 910);
        _x.Buy(_rich, _market, 5, 912);
        _x.TimeNs += 1_000_000_000;
        _x.Tick();
        Assert.That((_x.Size(inventory, _market), _x.Pool(inventory)), Is.EqualTo((0L, -120 + shortfall)));
        long[] covered = [.. _x.Events<ShortfallCovered>(EventType.ShortfallCovered).Select(e => e.ShortfallUnits)];
        Assert.That(covered, Is.EqualTo(shortfall == 0 ? [] : new[] { shortfall }));
    }

    private int Poor(long owner)
    {
        int poor = _x.Account(1_000, owner);
        _x.Mode(poor, _market, MarginMode.Isolated);
        _x.Trade(poor, _rich, _market, 10, 1_000);
        return poor;
    }

    /// <summary>The market's liquidation account takes an asset of a given price over for 80 % of it: its owner lacks one more.</summary>
    private void TakeOverCollateral(int units)
    {
        TestExchange.Expect(ResultCode.Accepted, _x.AddAsset("COIN"));
        TestExchange.Expect(ResultCode.Accepted, _x.Weights(2, 80 * TestExchange.Percent, priceE9: 1_100_000_000));
        int owner = _x.Account(100, owner: 11);
        _x.Deposit(owner, units, asset: 2);
        _x.Trade(owner, _rich, _market, 1, 1_000);
        _x.Trade(_rich, owner, _market, 1, 899 - (units * 80 / 100));
        _x.Weights(2, 80 * TestExchange.Percent, priceE9: 1_000_000_000);
    }

    /// <summary>A liquidation that the engine finds; who is paid for it.</summary>
    private int Paid(long owner)
    {
        _ = Poor(owner);
        _x.Buy(_rich, _market, 10, 940);
        _x.Mark(_market, 940);
        int paid = (int)_x.Events<KeeperRewarded>(EventType.KeeperRewarded).Select(e => e.KeeperId).FirstOrDefault();
        _x.Mark(_market, 1_000);
        return paid;
    }
}
