using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core.Tests.Waterfall;

/// <summary>R-1204, R-1205, R-1207: who is closed when insurance can't carry a liquidated position, and at what.</summary>
[TestFixture]
internal sealed class DeleveragingTests
{
    private TestExchange _x = null!;
    private int _market;
    private int _owner;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange();
        _market = _x.Market(TestExchange.Simple, losses: LossRules.Default);
        _owner = _x.Account(1_000);
        _x.Mode(_owner, _market, MarginMode.Isolated);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-1204: insurance carries what it can, the rest is closed against the holder at the bankruptcy price; each figure is in the events.")]
    public void InsuranceThenHolders()
    {
        int holder = Short(10, deposit: 10_000);
        _x.Fund(_market, 400);
        _x.Mark(_market, 800);

        AutoDeleveraged closed = _x.Events<AutoDeleveraged>(EventType.AutoDeleveraged).Single();
        Assert.That(
            (closed.AccountId, closed.SizeLots, closed.ClosedLots, closed.ValueUnits, closed.RealizedPnlUnits),
            Is.EqualTo(((long)holder, -10L, 6L, 5_400L, 600L)),
            "the loss at mark is 1000 for ten lots at 900: 400 carry four");
        AutoDeleverageInputs inputs = _x.Events<AutoDeleverageInputs>(EventType.AutoDeleverageInputs).Single();
        Assert.That(
            (inputs.MarkTicks, inputs.EntryCostUnits, inputs.EquityUnits, inputs.Score, inputs.Place),
            Is.EqualTo((800L, 10_000L, 12_000L, 13_332_000L, 1L)),
            "20 % x 0.6666");
        AutoDeleveragePrice price = _x.Events<AutoDeleveragePrice>(EventType.AutoDeleveragePrice).Single();
        Assert.That((price.BankruptcyUnits, price.LeftLots, price.CarriedLots), Is.EqualTo((9_000L, 10L, 4L)));
        LiquidationTakeover takeover = _x.Events<LiquidationTakeover>(EventType.LiquidationTakeover).Single();
        Assert.That((takeover.SizeLots, takeover.CostUnits), Is.EqualTo((4L, 3_600L)));
        ShortfallCovered covered = _x.Events<ShortfallCovered>(EventType.ShortfallCovered).Single();
        Assert.That((covered.ShortfallUnits, covered.InsuranceUnits, covered.BadDebtUnits), Is.EqualTo((400L, 400L, 0L)));
        LiquidationFinished finished = _x.Events<LiquidationFinished>(EventType.LiquidationFinished).Single();
        Assert.That((finished.ClosedLots, finished.ClosedNotionalUnits, finished.TakenOverLots), Is.EqualTo((6L, 0L, 4L)));
        Assert.That((_x.Size(holder, _market), _x.Pool(holder), _x.Pool(_owner)), Is.EqualTo((-4L, 10_600L, 0L)));
        MarketLoss loss = _x.State.Losses[_market];
        Assert.That((loss.Deleveraged, loss.DeleveragedLots, loss.DeleveragedUnits, loss.InsurancePaidUnits), Is.EqualTo((1L, 6L, 5_400L, 400L)));
    }

    [Test]
    [Description("R-1105, R-1204: money comes in while a deleveraging waits for a tick: a part brings the rest back to health, and no more is closed.")]
    public void CuredBetweenHolders()
    {
        _x.Losses(_market, LossRules.Default with { MaxHolders = 1 });
        _x.Liquidations(_market, LiquidationRules.Default);
        Short(5, deposit: 10_000);
        int second = Short(5, deposit: 10_000);
        _x.Mark(_market, 800);
        Assert.That((_x.Size(_owner, _market), _x.Exchange.HasPendingWork), Is.EqualTo((5L, true)), "one holder a command");
        _x.Buy(_x.Account(100_000), _market, 5, 800);
        _x.Deposit(_owner, 600);
        TestExchange.Expect(ResultCode.Accepted, _x.Allocate(_owner, _market, 600));
        while (_x.Exchange.HasPendingWork)
        {
            TestExchange.Expect(ResultCode.Accepted, _x.Tick());
        }

        Assert.That((_x.Size(_owner, _market), _x.Size(second, _market)), Is.EqualTo((2L, -5L)), "100 of 200 left: three of five are sold");
    }

