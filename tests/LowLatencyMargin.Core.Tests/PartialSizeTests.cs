using System.Numerics;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1105: the size of a part against a search over all sizes with big integers.</summary>
[TestFixture]
internal sealed class PartialSizeTests
{
    [TestCase(1105UL)]
    [TestCase(1106UL)]
    [Description("R-1105: no fewer lots reach the target, and those that are found do; the least fraction, the tier below and hopeless cases included.")]
    public void NoFewerLotsDo(ulong seed)
    {
        var random = new SplitMix(seed);
        int parts = 0;
        int stepDowns = 0;
        for (int i = 0; i < 4_000; i++)
        {
            Market market = RandomMarket(random);
            LiquidationRules rules = LiquidationRules.Default with
            {
                PartialMinFractionRate = random.Below(4) * Rate.Scale / 8,
                PartialTargetRate = Rate.Scale + random.Below(Rate.Scale),
            };
            long lots = 2 + random.Below(300);
            long value = lots * market.MarkTicks * market.TickValueUnits;
            Position position = default;
            position.SizeLots = random.Below(2) == 0 ? lots : -lots;
            position.EntryCostUnits = Math.Max(1, value + random.Below(2_000) - 1_000);
            long requirement = Requirements.Requirement(lots, position.EntryCostUnits, in market);
            long others = random.Below(3) == 0 ? random.Below(1_000) : 0;
            long equity = random.Below((int)(requirement + others + 1));
            long closed = random.Below(3) == 0 ? random.Below(20) : 0;
            long closedUnits = closed * (market.MarkTicks + random.Below(3)) * market.TickValueUnits;

            var size = new PartialSize(in position, in market, in rules, equity, others, closed, closedUnits);
            long found = size.Find();
            long expected = Search(in position, in market, in rules, equity, others, closed, closedUnits);
            Assert.That(found, Is.EqualTo(expected), $"case {i}");
            parts += found < lots ? 1 : 0;
            stepDowns += found < lots && found < Up(lots * rules.PartialMinFractionRate, Rate.Scale) ? 1 : 0;
        }

        Assert.That(parts, Is.GreaterThan(300), "parts");
        Assert.That(stepDowns, Is.GreaterThan(0), "tiers left with less than the least fraction");
    }

    [Test]
    [Description("R-1105: a part that is closed at the mark always cures, whatever the roundings.")]
    public void PartsAtTheMarkCure()
    {
        var random = new SplitMix(42);
        for (int i = 0; i < 300; i++)
        {
            using var x = new TestExchange();
            int market = x.Market(TestExchange.Simple with
            {
                TakerFeeRate = random.Below(100_000),
                PenaltyRate = random.Below(2_000_000),
                TriggerIncludesFee = 1,
                Trigger = (LiquidationTrigger)random.Below(2),
            });
            LiquidationRules rules = LiquidationRules.Default with { PartialTargetRate = Rate.Scale, PartialMinFractionRate = 0 };
            TestExchange.Expect(ResultCode.Accepted, x.Liquidations(market, rules));
            (int poor, int rich) = (x.Account(11_000), x.Account(100_000_000));
            x.Mode(poor, market, MarginMode.Isolated);
            x.Trade(poor, rich, market, 100, 1_000);
            long mark = 1_000 - 40 - random.Below(30);
            x.Buy(rich, market, 100, mark);
            x.Mark(market, mark);
            x.TickUntilDone();
            Position left = x.Position(poor, market);
            if (left.SizeLots is not 0 and not 100)
            {
                Assert.That(x.Row(market).Liquidations, Is.EqualTo(1), $"case {i}: one part was enough");
                Assert.That(x.State.PositionDetails[x.State.FindPosition(poor, market)].LiquidationId, Is.Zero);
            }
        }
    }

    private static Market RandomMarket(SplitMix random)
    {
        MarketParameters parameters = TestExchange.Simple with
        {
            TakerFeeRate = random.Below(200_000),
            PenaltyRate = random.Below(3_000_000),
            MinPenaltyUnits = random.Below(3) == 0 ? random.Below(200) : 0,
            TriggerIncludesFee = (byte)random.Below(2),
        };
        var market = new Market { TickValueUnits = 1 + random.Below(5), MarkTicks = 1 + random.Below(3_000), HasMark = 1 };
        market.Rates.MaintenanceRate = 500_000 + random.Below(5_000_000);
        if (random.Below(2) == 0)
        {
            long first = 1 + random.Below(100_000);
            market.Rates.TierCount = 3;
            market.Margin.Maintenance = TestExchange.Tiers((first, 20, 1), (first * 3, 10, 3), (MarginTier.NoLimit, 5, 8));
        }

        market.Parameters = parameters;
        return market;
    }

    private static BigInteger Up(BigInteger value, BigInteger divisor) => (value + divisor - 1) / divisor;

    private static long Search(
        in Position position, in Market market, in LiquidationRules rules, long equity, long others, long closed, long closedUnits)
    {
        long lots = position.AbsoluteLots;
        if (equity <= 0)
        {
            return lots;
        }

        BigInteger one = market.MarkTicks * market.TickValueUnits;
        BigInteger scale = Rate.Scale;
        MarketParameters p = market.Parameters;
        int count = market.Rates.TierCount;
        long[] limits = new long[MarginTiers.Most];
        long[] rates = new long[MarginTiers.Most];
        for (int t = 0; t < count; t++)
        {
            limits[t] = market.Margin.Maintenance[t].LimitUnits;
            rates[t] = market.Margin.Maintenance[t].MaintenanceRate;
        }

        BigInteger rate = market.Rates.MaintenanceRate;
        BigInteger target = rules.PartialTargetRate;
        BigInteger reserve = p.ReserveRate;

        bool Does(long q)
        {
            BigInteger left = one * (lots - q);
            BigInteger maintenance = left * rate;
            if (count > 0)
            {
                maintenance = 0;
                for (int t = 0; t < count; t++)
                {
                    BigInteger from = t == 0 ? 0 : limits[t - 1];
                    BigInteger to = t == count - 1 ? BigInteger.Max(left, from) : limits[t];
                    maintenance += BigInteger.Max(0, BigInteger.Min(left, to) - from) * rates[t];
                }
            }

            BigInteger penalty = BigInteger.Max(p.MinPenaltyUnits * scale, one * (closed + q) * p.PenaltyRate);
            BigInteger fee = (closedUnits + (one * q)) * p.TakerFeeRate;
            BigInteger after = (((equity - 5) * scale) - fee - penalty) * scale;
            return after >= target * ((others * scale) + maintenance + (left * reserve));
        }

        long least = (long)Up((BigInteger)lots * rules.PartialMinFractionRate, scale);
        long size = lots;
        for (long q = 1; q < lots; q++)
        {
            if (Does(q))
            {
                size = Math.Max(q, least);
                break;
            }
        }

        size = size >= lots || !Does(size) ? lots : size;
        int tier = 0;
        while (tier < count - 1 && one * lots >= limits[tier])
        {
            tier++;
        }

        long down = 0;
        while (tier > 0 && one * (lots - down) >= limits[tier - 1])
        {
            down++;
        }

        return tier > 0 && down < size && Does(down) ? down : size;
    }
}
