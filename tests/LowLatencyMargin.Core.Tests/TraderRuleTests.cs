using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Trader rules where scenarios don't reach: the cost of a mark, small work, triggers, batches, the turn of the month.</summary>
[TestFixture]
internal sealed class TraderRuleTests
{
    private const int Percent = TestExchange.Percent;

    private static readonly TraderRules Bands = TraderRules.S4 with
    {
        RiskPerTradeRate = 0,
        SizingCapRate = 0,
        DrawdownFirstRate = 0,
        DrawdownSecondRate = 0,
        DrawdownPauseRate = 0,
        DailyTrades = 0,
        DailyTradesWarning = 0,
    };

    [Test]
    [Description("R-1503, R-1102: a mark that crosses nobody's band does no work, however many accounts are watched.")]
    public void NoWorkBetweenBands()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        int other = x.Account(10_000_000);
        for (int i = 0; i < 20; i++)
        {
            int account = x.Account(2_000 + i);
            x.Rules(account, Bands with { LevelHysteresis = 0 });
            x.Trade(account, other, market, 10, 1_000);
        }

        // 2,000 for 10,000 with 500 required: level 4, safe down to about 889
        for (long mark = 1_000; mark >= 950; mark -= 10)
        {
            x.Mark(market, mark);
            Assert.That(x.State.WorkLeft, Is.EqualTo(x.State.Limits.MaxWorkPerCommand), $"mark {mark}");
        }

