using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Tests;

[TestFixture]
internal sealed class LiquidationTests
{
    private TestExchange _x = null!;
    private int _market;
    private int _a;
    private int _rich;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange();
        _market = _x.Market(TestExchange.Simple);
        _a = _x.Account(1_000);
        _rich = _x.Account(10_000_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [TestCase(LiquidationTrigger.Below, 10)]
    [TestCase(LiquidationTrigger.Reaches, 0)]
    [Description("R-1101: liquidatable below the requirement, or already at it.")]
    public void Trigger(LiquidationTrigger trigger, long left)
    {
        _x.Parameters(_market, TestExchange.Simple with { Trigger = trigger });
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Trade(_a, _rich, _market, 10, 1_000);
        _x.Deposit(_a, 1_000);
        _x.Allocate(_a, _market, 450);
        _x.Mark(_market, 900);
        Assert.That(_x.Position(_a, _market).SizeLots, Is.EqualTo(left), "equity 450, requirement 450");
    }

    [Test]
    [Description("R-1101: with the closing fee in the trigger the requirement includes taker fee and penalty.")]
    public void TriggerIncludesFee()
    {
        _x.Parameters(_market, TestExchange.Simple with { PenaltyRate = 1 * TestExchange.Percent, TriggerIncludesFee = 1 });
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Trade(_a, _rich, _market, 10, 1_000);
        _x.Mark(_market, 958);
        Assert.That(_x.Position(_a, _market).SizeLots, Is.EqualTo(10), "equity 580, requirement 479 + 96 = 575");
        _x.Mark(_market, 957);
        Assert.That(_x.Position(_a, _market).SizeLots, Is.Zero, "equity 570, requirement 479 + 96");
    }

    [Test]
    [Description("R-1104: a cross scope takes back the pool's money from isolated orders, newest first, and leaves orders that hold none of it.")]
    public void IsolatedOrdersGoAsLongAsTheyHoldPoolMoney()
    {
        int other = _x.Market(TestExchange.Simple);
        _x.Trade(_a, _rich, _market, 9, 1_000);
        _x.Deposit(_a, 500);
        _x.Mode(_a, other, MarginMode.Isolated);
        _x.Allocate(_a, other, 150);
        _x.Buy(_a, other, 1, 1_000);
        long covered = _x.LastOrderId;
        _x.Buy(_a, other, 1, 1_000);
        long holds = _x.LastOrderId;
        Assert.That(_x.Held(_a), Is.EqualTo(50), "two orders of 100 each, 150 isolated");

        _x.Mark(_market, 880);

        Assert.That(_x.Events<OrderChanged>(EventType.OrderCancelled).Select(o => o.OrderId), Is.EqualTo(new[] { holds }), $"not {covered}");
        Assert.That(_x.Held(_a), Is.Zero);
        Assert.That(_x.Position(_a, other).OpenOrders, Is.EqualTo(1));
    }

    [Test]
    [Description("R-1104, R-1107: orders go first, newest first; then the book at the bankruptcy price or better; then the takeover.")]
    public void Sequence()
    {
        _x.Deposit(_a, 10_000);
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Trade(_a, _rich, _market, 10, 1_000);
        _x.Buy(_a, _market, 1, 850);
        long first = _x.LastOrderId;
        _x.Buy(_a, _market, 1, 851);
        long second = _x.LastOrderId;
        _x.Buy(_rich, _market, 3, 920);
        _x.Buy(_rich, _market, 4, 900);
        _x.Buy(_rich, _market, 9, 899);

        _x.Mark(_market, 940);

        Assert.That(_x.Events<OrderChanged>(EventType.OrderCancelled).Select(o => o.OrderId), Is.EqualTo(new[] { second, first }));
        Assert.That(
            _x.Events<Trade>(EventType.Trade).Select(t => (t.PriceTicks, t.QuantityLots)),
            Is.EqualTo(new[] { (920L, 3L), (900L, 4L) }),
            "bankruptcy price 900: nothing at 899");
        LiquidationTakeover takeover = _x.Events<LiquidationTakeover>(EventType.LiquidationTakeover).Single();
        Assert.That((takeover.SizeLots, takeover.CostUnits, takeover.BankruptcyPriceTicks), Is.EqualTo((3L, 2_700L, 900L)));
        LiquidationFinished finished = _x.Events<LiquidationFinished>(EventType.LiquidationFinished).Single();
        Assert.That((finished.ClosedLots, finished.ClosedNotionalUnits, finished.TakenOverLots, finished.ReturnedUnits), Is.EqualTo((7L, 6_360L, 3L, 60L)));
        Assert.That(_x.Pool(_a), Is.EqualTo(10_000 + 60), "what the book gave above the bankruptcy price");
        Position inventory = _x.Position(_x.Row(_market).LiquidationAccount, _market);
        Assert.That((inventory.SizeLots, inventory.EntryCostUnits), Is.EqualTo((3L, 2_700L)));
        List<EventType> types = _x.EventTypes();
        Assert.That(types.IndexOf(EventType.LiquidationStarted), Is.LessThan(types.IndexOf(EventType.Trade)));
        Assert.That(types.IndexOf(EventType.LiquidationTakeover), Is.GreaterThan(types.LastIndexOf(EventType.Fill)));
    }

    [Test]
    [Description("R-1104: a short is closed by buying at its bankruptcy price or lower, and taken over for what the margin leaves it.")]
    public void ShortSequence()
    {
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Trade(_rich, _a, _market, 10, 1_000);
        _x.Sell(_rich, _market, 4, 1_090);
        _x.Sell(_rich, _market, 4, 1_101);
        _x.Mark(_market, 1_060);
        Assert.That(_x.Events<Trade>(EventType.Trade).Select(t => (t.PriceTicks, t.QuantityLots)), Is.EqualTo(new[] { (1_090L, 4L) }));
        LiquidationTakeover takeover = _x.Events<LiquidationTakeover>(EventType.LiquidationTakeover).Single();
        Assert.That((takeover.SizeLots, takeover.CostUnits, takeover.BankruptcyPriceTicks), Is.EqualTo((-6L, 6_600L, 1_100L)));
        Assert.That(_x.Pool(_a), Is.EqualTo(40));
    }

    [Test]
    [Description("R-1201, R-1202, R-1203: a takeover below water is covered by the insurance fund first, the rest is recorded as bad debt.")]
    public void InsuranceThenBadDebt()
    {
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Trade(_a, _rich, _market, 10, 1_000);
        _x.Fund(_market, 300);

        _x.Mark(_market, 850);

        ShortfallCovered covered = _x.Events<ShortfallCovered>(EventType.ShortfallCovered).Single();
        Assert.That(
            (covered.AccountId, covered.ShortfallUnits, covered.InsuranceUnits, covered.BadDebtUnits, covered.InsuranceBalanceUnits),
            Is.EqualTo(((long)_a, 500L, 300L, 200L, 0L)));
        Assert.That((_x.Row(_market).BadDebtUnits, _x.Row(_market).ShortfallUnits, _x.Pool(_a)), Is.EqualTo((200L, 500L, 0L)));
    }

    [Test]
    [Description("R-1201: without insurance the whole shortfall is bad debt.")]
    public void WithoutInsurance()
    {
        _x.Parameters(_market, TestExchange.Simple with { InsuranceEnabled = 0 });
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Trade(_a, _rich, _market, 10, 1_000);
        _x.Fund(_market, 300);
        _x.Mark(_market, 850);
        Assert.That((_x.Row(_market).BadDebtUnits, _x.Row(_market).InsuranceUnits), Is.EqualTo((500L, 300L)));
    }

    [Test]
    [Description("R-1108: the penalty is a share of what was closed at mark, split as the parameters say; what rounding leaves goes to insurance.")]
    public void PenaltyIsSplit()
    {
        _x.Parameters(_market, TestExchange.Simple with
        {
            TakerFeeRate = 10_000,
            PenaltyRate = 1 * TestExchange.Percent,
            PenaltyKeeperRate = 0,
            PenaltyProtocolRate = 33 * TestExchange.Percent,
            PenaltyInsuranceRate = 34 * TestExchange.Percent,
            PenaltyMakersRate = 33 * TestExchange.Percent,
        });
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Deposit(_a, 100);
        _x.Trade(_a, _rich, _market, 10, 1_000);
        _x.Buy(_rich, _market, 10, 950);
        long maker = _x.Pool(_rich);

        _x.Mark(_market, 955);

        PenaltyPaid paid = _x.Events<PenaltyPaid>(EventType.PenaltyPaid).Single();
        Assert.That(paid.FeeUnits, Is.EqualTo(1), "up(9500 x 1 bp)");
        Assert.That(
            (paid.KeeperUnits, paid.ProtocolUnits, paid.MakersUnits, paid.InsuranceUnits),
            Is.EqualTo((0L, 31L, 31L, 34L)),
            "96 = up(9550 x 1 %): down(31.68) twice, the rest to insurance");
        Assert.That((_x.Row(_market).ProtocolUnits, _x.Row(_market).InsuranceUnits), Is.EqualTo((31L, 34L)));
        Assert.That(_x.Pool(_rich) - maker, Is.EqualTo(31 + 500), "its share, and the profit of its short");
    }

    [Test]
    [Description("R-1109: fee and penalty never exceed what the loss left.")]
    public void PenaltyIsLimited()
    {
        _x.Parameters(_market, TestExchange.Simple with { TriggerIncludesFee = 0, MinPenaltyUnits = 1_000_000 });
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Trade(_a, _rich, _market, 10, 1_000);
        _x.Buy(_rich, _market, 10, 930);
        _x.Mark(_market, 940);
        PenaltyPaid paid = _x.Events<PenaltyPaid>(EventType.PenaltyPaid).Single();
        Assert.That(paid.ProtocolUnits + paid.InsuranceUnits + paid.MakersUnits + paid.KeeperUnits, Is.EqualTo(300), "margin 1000, loss 700");
        Assert.That(_x.Pool(_a), Is.Zero);
        Assert.That(_x.Row(_market).ShortfallUnits, Is.Zero);
    }

    [Test]
    [Description("R-209, R-1104: an isolated liquidation touches neither the pool nor another isolated position: bit for bit the same row.")]
    public void OtherScopesStayAsTheyAre()
    {
        int other = _x.Market(TestExchange.Simple);
        _x.Deposit(_a, 9_000);
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Mode(_a, other, MarginMode.Isolated);
        _x.Trade(_a, _rich, _market, 10, 1_000);
        _x.Trade(_a, _rich, other, 10, 1_000);
        Position before = _x.Position(_a, other);
        long pool = _x.Pool(_a);

        _x.Mark(_market, 100);

        Assert.That(_x.Position(_a, _market).SizeLots, Is.Zero);
        Assert.That(_x.Row(_market).BadDebtUnits, Is.GreaterThan(0));
        Assert.That(_x.Position(_a, other), Is.EqualTo(before));
        Assert.That(_x.Pool(_a), Is.EqualTo(pool));
    }

    [Test]
    [Description("R-1104 in cross mode: orders go first, the largest requirement is closed first, and closing stops as soon as the account is healthy.")]
    public void CrossClosesTheLargestFirstAndStopsWhenHealthy()
    {
        int second = CrossAccountInTwoMarkets();
        _x.Sell(_a, second, 10, 1_200);
        _x.Buy(_rich, _market, 20, 930);

        _x.Mark(_market, 922);
        Assert.That(_x.Events<LiquidationStarted>(EventType.LiquidationStarted), Is.Empty, "equity 1440, requirement 922 + 500");
        _x.Mark(_market, 921);

        LiquidationStarted started = _x.Events<LiquidationStarted>(EventType.LiquidationStarted).Single();
        Assert.That((started.Header.MarketId, started.EquityUnits, started.RequirementUnits), Is.EqualTo(((uint)_market, 1_420L, 1_421L)));
        Assert.That(_x.Events<OrderChanged>(EventType.OrderCancelled), Has.Count.EqualTo(1));
        Assert.That(_x.Position(_a, _market).SizeLots, Is.Zero);
        Assert.That(_x.Position(_a, second).SizeLots, Is.EqualTo(10), "equity 1600, requirement 500");
        Assert.That(_x.Pool(_a), Is.EqualTo(1_600));
    }

    [Test]
    [Description("R-1104, R-1201 in cross mode: while the account stays short of its requirement the next position follows.")]
    public void CrossGoesOnUntilNothingIsLeft()
    {
        int second = CrossAccountInTwoMarkets();

        _x.Mark(_market, 800);

        Assert.That(
            _x.Events<LiquidationStarted>(EventType.LiquidationStarted).Select(started => (int)started.Header.MarketId),
            Is.EqualTo(new[] { _market, second }));
        Assert.That(_x.Row(_market).BadDebtUnits, Is.EqualTo(1_000), "taken over at 850, worth 800");
        Assert.That((_x.Pool(_a), _x.Position(_a, second).SizeLots), Is.EqualTo((0L, 0L)));
    }

    [Test]
    [Description("R-302, R-1101: a cross account survives a mark that one of its positions alone would not, while the whole covers the whole.")]
    public void CrossShares()
    {
        int second = CrossAccountInTwoMarkets();
        _x.Mark(second, 1_300);
        _x.Mark(_market, 860);
        Assert.That(_x.Position(_a, _market).SizeLots, Is.EqualTo(20), "equity 3000 + 3000 - 2800");
        _x.Mark(second, 1_100);
        Assert.That(_x.Position(_a, _market).SizeLots, Is.Zero, "equity 1200, requirement 860 + 550");
    }

    [Test]
    [Description("R-1101, R-302: money that an isolated fill draws from the pool is missed by the cross positions at once.")]
    public void IsolatedDrawCountsForCross()
    {
        int second = _x.Market(TestExchange.Simple);
        _x.Deposit(_a, 2_000);
        _x.Mode(_a, second, MarginMode.Isolated);
        _x.Trade(_a, _rich, _market, 20, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_a, second, 10, 1_000));
        _x.Mark(_market, 960);
        Assert.That(_x.Position(_a, _market).SizeLots, Is.EqualTo(20), "equity 2200, requirement 960, held 1000");
        _x.Sell(_rich, second, 10, 1_000);
        Assert.That(_x.Position(_a, _market).SizeLots, Is.EqualTo(20), "equity 1200, requirement 960");
        _x.Mark(_market, 945);
        Assert.That(_x.Position(_a, _market).SizeLots, Is.Zero, "equity 900, requirement 945");
        Assert.That(_x.Position(_a, second).SizeLots, Is.EqualTo(10));
    }

