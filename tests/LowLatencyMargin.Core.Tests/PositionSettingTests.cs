using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-301 to R-305: modes, terms of scope, leverage, with positions and orders open.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PositionSettingTests : IDisposable
{
    private readonly TestExchange _x = new();
    private readonly int _market;
    private readonly int _a;
    private readonly int _b;

    public PositionSettingTests()
    {
        _market = _x.Market(TestExchange.Simple with { ModeSwitch = ModeSwitchPolicy.Checked });
        _a = _x.Account(10_000);
        _b = _x.Account(10_000_000);
    }

    public void Dispose() => _x.Dispose();

    [Test]
    [Description("R-301, R-303: an order's mode is checked against the row's; a flat row without orders is switched when the order is accepted.")]
    public void ModeOfAnOrder()
    {
        TestExchange.Expect(ResultCode.InsufficientMargin, Order(Side.Buy, 1_000, 1_000, ModeChoice.Isolated));
        Assert.That(_x.Position(_a, _market).IsIsolated, Is.Zero, "a refused order switches nothing");
        TestExchange.Expect(ResultCode.Accepted, Order(Side.Buy, 10, 900, ModeChoice.Isolated));
        SettingChanged changed = _x.Events<SettingChanged>(EventType.MarginModeChanged).Single();
        Assert.That((changed.OldValue, changed.NewValue), Is.EqualTo((0L, 1L)));
        Assert.That(_x.EventTypes().IndexOf(EventType.MarginModeChanged), Is.LessThan(_x.EventTypes().IndexOf(EventType.OrderAccepted)));
        TestExchange.Expect(ResultCode.ModeConflict, Order(Side.Buy, 1, 900, ModeChoice.Cross));
        TestExchange.Expect(ResultCode.Accepted, Order(Side.Buy, 1, 900, ModeChoice.Isolated));
        Assert.That(_x.Events<SettingChanged>(EventType.MarginModeChanged), Is.Empty);
        _x.CancelAll(_a);

        _x.Allocate(_a, _market, 400);
        TestExchange.Expect(ResultCode.Accepted, Order(Side.Buy, 100, 1_000, ModeChoice.Cross));
        Assert.That(_x.Pool(_a), Is.EqualTo(10_000), "the margin that went back was counted: 10 % of 100,000");
        Assert.That(_x.Held(_a), Is.EqualTo(10_000));
    }

    [Test]
    [Description("R-207, R-504: margin= moves with the order or not at all, and the order is checked with it.")]
    public void MarginOfAnOrder()
    {
        TestExchange.Expect(ResultCode.ModeConflict, Order(Side.Buy, 10, 1_000, margin: 500));
        TestExchange.Expect(ResultCode.InsufficientBalance, Order(Side.Buy, 10, 1_000, ModeChoice.Isolated, margin: 10_001));
        TestExchange.Expect(ResultCode.Accepted, Order(Side.Buy, 10, 1_000, ModeChoice.Isolated, margin: 1_500));
        Assert.That((_x.Pool(_a), _x.Held(_a), _x.Position(_a, _market).MarginUnits), Is.EqualTo((8_500L, 0L, 1_500L)));
        BalanceChanged moved = _x.Events<BalanceChanged>(EventType.MarginAllocated).Single();
        Assert.That((moved.AmountUnits, moved.MarginUnits, moved.BalanceUnits), Is.EqualTo((1_500L, 1_500L, 8_500L)));
        _x.Sell(_b, _market, 10, 1_000);
        Assert.That(_x.Position(_a, _market).MarginUnits, Is.EqualTo(1_500), "more than the 1000 it needs: nothing is drawn");
        TestExchange.Expect(ResultCode.InvalidCombination, _x.Order(
            TestExchange.Limit(_a, _market, Side.Sell, 10, 1_000, OrderFlags.ReduceOnly), new OrderTerms { MarginUnits = 1 }));

        // 8500 in the pool: 8400 with the order and 100 for the 85000 - 84000 that its margin does not cover
        TestExchange.Expect(ResultCode.InsufficientMargin, Order(Side.Buy, 91, 1_000, margin: 8_400));
        TestExchange.Expect(ResultCode.Accepted, Order(Side.Buy, 90, 1_000, margin: 8_400));
    }

    [Test]
    [Description("R-402: in one-way mode an order may name the open position, and no other.")]
    public void OneWayOrdersMayNameThePosition()
    {
        TestExchange.Expect(ResultCode.UnknownPosition, Named(1));
        _x.Trade(_a, _b, _market, 2, 1_000);
        long id = _x.DetailOf(_a, _market, 0).PositionId;
        TestExchange.Expect(ResultCode.Accepted, Named(id));
        TestExchange.Expect(ResultCode.UnknownPosition, Named(id + 1));
    }

    [Test]
    [Description("R-303 flat-only: the mode changes only while the market has neither position nor orders.")]
    public void FlatOnly()
    {
        int other = _x.Market(TestExchange.Simple);
        _x.Trade(_a, _b, other, 2, 1_000);
        TestExchange.Expect(ResultCode.ActivePosition, _x.Mode(_a, other, MarginMode.Isolated));
        _x.Trade(_b, _a, other, 2, 1_000);
        _x.Buy(_a, other, 1, 900);
        TestExchange.Expect(ResultCode.ActiveOrders, _x.Mode(_a, other, MarginMode.Isolated));
        _x.CancelAll(_a);
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, other, MarginMode.Isolated));
    }

    [TestCase(1_000, 1_000)]
    [TestCase(1_020, 1_020)]
    [TestCase(980, 980 + 200)]
    [Description("R-303 checked: to isolated moves initial margin at mark and the loss, no more; back again everything returns.")]
    public void CheckedSwitch(long mark, long margin)
    {
        _x.Trade(_a, _b, _market, 10, 1_000);
        _x.Mark(_market, mark);
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, _market, MarginMode.Isolated));
        Assert.That((_x.Pool(_a), _x.Position(_a, _market).MarginUnits), Is.EqualTo((10_000 - margin, margin)));
        Assert.That(_x.State.Accounts[_a].CrossOpen, Is.Zero);
        Assert.That(_x.Events<PositionChanged>(EventType.PositionUpdated).Single().MarginUnits, Is.EqualTo(margin));
        TestExchange.Expect(ResultCode.StateUnchanged, _x.Mode(_a, _market, MarginMode.Isolated));

        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, _market, MarginMode.Cross));
        Assert.That((_x.Pool(_a), _x.Position(_a, _market).MarginUnits, _x.State.Accounts[_a].CrossOpen), Is.EqualTo((10_000L, 0L, 1)));
    }

    [Test]
    [Description("R-303 checked: refused with orders, without free margin for it, and when the cross scope would lack initial margin.")]
    public void CheckedSwitchRefused()
    {
        int other = _x.Market(TestExchange.Simple with { ModeSwitch = ModeSwitchPolicy.Checked });
        _x.Trade(_a, _b, _market, 10, 1_000);
        _x.Trade(_a, _b, other, 85, 1_000);
        _x.Buy(_a, other, 1, 900);
        TestExchange.Expect(ResultCode.ActiveOrders, _x.Mode(_a, other, MarginMode.Isolated));
        _x.CancelAll(_a);

        // pool 10000, 8500 for the other market: 1500 free; with a loss of 60 here 1000 - 6 x 10 / 10 x 10 ...
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_market, 940));
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Mode(_a, _market, MarginMode.Isolated));
        Rejected rejected = _x.Events<Rejected>(EventType.Rejected).Single();
        Assert.That((rejected.RequiredUnits, rejected.AvailableUnits), Is.EqualTo((940L + 600, 1_500L)));
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_market, 950));
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, _market, MarginMode.Isolated));
        Assert.That((_x.Pool(_a), _x.Position(_a, _market).MarginUnits), Is.EqualTo((8_550L, 1_450L)));

        // the cross scope has 8550 and needs 8500 at 1000; at 999 it has 8465 and needs 8491.5
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(other, 999));
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_market, 900));
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Mode(_a, _market, MarginMode.Cross));
    }

    [Test]
    [Description("R-305: a cut draws what an opening at the new leverage would have drawn; a raise releases nothing unless asked to.")]
    public void LeverageOfAnIsolatedPosition()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, _market, MarginMode.Isolated));
        _x.Trade(_a, _b, _market, 10, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Leverage(_a, _market, 4));
        Assert.That((_x.Pool(_a), _x.Position(_a, _market).MarginUnits), Is.EqualTo((7_500L, 2_500L)));
        Assert.That(_x.EventTypes(), Is.EqualTo(new[] { EventType.LeverageChanged, EventType.MarginAllocated, EventType.PositionUpdated }));

        TestExchange.Expect(ResultCode.Accepted, _x.Leverage(_a, _market, 10));
        Assert.That(_x.Position(_a, _market).MarginUnits, Is.EqualTo(2_500));
        _x.Mark(_market, 980);
        TestExchange.Expect(ResultCode.Accepted, _x.Leverage(_a, _market, 8, release: 1));
        Assert.That(_x.Position(_a, _market).MarginUnits, Is.EqualTo(1_225 + 200), "1/8 of 9800 at mark, and the loss of 200");
        Assert.That(_x.Pool(_a), Is.EqualTo(8_575));
        TestExchange.Expect(ResultCode.MalformedCommand, _x.Leverage(_a, _market, 8, release: 2));
    }

    [Test]
    [Description("R-305: a row without a position needs none of its margin: release gives all of it back.")]
    public void ReleaseOfAFlatRow()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, _market, MarginMode.Isolated));
        TestExchange.Expect(ResultCode.Accepted, _x.Allocate(_a, _market, 700));
        TestExchange.Expect(ResultCode.Accepted, _x.Leverage(_a, _market, 5));
        Assert.That(_x.Pool(_a), Is.EqualTo(9_300));
        TestExchange.Expect(ResultCode.Accepted, _x.Leverage(_a, _market, 6, release: 1));
        Assert.That((_x.Pool(_a), _x.Position(_a, _market).MarginUnits), Is.EqualTo((10_000L, 0L)));
    }

    [Test]
    [Description("R-305: a cut that the pool can't pay is refused and changes nothing; orders that rest are counted.")]
    public void LeverageRefused()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, _market, MarginMode.Isolated));
        _x.Trade(_a, _b, _market, 40, 1_000);
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Leverage(_a, _market, 2));
        Assert.That((_x.Position(_a, _market).Leverage, _x.Pool(_a)), Is.EqualTo(((ushort)0, 6_000L)));
        TestExchange.Expect(ResultCode.Accepted, _x.Leverage(_a, _market, 5));
        Assert.That(_x.Pool(_a), Is.EqualTo(2_000), "8000 of margin");

        // 10 more at 900: 1800 held of the 2000; at 4, 10000 for the position alone
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_a, _market, 10, 900));
        Assert.That(_x.Held(_a), Is.EqualTo(1_800));
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Leverage(_a, _market, 4));
        TestExchange.Expect(ResultCode.Accepted, _x.Leverage(_a, _market, 10));
        Assert.That(_x.Held(_a), Is.Zero, "900 of order margin, and 4000 of free isolated margin");
    }

    [Test]
    [Description("R-305: in cross mode initial and order margin by the new leverage must be available.")]
    public void LeverageOfACrossPosition()
    {
        _x.Trade(_a, _b, _market, 40, 1_000);
        _x.Buy(_a, _market, 10, 900);
        Assert.That(_x.Held(_a), Is.EqualTo(900));
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Leverage(_a, _market, 4));
        Rejected rejected = _x.Events<Rejected>(EventType.Rejected).Single();
        Assert.That((rejected.RequiredUnits, rejected.AvailableUnits), Is.EqualTo((6_000L + 1_350, 5_100L)));
        TestExchange.Expect(ResultCode.Accepted, _x.Leverage(_a, _market, 5));
        Assert.That(_x.Held(_a), Is.EqualTo(1_800));
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Buy(_a, _market, 2, 950));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_a, _market, 1, 950));
    }

    private ResultCode Order(Side side, long lots, long ticks, ModeChoice mode = ModeChoice.Any, long margin = 0) =>
        _x.Order(TestExchange.Limit(_a, _market, side, lots, ticks), new OrderTerms { Mode = mode, MarginUnits = margin });

    private ResultCode Named(long position) =>
        _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 1, 900), new OrderTerms { PositionId = position });

    [Test]
    [Description("R-305, R-504: a leverage whose initial margin stays below the requirement that is kept back anyway takes nothing.")]
    public void LeverageBelowTheRequirement()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple with { MaintenanceMarginBase = MarginBase.Entry });
        int a = x.Account(6_500);
        x.Trade(a, x.Account(1_000_000), market, 10, 1_000);
        x.Mark(market, 400);

        // 6500 - 6000 - 5 % of 10000; at 9 initial margin is 445, at 7 it is 572
        TestExchange.Expect(ResultCode.Accepted, x.Leverage(a, market, 9));
        TestExchange.Expect(ResultCode.InsufficientMargin, x.Leverage(a, market, 7));
    }
}
