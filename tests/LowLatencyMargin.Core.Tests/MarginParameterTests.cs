using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Margin parameters as wholes: presets, what can't work, values at the ends of their ranges.</summary>
[TestFixture]
internal sealed class MarginParameterTests
{
    [Test]
    [Description("R-501, R-2003: every preset of section 23 lists, whatever decimals the quote asset has.")]
    public void PresetsList([Values] MarketPreset preset, [Values(0, 1, 2, 6, 8, 12)] int decimals)
    {
        using var x = new TestExchange();
        Assert.That(x.State.Assets.HighWater, Is.EqualTo(1));
        ListMarket command = TestExchange.Listing("M", MarketPresets.Of(preset, decimals));
        TestExchange.Expect(ResultCode.Accepted, x.Send(ref command, CommandType.ListMarket));
    }

    [Test]
    [Description("R-501, R-502, R-505, R-604: the presets have the values of section 23.")]
    public void PresetsHaveTheirValues()
    {
        const int Percent = TestExchange.Percent;
        MarketParameters s1 = MarketPresets.Of(MarketPreset.S1, 6);
        Assert.That((s1.InitialMarginLongRate, s1.InitialMarginShortRate, s1.MaintenanceMarginRate, s1.MaintenanceMarginBase, s1.Trigger, s1.MaxLeverage),
            Is.EqualTo((10 * Percent, 20 * Percent, 5 * Percent, MarginBase.Entry, LiquidationTrigger.Reaches, 10)));
        MarketParameters s1r = MarketPresets.Of(MarketPreset.S1r, 6);
        Assert.That((s1r.InitialMarginLongRate, s1r.InitialMarginShortRate, s1r.MaintenanceMarginRate, s1r.PenaltyRate),
            Is.EqualTo((100 * Percent, 150 * Percent, 20 * Percent, 10 * Percent)));
        MarketParameters s2 = MarketPresets.Of(MarketPreset.S2, 6);
        Assert.That((s2.InitialMarginShortRate, s2.TierCount, s2.Tiers[0].MaxLeverage, s2.Tiers[1].LimitUnits, s2.Tiers[2].LimitUnits),
            Is.EqualTo((10 * Percent, 3, 20, 500_000_000_000, MarginTier.NoLimit)));
        MarketParameters s5 = MarketPresets.Of(MarketPreset.S5, 6);
        Assert.That((s5.InitialMarginLongRate, s5.MaintenanceMarginRate, s5.MaxLeverage, s5.MaxOpenOrders, s5.OffsetPosition, s5.MinPenaltyUnits),
            Is.EqualTo((Percent, Percent / 2, 100, 10, (byte)0, 10_000)));
        Assert.That((MarketPresets.PortfolioLeverage(MarketPreset.S2), MarketPresets.PortfolioLeverage(MarketPreset.S5)), Is.EqualTo((20, 0)));
    }

    [TestCase(1UL)]
    [TestCase(2UL)]
    [TestCase(3UL)]
    [Description("R-101, R-503, R-506: any bytes as parameters are taken or refused, and whatever is taken works at the ends of all ranges.")]
    public void AnyBytesAreTakenOrRefused(ulong seed)
    {
        var random = new SplitMix(seed);
        using var x = new TestExchange(maxMarkets: 2);
        int market = x.Market(TestExchange.Simple, mark: 1_000_000);
        int a = x.Account(1L << 58);
        int b = x.Account(1L << 58);
        x.Mode(b, market, MarginMode.Isolated);
        int taken = 0;
        for (int i = 0; i < 6_000; i++)
        {
            MarketParameters parameters = Mutated(random);
            parameters.MaintenanceMarginBase = x.Row(market).Parameters.MaintenanceMarginBase;
            ResultCode code = x.Parameters(market, parameters);
            taken += code == ResultCode.Accepted ? 1 : 0;
            Assert.That(code, Is.EqualTo(ResultCode.Accepted).Or.EqualTo(ResultCode.InvalidParameter));
            x.TimeNs += random.Below(1_000_000_000);
            int account = random.Below(2) == 0 ? a : b;
            switch (random.Below(4))
            {
                case 0:
                    x.Mark(market, 1 + (long)(random.Next() >> (24 + random.Below(39))));
                    break;
                default:
                    x.Place(
                        account, market, (Side)random.Below(2), 1 + (long)(random.Next() >> (24 + random.Below(39))),
                        1 + (long)(random.Next() >> (24 + random.Below(39))), (TimeInForce)random.Below(2));
                    break;
            }
        }

        Assert.That(taken, Is.InRange(200, 5_800));
    }

