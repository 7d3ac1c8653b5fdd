using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Lenders, borrowers, orders, marks and time at random; after every command all that must hold does (R-103, R-1001 to R-1014).</summary>
internal sealed class LoanFlowTests
{
    private const int Accounts = 8;

    [Test]
    [Description("R-103, R-104, R-105, R-1001, R-1007, R-1011, R-1013: random streams of lending, spot-margin trading, marks and interest")]
    public void RandomStreamsKeepTheirInvariants()
    {
        HashSet<EventType> seen = [];
        for (ulong seed = 1; seed <= 8; seed++)
        {
            Hash128 hash = Run(seed, 3_000, seen);
            Assert.That(seed > 2 || Run(seed, 3_000, seen) == hash, Is.True, "R-104");
        }

        EventType[] rules = [EventType.MarginLevelChanged, EventType.DrawdownAlert, EventType.TradingPaused, EventType.PositionAutoReduced];
        Assert.That(seen, Is.SupersetOf(rules), "R-1408, R-1503, R-1504");
        for (EventType type = EventType.Lent; type <= EventType.LoanLiquidationFinished; type++)
        {
            Assert.That(type == EventType.UnlockAnnounced || seen.Contains(type), Is.True, $"{type} never came");
        }
    }

    private static Hash128 Run(ulong seed, int commands, HashSet<EventType> seen)
    {
        var random = new SplitMix(seed);
        using var exchange = new TestExchange(work: seed % 2 == 0 ? 4096 : 32, maxOrders: 256);
        PoolParameters pool = PoolParameters.Default with
        {
            Model = seed % 4 == 3 ? InterestModel.FixedFull : InterestModel.Kinked,
            RateAtZero = 200 * TestExchange.Percent,
            RateAtOptimal = 400 * TestExchange.Percent,
            RateAtMax = 800 * TestExchange.Percent,
            ReserveFactorRate = random.Below(2) * 10 * TestExchange.Percent,
            BorrowFeeRate = random.Below(2) * TestExchange.Percent,
            FixedTermSeconds = 86_400,
        };
        MarketParameters parameters = TestExchange.Simple with
        {
            MakerFeeRate = 5 * Rate.BasisPoint,
            TakerFeeRate = 10 * Rate.BasisPoint,
            LiquidationLevelRate = (105 + random.Below(15)) * TestExchange.Percent,
            MaxSlippageRate = 5 * TestExchange.Percent,
        };
        int market = exchange.Lending(parameters, pool, lent: 20_000_000);
        TestExchange.Expect(ResultCode.Accepted, exchange.Fund(market, 50_000));
        int first = exchange.State.Accounts.HighWater + 1;
        for (int i = 0; i < Accounts; i++)
        {
            int account = exchange.Account(2_000_000);
            TestExchange.Expect(ResultCode.Accepted, exchange.Deposit(account, 2_000_000, asset: 2));
            TestExchange.Expect(ResultCode.Accepted, exchange.Leverage(account, market, 2 + random.Below(4)));
            if (i % 4 == 0)
            {
                TraderRules rules = (i == 0 ? TraderRules.S4r : TraderRules.S4) with { DailyTrades = 0, DailyTradesWarning = 0, EnforceSizing = 0 };
                rules.AutoReduceTarget = 160 * TestExchange.Percent;
                TestExchange.Expect(ResultCode.Accepted, exchange.Rules(account, rules));
            }
        }

        long mark = 1_000;
        for (int i = 0; i < commands; i++)
        {
            int account = first + random.Below(Accounts);
            long amount = 1 + random.Below(1_500_000);
            int asset = 1 + random.Below(2);
            Side side = random.Below(2) == 0 ? Side.Buy : Side.Sell;
            switch (random.Below(16))
            {
                case 0:
                    _ = exchange.Lend(account, amount, asset);
                    break;
                case 1:
                    _ = exchange.Unlend(account, random.Below(4) == 0 ? 0 : amount, asset);
                    break;
                case 2:
                    _ = exchange.Borrow(account, market, amount, asset);
                    break;
                case 3:
                    _ = exchange.Repay(account, market, random.Below(3) == 0 ? 0 : amount, asset);
                    break;
                case 4:
                    _ = exchange.ToMargin(account, market, amount, asset);
                    break;
                case 5:
                    _ = exchange.FromMargin(account, market, amount, asset);
                    break;
                case 6:
                    _ = exchange.CloseLoans(account, market);
                    break;
                case 7:
                    mark = Math.Clamp(mark + random.Below(401) - 200, 200, 3_000);
                    _ = exchange.Mark(market, mark);
                    break;
                case 8:
                    exchange.TimeNs += 3_600_000_000_000L * random.Below(6);
                    _ = exchange.Tick();
                    break;
                case 9:
                    _ = exchange.Cancel(account, exchange.LastOrderId);
                    break;
                case 10:
                    _ = exchange.Modify(account, exchange.LastOrderId, 1 + random.Below(2_000), Math.Max(1, mark + random.Below(101) - 50));
                    break;
                case 11:
                    _ = exchange.Mode(account, market, (MarginMode)random.Below(2));
                    break;
                case 12:
                    _ = random.Below(2) == 0 ? exchange.Deposit(account, amount, asset) : exchange.Withdraw(account, amount, asset);
                    break;
                default:
                    var effect = (SideEffect)random.Below(8);
                    effect = (effect & SideEffect.AutoBorrow) == 0 ? effect & SideEffect.AutoRepay : effect;
                    _ = exchange.Place(
                        account, market, side, 1 + random.Below(1_500), Math.Max(1, mark + random.Below(101) - 50), effect,
                        random.Below(4) == 0 ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel);
                    break;
            }

            seen.UnionWith(exchange.EventTypes());
            Assert.That(Conservation.Imbalance(exchange.State, 2), Is.EqualTo((Int128)0), "R-103: conservation of the base asset");
            for (int ticks = 0; exchange.Exchange.HasPendingWork; ticks++)
            {
                _ = exchange.Tick();
                seen.UnionWith(exchange.EventTypes());
                Assert.That(ticks, Is.LessThan(10_000), "the work comes to an end");
            }

            Assert.That(exchange.State.Accounts[account].BalanceUnits, Is.GreaterThanOrEqualTo(0), "nobody without positions owes the pool of his account");
        }

        return exchange.StateHash;
    }
}
