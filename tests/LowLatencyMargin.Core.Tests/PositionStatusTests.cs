using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-401, R-407, R-408, R-411: how positions stand, how they end, what is remembered of them, and the command that closes them.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PositionStatusTests : IDisposable
{
    private readonly TestExchange _x = new();
    private readonly int _market;
    private readonly int _a;
    private readonly int _b;

    public PositionStatusTests()
    {
        _market = _x.Market(TestExchange.Simple with { TakerFeeRate = TestExchange.Percent / 10 });
        _a = _x.Account(100_000);
        _b = _x.Account(10_000_000);
    }

    public void Dispose() => _x.Dispose();

    [Test]
    [Description("R-408, R-411: closed by its owner at market: all of it, or a part and then the rest.")]
    public void ClosedAtMarket()
    {
        _x.Trade(_a, _b, _market, 10, 1_000);
        Assert.That(_x.StatusOf(_a, _market), Is.EqualTo(PositionStatus.Open));
        long id = _x.DetailOf(_a, _market, 0).PositionId;
        _x.Buy(_b, _market, 20, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Close(_a, _market, lots: 4));
        Assert.That((_x.Size(_a, _market), _x.StatusOf(_a, _market)), Is.EqualTo((6L, PositionStatus.Open)));
        TestExchange.Expect(ResultCode.Accepted, _x.Close(_a, _market, id, lots: 99));
        PositionChanged closed = _x.Events<PositionChanged>(EventType.PositionClosed).Single(p => p.AccountId == _a);
        Assert.That((closed.PositionId, closed.Header.Detail), Is.EqualTo((id, (byte)PositionStatus.Closed)));
        Assert.That(_x.Closed(id).Status, Is.EqualTo(PositionStatus.Closed));
        Assert.That(_x.Closed(id).FeeUnits, Is.EqualTo(10 + 4 + 6), "taker each time");
        TestExchange.Expect(ResultCode.NoPosition, _x.Close(_a, _market));
        TestExchange.Expect(ResultCode.UnknownPosition, _x.Close(_a, _market, id));
    }

    [Test]
    [Description("R-408: an order for all of it that rests makes it closing, also when that order ends; a part does not; the flip's new position is open.")]
    public void Closing()
    {
        _x.Trade(_a, _b, _market, 10, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Close(_a, _market, lots: 9, ticks: 1_100));
        Assert.That(_x.StatusOf(_a, _market), Is.EqualTo(PositionStatus.Open));
        _x.CancelAll(_a);
        TestExchange.Expect(ResultCode.Accepted, _x.Close(_a, _market, ticks: 1_100, timeInForce: TimeInForce.ImmediateOrCancel));
        Assert.That(_x.StatusOf(_a, _market), Is.EqualTo(PositionStatus.Open), "it did not rest");
        TestExchange.Expect(ResultCode.Accepted, _x.Close(_a, _market, ticks: 1_100));
        Assert.That(_x.Events<PositionChanged>(EventType.PositionUpdated).Single().Header.Detail, Is.EqualTo((byte)PositionStatus.Closing));
        _x.CancelAll(_a);
        Assert.That(_x.StatusOf(_a, _market), Is.EqualTo(PositionStatus.Closing), "only forward");
        _x.Trade(_b, _a, _market, 15, 1_000);
        Assert.That((_x.Size(_a, _market), _x.StatusOf(_a, _market)), Is.EqualTo((-5L, PositionStatus.Open)));
    }

    [Test]
    [Description("R-411: a close is refused as its order is: state of the market, price, quantity, time in force; a repeated client id closes once.")]
    public void CloseRefused()
    {
        TestExchange.Expect(ResultCode.UnknownAccount, _x.Close(99, _market));
        TestExchange.Expect(ResultCode.UnknownMarket, _x.Close(_a, 99));
        _x.Trade(_a, _b, _market, 10, 1_000);
        TestExchange.Expect(ResultCode.InvalidQuantity, _x.Close(_a, _market, lots: -1));
        TestExchange.Expect(ResultCode.InvalidPrice, _x.Close(_a, _market, ticks: -1));
        TestExchange.Expect(ResultCode.InvalidExpiry, _x.Close(_a, _market, ticks: 1_000, timeInForce: TimeInForce.GoodTillTime));
        _x.SetState(_market, MarketState.Halted);
        TestExchange.Expect(ResultCode.MarketStateForbids, _x.Close(_a, _market));
        _x.SetState(_market, MarketState.ReduceOnly);
        var close = new ClosePosition { AccountId = _a, MarketId = _market, ClientOrderId = 5, QuantityLots = 2, PriceTicks = 1_100 };
        TestExchange.Expect(ResultCode.Accepted, _x.Send(ref close, CommandType.ClosePosition));
        TestExchange.Expect(ResultCode.Accepted, _x.Send(ref close, CommandType.ClosePosition));
        Assert.That(_x.EventTypes(), Is.EqualTo(new[] { EventType.DuplicateOrder }));
        Assert.That(_x.OpenOrders(_a, _market), Is.EqualTo(1));
        close.Reserved = 1;
        TestExchange.Expect(ResultCode.MalformedCommand, _x.Send(ref close, CommandType.ClosePosition));
    }

    [Test]
    [Description("R-411, R-208: with the fill that makes it flat the isolated margin goes back to the pool.")]
    public void ClosingReturnsTheMargin()
    {
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Trade(_a, _b, _market, 10, 1_000);
        _x.Allocate(_a, _market, 700);
        _x.Buy(_b, _market, 10, 1_050);
        TestExchange.Expect(ResultCode.Accepted, _x.Close(_a, _market));
        Assert.That((_x.Pool(_a), _x.Position(_a, _market).MarginUnits), Is.EqualTo((100_000L - 10 + 500 - 11, 0L)));
    }

    [TestCase(TriggerKind.Stop, PositionStatus.StoppedOut)]
    [TestCase(TriggerKind.TrailingStop, PositionStatus.StoppedOut)]
    [TestCase(TriggerKind.TakeProfit, PositionStatus.Closed)]
    [Description("R-408: stopped out when a stop or trailing stop made it flat, closed when a take-profit did.")]
    public void StoppedOut(TriggerKind kind, PositionStatus status)
    {
        _x.Trade(_a, _b, _market, 10, 1_000);
        long id = _x.DetailOf(_a, _market, 0).PositionId;
        var terms = new OrderTerms { Trigger = kind, TriggerTicks = kind switch { TriggerKind.Stop => 990, TriggerKind.TakeProfit => 1_010, _ => 0 } };
        terms.TrailTicks = kind == TriggerKind.TrailingStop ? 10 : 0;
        TestExchange.Expect(ResultCode.Accepted, _x.Order(TestExchange.AtMarket(_a, _market, Side.Sell, 10, OrderFlags.ReduceOnly), terms));
        _x.Buy(_b, _market, 10, 990);
        _x.Buy(_b, _market, 10, 1_009);
        _x.Mark(_market, kind == TriggerKind.TakeProfit ? 1_010 : 990);
        Assert.That(_x.Events<PositionChanged>(EventType.PositionClosed).Single(p => p.AccountId == _a).Header.Detail, Is.EqualTo((byte)status));
        Assert.That(_x.Closed(id).Status, Is.EqualTo(status));
    }

    [Test]
    [Description("R-408: a stop-limit that rested when it was set off and filled later is a stop all the same.")]
    public void StoppedOutLater()
    {
        _x.Trade(_a, _b, _market, 10, 1_000);
        long id = _x.DetailOf(_a, _market, 0).PositionId;
        _x.Order(TestExchange.Limit(_a, _market, Side.Sell, 10, 995, OrderFlags.ReduceOnly), TestExchange.Stop(990));
        _x.Mark(_market, 990);
        Assert.That(_x.Size(_a, _market), Is.EqualTo(10));
        _x.Buy(_b, _market, 10, 995);
        Assert.That(_x.Closed(id).Status, Is.EqualTo(PositionStatus.StoppedOut));
        Assert.That(_x.Closed(id).RealizedPnlUnits, Is.EqualTo(-50));
    }

    [Test]
    [Description("R-408: liquidated when a liquidation made it flat, whether it traded or was taken over.")]
    public void Liquidated()
    {
        int c = _x.Account(1_000);
        _x.Trade(c, _b, _market, 9, 1_000);
        long id = _x.DetailOf(c, _market, 0).PositionId;
        _x.Buy(_b, _market, 4, 930);
        _x.Mark(_market, 930);
        Assert.That(_x.Events<PositionChanged>(EventType.PositionClosed).Single(p => p.AccountId == c).Header.Detail,
            Is.EqualTo((byte)PositionStatus.Liquidated));
        Assert.That(_x.Closed(id).Status, Is.EqualTo(PositionStatus.Liquidated));
    }

    [Test]
    [Description("R-403, R-408: a flip ends the old position before the new one opens; each has its own profit, the new one the fee.")]
    public void AFlipEndsThePosition()
    {
        _x.Trade(_a, _b, _market, 10, 1_000);
        long first = _x.DetailOf(_a, _market, 0).PositionId;
        _x.Buy(_b, _market, 25, 1_020);
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(_a, _market, 25, 1_020));
        PositionChanged closed = _x.Events<PositionChanged>(EventType.PositionClosed).Single(p => p.AccountId == _a);
        PositionChanged opened = _x.Events<PositionChanged>(EventType.PositionOpened).Single(p => p.AccountId == _a);
        Assert.That((closed.PositionId, closed.SizeLots, closed.Header.Detail), Is.EqualTo((first, 0L, (byte)PositionStatus.Closed)));
        Assert.That((opened.SizeLots, opened.EntryCostUnits), Is.EqualTo((-15L, 15_300L)));
        Assert.That(opened.PositionId, Is.GreaterThan(first));
        Assert.That((_x.Closed(first).RealizedPnlUnits, _x.Closed(first).FeeUnits), Is.EqualTo((200L, 10L)));
        PositionDetail detail = _x.DetailOf(_a, _market, 0);
        Assert.That((detail.RealizedPnlUnits, detail.FeeUnits), Is.EqualTo((0L, 26L)));
    }

    [Test]
    [Description("R-401: the window of closed positions holds as many as genesis says; the newest end the oldest.")]
    public void TheWindowIsBounded()
    {
        using var x = new TestExchange(recentPositions: 3);
        int market = x.Market(TestExchange.Simple);
        int a = x.Account(100_000);
        int b = x.Account(100_000);
        for (int i = 0; i < 4; i++)
        {
            x.TimeNs += 7;
            x.Trade(a, b, market, 1, 1_000);
            x.Trade(b, a, market, 1, 1_000 + i);
        }

        Assert.That(x.State.ClosedPositions.Count, Is.EqualTo(3));
        Assert.That(x.State.ClosedCount, Is.EqualTo(8), "both sides");
        Assert.That(x.Closed(x.State.LastPositionId).ClosedNs, Is.EqualTo(28));
        Assert.That(x.Closed(1), Is.EqualTo(default(ClosedPosition)));
        using var none = new TestExchange(recentPositions: 0);
        Assert.That(none.State.ClosedPositions.Capacity, Is.Zero);
    }

    [Test]
    [Description("R-407: realised and unrealised profit, less fees, is what the account has gained.")]
    public void TotalProfit()
    {
        _x.Trade(_a, _b, _market, 10, 1_000);
        _x.Trade(_b, _a, _market, 4, 1_030);
        _x.Mark(_market, 1_050);
        PositionDetail detail = _x.DetailOf(_a, _market, 0);
        Position position = _x.Position(_a, _market);
        long unrealized = Requirements.UnrealizedPnl(in position, _x.Row(_market));
        Assert.That((detail.RealizedPnlUnits, unrealized, detail.FeeUnits), Is.EqualTo((120L, 300L, 10L)));
        Assert.That(detail.RealizedPnlUnits + unrealized - detail.FeeUnits, Is.EqualTo(_x.Pool(_a) + unrealized - 100_000));
    }
}
