using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Streams of commands, ticks in between: liquidations end the same whatever work a command may spend on them (R-103, R-104, R-1113).</summary>
[TestFixture]
internal sealed class WorkLimitFlowTests
{
    /// <summary>Commands of a stream; more of them on demand, and other streams.</summary>
    private static readonly int Length = OfEnvironment("WORK_FLOW", 2_000);

    private static readonly int FirstSeed = OfEnvironment("WORK_FLOW_SEED", 1);

    [Test]
    [Description("R-1113, R-1204, R-1206, R-1106, R-402, R-2101: all commands of three perpetuals with all styles, loss modes and hedge accounts.")]
    public void Perpetuals([Range(0, 7)] int seed)
    {
        (WorkTwins twins, MixedFlow flow) = WorkTwins.Of(() => MixedFlow.Start((ulong)(FirstSeed + seed), WorkTwins.Plenty));
        Run(twins, flow, seed);
    }

    [Test]
    [Description("R-1113, R-202: several assets, spot markets, collateral that falls and is sold.")]
    public void Assets([Range(0, 7)] int seed)
    {
        (WorkTwins twins, MixedFlow flow) = WorkTwins.Of(() => MixedFlow.StartWithAssets((ulong)(FirstSeed + seed), WorkTwins.Plenty));
        Run(twins, flow, seed);
    }

    private static int OfEnvironment(string name, int usual) => int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : usual;

    private static void Run(WorkTwins twins, MixedFlow flow, int seed)
    {
        using (twins)
        {
            flow.RulesPerMille = seed % 3 == 0 ? 30 : 0;
            var random = new SplitMix((ulong)(FirstSeed + seed));
            for (int i = 0; i < Length; i++)
            {
                twins.Step(flow);
                if (i % 40 == 39)
                {
                    Jump(twins, random);
                }
            }

            Assert.That(twins.Interrupted, Is.GreaterThan(0), "R-1113: work was left over");
        }
    }

    /// <summary>A mark moves by up to a quarter.</summary>
    private static void Jump(WorkTwins twins, SplitMix random)
    {
        int market = 1 + random.Below(twins.All[0].State.Markets.HighWater);
        long mark = twins.All[0].Row(market).MarkTicks;
        long next = Math.Clamp(mark * (75 + random.Below(51)) / 100, mark < 100 ? 1 : 400, 2_500);
        twins.Each(x => x.Mark(market, next));
    }

    [Test]
    [Description("R-1011, R-1013, R-1113: lending and spot-margin trading, isolated and cross, with perpetuals of the same accounts.")]
    public void Loans([Range(0, 7)] int seed)
    {
        using WorkTwins twins = WorkTwins.Of(() => LoanScene((ulong)(FirstSeed + seed)));
        var random = new SplitMix((ulong)(FirstSeed + seed));
        int spot = 1;
        int perpetual = 2;
        int first = twins.All[0].State.Accounts.HighWater - Accounts + 1;
        long mark = 1_000;
        for (int i = 0; i < Length; i++)
        {
            int account = first + random.Below(Accounts);
            long amount = 1 + random.Below(1_500_000);
            int asset = 1 + random.Below(2);
            Side side = random.Below(2) == 0 ? Side.Buy : Side.Sell;
            long price = Math.Max(1, mark + random.Below(101) - 50);
            long lots = 1 + random.Below(1_500);
            switch (random.Below(17))
            {
                case 0 or 1:
                    twins.Each(x => x.Borrow(account, spot, amount, asset));
                    break;
                case 2:
                    bool all = random.Below(3) == 0;
                    twins.Each(x => x.Repay(account, spot, all ? 0 : amount, asset));
                    break;
                case 3:
                    twins.Each(x => x.ToMargin(account, spot, amount, asset));
                    break;
                case 4:
                    twins.Each(x => x.FromMargin(account, spot, amount, asset));
                    break;
                case 5:
                    twins.Each(x => x.CloseLoans(account, spot));
                    break;
                case 6 or 7:
                    mark = Math.Clamp(mark + random.Below(301) - 150, 200, 3_000);
                    twins.Each(x => x.Mark(spot, mark));
                    break;
                case 8:
                    long other = Math.Clamp(mark + random.Below(301) - 150, 200, 3_000);
                    twins.Each(x => x.Mark(perpetual, other));
                    break;
                case 9:
                    long hours = 3_600_000_000_000L * random.Below(6);
                    twins.Each(x =>
                    {
                        x.TimeNs += hours;
                        _ = x.Tick();
                    });
                    break;
                case 10:
                    twins.Each(x => x.Cancel(account, x.LastOrderId));
                    break;
                case 11:
                    var mode = (MarginMode)random.Below(2);
                    int market = 1 + random.Below(2);
                    twins.Each(x => x.Mode(account, market, mode));
                    break;
                case 12:
                    bool adds = random.Below(3) != 0;
                    twins.Each(x => _ = adds ? x.Deposit(account, amount, asset) : x.Withdraw(account, amount, asset));
                    break;
                case 13 or 14:
                    twins.Each(x => x.Place(account, perpetual, side, lots, price, TimeInForce.GoodTillCancel));
                    break;
                default:
                    var effect = (SideEffect)random.Below(8);
                    effect = (effect & SideEffect.AutoBorrow) == 0 ? effect & SideEffect.AutoRepay : effect;
                    TimeInForce force = random.Below(4) == 0 ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel;
                    twins.Each(x => x.Place(account, spot, side, lots, price, effect, force));
                    break;
            }
        }

        Assert.That(twins.Interrupted, Is.GreaterThan(0), "R-1113: work was left over");
    }

    private const int Accounts = 8;

    /// <summary>A pool for each asset, a spot-margin market of the two, a perpetual; the base asset is collateral of half its worth.</summary>
    private static TestExchange LoanScene(ulong seed)
    {
        var random = new SplitMix(seed);
        var x = new TestExchange(WorkTwins.Plenty, maxOrders: 512) { ChecksEvery = 50 };
        PoolParameters pool = PoolParameters.Default with
        {
            RateAtZero = 200 * TestExchange.Percent,
            RateAtOptimal = 400 * TestExchange.Percent,
            RateAtMax = 800 * TestExchange.Percent,
        };
        MarketParameters parameters = TestExchange.Simple with
        {
            MakerFeeRate = 5 * Rate.BasisPoint,
            TakerFeeRate = 10 * Rate.BasisPoint,
            LiquidationLevelRate = (105 + random.Below(15)) * TestExchange.Percent,
            MaxSlippageRate = 5 * TestExchange.Percent,
        };
        int market = x.Lending(parameters, pool, lent: 20_000_000);
        int perpetual = x.Market(TestExchange.Simple, losses: LossRules.Default);
        TestExchange.Expect(ResultCode.Accepted, x.Weights(2, random.Below(3) * 30 * TestExchange.Percent));
        TestExchange.Expect(ResultCode.Accepted, x.Fund(market, 50_000));
        TestExchange.Expect(ResultCode.Accepted, x.Fund(perpetual, 50_000));
        for (int i = 0; i < Accounts; i++)
        {
            int account = x.Account(2_000_000);
            TestExchange.Expect(ResultCode.Accepted, x.Deposit(account, 2_000_000, asset: 2));
            TestExchange.Expect(ResultCode.Accepted, x.Leverage(account, market, 2 + random.Below(4)));
        }

        return x;
    }
}
