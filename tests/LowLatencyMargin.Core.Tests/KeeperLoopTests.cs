using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1103, R-1110: what keepers command and what is left to them, when the work ends or the market does not liquidate.</summary>
[TestFixture]
internal sealed class KeeperLoopTests
{
    private TestExchange _x = null!;
    private int _market;
    private int _keeper;
    private int _other;

    private static LiquidationRules ByKeepers => TestExchange.Whole with { KeeperLoop = KeeperLoop.Keepers };

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange();
        _market = _x.Market(TestExchange.Simple, losses: LossRules.Default with { MaxHolders = 1 });
        _keeper = _x.Account(100, owner: 2);
        _other = _x.Account(100, owner: 3);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-1103, R-1402: a keeper's command that waits for the inventory ends when its market no longer liquidates; nobody is taken over there.")]
    public void WaitingCommandEndsWhenItsMarketHalts()
    {
        (int poor, _) = SuspendInventory();
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidate(_keeper, poor, _market));
        Assert.That((_x.Size(poor, _market), _x.Exchange.HasPendingWork), Is.EqualTo((10L, true)), "it waits for the inventory");
        TestExchange.Expect(ResultCode.Accepted, _x.SetState(_market, MarketState.Halted));
        _x.TickUntilDone();
        Assert.That((_x.Size(poor, _market), Started(poor)), Is.EqualTo((10L, 0)));
        TestExchange.Expect(ResultCode.MarketStateForbids, _x.Liquidate(_keeper, poor, _market));
        TestExchange.Expect(ResultCode.Accepted, _x.SetState(_market, MarketState.Open));
        _x.TickUntilDone();
        Assert.That(_x.Size(poor, _market), Is.EqualTo(10L), "left to keepers");
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidate(_keeper, poor, _market));
        _x.TickUntilDone();
        Assert.That(_x.Size(poor, _market), Is.Zero);
    }

    [Test]
    [Description("R-1103: a keeper's command that was accepted is not lost to the next one, which is refused while it waits.")]
    public void WaitingCommandKeepsItsTurn()
    {
        (int poor, int poorer) = SuspendInventory();
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidate(_keeper, poor, _market));
        Assert.That(_x.Size(poor, _market), Is.EqualTo(10L), "it waits for the inventory");
        TestExchange.Expect(ResultCode.LiquidationActive, _x.Liquidate(_other, poorer, _market));
        int ofKeeper = 0;
        for (int ticks = 0; _x.Exchange.HasPendingWork && ticks < 100; ticks++)
        {
            _x.Tick();
            ofKeeper += _x.Events<LiquidationScope>(EventType.LiquidationScope).Count(scope => scope.KeeperId == _keeper);
        }

        Assert.That((_x.Size(poor, _market), ofKeeper), Is.EqualTo((0L, 1)));
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidate(_other, poorer, _market));
        _x.TickUntilDone();
        Assert.That(_x.Size(poorer, _market), Is.Zero);
    }

    [Test]
    [Description("R-1103: keepers of several markets do not wait for each other.")]
    public void WaitingCommandIsOfItsMarket()
    {
        int second = _x.Market(TestExchange.Simple);
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidations(second, ByKeepers));
        int elsewhere = Poor(second, 1_000);
        _x.Mark(second, 940);
        (int poor, _) = SuspendInventory();
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidate(_keeper, poor, _market));
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidate(_other, elsewhere, second));
        _x.TickUntilDone();
        Assert.That((_x.Size(poor, _market), _x.Size(elsewhere, second)), Is.EqualTo((0L, 0L)));
    }

    [Test]
    [Description("R-1101, R-1103: a cross scope that only has positions in markets of keepers is left to them also when the price of its collateral falls.")]
    public void FallingCollateralIsLeftToKeepers()
    {
        int alice = HolderBelow();
        Assert.That((_x.Size(alice, _market), Started(alice), _x.Exchange.HasPendingWork), Is.EqualTo((10L, 0, false)));
        TestExchange.Expect(ResultCode.Accepted, _x.Deposit(alice, 1));
        Assert.That((_x.Size(alice, _market), _x.Exchange.HasPendingWork), Is.EqualTo((10L, false)));
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidate(_keeper, alice, _market));
        _x.TickUntilDone();
        Assert.That(_x.Size(alice, _market), Is.Zero);
    }

    [Test]
    [Description("R-1101, R-1103: changed back to the engine, the scope is found.")]
    public void FallingCollateralIsFoundByTheEngineAgain()
    {
        int alice = HolderBelow();
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidations(_market, TestExchange.Whole));
        _x.TickUntilDone();
        Assert.That(_x.Size(alice, _market), Is.Zero);
    }

    [Test]
    [Description("R-1101, R-1103: a cross scope with a position in a market of the engine is found when the price of its collateral falls.")]
    public void FallingCollateralOfTheEngine()
    {
        int second = _x.Market(TestExchange.Simple);
        int alice = HolderBelow(second);
        _x.TickUntilDone();
        Assert.That(_x.Size(alice, _market), Is.Zero);
    }

    [Test]
    [Description("R-1103: positions are looked at anew only when a market becomes the engine's again.")]
    public void RowsAreIndexedOnlyForTheEngine()
    {
        _ = Poor(_market, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidations(_market, TestExchange.Whole));
        int unchanged = _x.State.WorkLeft;
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidations(_market, ByKeepers));
        Assert.That(_x.State.WorkLeft, Is.EqualTo(unchanged));
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidations(_market, TestExchange.Whole));
        Assert.That(_x.State.WorkLeft, Is.LessThan(unchanged));
    }

    /// <summary>Inventory that is deleveraged one holder a command, and two positions that keepers may liquidate.</summary>
    private (int Poor, int Poorer) SuspendInventory()
    {
        int owner = _x.Account(1_000);
        _x.Mode(owner, _market, MarginMode.Isolated);
        for (int i = 0; i < 5; i++)
        {
            _x.Trade(owner, _x.Account(10_000), _market, 2, 1_000);
        }

        _x.Fund(_market, 500);
        _x.Mark(_market, 870);
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidations(_market, ByKeepers));
        (int poor, int poorer) = (Poor(_market, 900), Poor(_market, 900));
        _x.Mark(_market, 840);
        Assert.That((_x.Size(_x.Row(_market).LiquidationAccount, _market), _x.Exchange.HasPendingWork), Is.EqualTo((8L, true)), "one holder was closed");
        return (poor, poorer);
    }

    /// <summary>A cross account that its falling collateral no longer carries.</summary>
    private int HolderBelow(int otherMarket = 0)
    {
        TestExchange.Expect(ResultCode.Accepted, _x.AddAsset("COIN"));
        TestExchange.Expect(ResultCode.Accepted, _x.Weights(2, 80 * TestExchange.Percent, 1_000_000_000));
        TestExchange.Expect(ResultCode.Accepted, _x.Liquidations(_market, ByKeepers));
        int alice = _x.Account(1_000, owner: 9);
        TestExchange.Expect(ResultCode.Accepted, _x.Deposit(alice, 1_000, asset: 2));
        int rich = _x.Account(1_000_000);
        _x.Trade(alice, rich, _market, 10, 1_000);
        if (otherMarket != 0)
        {
            _x.Trade(alice, rich, otherMarket, 1, 1_000);
        }

        _x.Mark(_market, 940);
        Assert.That(_x.Size(alice, _market), Is.EqualTo(10L));
        TestExchange.Expect(ResultCode.Accepted, _x.Weights(2, 80 * TestExchange.Percent, 50_000_000));
        return alice;
    }

    private int Poor(int market, long ticks)
    {
        int poor = _x.Account(ticks, owner: 9);
        _x.Mode(poor, market, MarginMode.Isolated);
        _x.Trade(poor, _x.Account(1_000_000), market, 10, ticks);
        return poor;
    }

    private int Started(int account) => _x.Events<LiquidationStarted>(EventType.LiquidationStarted).Count(started => started.AccountId == account);
}