    [Test]
    [Description("R-1202: a cross account that closes at a loss beyond its pool leaves a shortfall, never a negative balance.")]
    public void NegativePoolIsCovered()
    {
        _x.Trade(_a, _rich, _market, 10, 1_000);
        _x.Buy(_rich, _market, 10, 990);
        _x.Mark(_market, 700);
        Assert.That(_x.Position(_a, _market).SizeLots, Is.Zero);
        Assert.That(_x.Pool(_a), Is.GreaterThanOrEqualTo(0));
    }

    [Test]
    [Description("R-1104: what one liquidation takes over and another gives back meets in the liquidation account.")]
    public void LiquidationAccountNets()
    {
        int b = _x.Account(1_000);
        _x.Trade(_a, _rich, _market, 10, 1_000);
        _x.Trade(_rich, b, _market, 10, 1_000);
        _x.Mark(_market, 940);
        int inventory = _x.Row(_market).LiquidationAccount;
        Assert.That(_x.Position(inventory, _market).SizeLots, Is.EqualTo(10));
        _x.Mark(_market, 1_060);
        Assert.That(_x.Position(inventory, _market).SizeLots, Is.Zero);
        Assert.That(_x.Pool(inventory), Is.EqualTo(2_000), "bought for 9000, sold for 11000");
    }