    [Test]
    [Description("R-101: initial margins of many positions at the highest rate are beyond 63 bits; available is what it is, below zero.")]
    public void ManyLargePositions()
    {
        const int Many = 60;
        MarketParameters parameters = TestExchange.Simple with
        {
            InitialMarginLongRate = GradedMargin.MostRate,
            InitialMarginShortRate = GradedMargin.MostRate,
            MaxOpenPositions = 64,
        };
        using var x = new TestExchange(maxMarkets: Many, maxAccounts: Many + 4);
        int a = x.Account(1L << 50);
        int b = x.Account(1L << 50);
        for (int i = 0; i < Many; i++)
        {
            int market = x.Market(parameters, mark: 1);
            x.Trade(a, b, market, 1L << 19, 1);
        }

        for (int market = 1; market <= Many; market++)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Mark(market, (1L << 36) - (1L << 17)));
        }

        Assert.That(new MarginCheck(x.State).Available(a), Is.LessThan(0));
        TestExchange.Expect(ResultCode.InsufficientMargin, x.Buy(a, 1, 1, (1L << 36) - (1L << 17)));
    }

    [Test]
    [Description("R-503, R-1102: new tiers move every position to where its liquidation price lies then.")]
    public void NewTiersIndexAnew()
    {
        using var x = new TestExchange();
        const int Initial = 20 * TestExchange.Percent;
        int market = x.Market(TestExchange.Simple with { InitialMarginLongRate = Initial, InitialMarginShortRate = Initial });
        int rich = x.Account(10_000_000);
        int a = x.Account(20_000);
        x.Trade(a, rich, market, 100, 1_000);
        TestExchange.Expect(ResultCode.Accepted, x.Parameters(market, x.Row(market).Parameters with
        {
            TierCount = 2,
            Tiers = TestExchange.Tiers((20_000, 10, 2), (MarginTier.NoLimit, 5, 15)),
        }));

        // 100000 x 15 % - 2600 = 12400; (100000 - 20000 - 2600) / (100 x 0.85) = 910.6
        Assert.That(x.State.Positions[x.State.FindPosition(a, market)].IndexSide, Is.EqualTo(3));
        x.Mark(market, 911);
        Assert.That(x.Events<LiquidationStarted>(EventType.LiquidationStarted), Is.Empty);
        x.Mark(market, 910);
        Assert.That(x.Events<LiquidationStarted>(EventType.LiquidationStarted).Single().RequirementUnits, Is.EqualTo(11_050));
    }

    private static MarketParameters Mutated(SplitMix random)
    {
        MarketParameters parameters = MarketPresets.Of((MarketPreset)random.Below(7), random.Below(7));
        if (random.Below(2) == 0)
        {
            (parameters.VolatilityThresholdRate, parameters.VolatilityMultiplierRate) = (1 + random.Below(Rate.Scale), Rate.Scale + random.Below(Rate.Scale));
            (parameters.OpenInterestFromUnits, parameters.OpenInterestToUnits) = (1, 1L << random.Below(57));
            (parameters.SizeAddOnRate, parameters.SizeAddOnStepUnits) = (1 + random.Below(Rate.Scale), 1L << random.Below(57));
        }

        Span<int> words = MemoryMarshal.Cast<MarketParameters, int>(new Span<MarketParameters>(ref parameters));
        for (int i = random.Below(3); i > 0; i--)
        {
            words[random.Below(words.Length)] = random.Below(4) switch
            {
                0 => int.MaxValue,
                1 => -1,
                2 => 0,
                _ => (int)(random.Next() >> (32 + random.Below(32))),
            };
        }

        return parameters;
    }

    [Test]
    [Description("R-504, R-102: of a notional so small that its requirement, rounded up twice, is above its initial margin, the requirement is kept back.")]
    public void KeptOfSmallNotionals()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple with { PenaltyRate = TestExchange.Percent }, mark: 1);
        int rich = x.Account(1_000_000);
        foreach ((long lots, long kept) in new[] { (5L, 2L), (10L, 2L), (11L, 2L), (21L, 3L), (24L, 3L), (25L, 3L), (26L, 3L), (41L, 5L) })
        {
            int a = x.Account(1_000);
            x.Trade(a, rich, market, lots, 1);
            Assert.That(new MarginCheck(x.State).Available(a), Is.EqualTo(1_000 - kept), $"{lots} lots");
        }
    }
}
