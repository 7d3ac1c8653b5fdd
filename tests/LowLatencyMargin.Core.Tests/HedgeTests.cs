using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-402: several positions of an account in a market, long and short at once.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HedgeTests : IDisposable
{
    private readonly TestExchange _x = new();
    private readonly int _market;
    private readonly int _a;
    private readonly int _b;

    public HedgeTests()
    {
        _market = _x.Market(TestExchange.Simple);
        _a = _x.Hedger(1_000_000);
        _b = _x.Account(10_000_000);
    }

    public void Dispose() => _x.Dispose();

    [Test]
    [Description("R-402: a long and a short stand side by side, each with its own entry; the other side of the trades nets.")]
    public void LongAndShortAtOnce()
    {
        long first = _x.Opened(_a, _b, _market, Side.Buy, 5, 1_000);
        long second = _x.Opened(_a, _b, _market, Side.Sell, 3, 1_010);
        Assert.That(_x.Of(_a, _market, first), Has.Property(nameof(Position.AbsoluteLots)).EqualTo(5));
        Assert.That(_x.Of(_a, _market, second).SizeLots, Is.EqualTo(-3));
        Assert.That(_x.Of(_a, _market, first).EntryCostUnits, Is.EqualTo(5_000));
        Assert.That(_x.Of(_a, _market, second).EntryCostUnits, Is.EqualTo(3_030));
        Assert.That(_x.Size(_b, _market), Is.EqualTo(-2));
        Assert.That(second, Is.GreaterThan(first));
        Assert.That(_x.State.Accounts[_a].CrossOpen, Is.EqualTo(2));
    }

    [Test]
    [Description("R-402, R-408: the id is given with the order; until it fills the position is pending, and it ends with its last order.")]
    public void PendingPositions()
    {
        (long order, long position) = _x.Hedge(_a, _market, Side.Buy, 5, 900);
        OrderAssigned assigned = _x.Events<OrderAssigned>(EventType.OrderAssigned).Single();
        Assert.That((assigned.AccountId, assigned.OrderId, assigned.Header.Detail), Is.EqualTo(((long)_a, order, (byte)PositionStatus.Pending)));
        Assert.That(_x.StatusOf(_a, _market, position), Is.EqualTo(PositionStatus.Pending));
        TestExchange.Expect(ResultCode.NoPosition, _x.Close(_a, _market, position));
        TestExchange.Expect(ResultCode.NothingToReduce, _x.Order(
            TestExchange.Limit(_a, _market, Side.Sell, 1, 1_100), new OrderTerms { PositionId = position }));

        (long added, _) = _x.Hedge(_a, _market, Side.Buy, 1, 890, position);
        TestExchange.Expect(ResultCode.Accepted, _x.Cancel(_a, order));
        Assert.That(_x.StatusOf(_a, _market, position), Is.EqualTo(PositionStatus.Pending), "an order is left");
        TestExchange.Expect(ResultCode.Accepted, _x.Cancel(_a, added));

        PositionChanged closed = _x.Events<PositionChanged>(EventType.PositionClosed).Single();
        Assert.That((closed.PositionId, closed.Header.Detail), Is.EqualTo((position, (byte)PositionStatus.Closed)));
        Assert.That(_x.Closed(position).Status, Is.EqualTo(PositionStatus.Closed));
        Assert.That(_x.State.FindPosition(_a, _market), Is.Zero, "position and head are gone");
        TestExchange.Expect(ResultCode.UnknownPosition, _x.Close(_a, _market, position));
    }

    [Test]
    [Description("R-402: an order of the position's side adds, one against it is reduce-only and never flips.")]
    public void OrdersOfAPosition()
    {
        long position = _x.Opened(_a, _b, _market, Side.Buy, 5, 1_000);
        _x.Sell(_b, _market, 2, 1_000);
        _ = _x.Hedge(_a, _market, Side.Buy, 2, 1_000, position);
        Assert.That(_x.Of(_a, _market, position).SizeLots, Is.EqualTo(7));
        Assert.That(_x.DetailOf(_a, _market, position).PositionId, Is.EqualTo(position));

        _x.Buy(_b, _market, 50, 1_000);
        _ = _x.Hedge(_a, _market, Side.Sell, 50, 1_000, position);
        Assert.That(_x.Events<OrderChanged>(EventType.OrderAccepted).Single().QuantityLots, Is.EqualTo(7), "cut to the position");
        Assert.That(_x.HedgeCount(_a, _market), Is.Zero);
        Assert.That(_x.Closed(position).Status, Is.EqualTo(PositionStatus.Closed));
    }

    [Test]
    [Description("R-402: with a position all its orders end: reduce-only ones, adding ones, waiting ones.")]
    public void OrdersEndWithTheirPosition()
    {
        long position = _x.Opened(_a, _b, _market, Side.Buy, 5, 1_000);
        long other = _x.Opened(_a, _b, _market, Side.Buy, 1, 1_000);
        _ = _x.Hedge(_a, _market, Side.Buy, 1, 900, position);
        _ = _x.Hedge(_a, _market, Side.Sell, 5, 1_100, position);
        TestExchange.Expect(ResultCode.Accepted, _x.Bracket(_a, _market, 950, 1_200, position: position));
        _ = _x.Hedge(_a, _market, Side.Buy, 1, 901, other);
        _x.Buy(_b, _market, 5, 1_000);

        TestExchange.Expect(ResultCode.Accepted, _x.Close(_a, _market, position));

        Assert.That(_x.Cancels(), Is.EquivalentTo(new[]
        {
            CancelReason.NothingToReduce, CancelReason.NothingToReduce, CancelReason.NothingToReduce, CancelReason.PositionClosed,
        }));
        Assert.That(_x.Of(_a, _market, other).OpenOrders, Is.EqualTo(1), "the other position's order stays");
        Assert.That(_x.HedgeCount(_a, _market), Is.EqualTo(1));
    }

    [Test]
    [Description("R-402, R-301: isolated hedge positions have each their own margin; a loss in one leaves the other as it was, to the bit (R-209).")]
    public void IsolatedPositionsAreApart()
    {
        long first = _x.Opened(_a, _b, _market, Side.Buy, 10, 1_000, ModeChoice.Isolated);
        long second = _x.Opened(_a, _b, _market, Side.Buy, 10, 1_000, ModeChoice.Isolated);
        long cross = _x.Opened(_a, _b, _market, Side.Buy, 10, 1_000, ModeChoice.Cross);
        Assert.That(_x.Pool(_a), Is.EqualTo(998_000));
        TestExchange.Expect(ResultCode.Accepted, _x.Allocate(_a, _market, 5_000, second));
        Position before = _x.Of(_a, _market, second);
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_market, 800));

        Assert.That(_x.Closed(first).Status, Is.EqualTo(PositionStatus.Liquidated));
        Assert.That(_x.Closed(first).RealizedPnlUnits, Is.EqualTo(-1_000));
        Position after = _x.Of(_a, _market, second);
        after.IndexPlace = before.IndexPlace;
        (after.Next, after.Previous) = (before.Next, before.Previous);
        Assert.That(after, Is.EqualTo(before));
        Assert.That(_x.Of(_a, _market, cross).SizeLots, Is.EqualTo(10));
        Assert.That(_x.Pool(_a), Is.EqualTo(993_000));
    }

    [Test]
    [Description("R-1307: the positions of an account are one owner: its orders do not trade with each other.")]
    public void SelfTradePrevention()
    {
        long position = _x.Opened(_a, _b, _market, Side.Buy, 5, 1_000);
        _ = _x.Hedge(_a, _market, Side.Sell, 5, 1_000, position);
        TestExchange.Expect(ResultCode.Accepted, _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 5, 1_000)));
        Assert.That(_x.Events<SelfTradePrevented>(EventType.SelfTradePrevented), Has.Count.EqualTo(1));
        Assert.That(_x.Events<Trade>(EventType.Trade), Is.Empty);
        Assert.That(_x.HedgeCount(_a, _market), Is.EqualTo(1), "the new position has gone with its order");
    }

    [Test]
    [Description("R-1307: fill-or-kill does not count on the orders of the account's other positions.")]
    public void FillOrKillKnowsItsOwnOrders()
    {
        long position = _x.Opened(_a, _b, _market, Side.Buy, 5, 1_000);
        _ = _x.Hedge(_a, _market, Side.Sell, 5, 1_000, position);
        TestExchange.Expect(ResultCode.Accepted, _x.Order(
            TestExchange.Limit(_a, _market, Side.Buy, 5, 1_000) with { TimeInForce = TimeInForce.FillOrKill }));
        Assert.That(_x.Cancels(), Is.EqualTo(new[] { CancelReason.NotFilledWhole }));
    }

    [Test]
    [Description("R-604, R-1405: order counts and position limits count over all positions of the market, limits by side.")]
    public void LimitsCountTogether()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Parameters(_market, TestExchange.Simple with { MaxOpenOrders = 3, MaxPositionLots = 10 }));
        _ = _x.Opened(_a, _b, _market, Side.Buy, 6, 1_000);
        _ = _x.Hedge(_a, _market, Side.Buy, 3, 900);
        TestExchange.Expect(ResultCode.PositionLimit, _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 2, 900)));
        _ = _x.Hedge(_a, _market, Side.Sell, 10, 1_100);
        TestExchange.Expect(ResultCode.PositionLimit, _x.Order(TestExchange.Limit(_a, _market, Side.Sell, 1, 1_100)));
        _ = _x.Hedge(_a, _market, Side.Buy, 1, 900);
        TestExchange.Expect(ResultCode.TooManyOrders, _x.Order(
            TestExchange.Limit(_a, _market, Side.Sell, 1, 1_100), new OrderTerms { PositionId = _x.DetailOf(_a, _market, 1).PositionId }));
    }

    [Test]
    [Description("R-402: no atomic batches, quotes, or maker protection in hedge mode; a best-effort batch opens one position for each order.")]
    public void WhatHedgeModeForbids()
    {
        TestExchange.Expect(ResultCode.HedgeModeForbids, _x.Quote(_a, _market, [(1, 900)], []));
        TestExchange.Expect(ResultCode.HedgeModeForbids, _x.Protect(_a, _market, fills: 3));
        TestExchange.Expect(ResultCode.HedgeModeForbids, _x.Batch(_a, _market, BatchMode.Atomic, TestExchange.Placed(Side.Buy, 1, 900)));
        TestExchange.Expect(ResultCode.HedgeModeForbids, _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 1, 900, OrderFlags.MakerProtected)));
        TestExchange.Expect(ResultCode.Accepted, _x.Batch(
            _a, _market, BatchMode.BestEffort, TestExchange.Placed(Side.Buy, 1, 900), TestExchange.Placed(Side.Sell, 1, 1_100)));
        Assert.That(_x.HedgeCount(_a, _market), Is.EqualTo(2));
    }

    [Test]
    [Description("R-1306, R-1315: mass cancel and kill switch reach all positions of a market; new ones are stopped too.")]
    public void MassCancelAndKillSwitch()
    {
        long position = _x.Opened(_a, _b, _market, Side.Buy, 5, 1_000);
        _ = _x.Hedge(_a, _market, Side.Buy, 1, 900);
        _ = _x.Hedge(_a, _market, Side.Sell, 1, 1_100, position);
        TestExchange.Expect(ResultCode.Accepted, _x.CancelAll(_a, _market));
        Assert.That(_x.Cancels(), Has.Length.EqualTo(2));
        Assert.That(_x.HedgeCount(_a, _market), Is.EqualTo(1));

        TestExchange.Expect(ResultCode.Accepted, _x.Kill(_a, _market));
        TestExchange.Expect(ResultCode.KillSwitchActive, _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 1, 900)));
        TestExchange.Expect(ResultCode.KillSwitchActive, _x.Order(
            TestExchange.Limit(_a, _market, Side.Buy, 1, 900), new OrderTerms { PositionId = position }));
        _x.Buy(_b, _market, 5, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Close(_a, _market, position));
        TestExchange.Expect(ResultCode.Accepted, _x.Kill(_a, _market, on: 0));
        Assert.That(_x.State.FindPosition(_a, _market), Is.Zero);
    }

    [Test]
    [Description("R-402: the mode of positions changes only without positions and orders; isolated margin goes back to the pool.")]
    public void TheModeChangesOnlyWhenFlat()
    {
        int c = _x.Account(10_000);
        TestExchange.Expect(ResultCode.StateUnchanged, _x.PositionMode(c, PositionMode.OneWay));
        TestExchange.Expect(ResultCode.MalformedCommand, _x.PositionMode(c, (PositionMode)2));
        TestExchange.Expect(ResultCode.UnknownAccount, _x.PositionMode(99, PositionMode.Hedge));
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(c, _market, MarginMode.Isolated));
        TestExchange.Expect(ResultCode.Accepted, _x.Allocate(c, _market, 700));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(c, _market, 1, 900));
        TestExchange.Expect(ResultCode.ActiveOrders, _x.PositionMode(c, PositionMode.Hedge));
        _x.Cancel(c, _x.LastOrderId);
        TestExchange.Expect(ResultCode.Accepted, _x.PositionMode(c, PositionMode.Hedge));
        SettingChanged changed = _x.Events<SettingChanged>(EventType.PositionModeChanged).Single();
        Assert.That((changed.AccountId, changed.OldValue, changed.NewValue), Is.EqualTo(((long)c, 0L, 1L)));
        Assert.That(_x.Pool(c), Is.EqualTo(10_000));

        long position = _x.Opened(c, _b, _market, Side.Sell, 5, 1_000);
        Assert.That(_x.Of(c, _market, position).IsIsolated, Is.EqualTo(1), "the setting went along, for shorts too");
        TestExchange.Expect(ResultCode.ActivePosition, _x.PositionMode(c, PositionMode.OneWay));
        _x.Sell(_b, _market, 5, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Close(c, _market));
        TestExchange.Expect(ResultCode.Accepted, _x.PositionMode(c, PositionMode.OneWay));
        Assert.That(_x.Pool(c), Is.EqualTo(10_000));
    }

    [Test]
    [Description("R-301, R-305: longs and shorts begin with settings of their own; open positions keep theirs, a named one is changed.")]
    public void SettingsBySide()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, _market, MarginMode.Isolated, sides: PositionSides.Short));
        TestExchange.Expect(ResultCode.Accepted, _x.Leverage(_a, _market, 2, sides: PositionSides.Long));
        TestExchange.Expect(ResultCode.Accepted, _x.Leverage(_a, _market, 5, sides: PositionSides.Short));
        long bought = _x.Opened(_a, _b, _market, Side.Buy, 4, 1_000);
        long sold = _x.Opened(_a, _b, _market, Side.Sell, 4, 1_000);
        Position first = _x.Of(_a, _market, bought);
        Position second = _x.Of(_a, _market, sold);
        Assert.That((first.IsIsolated, first.Leverage, second.IsIsolated, second.Leverage), Is.EqualTo(((byte)0, (ushort)2, (byte)1, (ushort)5)));
        Assert.That(second.MarginUnits, Is.EqualTo(800), "4000 / 5");

        TestExchange.Expect(ResultCode.Accepted, _x.Leverage(_a, _market, 4, sold));
        Assert.That(_x.Of(_a, _market, sold).MarginUnits, Is.EqualTo(1_000), "4000 / 4");
        TestExchange.Expect(ResultCode.ActivePosition, _x.Mode(_a, _market, MarginMode.Cross, sold));
        TestExchange.Expect(ResultCode.ActivePosition, _x.Mode(_a, _market, MarginMode.Isolated, sides: PositionSides.Long));
        TestExchange.Expect(ResultCode.InvalidCombination, _x.Leverage(_a, _market, 4, sold, PositionSides.Long));
        TestExchange.Expect(ResultCode.HedgeModeRequired, _x.Leverage(_b, _market, 4, sides: PositionSides.Long));
        TestExchange.Expect(ResultCode.HedgeModeRequired, _x.Mode(_b, _market, MarginMode.Cross, sides: PositionSides.Short));
        TestExchange.Expect(ResultCode.MalformedCommand, _x.Mode(_a, _market, MarginMode.Cross, sides: (PositionSides)3));
        TestExchange.Expect(ResultCode.MalformedCommand, _x.Leverage(_a, _market, 4, sides: (PositionSides)3));
    }

    [Test]
    [Description("R-402: 64 rows of an account, heads included; the next position is refused.")]
    public void RowsRunOut()
    {
        for (int i = 0; i < 63; i++)
        {
            _ = _x.Hedge(_a, _market, Side.Buy, 1, 500);
        }

        Assert.That(_x.State.Accounts[_a].Positions, Is.EqualTo(64));
        TestExchange.Expect(ResultCode.CapacityExceeded, _x.Order(TestExchange.Limit(_a, _market, Side.Buy, 1, 500)));
        TestExchange.Expect(ResultCode.CapacityExceeded, _x.Order(TestExchange.Limit(_a, _x.Market(TestExchange.Simple), Side.Buy, 1, 500)));
    }

    [Test]
    [Description("R-401, R-1307, R-106: without prevention a position can trade with itself; what is open behind its end has a new id and the row's orders.")]
    public void TradingWithItself([Values] MarginMode mode)
    {
        int c = _x.Hedger(100_000);
        _x.Mode(c, _market, mode);
        long first = _x.Opened(c, _b, _market, Side.Buy, 5, 1_000);
        _x.Hedge(c, _market, Side.Sell, 5, 1_010, first);
        long kept = _x.Hedge(c, _market, Side.Buy, 2, 990, first).Order;
        TestExchange.Expect(ResultCode.Accepted, _x.Order(
            TestExchange.Limit(c, _market, Side.Buy, 8, 1_010) with { SelfTrade = Commands.SelfTradePrevention.None },
            new OrderTerms { PositionId = first }));
        Assert.That(_x.Events<PositionChanged>(EventType.PositionClosed).Single().PositionId, Is.EqualTo(first));
        PositionChanged opened = _x.Events<PositionChanged>(EventType.PositionOpened).Single();
        Assert.That((opened.SizeLots, opened.EntryCostUnits), Is.EqualTo((5L, 5_050L)));
        Assert.That(_x.HedgeCount(c, _market), Is.EqualTo(1));
        Assert.That(_x.Closed(first).RealizedPnlUnits, Is.EqualTo(50));

        // orders that rested stay with the row; the rest of the incoming one adds to the new position
        Assert.That(_x.Of(c, _market, opened.PositionId).OpenOrders, Is.EqualTo(2));
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(_b, _market, 3, 1_010));
        Assert.That(_x.Of(c, _market, opened.PositionId).SizeLots, Is.EqualTo(8));
        TestExchange.Expect(ResultCode.Accepted, _x.Cancel(c, kept));
    }

    [Test]
    [Description("R-702: cross positions of one market share one liquidation price; at it the equity test still holds, one tick beyond it fails.")]
    public void OneLiquidationPrice()
    {
        int c = _x.Hedger(20_000);
        long bought = _x.Opened(c, _b, _market, Side.Buy, 50, 1_000);
        long sold = _x.Opened(c, _b, _market, Side.Sell, 20, 1_000);
        long price = _x.Events<PositionChanged>(EventType.PositionOpened).Single(p => p.AccountId == c).LiquidationPriceTicks;
        Assert.That(price, Is.EqualTo(378), "20000 - 30 (1000 - P) < 5 % of 70 P: P < 377.36");
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_market, price));
        Assert.That(_x.Of(c, _market, bought).SizeLots + _x.Of(c, _market, sold).SizeLots, Is.EqualTo(30));
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_market, price - 1));
        Assert.That(_x.Events<LiquidationStarted>(EventType.LiquidationStarted).Any(started => started.AccountId == c), Is.True);
    }

    [Test]
    [Description("R-702: a fully hedged account is liquidated by what both sides require, which rises with the price.")]
    public void LiquidationPriceOfAHedgedAccount()
    {
        int c = _x.Hedger(20_000);
        _ = _x.Opened(c, _b, _market, Side.Buy, 80, 1_000);
        _ = _x.Opened(c, _b, _market, Side.Sell, 80, 1_000);
        long price = _x.Events<PositionChanged>(EventType.PositionOpened).Single(p => p.AccountId == c).LiquidationPriceTicks;
        Assert.That(price, Is.EqualTo(2_500), "20000 < 5 % of 160 P: P > 2500");
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_market, 2_500));
        Assert.That(_x.HedgeCount(c, _market), Is.EqualTo(2));
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_market, 2_501));
        Assert.That(_x.HedgeCount(c, _market), Is.LessThan(2));
    }

    [Test]
    [Description("R-703, R-605: what a pending position brings back, its order unaffordable, is in the liquidation price that is told.")]
    public void PriceBehindUnaffordableOrders()
    {
        int other = _x.Market(TestExchange.Simple);
        int c = _x.Hedger(13_000);
        long position = _x.Opened(c, _b, _market, Side.Buy, 20, 1_000);
        _ = _x.Hedge(c, other, Side.Buy, 100, 1_000, mode: ModeChoice.Isolated, margin: 5_000);
        Assert.That((_x.Pool(c), _x.Held(c)), Is.EqualTo((8_000L, 5_000L)));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_b, _market, 10, 500));
        _x.Hedge(c, _market, Side.Sell, 10, 500, position);

        // 5,000 lost leave 3,000 for a hold of 5,000: the order goes, its margin comes back; (10000 - 8000) / 9.5
        Assert.That((_x.Pool(c), _x.Held(c)), Is.EqualTo((8_000L, 0L)));
        PositionChanged last = _x.Events<PositionChanged>(EventType.PositionUpdated).Last(changed => changed.PositionId == position);
        Assert.That(last.LiquidationPriceTicks, Is.EqualTo(211));
    }

    [Test]
    [Description("R-1104, R-605: the margin of a pending position whose order a liquidation cancels is back before the account is tested again.")]
    public void PendingMarginCures()
    {
        int other = _x.Market(TestExchange.Simple);
        int c = _x.Hedger(13_000);
        long position = _x.Opened(c, _b, _market, Side.Buy, 20, 1_000);
        _ = _x.Hedge(c, other, Side.Buy, 100, 1_000, mode: ModeChoice.Isolated, margin: 5_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(_market, 600));
        Assert.That(_x.Events<LiquidationStarted>(EventType.LiquidationStarted), Is.Empty, "13000 - 8000 for 5 % of 12000");
        Assert.That((_x.Pool(c), _x.Of(c, _market, position).SizeLots, _x.HedgeCount(c, other)), Is.EqualTo((13_000L, 20L, 0)));
    }
}