    [Test]
    [Description("R-1101, R-1102: a cross account exactly at its requirement "
        + "in markets of different triggers is liquidated or left alone, with nothing pending.")]
    public void DifferentTriggersInOneAccount()
    {
        int second = CrossAccountInTwoMarkets();
        _x.Parameters(second, TestExchange.Simple with { Trigger = LiquidationTrigger.Reaches });
        _x.Sell(_a, _market, 20, 1_200);
        _x.Deposit(_a, 11);
        _x.Mark(_market, 921);
        _x.Mark(second, 999);
        Assert.That(_x.Exchange.HasPendingWork, Is.False);
        int started = _x.Events<LiquidationStarted>(EventType.LiquidationStarted).Count;
        Assert.That(_x.Events<OrderChanged>(EventType.OrderCancelled).Count, Is.EqualTo(started == 0 ? 0 : 1), "orders go only when positions do");
    }

    [TestCase(4)]
    [TestCase(6)]
    [Description("R-1102, R-703: with maintenance on entry cost a new maintenance rate reaches the positions that are open, and leaves no work behind.")]
    public void NewMaintenanceRateOnEntryCost(int percent)
    {
        MarketParameters entry = TestExchange.Simple with { MaintenanceMarginBase = MarginBase.Entry };
        int market = _x.Market(entry);
        _x.Trade(_a, _rich, market, 10, 1_000);
        _x.Mark(market, 955);
        ResultCode code = _x.Parameters(market, entry with { MaintenanceMarginRate = percent * TestExchange.Percent });
        Assert.That(_x.Exchange.HasPendingWork, Is.False);
        bool isLiquidated = _x.Position(_a, market).SizeLots == 0;
        Assert.That(isLiquidated, Is.EqualTo(code == ResultCode.Accepted && percent == 6), $"equity 550, requirement {percent * 100}");
    }