        x.Mark(market, 880);
        Assert.That(x.Events<MarginLevelChanged>(EventType.MarginLevelChanged), Has.Count.EqualTo(20));
    }

    [Test]
    [Description("R-1503, R-1504: with little work a mark that concerns many accounts goes on with ticks, and tells each once.")]
    public void SmallWork()
    {
        using var x = new TestExchange(work: 16);
        int market = x.Market(TestExchange.Simple);
        int other = x.Account(10_000_000);
        for (int i = 0; i < 40; i++)
        {
            int account = x.Account(2_000);
            x.Rules(account, Bands with { DrawdownFirstRate = 2 * Percent, DrawdownPauseRate = 4 * Percent });
            x.Trade(account, other, market, 10, 1_000);
        }

        x.Mark(market, 870);
        int told = x.Events<MarginLevelChanged>(EventType.MarginLevelChanged).Count;
        int paused = x.Events<DrawdownTold>(EventType.TradingPaused).Count;
        Assert.That(told, Is.LessThan(40));
        while (x.Exchange.HasPendingWork)
        {
            x.Tick();
            told += x.Events<MarginLevelChanged>(EventType.MarginLevelChanged).Count;
            paused += x.Events<DrawdownTold>(EventType.TradingPaused).Count;
        }

        Assert.That((told, paused), Is.EqualTo((40, 40)));
    }

    [Test]
    [Description("R-1503: new parameters of a market concern more accounts than one command has work for: the rest goes on with ticks.")]
    public void ParametersForMany()
    {
        using var x = new TestExchange(work: 16);
        int market = x.Market(TestExchange.Simple);
        int other = x.Account(10_000_000);
        for (int i = 0; i < 40; i++)
        {
            int account = x.Account(1_500);
            x.Rules(account, Bands);
            x.Trade(account, other, market, 10, 1_000);
        }

        x.Parameters(market, TestExchange.Simple with { MaintenanceMarginRate = 9 * Percent });
        int told = x.Events<MarginLevelChanged>(EventType.MarginLevelChanged).Count;
        Assert.That(told, Is.LessThan(40));
        while (x.Exchange.HasPendingWork)
        {
            x.Tick();
            told += x.Events<MarginLevelChanged>(EventType.MarginLevelChanged).Count;
        }

        Assert.That(told, Is.EqualTo(40));
    }

    [Test]
    [Description("R-1504: a month begins for more accounts than one command has work for; each takes its base once.")]
    public void MonthForMany()
    {
        using var x = new TestExchange(work: 16);
        for (int i = 0; i < 30; i++)
        {
            x.Rules(x.Account(100 + i), TraderRules.S4);
        }

        x.TimeNs = 32 * 86_400 * TestExchange.Second;
        x.Tick();
        int begun = x.Events<DrawdownTold>(EventType.DrawdownBaseSet).Count;
        Assert.That(begun, Is.InRange(1, 29));
        while (x.Exchange.HasPendingWork)
        {
            x.Tick();
            begun += x.Events<DrawdownTold>(EventType.DrawdownBaseSet).Count;
        }

        Assert.That(begun, Is.EqualTo(30));
        Assert.That(x.Exchange.NextDueNs, Is.EqualTo((31 + 28) * 86_400L * TestExchange.Second), "March");
    }

    [Test]
    [Description("R-1504: exact base: the turn of the month comes before the command that moves the clock.")]
    public void BaseBeforeTheCommand()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        (int a, int b) = (x.Account(10_000), x.Account(100_000));
        x.FundingOff(market);
        x.Rules(a, TraderRules.S4);
        x.Trade(a, b, market, 10, 1_000);
        x.Mark(market, 1_010);
        x.TimeNs = (31 * 86_400 * TestExchange.Second) + 1;
        x.Mark(market, 1_020);
        Assert.That(x.Events<DrawdownTold>(EventType.DrawdownBaseSet).Single().BaseUnits, Is.EqualTo(10_100));
    }

    [Test]
    [Description("R-1504, R-1505: a waiting order that adds risk is refused when it is set off in a pause; a closing one trades.")]
    public void SetOffInAPause()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        (int a, int b) = (x.Account(10_000), x.Account(100_000));
        x.Rules(a, new TraderRules { DailyTrades = 2 });
        TestExchange.Expect(ResultCode.Accepted, x.Order(TestExchange.AtMarket(a, market, Side.Buy, 1), TestExchange.Stop(1_005)));
        TestExchange.Expect(ResultCode.Accepted, x.Order(TestExchange.AtMarket(a, market, Side.Sell, 2), TestExchange.Stop(990)));
        x.Trade(a, b, market, 1, 1_000);
        x.Trade(a, b, market, 1, 1_000);
        x.Mark(market, 1_005);
        Assert.That(x.Events<Rejected>(EventType.Rejected).Single().Code, Is.EqualTo(ResultCode.DailyTradeLimit));
        x.Buy(b, market, 5, 985);
        x.Mark(market, 990);
        Assert.That(x.Size(a, market), Is.Zero);
    }

    [Test]
    [Description("R-1505, R-1310: an item of an atomic batch that comes after the day's last trade is accepted and cancelled.")]
    public void BatchOverTheLimit()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        (int a, int b) = (x.Account(10_000), x.Account(100_000));
        x.Sell(b, market, 10, 1_000);
        x.Rules(a, new TraderRules { DailyTrades = 1 });
        TestExchange.Expect(ResultCode.Accepted,
            x.Batch(a, market, BatchMode.Atomic, TestExchange.Placed(Side.Buy, 1, 1_000), TestExchange.Placed(Side.Buy, 1, 1_000)));
        Assert.That(x.Cancels(), Is.EqualTo(new[] { CancelReason.TraderRule }));
        Assert.That(x.Size(a, market), Is.EqualTo(1));
    }

    [Test]
    [Description("R-1504: what the pause cancels does not have to fit into one command; reduce-only orders stay.")]
    public void PauseCancelsMany()
    {
        using var x = new TestExchange(work: 16);
        int market = x.Market(TestExchange.Simple);
        (int a, int b) = (x.Account(100_000), x.Account(100_000));
        x.Rules(a, new TraderRules { DrawdownPauseRate = Percent });
        x.Trade(a, b, market, 100, 1_000);
        for (int i = 0; i < 30; i++)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Buy(a, market, 1, 800 + i));
        }

        TestExchange.Expect(ResultCode.Accepted, x.Order(TestExchange.Limit(a, market, Side.Sell, 5, 1_100, OrderFlags.ReduceOnly)));
        TestExchange.Expect(ResultCode.Accepted, x.Bracket(a, market, 900, 0));
        x.Mark(market, 990);
        Assert.That(x.Events<DrawdownTold>(EventType.TradingPaused), Has.Count.EqualTo(1));
        x.TickUntilDone();
        Assert.That(x.OpenOrders(a, market), Is.EqualTo(2));
    }

    [Test]
    [Description("R-1503: new parameters of a market are looked at at once; rules that end leave nothing behind.")]
    public void ParametersAndEnd()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        (int a, int b) = (x.Account(1_500), x.Account(100_000));
        x.FundingOff(market);
        x.Trade(a, b, market, 10, 1_000);
        x.Rules(a, Bands);
        TestExchange.Expect(ResultCode.Accepted, x.Parameters(market, TestExchange.Simple with { MaintenanceMarginRate = 9 * Percent }));
        Assert.That((LevelBand)x.Events<MarginLevelChanged>(EventType.MarginLevelChanged).Single().Header.Detail, Is.EqualTo(LevelBand.Caution));
        TestExchange.Expect(ResultCode.Accepted, x.Rules(a, default));
        Assert.That((x.State.AccountRules.Count, x.State.PositionRecords.Count, x.State.Timers.Count), Is.EqualTo((0, 0, 0)));
        x.Mark(market, 900);
        Assert.That(x.Events<MarginLevelChanged>(EventType.MarginLevelChanged), Is.Empty);
    }

    [Test]
    [Description("R-1408, R-1507: in a cross scope the largest requirement is reduced first, only as far as the target; the system never opens.")]
    public void ReducesTheLargest()
    {
        using var x = new TestExchange();
        (int small, int large) = (x.Market(TestExchange.Simple), x.Market(TestExchange.Simple));
        (int a, int b) = (x.Account(3_000), x.Account(1_000_000));
        x.Rules(a, Bands with { AutoReduceTarget = 150 * Percent });
        x.Trade(a, b, small, 10, 1_000);
        x.Trade(b, a, large, 20, 1_000);
        x.Buy(b, small, 50, 950);
        x.Sell(b, large, 50, 1_001);
        x.Mark(small, 870);
        Assert.That(x.Events<PositionReduced>(EventType.PositionAutoReduced).Select(reduced => reduced.Header.MarketId), Is.All.EqualTo((uint)large));
        Assert.That((x.Size(a, small), x.Size(a, large)), Is.EqualTo((10, -13)));
    }

    [Test]
    [Description("R-1504: policy close: positions in several markets, both directions, all closed.")]
    public void ClosesAll()
    {
        using var x = new TestExchange();
        (int one, int two) = (x.Market(TestExchange.Simple), x.Market(TestExchange.Simple));
        (int a, int b) = (x.Account(10_000), x.Account(1_000_000));
        x.Rules(a, new TraderRules { DrawdownPauseRate = Percent, PausePolicy = PausePolicy.Close });
        x.Mode(a, two, MarginMode.Isolated);
        x.Trade(a, b, one, 10, 1_000);
        x.Trade(b, a, two, 10, 1_000);
        x.Buy(b, one, 50, 985);
        x.Sell(b, two, 50, 1_005);
        x.Mark(one, 989);
        Assert.That((x.Size(a, one), x.Size(a, two)), Is.EqualTo((0, 0)));
        Assert.That(x.Events<PositionReduced>(EventType.PositionAutoReduced), Has.Count.EqualTo(2));
        TestExchange.Expect(ResultCode.NoPauseOverride, x.ResumeTrading(a));
    }

    [TestCase(1, 0)]
    [TestCase(0, -1)]
    [Description("R-1502: the protective stop is checked for every account: range, side, and it has no place on a reduce-only order.")]
    public void StopOfAnyAccount(int above, int below)
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        (int a, int b) = (x.Account(10_000), x.Account(10_000));
        PlaceOrder order = TestExchange.Limit(a, market, Side.Buy, 1, 1_000);
        TestExchange.Expect(ResultCode.InvalidTrigger, x.Order(order, new OrderTerms { ProtectiveStopTicks = above != 0 ? 1L << 40 : below }));
        TestExchange.Expect(ResultCode.StopOnWinningSide, x.Order(order, new OrderTerms { ProtectiveStopTicks = 1_000 }));
        TestExchange.Expect(ResultCode.Accepted, x.Order(order, new OrderTerms { ProtectiveStopTicks = 999 }));
        x.Sell(b, market, 1, 1_000);
        TestExchange.Expect(ResultCode.InvalidTrigger,
            x.Order(TestExchange.Limit(a, market, Side.Sell, 1, 1_100, OrderFlags.ReduceOnly), new OrderTerms { ProtectiveStopTicks = 1_200 }));
    }

    [Test]
    [Description("R-1506: a flip closes one position and opens another; a liquidation is an exit of its own, its penalty a fee.")]
    public void FlipAndLiquidation()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple with { PenaltyRate = Percent });
        (int a, int b) = (x.Account(2_000), x.Account(1_000_000));
        x.Rules(a, new TraderRules { DailyTrades = 50 });
        x.Trade(a, b, market, 10, 1_000);
        x.Mark(market, 1_010);
        x.Trade(b, a, market, 15, 1_010);
        PerformanceUpdated flipped = x.Events<PerformanceUpdated>(EventType.PerformanceUpdated).Single();
        Assert.That((flipped.ResultUnits, flipped.Won, (ExitKind)flipped.Header.Detail), Is.EqualTo((100, 1, ExitKind.Other)));
        x.Sell(b, market, 5, 1_390);
        x.Mark(market, 1_390);
        PerformanceUpdated liquidated = x.Events<PerformanceUpdated>(EventType.PerformanceUpdated).Single();
        Assert.That((liquidated.Closed, liquidated.Won, (ExitKind)liquidated.Header.Detail), Is.EqualTo((2, 1, ExitKind.Liquidation)));
        Assert.That(liquidated.ResultUnits, Is.EqualTo(-(5 * 380) - 70), "5 lots lost 380 each; 1 % of 6,950, rounded up");
        Assert.That(x.State.AccountRules[1].ByLiquidation.RealizedPnlUnits, Is.EqualTo(-1_900));
    }

    [Test]
    [Description("R-1508: for every position the sum of its fills in the event stream is its size, over 120,000 random commands.")]
    public void FillsAddUp()
    {
        (TestExchange x, MixedFlow flow) = MixedFlow.Start(seed: 1508);
        using (x)
        {
            Dictionary<(long Account, uint Market), long> logged = [];
            Dictionary<long, long> owners = [];
            for (int i = 0; i < 120_000; i++)
            {
                flow.Step();
                Log(x, logged, owners);
            }

            Dictionary<(long Account, uint Market), long> sizes = [];
            for (int row = 1; row <= x.State.Positions.HighWater; row++)
            {
                Margin.Position position = x.State.Positions[row];
                (long, uint) scope = (position.Account, (uint)position.Market);
                sizes[scope] = sizes.GetValueOrDefault(scope) + position.SizeLots;
            }

            Assert.That(logged.Where(entry => entry.Value != 0), Is.EquivalentTo(sizes.Where(entry => entry.Value != 0)));

            Assert.That(flow.Seen(EventType.LiquidationTakeover), Is.GreaterThan(10));
        }
    }

    private static void Log(TestExchange x, Dictionary<(long Account, uint Market), long> logged, Dictionary<long, long> owners)
    {
        long lots = 0;
        foreach (ref readonly EventSlot slot in x.Exchange.Events.Span)
        {
            uint market = slot.Header.MarketId;
            switch (slot.Header.Type)
            {
                case EventType.Trade:
                    lots = EventSlot.As<Trade>(in slot).QuantityLots;
                    break;
                case EventType.Fill:
                    Add(EventSlot.As<Fill>(in slot).AccountId, slot.Header.Side == Side.Buy ? lots : -lots);
                    break;
                case EventType.PositionTransferred:
                    PositionTransferred moved = EventSlot.As<PositionTransferred>(in slot);
                    Add(moved.AccountId, -moved.SizeLots);
                    Add(moved.ToAccountId, moved.SizeLots);
                    break;
                case EventType.LiquidationTakeover:
                    LiquidationTakeover takeover = EventSlot.As<LiquidationTakeover>(in slot);
                    Add(takeover.AccountId, -takeover.SizeLots);
                    Add(x.State.Markets[(int)market].LiquidationAccount, takeover.SizeLots);
                    break;
                case EventType.PositionSettled:
                    PositionSettled settled = EventSlot.As<PositionSettled>(in slot);
                    Add(settled.AccountId, -settled.SizeLots);
                    Add(x.State.Markets[(int)market].LiquidationAccount, settled.SizeLots);
                    break;
                case EventType.LiquidationStarted:
                    owners[EventSlot.As<LiquidationStarted>(in slot).LiquidationId] = EventSlot.As<LiquidationStarted>(in slot).AccountId;
                    break;
                case EventType.AutoDeleveraged:
                    AutoDeleveraged closed = EventSlot.As<AutoDeleveraged>(in slot);
                    long change = closed.SizeLots > 0 ? -closed.ClosedLots : closed.ClosedLots;
                    Add(closed.AccountId, change);
                    Add(owners[closed.LiquidationId], -change);
                    break;
            }

            void Add(long account, long size) => logged[(account, market)] = logged.GetValueOrDefault((account, market)) + size;
        }
    }

    [Test]
    [Description("R-1504: a pause that is set when the alerts of the month have been told still begins; rules without one end it and let it begin again.")]
    public void PauseSetLater()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        int a = x.Account(10_000);
        x.Rules(a, new TraderRules { DrawdownFirstRate = 2 * Percent });
        x.Trade(a, x.Account(1_000_000), market, 10, 1_000);
        x.Mark(market, 950);
        Assert.That(x.Events<DrawdownTold>(EventType.DrawdownAlert), Has.Count.EqualTo(1));
        x.Rules(a, new TraderRules { DrawdownFirstRate = 2 * Percent, DrawdownPauseRate = 4 * Percent });
        Assert.That(x.Events<DrawdownTold>(EventType.TradingPaused).Single().LossUnits, Is.EqualTo(500));
        TestExchange.Expect(ResultCode.TradingPaused, x.Buy(a, market, 1, 900));

        x.Rules(a, new TraderRules { DrawdownFirstRate = 2 * Percent });
        Assert.That(x.Events<TradingResumed>(EventType.TradingResumed).Single().Header.Detail, Is.EqualTo((byte)ResumeCause.Rules));
        TestExchange.Expect(ResultCode.Accepted, x.Buy(a, market, 1, 900));
        x.Rules(a, new TraderRules { DrawdownFirstRate = 2 * Percent, DrawdownPauseRate = 5 * Percent });
        Assert.That(x.Events<DrawdownTold>(EventType.DrawdownAlert), Is.Empty);
        Assert.That(x.Events<DrawdownTold>(EventType.TradingPaused), Has.Count.EqualTo(1));
    }

    [Test]
    [Description("R-1503, R-303: a position that was cross in between begins in the band of its level when it is isolated again.")]
    public void BandsOfAPositionThatSwitches()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple with { ModeSwitch = ModeSwitchPolicy.Checked });
        int a = x.Account(10_000);
        x.Rules(a, TraderRules.S4);
        x.Mode(a, market, MarginMode.Isolated);
        x.Trade(a, x.Account(1_000_000), market, 10, 1_000);
        x.Mark(market, 955);
        Assert.That(x.Events<MarginLevelChanged>(EventType.MarginLevelChanged).Single().Header.Detail, Is.EqualTo((byte)LevelBand.Warning));
        TestExchange.Expect(ResultCode.Accepted, x.Mode(a, market, MarginMode.Cross));
        x.Mark(market, 1_200);
        TestExchange.Expect(ResultCode.Accepted, x.Mode(a, market, MarginMode.Isolated));
        Assert.That(x.Events<MarginLevelChanged>(EventType.MarginLevelChanged), Is.Empty);
    }
}
