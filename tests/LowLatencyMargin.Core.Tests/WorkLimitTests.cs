using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>What does not fit into one command's work goes on with ticks, and ends as if it had fitted.</summary>
[TestFixture]
internal sealed class WorkLimitTests
{
    [Test]
    [Description("R-1312, R-1313: a stop that is reached when the work runs out is set off with the next tick, not lost.")]
    public void StopsAreNotLost([Values(16, 17)] int work)
    {
        const int Stops = 40;
        using var x = new TestExchange(work);
        int market = x.Market(TestExchange.Simple);
        (int trader, int other) = (x.Account(1_000_000), x.Account(1_000_000));
        x.Trade(trader, other, market, Stops, 1_000);
        x.Buy(other, market, Stops, 995);
        for (int i = 0; i < Stops; i++)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Order(TestExchange.AtMarket(trader, market, Side.Sell, 1), TestExchange.Stop(999)));
        }

        x.Mark(market, 999);
        x.TickUntilDone();

        Assert.That(x.Size(trader, market), Is.Zero, "all stops sold");
        Assert.That(x.OpenOrders(trader, market), Is.Zero);
    }

    [Test]
    [Description("R-1312, R-1102: stops that are left over come before liquidations that are left over, with a tick as with any command.")]
    public void StopsComeBeforeLiquidations()
    {
        using var x = new TestExchange(work: 16);
        int market = x.Market(TestExchange.Simple);
        (int trader, int rich) = (x.Account(1_000_000), x.Account(10_000_000));
        for (int i = 0; i < 40; i++)
        {
            x.Trade(x.Account(1_100), rich, market, 10, 1_000);
        }

        x.Trade(trader, rich, market, 30, 1_000);
        x.Buy(rich, market, 1_000, 890);
        for (int i = 0; i < 30; i++)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Order(TestExchange.AtMarket(trader, market, Side.Sell, 1), TestExchange.Stop(900)));
        }

        x.Mark(market, 890);
        Assert.That(x.State.PendingMarkets, Is.EqualTo(1), "liquidations are left over");
        Assert.That(x.State.TriggersDueCount, Is.EqualTo(1), "and stops");
        while (x.OpenOrders(trader, market) > 0)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Tick());
            Assert.That(x.Events<OrderTriggered>(EventType.OrderTriggered), Is.Not.Empty, "every tick sets stops off as long as there are any");
        }

        x.TickUntilDone();
        Assert.That(x.Size(trader, market), Is.Zero);
    }

    [TestCase(16)]
    [TestCase(4096)]
    [Description("R-1102: positions that the index finds early, and that are healthy, are in nobody's way, however many there are: the large one behind them "
        + "is liquidated, the ticks end, and the next mark against the small ones finds them all.")]
    public void EarlyPositionsBlockNobody(int work)
    {
        const int Positions = 100;
        using var x = new TestExchange(work, maxAccounts: Positions + 64, maxPositions: Positions + 256) { ChecksEvery = 25 };
        int market = x.Market(TestExchange.Simple);
        int rich = x.Account(100_000_000);
        int large = x.Account(200_000);
        TestExchange.Expect(ResultCode.Accepted, x.Mode(large, market, MarginMode.Isolated));
        x.Trade(large, rich, market, 1_000, 1_002);
        for (int i = 0; i < Positions; i++)
        {
            int account = x.Account(1_000);
            TestExchange.Expect(ResultCode.Accepted, x.Mode(account, market, MarginMode.Isolated));
            x.Trade(account, rich, market, 1, 1_000);
        }

        // one lot has 49 and needs 48, its key is good for 947.4 to 949.5; the large one has 47.2 a lot and needs 47.45
        x.Mark(market, 949);
        int ticks = 0;
        for (; x.Exchange.HasPendingWork && ticks < Positions; ticks++)
        {
            // what comes in between has the next tick begin anew
            x.Deposit(rich, 1);
            TestExchange.Expect(ResultCode.Accepted, x.Tick());
        }

        Assert.That(ticks, Is.LessThan(Positions));
        Assert.That(x.State.Markets[market].Liquidations, Is.EqualTo(1));
        Assert.That(x.Size(large, market), Is.LessThan(1_000));
        long before = x.State.LastLiquidationId;
        x.Mark(market, 948);
        x.TickUntilDone();
        Assert.That(x.State.LastLiquidationId - before, Is.LessThanOrEqualTo(1), "48 and 48: not below");
        before = x.State.LastLiquidationId;
        x.Mark(market, 947);
        x.TickUntilDone();
        Assert.That(x.State.LastLiquidationId - before, Is.GreaterThanOrEqualTo(Positions));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Description("R-1102, R-1113: however much work a command may do, it liquidates no more than a few at once, so that the commands that come between "
        + "two ticks of a cascade are served soon; orders of another market are, whole and at once.")]
    public void CascadeLeavesRoomForOthers(bool absorbed)
    {
        const int Positions = 500;
        const int Most = 16;
        using var x = new TestExchange(work: 4096, maxAccounts: Positions + 64, maxPositions: Positions + 256) { ChecksEvery = 50 };
        (int market, int other) = (x.Market(TestExchange.Simple), x.Market(TestExchange.Simple));
        (int rich, int trader) = (x.Account(100_000_000), x.Account(1_000_000));
        for (int i = 0; i < Positions; i++)
        {
            int account = x.Account(1_000);
            TestExchange.Expect(ResultCode.Accepted, x.Mode(account, market, MarginMode.Isolated));
            x.Trade(account, rich, market, 10, 1_000);
        }

        if (absorbed)
        {
            x.Buy(rich, market, 10 * Positions, 930);
        }

        x.Mark(market, 940);
        int commands = 1;
        for (long before = 0; x.Exchange.HasPendingWork; commands++)
        {
            long started = x.State.LastLiquidationId;
            Assert.That(started - before, Is.InRange(1, Most), $"command {commands}");
            before = started;
            if (commands % 2 == 0)
            {
                x.Buy(rich, other, 1, 1_000);
                TestExchange.Expect(ResultCode.Accepted, x.Order(TestExchange.Limit(trader, other, Side.Sell, 1, 1_000)));
                Assert.That(x.Events<Trade>(EventType.Trade), Has.Some.Matches<Trade>(trade => trade.Header.MarketId == other));
                before = x.State.LastLiquidationId;
            }

            TestExchange.Expect(ResultCode.Accepted, x.Tick());
        }

        Assert.That(x.State.Markets[market].Liquidations, Is.EqualTo(Positions));
    }

    [TestCase(16)]
    [TestCase(64)]
    [TestCase(4096)]
    [Description("R-506, R-1102: when the maintenance of a tiered market changes, its positions are indexed anew as far as the work goes, the rest with "
        + "ticks; then exactly those are liquidated that the new rates call for.")]
    public void MaintenanceOfAMarketChanges(int work)
    {
        const int Positions = 200;
        using var x = new TestExchange(work, maxAccounts: 300, maxPositions: 512, maxOrders: 512) { ChecksEvery = 50 };
        MarketParameters parameters = TestExchange.Simple with
        {
            MaintenanceNoticeMs = 1_000,
            TierCount = 2,
            Tiers = TestExchange.Tiers((8_000, 10, 2), (MarginTier.NoLimit, 10, 3)),
        };
        int market = x.Market(parameters);
        int rich = x.Account(1_000_000_000);
        int[] accounts = [.. Enumerable.Range(0, Positions).Select(i => x.Account(2_000))];
        for (int i = 0; i < Positions; i++)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Mode(accounts[i], market, i % 2 == 0 ? MarginMode.Isolated : MarginMode.Cross));
            x.Trade(accounts[i], rich, market, i % 4 < 2 ? 5 : 10, 1_000);
        }

        parameters.Tiers = TestExchange.Tiers((4_000, 10, 8), (MarginTier.NoLimit, 10, 9));
        TestExchange.Expect(ResultCode.Accepted, x.Parameters(market, parameters));
        Assert.That(x.Exchange.HasPendingWork, Is.False, "it has a notice");
        x.TimeNs += 2_000_000_000;
        TestExchange.Expect(ResultCode.Accepted, x.Tick());
        Assert.That(x.Events<MaintenanceMarginChanged>(EventType.MaintenanceMarginChanged), Has.Count.EqualTo(1));
        Assert.That(x.Exchange.HasPendingWork, Is.EqualTo(work < Positions), "what does not fit into the work is left over");
        int ticks = x.TickUntilDone();
        Assert.That(ticks, work < Positions ? Is.GreaterThan(Positions / work / 2) : Is.Zero);
        Assert.That(x.Events<LiquidationStarted>(EventType.LiquidationStarted), Is.Empty, "nobody is below it yet");

        // isolated at 984: 5 lots have 420 and need 402.8, 10 lots have 840 and need 845.6
        TestExchange.Expect(ResultCode.Accepted, x.Mark(market, 984));
        x.TickUntilDone();
        for (int i = 0; i < Positions; i++)
        {
            bool isolated = i % 2 == 0;
            long lots = i % 4 < 2 ? 5 : 10;
            long notional = lots * 984;
            long maintenance = ((Math.Min(4_000, notional) * 8) + (Math.Max(0, notional - 4_000) * 9) + 99) / 100;
            bool liquidated = isolated && (lots * 100) - (lots * 16) < maintenance;
            Assert.That(x.Size(accounts[i], market), Is.EqualTo(liquidated ? 0 : lots), $"position {i}");
        }

        Assert.That(accounts.Count(account => x.Size(account, market) == 0), Is.EqualTo(Positions / 4), "the large isolated ones");
    }

    [Test]
    [Description("R-1302, R-1315: triggers, expiries and kill switches end in the same positions and orders with the least work as with plenty.")]
    public void SameEndWithLittleWork([Values(16, 17, 23, 64)] int work)
    {
        Assert.That(EndOf(work), Is.EqualTo(EndOf(4096)));

        static string EndOf(int work)
        {
            using var x = new TestExchange(work) { TimeNs = 1 };
            int market = x.Market(TestExchange.Simple);
            (int a, int b, int c) = (x.Account(10_000_000), x.Account(10_000_000), x.Account(10_000_000));
            for (int i = 0; i < 40; i++)
            {
                x.Buy(b, market, 2, 990 - (i % 5));
                x.Order(TestExchange.AtMarket(a, market, Side.Sell, 1 + (i % 2)), TestExchange.Stop(995 - (i % 4)));
                x.Order(TestExchange.Limit(c, market, Side.Buy, 1, 900) with { TimeInForce = TimeInForce.GoodTillTime },
                    new OrderTerms { ExpiresNs = 50 });
                x.Order(TestExchange.AtMarket(c, market, Side.Buy, 1), new OrderTerms { Trigger = TriggerKind.TrailingStop, TrailTicks = 5 + i });
            }

            x.Mark(market, 991);
            x.TickUntilDone();
            x.TimeNs = 60;
            x.Tick();
            x.TickUntilDone();
            x.Mark(market, 1_010);
            x.TickUntilDone();
            x.Kill(0, market);
            x.TickUntilDone();
            return string.Join(" ", new[] { a, b, c }.Select(account =>
                $"{x.Size(account, market)}:{x.OpenOrders(account, market)}:{x.Pool(account)}"))
                + $" last {x.Row(market).LastTicks} resting {x.State.RestingOrders}";
        }
    }

    [Test]
    [Description("R-1306: a mass cancel stops at its work and says so; repeated it finishes.")]
    public void MassCancelSaysUnfinished()
    {
        (TestExchange x, int market, int account) = Scene(orders: 40);
        using (x)
        {
            x.CancelAll(account);
            Assert.That(Told(x), Is.EqualTo((16L, 1L)));
            x.CancelAll(account);
            Assert.That(Told(x), Is.EqualTo((16L, 1L)));
            x.CancelAll(account);
            Assert.That(Told(x), Is.EqualTo((8L, 0L)));
            Assert.That(x.OpenOrders(account, market), Is.Zero);
            Assert.That(x.Exchange.HasPendingWork, Is.False);
        }
    }

    [Test]
    [Description("R-1315: a kill switch goes on with ticks until all orders are gone.")]
    public void KillSwitchGoesOn()
    {
        (TestExchange x, int market, int account) = Scene(orders: 40);
        using (x)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Kill(account, 0));
            Assert.That(x.OpenOrders(account, market), Is.EqualTo(24));
            Assert.That(x.TickUntilDone(), Is.EqualTo(2));
            Assert.That(x.OpenOrders(account, market), Is.Zero);
        }
    }

    [Test]
    [Description("R-1315: the dead-man timer goes on with ticks until all orders are gone.")]
    public void DeadManTimerGoesOn()
    {
        (TestExchange x, int market, int account) = Scene(orders: 40);
        using (x)
        {
            TestExchange.Expect(ResultCode.Accepted, x.DeadMan(account, 5));
            x.TimeNs = 5_000_000;
            x.Tick();
            Assert.That(x.OpenOrders(account, market), Is.InRange(1, 39));
            x.TickUntilDone();
            Assert.That(x.OpenOrders(account, market), Is.Zero);
        }
    }

    [Test]
    [Description("R-1303: more expiries at once than the work allows end with the next ticks; none trades in between.")]
    public void ExpiriesGoOn()
    {
        using var x = new TestExchange(work: 16);
        int market = x.Market(TestExchange.Simple);
        (int account, int taker) = (x.Account(1_000_000), x.Account(1_000_000));
        for (int i = 0; i < 40; i++)
        {
            x.Order(TestExchange.Limit(account, market, Side.Buy, 1, 990) with { TimeInForce = TimeInForce.GoodTillTime },
                new OrderTerms { ExpiresNs = 10 });
        }

        x.TimeNs = 10;
        TestExchange.Expect(ResultCode.Accepted, x.Sell(taker, market, 40, 990, TimeInForce.ImmediateOrCancel));
        Assert.That(x.Events<Trade>(EventType.Trade), Is.Empty);
        Assert.That(x.OpenOrders(account, market), Is.EqualTo(24));
        Assert.That(x.TickUntilDone(), Is.EqualTo(3), "half of a tick's work is for timers");
        Assert.That(x.OpenOrders(account, market), Is.Zero);
    }

    [Test]
    [Description("R-1303: other people's expiries, however many are due at once, don't cost a client the order it places or changes just then.")]
    public void ExpiriesLeaveWorkForTheCommand([Values] bool changes)
    {
        using var x = new TestExchange(work: 16);
        int market = x.Market(TestExchange.Simple);
        (int many, int client) = (x.Account(1_000_000), x.Account(1_000_000));
        x.Sell(client, market, 5, 1_100);
        long order = x.LastOrderId;
        PlaceOrder expiring = TestExchange.Limit(many, market, Side.Buy, 1, 990) with { TimeInForce = TimeInForce.GoodTillTime };
        for (int i = 0; i < 40; i++)
        {
            x.Order(expiring, new OrderTerms { ExpiresNs = 10 });
        }

        x.TimeNs = 10;
        TestExchange.Expect(ResultCode.Accepted, changes ? x.Modify(client, order, 5, 1_101) : x.Sell(client, market, 5, 1_101));

        Assert.That(x.Cancels(), Does.Not.Contain(CancelReason.WorkLimit), "nothing of it had to trade");
        Assert.That(x.OpenOrders(client, market), Is.EqualTo(changes ? 1 : 2));
    }

    [Test]
    [Description("R-1402: a market that closes cancels all orders, also when a mass cancel that spares waiting orders was under way.")]
    public void ClosingBehindASparingKillSwitch()
    {
        (TestExchange x, int market, int account) = Scene(orders: 60);
        using (x)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Order(TestExchange.AtMarket(account, market, Side.Buy, 1), TestExchange.Stop(1_500)));
            TestExchange.Expect(ResultCode.Accepted, x.Kill(0, market, spareStops: 1));
            TestExchange.Expect(ResultCode.Accepted, x.SetState(market, MarketState.Closed));
            x.TickUntilDone();
            Assert.That(x.OpenOrders(account, market), Is.Zero);
        }
    }

    [Test]
    [Description("R-1102: a cross account's last position, in a halted market, is taken over whether or not the work sufficed at once.")]
    public void TakeoverInAHaltedMarketGoesOn([Range(16, 40)] int work, [Values] bool hasBids)
    {
        using var x = new TestExchange(work);
        int open = x.Market(TestExchange.Simple);
        int halted = x.Market(TestExchange.Simple);
        (int trader, int rich) = (x.Account(3_000), x.Account(10_000_000));
        x.Trade(trader, rich, open, 10, 1_000);
        x.Trade(trader, rich, halted, 10, 1_000);
        for (int i = 0; i < 8; i++)
        {
            x.Buy(trader, open, 1, 10);
            x.Buy(trader, halted, 1, 10);
        }

        if (hasBids)
        {
            x.Buy(rich, open, 10, 710);
        }

        x.SetState(halted, MarketState.Halted);
        x.Mark(open, 600);
        x.TickUntilDone();

        Assert.That((x.Size(trader, open), x.Size(trader, halted)), Is.EqualTo((0L, 0L)));
    }

    [Test]
    [Description("ARCHITECTURE, bounded work: mass cancels that find nothing to cancel any more are bounded too, and so are their events.")]
    public void EmptyCancelJobsAreBounded()
    {
        const int Accounts = 3_200;
        const int Orders = 17;
        using var x = new TestExchange(work: 16, maxOrders: Accounts * Orders, maxAccounts: Accounts + 8,
            maxPositions: Accounts + 8) { ChecksEvery = 10_000 };
        int market = x.Market(TestExchange.Simple);
        for (int i = 0; i < Accounts; i++)
        {
            int account = x.Account(100_000);
            for (int j = 0; j < Orders; j++)
            {
                x.Buy(account, market, 1, 900);
            }

            x.TimeNs += 1_000_000;
            x.DeadMan(account, 1);
        }

        // no tick: every timer leaves a job behind; then the clients cancel themselves
        x.TimeNs += 1_000_000;
        int first = x.State.Accounts.HighWater - Accounts + 1;
        for (int account = first; account < first + Accounts; account++)
        {
            x.CancelAll(account);
            x.CancelAll(account);
        }

        x.TickUntilDone();
        Assert.That(x.State.RestingOrders, Is.Zero);
    }

    private static (long Cancelled, long Unfinished) Told(TestExchange x)
    {
        OrdersCancelled told = x.Events<OrdersCancelled>(EventType.OrdersCancelled).Single();
        return (told.Cancelled, told.Unfinished);
    }

    private static (TestExchange X, int Market, int Account) Scene(int orders)
    {
        var x = new TestExchange(work: 16);
        int market = x.Market(TestExchange.Simple);
        int account = x.Account(1_000_000);
        for (int i = 0; i < orders; i++)
        {
            x.Buy(account, market, 1, 900 + (i % 7));
        }

        return (x, market, account);
    }
}
