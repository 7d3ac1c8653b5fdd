using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Random trading under random margin parameters, wild marks and changes of both; the checks of every command run after each.</summary>
[TestFixture]
internal sealed class MarginFlowTests
{
    private const int Accounts = 10;
    private const int Markets = 4;
    private const long Second = TestExchange.Second;

    [TestCase(1UL)]
    [TestCase(2UL)]
    [TestCase(3UL)]
    [TestCase(4UL)]
    [TestCase(5UL)]
    [TestCase(6UL)]
    [Description("R-504, R-1101, R-605: nobody is liquidatable by an order of his own, nobody is passed over, isolated orders never hold what is not there.")]
    public void NobodyIsLiquidatedByHisOwnOrder(ulong seed) => Run(new SplitMix(seed), commands: 6_000, work: 4096);

    [TestCase(11UL)]
    [TestCase(12UL)]
    [Description("R-1102, R-605: the same with little work a command; ticks finish what is left.")]
    public void LittleWork(ulong seed) => Run(new SplitMix(seed), commands: 4_000, work: 16);

    private static void Run(SplitMix random, int commands, int work)
    {
        using var x = new TestExchange(work, maxOrders: 4096);
        for (int i = 0; i < Markets; i++)
        {
            _ = x.Market(Parameters(random), mark: 1_000, tickValue: 1 + (i * 3));
        }

        int first = x.State.Accounts.HighWater + 1;
        for (int i = 0; i < Accounts; i++)
        {
            int account = x.Account(20_000 + random.Below(200_000));
            for (int market = 1; market <= Markets; market++)
            {
                TestExchange.Expect(ResultCode.Accepted, x.Mode(account, market, random.Below(2) == 0 ? MarginMode.Cross : MarginMode.Isolated));
            }

            x.PortfolioLeverage(account, i % 3 == 0 ? 8 : 0);
        }

        int fills = 0;
        for (int i = 0; i < commands; i++)
        {
            x.TimeNs += random.Below(3) * Second / 10;
            int account = first + (int)random.Below(Accounts);
            int market = 1 + (int)random.Below(Markets);
            Step(x, random, account, market);
            fills += x.Events<Trade>(EventType.Trade).Count;
            while (x.Exchange.HasPendingWork)
            {
                x.Tick();
            }

            if (work > 1_000)
            {
                CheckHolds(x, account);
            }
        }

        Assert.That(fills, Is.GreaterThan(commands / 20), "the flow trades");
        Assert.That(x.State.LastLiquidationId, Is.GreaterThan(10), "and liquidates");
    }

    /// <summary>R-605: what isolated orders hold is there.</summary>
    private static void CheckHolds(TestExchange x, int account)
    {
        long held = Enumerable.Range(1, Markets).Select(market => x.Position(account, market)).Where(row => row.IsIsolated != 0).Sum(row => row.PoolHoldUnits);
        Assert.That(held, Is.LessThanOrEqualTo(Math.Max(0, x.Pool(account))), "R-605: over-committed");
    }

    private static void Step(TestExchange x, SplitMix random, int account, int market)
    {
        long mark = x.Row(market).MarkTicks;
        switch (random.Below(20))
        {
            case < 12:
                long away = random.Below(6) == 0 ? random.Below(400) - 200 : random.Below(40) - 20;
                Side side = (Side)random.Below(2);
                TimeInForce time = random.Below(4) == 0 ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel;
                bool healthy = x.State.PendingMarkets == 0 && x.Exchange.NextDueNs > x.TimeNs;
                ResultCode code = x.Place(account, market, side, 1 + random.Below(40), Math.Max(1, mark + away), time);
                bool liquidated = x.Events<LiquidationStarted>(EventType.LiquidationStarted).Exists(started => started.AccountId == account);
                Assert.That(code == ResultCode.Accepted && healthy && liquidated, Is.False, "R-504: liquidatable by his own fill");
                break;
            case < 15:
                long move = random.Below(8) == 0 ? random.Below(30) - 15 : random.Below(7) - 3;
                x.Mark(market, Math.Clamp(mark + (mark * move / 100), 200, 5_000));
                break;
            case 15:
                x.Deposit(account, 1 + random.Below(20_000));
                break;
            case 16:
                x.Allocate(account, market, random.Below(5_000));
                break;
            case 17:
                x.Remove(account, market, random.Below(5_000));
                break;
            case 18:
                x.Withdraw(account, 1 + random.Below(20_000));
                break;
            default:
                MarketParameters parameters = Parameters(random) with { MaintenanceMarginBase = x.Row(market).Parameters.MaintenanceMarginBase };
                TestExchange.Expect(ResultCode.Accepted, x.Parameters(market, parameters));
                break;
        }
    }

    private static MarketParameters Parameters(SplitMix random)
    {
        int maintenance = 1 + (int)random.Below(6);
        MarketParameters p = MarketParameters.Default with
        {
            InitialMarginLongRate = (maintenance + 4 + (int)random.Below(10)) * TestExchange.Percent,
            InitialMarginShortRate = (maintenance + 4 + (int)random.Below(10)) * TestExchange.Percent,
            MaintenanceMarginRate = maintenance * TestExchange.Percent,
            MaintenanceMarginBase = (MarginBase)random.Below(2),
            Trigger = (LiquidationTrigger)random.Below(2),
            TriggerIncludesFee = (byte)random.Below(2),
            IsolatedOrderMargin = (OrderMarginRule)random.Below(2),
            OffsetPosition = (byte)(random.Below(4) == 0 ? 0 : 1),
            MaintenanceNoticeMs = (int)(random.Below(2) * 500),
            MaxLeverage = 50,
        };
        if (random.Below(2) == 0)
        {
            p.TierCount = 3;
            long end = random.Below(2) == 0 ? MarginTier.NoLimit : 400_000;
            p.Tiers = TestExchange.Tiers(
                (10_000 + random.Below(20_000), 12, maintenance), (50_000 + random.Below(20_000), 9, maintenance + 2), (end, 5, maintenance + 6));
        }

        if (random.Below(3) == 0)
        {
            (p.VolatilityThresholdRate, p.VolatilityMultiplierRate, p.VolatilityWindowMs) = (4 * TestExchange.Percent, Rate.Scale * 3 / 2, 2_000);
            (p.AddOnGraceMs, p.AddOnNoticeMs) = ((int)random.Below(2) * 300, (int)random.Below(3) * 400);
        }

        if (random.Below(3) == 0)
        {
            (p.OpenInterestFromUnits, p.OpenInterestToUnits) = (50_000, 3_000_000);
            (p.SizeAddOnRate, p.SizeAddOnStepUnits, p.SizeAddOnFromUnits) = (TestExchange.Percent, 20_000, 5_000);
        }

        return p;
    }
}
