using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-409, R-210: positions that are split, merged, and moved to other accounts.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PositionMoveTests : IDisposable
{
    private readonly TestExchange _x = new();
    private readonly int _market;
    private readonly int _a;
    private readonly int _b;
    private readonly int _c;

    public PositionMoveTests()
    {
        _market = _x.Market(TestExchange.Simple);
        _a = _x.Hedger(100_000);
        _b = _x.Account(10_000_000, owner: 8);
        _c = _x.Account(20_000);
    }

    public void Dispose() => _x.Dispose();

    [TestCase(ModeChoice.Cross)]
    [TestCase(ModeChoice.Isolated)]
    [Description("R-409: split then merge is the identity, to the unit; between them size, cost and margin add up.")]
    public void SplitThenMerge(ModeChoice mode)
    {
        long first = _x.Opened(_a, _b, _market, Side.Sell, 7, 1_000, mode);
        _x.Sell(_b, _market, 1, 998);
        _ = _x.Hedge(_a, _market, Side.Buy, 1, 998, first);
        Position before = _x.Of(_a, _market, first);
        PositionDetail detail = _x.DetailOf(_a, _market, first);

        TestExchange.Expect(ResultCode.Accepted, _x.Split(_a, _market, 4, first));
        PositionDivided split = _x.Events<PositionDivided>(EventType.PositionSplit).Single();
        Position rest = _x.Of(_a, _market, first);
        Position part = _x.Of(_a, _market, split.OtherPositionId);
        Assert.That((part.SizeLots, part.EntryCostUnits, part.MarginUnits), Is.EqualTo((split.SizeLots, split.EntryCostUnits, split.MarginUnits)));
        Assert.That((part.SizeLots, rest.SizeLots), Is.EqualTo((-4L, -2L)));
        Assert.That(part.EntryCostUnits + rest.EntryCostUnits, Is.EqualTo(before.EntryCostUnits));
        Assert.That(part.MarginUnits + rest.MarginUnits, Is.EqualTo(before.MarginUnits));
        Assert.That(_x.Events<PositionChanged>(EventType.PositionOpened).Single().PositionId, Is.EqualTo(split.OtherPositionId));

        TestExchange.Expect(ResultCode.Accepted, _x.Merge(_a, _market, first, split.OtherPositionId));
        Assert.That(_x.Events<PositionDivided>(EventType.PositionsMerged).Single().OtherPositionId, Is.EqualTo(split.OtherPositionId));
        Assert.That(_x.Events<PositionChanged>(EventType.PositionClosed).Single().PositionId, Is.EqualTo(split.OtherPositionId));
        Assert.That(_x.Of(_a, _market, first), Is.EqualTo(before));
        Assert.That(_x.DetailOf(_a, _market, first), Is.EqualTo(detail));
        Assert.That(_x.HedgeCount(_a, _market), Is.EqualTo(1));
    }

    [Test]
    [Description("R-409: what can't be split: nothing, all of it, more; a pending position, a one-way account; the only position need not be named.")]
    public void SplitRefused()
    {
        (_, long pending) = _x.Hedge(_a, _market, Side.Buy, 5, 900);
        TestExchange.Expect(ResultCode.NoPosition, _x.Split(_a, _market, 1, pending));
        _x.CancelAll(_a);
        _ = _x.Opened(_a, _b, _market, Side.Buy, 5, 1_000);
        TestExchange.Expect(ResultCode.InvalidQuantity, _x.Split(_a, _market, 0));
        TestExchange.Expect(ResultCode.InvalidQuantity, _x.Split(_a, _market, 5));
        TestExchange.Expect(ResultCode.InvalidQuantity, _x.Split(_a, _market, 6));
        TestExchange.Expect(ResultCode.HedgeModeRequired, _x.Split(_b, _market, 1));
        TestExchange.Expect(ResultCode.Accepted, _x.Split(_a, _market, 4));
        TestExchange.Expect(ResultCode.PositionIdMissing, _x.Split(_a, _market, 1));
        TestExchange.Expect(ResultCode.Accepted, _x.Parameters(_market, TestExchange.Simple with { MaxOpenPositions = 2 }));
        TestExchange.Expect(ResultCode.PositionLimit, _x.Split(_a, _market, 1, _x.State.LastPositionId));
    }

    [Test]
    [Description("R-409: reduce-only orders stay with the first part and shrink with it.")]
    public void OrdersStayWithTheFirstPart()
    {
        long position = _x.Opened(_a, _b, _market, Side.Buy, 10, 1_000);
        _ = _x.Hedge(_a, _market, Side.Sell, 8, 1_100, position);
        TestExchange.Expect(ResultCode.Accepted, _x.Split(_a, _market, 7, position));
        Assert.That(_x.Open(_a, _x.LastOrderId).LeavesLots, Is.EqualTo(3));
        TestExchange.Expect(ResultCode.ActiveOrders, _x.Merge(_a, _market, _x.State.LastPositionId, position));
        TestExchange.Expect(ResultCode.Accepted, _x.Merge(_a, _market, position, _x.State.LastPositionId));
        Assert.That(_x.Of(_a, _market, position).SizeLots, Is.EqualTo(10));
    }

    [Test]
    [Description("R-409: what can't be merged: a position with itself, of another side or mode, or unknown.")]
    public void MergeRefused()
    {
        long bought = _x.Opened(_a, _b, _market, Side.Buy, 5, 1_000);
        long sold = _x.Opened(_a, _b, _market, Side.Sell, 5, 1_000);
        long isolated = _x.Opened(_a, _b, _market, Side.Buy, 5, 1_000, ModeChoice.Isolated);
        TestExchange.Expect(ResultCode.InvalidCombination, _x.Merge(_a, _market, bought, bought));
        TestExchange.Expect(ResultCode.PositionsDiffer, _x.Merge(_a, _market, bought, sold));
        TestExchange.Expect(ResultCode.PositionsDiffer, _x.Merge(_a, _market, bought, isolated));
        TestExchange.Expect(ResultCode.UnknownPosition, _x.Merge(_a, _market, bought, 999));
        TestExchange.Expect(ResultCode.PositionIdMissing, _x.Merge(_a, _market, bought, 0));
        TestExchange.Expect(ResultCode.HedgeModeRequired, _x.Merge(_b, _market, 1, 2));
    }

    [Test]
    [Description("R-210: at the mark, without trade or fee: the giver realises its profit, the receiver enters at the mark, exactly.")]
    public void Transfer()
    {
        long position = _x.Opened(_a, _b, _market, Side.Buy, 10, 1_000);
        _x.Mark(_market, 1_070);
        TestExchange.Expect(ResultCode.Accepted, _x.Transfer(_a, _market, _c, 4));
        PositionTransferred moved = _x.Events<PositionTransferred>(EventType.PositionTransferred).Single();
        Assert.That((moved.AccountId, moved.ToAccountId, moved.PositionId), Is.EqualTo(((long)_a, (long)_c, position)));
        Assert.That((moved.SizeLots, moved.PriceTicks, moved.RealizedPnlUnits), Is.EqualTo((4L, 1_070L, 280L)));
        Assert.That(_x.Events<Trade>(EventType.Trade), Is.Empty);
        Assert.That((_x.Pool(_a), _x.Of(_a, _market, position).EntryCostUnits), Is.EqualTo((100_280L, 6_000L)));
        Assert.That((_x.Pool(_c), _x.Position(_c, _market).EntryCostUnits, _x.Size(_c, _market)), Is.EqualTo((20_000L, 4_280L, 4L)));

        TestExchange.Expect(ResultCode.Accepted, _x.Transfer(_a, _market, _c));
        Assert.That(_x.HedgeCount(_a, _market), Is.Zero);
        Assert.That(_x.Closed(position).Status, Is.EqualTo(PositionStatus.Closed));
        Assert.That(_x.Closed(position).RealizedPnlUnits, Is.EqualTo(700));

        // and back: to a new hedge position, then to that one by its id
        TestExchange.Expect(ResultCode.Accepted, _x.Transfer(_c, _market, _a, 3));
        long back = _x.State.LastPositionId;
        TestExchange.Expect(ResultCode.Accepted, _x.Transfer(_c, _market, _a, 7, toPosition: back));
        Assert.That((_x.Of(_a, _market, back).SizeLots, _x.Of(_a, _market, back).EntryCostUnits), Is.EqualTo((10L, 10_700L)));
        Assert.That(_x.State.FindPosition(_c, _market), Is.Zero);
    }

    [Test]
    [Description("R-210: a receiver with the opposite position nets: closes at the mark, and flips with what is left.")]
    public void TransferNets()
    {
        _ = _x.Opened(_a, _b, _market, Side.Buy, 10, 1_000);
        _x.Trade(_b, _c, _market, 4, 1_000);
        _x.Mark(_market, 1_010);
        TestExchange.Expect(ResultCode.Accepted, _x.Transfer(_a, _market, _c));
        Assert.That((_x.Size(_c, _market), _x.Position(_c, _market).EntryCostUnits, _x.Pool(_c)), Is.EqualTo((6L, 6_060L, 19_960L)));
    }

    [Test]
    [Description("R-210: isolated to isolated: the giver's margin goes to its pool with the profit, the receiver draws what an opening would.")]
    public void TransferOfIsolatedPositions()
    {
        long position = _x.Opened(_a, _b, _market, Side.Sell, 10, 1_000, ModeChoice.Isolated);
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_c, _market, MarginMode.Isolated));
        _x.Mark(_market, 1_030);
        TestExchange.Expect(ResultCode.Accepted, _x.Transfer(_a, _market, _c, position: position));
        Assert.That((_x.Pool(_a), _x.Pool(_c), _x.Position(_c, _market).MarginUnits), Is.EqualTo((99_700L, 18_970L, 1_030L)));
    }

    [Test]
    [Description("R-210: an isolated receiver that flips gets the margin of what it closes before it draws for what it opens.")]
    public void AnIsolatedReceiverFlips()
    {
        int d = _x.Account(1_000);
        _x.Mode(d, _market, MarginMode.Isolated);
        _x.Trade(_b, d, _market, 9, 1_000);
        Assert.That((_x.Pool(d), _x.Position(d, _market).MarginUnits), Is.EqualTo((100L, 900L)));
        _ = _x.Opened(_a, _b, _market, Side.Buy, 19, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Transfer(_a, _market, d));
        Assert.That((_x.Size(d, _market), _x.Pool(d), _x.Position(d, _market).MarginUnits), Is.EqualTo((10L, 0L, 1_000L)));
    }

    [Test]
    [Description("R-210: both sides stay above initial margin, orders included, or nothing moves.")]
    public void BothSidesStayAboveInitialMargin()
    {
        // the receiver has 20000: room for 200 lots
        int e = _x.Account(1_000_000);
        _x.Trade(e, _b, _market, 201, 1_000);
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Transfer(e, _market, _c));
        TestExchange.Expect(ResultCode.Accepted, _x.Transfer(e, _market, _c, 200));

        // isolated: what stays must have its initial margin at the mark
        int f = _x.Account(10_000);
        _x.Mode(f, _market, MarginMode.Isolated);
        _x.Trade(f, _b, _market, 10, 1_000);
        _x.Mark(_market, 960);
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Transfer(f, _market, e, 1));
        TestExchange.Expect(ResultCode.Accepted, _x.Transfer(f, _market, e));
        Assert.That(_x.Pool(f), Is.EqualTo(9_600));
    }

    [Test]
    [Description("R-210: a transfer that leaves sells uncovered needs their margin.")]
    public void OrdersOfTheGiverCount()
    {
        int d = _x.Account(10_500);
        _x.Trade(d, _b, _market, 50, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Sell(d, _market, 99, 1_100));
        Assert.That(_x.Held(d), Is.EqualTo(5_390), "10 % of 49 x 1100: the others reduce");
        TestExchange.Expect(ResultCode.InsufficientMargin, _x.Transfer(d, _market, _a));
        Assert.That(_x.Events<Rejected>(EventType.Rejected).Single().AvailableUnits, Is.EqualTo(10_500 - 10_890));
        TestExchange.Expect(ResultCode.Accepted, _x.Transfer(d, _market, _a, 10));
        Assert.That(_x.Held(d), Is.EqualTo(6_490));
    }

    [Test]
    [Description("R-210: whose, what, how much, when, where to.")]
    public void TransferRefused()
    {
        TestExchange.Expect(ResultCode.UnknownAccount, _x.Transfer(99, _market, _c));
        TestExchange.Expect(ResultCode.UnknownAccount, _x.Transfer(_a, _market, 99));
        TestExchange.Expect(ResultCode.UnknownMarket, _x.Transfer(_a, 99, _c));
        TestExchange.Expect(ResultCode.InvalidCombination, _x.Transfer(_a, _market, _a));
        TestExchange.Expect(ResultCode.DifferentOwners, _x.Transfer(_a, _market, _b));
        TestExchange.Expect(ResultCode.NoPosition, _x.Transfer(_a, _market, _c));
        long bought = _x.Opened(_a, _b, _market, Side.Buy, 10, 1_000);
        TestExchange.Expect(ResultCode.UnknownPosition, _x.Transfer(_a, _market, _c, position: bought + 9));
        TestExchange.Expect(ResultCode.UnknownPosition, _x.Transfer(_a, _market, _c, toPosition: 5));
        TestExchange.Expect(ResultCode.InvalidQuantity, _x.Transfer(_a, _market, _c, 11));
        TestExchange.Expect(ResultCode.InvalidQuantity, _x.Transfer(_a, _market, _c, -1));
        _x.Trade(_b, _c, _market, 5, 1_000);
        TestExchange.Expect(ResultCode.PositionsDiffer, _x.Transfer(_c, _market, _a, toPosition: bought));
        _x.SetState(_market, MarketState.Halted);
        TestExchange.Expect(ResultCode.MarketStateForbids, _x.Transfer(_a, _market, _c));
        _x.SetState(_market, MarketState.Open);
        _x.Kill(_c, _market);
        TestExchange.Expect(ResultCode.KillSwitchActive, _x.Transfer(_a, _market, _c));
        _x.Kill(_c, _market, on: 0);
        TestExchange.Expect(ResultCode.Accepted, _x.Parameters(_market, TestExchange.Simple with { MaxPositionLots = 4 }));
        int d = _x.Account(100_000);
        TestExchange.Expect(ResultCode.PositionLimit, _x.Transfer(_a, _market, d, 5));
        TestExchange.Expect(ResultCode.Accepted, _x.Transfer(_a, _market, d, 4));
    }

    [Test]
    [Description("R-409, R-210, R-303: a position whose liquidation is under way is neither split, merged, moved nor switched.")]
    public void NotWhileLiquidating()
    {
        using var x = new TestExchange(work: 16);
        int market = x.Market(TestExchange.Simple with { ModeSwitch = ModeSwitchPolicy.Checked });
        int a = x.Hedger(100_000);
        int b = x.Account(10_000_000);
        int c = x.Account(100_000);
        long other = x.Opened(a, b, market, Side.Buy, 10, 1_000, ModeChoice.Isolated);
        TestExchange.Expect(ResultCode.Accepted, x.Allocate(a, market, 9_000, other));
        long position = x.Opened(a, b, market, Side.Buy, 10, 1_000, ModeChoice.Isolated);
        for (int i = 0; i < 20; i++)
        {
            _ = x.Hedge(a, market, Side.Buy, 1, 500, position);
        }

        TestExchange.Expect(ResultCode.Accepted, x.Mark(market, 930));
        Assert.That(x.DetailOf(a, market, position).LiquidationId, Is.Not.Zero, "there was no work left to cancel all orders");
        TestExchange.Expect(ResultCode.LiquidationActive, x.Split(a, market, 1, position));
        TestExchange.Expect(ResultCode.LiquidationActive, x.Merge(a, market, position, other));
        TestExchange.Expect(ResultCode.LiquidationActive, x.Merge(a, market, other, position));
        TestExchange.Expect(ResultCode.LiquidationActive, x.Transfer(a, market, c, position: position));
        _ = x.TickUntilDone();
        Assert.That(x.Closed(position).Status, Is.EqualTo(PositionStatus.Liquidated));
        Assert.That(x.Of(a, market, other).SizeLots, Is.EqualTo(10));
    }

    [Test]
    [Description("R-210, R-504: a transfer to a position whose requirement is above its initial margin needs what is then missing, no more.")]
    public void TransferToAHigherRequirement()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple with { MaintenanceMarginBase = MarginBase.Entry });
        int rich = x.Account(1_000_000);
        int giver = x.Account(100_000);
        int receiver = x.Account(6_850);
        x.Trade(receiver, rich, market, 10, 1_000);
        x.Mark(market, 400);
        x.Trade(giver, rich, market, 10, 400);

        // 6850 - 6000 - 5 % of 10000 before, 6850 - 6000 - 10 % of 8000 with 10 more at 400
        TestExchange.Expect(ResultCode.Accepted, x.Transfer(giver, market, receiver));
        Assert.That(x.Position(receiver, market).SizeLots, Is.EqualTo(20));
        Assert.That(new MarginCheck(x.State).Available(receiver), Is.EqualTo(50));
    }
}