    [Test]
    [Description("R-1204: a fund that can carry all of it leaves the holders alone.")]
    public void EnoughInsurance()
    {
        Short(10, deposit: 10_000);
        _x.Fund(_market, 1_000);
        _x.Mark(_market, 800);
        Assert.That(_x.EventTypes(), Does.Not.Contain(EventType.AutoDeleveraged));
        Assert.That((_x.Row(_market).InsuranceUnits, _x.Row(_market).BadDebtUnits), Is.EqualTo((0L, 0L)));
    }

    [Test]
    [Description("R-1204: higher score first; of equals the bigger position, then the older, then the lower account.")]
    public void Order()
    {
        int rich = Short(1, deposit: 100_000);
        int poor = Short(1, deposit: 500);
        int poorTwin = Short(1, deposit: 500);
        int big = Short(3, deposit: 1_500);
        _x.Mark(_market, 800);
        long[] order = [.. _x.Events<AutoDeleveraged>(EventType.AutoDeleveraged).Select(each => each.AccountId)];
        Assert.That(order, Is.EqualTo(new long[] { big, poor, poorTwin, rich }));
    }

    [Test]
    [Description("R-1204: nobody is closed at a loss, although the position has a profit at the mark.")]
    public void NotAtALoss()
    {
        int late = _x.Account(10_000);
        int early = Short(10, deposit: 10_000_000);
        int other = _x.Account(10_000);
        _x.Mark(_market, 960);
        _x.Trade(other, late, _market, 5, 890);
        _x.Mark(_market, 800);
        long[] order = [.. _x.Events<AutoDeleveraged>(EventType.AutoDeleveraged).Select(each => each.AccountId)];
        Assert.That(order, Is.EqualTo(new long[] { early }), "the late one sold at 890 and would have to buy at 900");
        Assert.That(_x.Size(late, _market), Is.EqualTo(-5));
    }

    [Test]
    [Description("R-1204: what nobody can take is bad debt.")]
    public void NobodyThere()
    {
        int holder = Short(10, deposit: 10_000_000);
        int late = _x.Account(10_000_000);
        _x.Mark(_market, 960);
        _x.Trade(holder, late, _market, 10, 890);
        _x.Mark(_market, 800);
        Assert.That(_x.EventTypes(), Does.Not.Contain(EventType.AutoDeleveraged), "buying at 900 would cost the only holder");
        Assert.That((_x.Row(_market).BadDebtUnits, _x.Size(late, _market)), Is.EqualTo((1_000L, -10L)));
    }

    [Test]
    [Description("R-1204: nobody is closed into a scope that would be liquidated; such a holder is passed over whole.")]
    public void NotIntoLiquidation()
    {
        // its profit here holds up a loss elsewhere: 10 short from 1000, 40 long from 1000
        int other = _x.Market(TestExchange.Simple, losses: LossRules.Default);
        int rich = _x.Account(10_000_000);
        int leaning = _x.Account(6_000);
        _x.Trade(leaning, rich, other, 40, 1_000);
        _x.Trade(_owner, leaning, _market, 10, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.SetState(_market, MarketState.Halted));
        _x.Mark(_market, 800);
        _x.Mark(other, 865);
        Assert.That(_x.Size(leaning, other), Is.EqualTo(40), "6000 + 2000 - 5400 = 2600 against 400 + 1730");
        TestExchange.Expect(ResultCode.Accepted, _x.SetState(_market, MarketState.Open));
        Assert.That(_x.Size(_owner, _market), Is.Zero, "bankrupt at 900");
        Assert.That(_x.EventTypes(), Does.Not.Contain(EventType.AutoDeleveraged), "closed at 900 it would have 1600 against 1730");
        Assert.That((_x.Size(leaning, _market), _x.Row(_market).BadDebtUnits), Is.EqualTo((-10L, 1_000L)));
    }