    [Test]
    [Description("R-101: requirements of 2^49 units beside a position of one lot overflow nothing: all are liquidated, no exception.")]
    public void HugePositionsBesideATinyOne()
    {
        const long Highest = (1L << 40) - 1;
        int tiny = _x.Market(TestExchange.Simple, mark: 10);
        int rising = _x.Market(TestExchange.Simple, mark: 10);
        int shorted = _x.Market(TestExchange.Simple, mark: 10);
        _x.Deposit(_a, 100_000);
        _x.Trade(_a, _rich, tiny, 1, 10);
        _x.Trade(_a, _rich, rising, 15_000, 10);
        _x.Trade(_rich, _a, shorted, 15_000, 10);
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(rising, Highest));
        TestExchange.Expect(ResultCode.Accepted, _x.Mark(shorted, Highest));
        Assert.That((_x.Position(_a, rising).SizeLots, _x.Position(_a, shorted).SizeLots), Is.EqualTo((0L, 0L)));
        Assert.That(_x.Exchange.HasPendingWork, Is.False);
        Assert.That(_x.Pool(_a), Is.GreaterThanOrEqualTo(0));
    }

    /// <summary>3,000 in the pool; long 20 in the market and 10 in a second one, both entered at 1,000.</summary>
    private int CrossAccountInTwoMarkets()
    {
        int second = _x.Market(TestExchange.Simple);
        _x.Deposit(_a, 2_000);
        _x.Trade(_a, _rich, second, 10, 1_000);
        _x.Trade(_a, _rich, _market, 20, 1_000);
        return second;
    }
}
