using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Streams of all commands with trader rules, fee tiers, rebates and receivers, over years: what must hold, holds after each.</summary>
[TestFixture]
internal sealed class RuleFlowTests
{
    private static readonly EventType[] Expected =
    [
        EventType.TraderRulesChanged, EventType.MarginLevelChanged, EventType.DrawdownBaseSet, EventType.DrawdownAlert, EventType.TradingPaused,
        EventType.TradingResumed, EventType.DailyTradesWarning, EventType.DailyTradesReached, EventType.PositionAutoReduced,
        EventType.PerformanceUpdated, EventType.LiquidationFinished,
    ];

    [TestCase(71UL, 4096)]
    [TestCase(72UL, 4096)]
    [TestCase(73UL, 64)]
    [TestCase(74UL, 16)]
    [Description("R-1503, R-1504, R-1408, R-103: bands and drawdown levels are right at every mark; rebates and receivers conserve money.")]
    public void HoldsAfterEachCommand(ulong seed, int work)
    {
        (TestExchange x, MixedFlow flow) = Start(seed, work);
        using (x)
        {
            flow.HostilePerMille = 5;
            for (int i = 0; i < 30_000; i++)
            {
                flow.Step();
                Assert.That(Conservation.Imbalance(x.State), Is.EqualTo((Int128)0), "R-103: conservation");
                StateChecks.Run(x.State);
            }

            foreach (EventType type in Expected)
            {
                Assert.That(flow.Seen(type), Is.GreaterThan(0), $"{type} never came");
            }
        }
    }

    [TestCase(75UL, 4096)]
    [TestCase(76UL, 64)]
    [TestCase(77UL, 17)]
    [TestCase(78UL, 4096)]
    [Description("R-1503, R-1504: with other assets behind the positions, too, bands and drawdown levels are right at every mark that prices them.")]
    public void HoldsWithOtherAssets(ulong seed, int work)
    {
        (TestExchange x, MixedFlow flow) = MixedFlow.StartWithAssets(seed, work);
        using (x)
        {
            flow.RulesPerMille = 20;
            flow.TimeScale = 1_000_000;
            for (int i = 0; i < 20_000; i++)
            {
                flow.Step();
                StateChecks.Run(x.State);
            }

            foreach (EventType type in new[] { EventType.MarginLevelChanged, EventType.DrawdownAlert, EventType.TradingPaused })
            {
                Assert.That(flow.Seen(type), Is.GreaterThan(0), $"{type} never came");
            }
        }
    }

    [Test]
    [Description("R-104: the same stream of rules and fees makes the same events and the same state.")]
    public void SameTwice()
    {
        Hash128 first = HashOf(seed: 81);
        Assert.That(HashOf(seed: 81), Is.EqualTo(first));
    }

    [Test]
    [NonParallelizable]
    [Description("ARCHITECTURE hot-path rules: with rules and fee tiers, too, 100,000 commands allocate not one byte.")]
    public void NothingIsAllocated()
    {
        (TestExchange x, MixedFlow flow) = Start(seed: 91, work: 4096);
        using (x)
        {
            Run(flow, 30_000);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(flow, 100_000);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        }
    }

    private static Hash128 HashOf(ulong seed)
    {
        (TestExchange x, MixedFlow flow) = Start(seed, work: 64);
        using (x)
        {
            Run(flow, 20_000);
            return x.Exchange.ComputeStateHash();
        }
    }

    private static void Run(MixedFlow flow, int commands)
    {
        for (int i = 0; i < commands; i++)
        {
            flow.Step();
        }
    }

    private static (TestExchange X, MixedFlow Flow) Start(ulong seed, int work)
    {
        (TestExchange x, MixedFlow flow) = MixedFlow.Start(seed, work);
        flow.RulesPerMille = 20;
        flow.TimeScale = 1_000_000;
        for (int market = 1; market <= 3; market++)
        {
            MarketParameters parameters = x.Row(market).Parameters with
            {
                FeeProtocolRate = 40 * TestExchange.Percent,
                FeeInsuranceRate = 30 * TestExchange.Percent,
                FeeLendersRate = 20 * TestExchange.Percent,
                FeeCommunityRate = 10 * TestExchange.Percent,
            };
            parameters.FeeTiers[0] = new FeeTier { VolumeUnits = 20_000, MakerFeeRate = 0, TakerFeeRate = 8 * Rate.BasisPoint };
            parameters.FeeTiers[1] = new FeeTier { VolumeUnits = 50_000, MakerFeeRate = -5 * Rate.BasisPoint, TakerFeeRate = 6 * Rate.BasisPoint };
            TestExchange.Expect(ResultCode.Accepted, x.Parameters(market, parameters));
        }

        return (x, flow);
    }
}