    [Test]
    [Description("R-1204: by parameter deleveraging closes at the mark: the holder keeps the profit, the loss stays with insurance.")]
    public void AtTheMark()
    {
        int holder = Short(10, deposit: 10_000);
        _x.Losses(_market, LossRules.Default with { Price = AdlPrice.Mark });
        _x.Fund(_market, 400);
        _x.Mark(_market, 800);
        AutoDeleveraged closed = _x.Events<AutoDeleveraged>(EventType.AutoDeleveraged).Single();
        Assert.That((closed.ClosedLots, closed.ValueUnits, closed.RealizedPnlUnits), Is.EqualTo((10L, 8_000L, 2_000L)));
        Assert.That((_x.Pool(holder), _x.Row(_market).InsuranceUnits, _x.Row(_market).BadDebtUnits), Is.EqualTo((12_000L, 0L, 600L)));
    }

    [Test]
    [Description("R-1204: when the fund has fallen by more than the limit of its highest of eight hours, holders are closed although it could pay.")]
    public void Drawdown()
    {
        _x.Losses(_market, LossRules.Default with { DrawdownRate = 30 * TestExchange.Percent });
        _x.Fund(_market, 2_000);
        int holder = Short(10, deposit: 10_000);
        _x.Mark(_market, 800);
        Assert.That((_x.Row(_market).InsuranceUnits, _x.Size(holder, _market)), Is.EqualTo((1_000L, -10L)), "half is gone");
        _x.Mark(_market, 1_000);
        int second = _x.Account(1_000);
        _x.Mode(second, _market, MarginMode.Isolated);
        _x.Trade(second, holder, _market, 10, 1_000);
        _x.Mark(_market, 800);
        Assert.That(_x.Events<AutoDeleveraged>(EventType.AutoDeleveraged).Single().ClosedLots, Is.EqualTo(10));
        Assert.That(_x.Row(_market).InsuranceUnits, Is.EqualTo(1_000));
        _x.TimeNs += 9L * 3_600 * TestExchange.Second;
        _x.Mark(_market, 1_000);
        Assert.That(Shortfalls.IsDrawnDown(_x.State, _market), Is.False, "eight hours later it starts anew");
    }

    [Test]
    [Description("R-806: a deleveraging is no trade: no last price, no volume in the book's figures.")]
    public void NoTrade()
    {
        Short(10, deposit: 10_000);
        long last = _x.Row(_market).LastTicks;
        _x.Mark(_market, 800);
        Assert.That(_x.EventTypes(), Does.Not.Contain(EventType.Trade));
        Assert.That(_x.Row(_market).LastTicks, Is.EqualTo(last));
    }

    [Test]
    [Description("R-1204: what was taken over while insurance could carry it, and falls on: holders close it where the fund's money ends.")]
    public void Inventory()
    {
        int holder = Short(10, deposit: 10_000);
        int other = _x.Account(1_000);
        _x.Mode(other, _market, MarginMode.Isolated);
        _x.Fund(_market, 500);
        _x.Mark(_market, 870);
        Assert.That((_x.Size(_x.Row(_market).LiquidationAccount, _market), _x.Row(_market).InsuranceUnits), Is.EqualTo((10L, 200L)), "300 of it paid");
        _x.Mark(_market, 860);
        Assert.That(_x.EventTypes(), Does.Not.Contain(EventType.AutoDeleveraged), "another 100: the fund has 200");
        int seller = _x.Account(1_000_000);
        _x.Trade(other, seller, _market, 10, 860);
        _x.Mark(_market, 700);
        Assert.That(
            _x.Events<AutoDeleveraged>(EventType.AutoDeleveraged).Select(each => (each.AccountId, each.ClosedLots, each.ValueUnits)),
            Is.EqualTo(new[] { ((long)holder, 10L, 8_500L), (seller, 10L, 7_740L) }),
            "what was bought at 900 at 850: 300 were paid, 200 are there; then the new one at 774");
        ShortfallCovered paid = _x.Events<ShortfallCovered>(EventType.ShortfallCovered).Single();
        Assert.That((paid.AccountId, paid.InsuranceUnits), Is.EqualTo(((long)_x.Row(_market).LiquidationAccount, 200L)));
        Assert.That((_x.Row(_market).InsuranceUnits, _x.Row(_market).BadDebtUnits), Is.EqualTo((0L, 0L)));
        Assert.That(_x.Size(_x.Row(_market).LiquidationAccount, _market), Is.Zero);
    }

    private int Short(long lots, long deposit)
    {
        int holder = _x.Account(deposit);
        _x.Trade(_owner, holder, _market, lots, 1_000);
        return holder;
    }
}
