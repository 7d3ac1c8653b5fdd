using System.Numerics;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Fees;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Formulas of position sizing, margin levels, fee volumes and the calendar against their definitions in other words.</summary>
[TestFixture]
internal sealed class SizingAndFeeTests
{
    [Test]
    [Description("R-1501: the quantity never risks more than the rate, never takes more than the cap, and one lot more would break a rule.")]
    public void SizingIsTheLargestAllowed()
    {
        var random = new SplitMix(1501);
        for (int i = 0; i < 300; i++)
        {
            using var x = new TestExchange();
            long tickValue = 1 + random.Below(50);
            int market = x.Market(TestExchange.Simple, mark: 1_000, tickValue);
            int account = x.Account(1 + random.Below(10_000_000));
            TraderRules rules = TraderRules.S4 with
            {
                RiskPerTradeRate = 1 + random.Below(10 * TestExchange.Percent),
                SizingCapRate = 1 + random.Below(100 * TestExchange.Percent),
                WorstCaseSizing = (byte)random.Below(2),
                SizingBufferRate = random.Below(TestExchange.Percent),
                SizingGapRate = random.Below(TestExchange.Percent),
            };
            TestExchange.Expect(ResultCode.Accepted, x.Rules(account, rules));
            if (random.Below(2) == 0)
            {
                x.Leverage(account, market, 1 + random.Below(10));
            }

            Side side = (Side)random.Below(2);
            long entry = 100 + random.Below(2_000);
            long stop = side == Side.Buy ? entry - 1 - random.Below((int)entry - 1) : entry + 1 + random.Below(1_000);
            TestExchange.Expect(ResultCode.Accepted, new PositionSizing(x.State).Of(account, market, side, entry, stop, out SizingFigures figures));
            BigInteger capital = x.Pool(account);
            Assert.That(Allows(figures.QuantityLots), Is.True, $"round {i}: too much");
            bool byMargin = figures.QuantityLots < Math.Min(figures.ByRiskLots, figures.ByCapitalLots);
            Assert.That(byMargin || !Allows(figures.QuantityLots + 1), Is.True, $"round {i}: too little");

            bool Allows(BigInteger lots)
            {
                // losses in hundred-millionths of a unit; each rate of the worst case is rounded up by itself, a unit a lot at most
                BigInteger distance = BigInteger.Abs(entry - stop) * tickValue;
                BigInteger perLot = distance + (rules.WorstCaseSizing == 0 ? 0
                    : Up(stop * tickValue, rules.SizingBufferRate) + Up(entry * tickValue, rules.SizingGapRate) + Up(entry * tickValue, rules.SizingFeesRate));
                BigInteger notional = lots * entry * tickValue;
                BigInteger margin = Up(notional, figures.InitialRate);
                return lots * perLot <= capital * rules.RiskPerTradeRate / Rate.Scale && notional <= capital
                    && margin <= capital * rules.SizingCapRate / Rate.Scale;
            }
        }

        static BigInteger Up(BigInteger amount, BigInteger rate) => ((amount * rate) + Rate.Scale - 1) / Rate.Scale;
    }

    [Test]
    [Description("R-1501, R-503: with tiers the margin is that of the whole notional's tier, and a quantity that takes too much is reduced in proportion.")]
    public void SizingWithTiers()
    {
        (long From, int Rate)[] steps = [(0, 5), (10_000, 10), (50_000, 20)];
        MarketParameters parameters = TestExchange.Simple with
        {
            InitialMarginLongRate = 5 * TestExchange.Percent,
            InitialMarginShortRate = 5 * TestExchange.Percent,
            MaxLeverage = 20,
            TierCount = 3,
            Tiers = TestExchange.Tiers((10_000, 20, 2), (50_000, 10, 5), (MarginTier.NoLimit, 5, 10)),
        };
        var random = new SplitMix(1503);
        int reduced = 0;
        HashSet<long> rates = [];
        for (int i = 0; i < 500; i++)
        {
            using var x = new TestExchange();
            int market = x.Market(parameters, mark: 100);
            int account = x.Account(1_000 + random.Below(1_000_000));
            int cap = 1 + random.Below(20 * TestExchange.Percent);
            TestExchange.Expect(ResultCode.Accepted, x.Rules(account, TraderRules.S4 with { SizingCapRate = cap }));
            Side side = (Side)random.Below(2);
            long entry = 50 + random.Below(100);
            long stop = side == Side.Buy ? entry - 1 - random.Below(10) : entry + 1 + random.Below(10);
            TestExchange.Expect(ResultCode.Accepted, new PositionSizing(x.State).Of(account, market, side, entry, stop, out SizingFigures figures));

            long before = Math.Min(figures.ByRiskLots, figures.ByCapitalLots);
            long limit = Rate.OfRoundedDown(x.Pool(account), cap);
            long expected = Margin(before * entry) <= limit ? before : before * limit / Margin(before * entry);
            Assert.That(figures.QuantityLots, Is.EqualTo(expected), $"round {i}");
            Assert.That(figures.MarginUnits, Is.EqualTo(Margin(expected * entry)), $"round {i}: margin");
            Assert.That(figures.MarginUnits, Is.LessThanOrEqualTo(limit), $"round {i}: cap");
            Assert.That(figures.InitialRate, Is.EqualTo(RateOf(expected * entry)), $"round {i}: rate");
            reduced += expected < before ? 1 : 0;
            rates.Add(figures.InitialRate);
        }

        Assert.That(reduced, Is.GreaterThan(50), "many were reduced");
        Assert.That(rates, Has.Count.EqualTo(3), "every tier came");

        long RateOf(long notional) => steps.Last(step => notional >= step.From).Rate * TestExchange.Percent;
        long Margin(long notional) => ((notional * RateOf(notional)) + Rate.Scale - 1) / Rate.Scale;
    }

    [Test]
    [Description("R-1501, R-101: extreme prices and tick values are refused, not wrapped.")]
    public void SizingOverflows()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple, mark: 0, tickValue: 1_000_000);
        int account = x.Account(1_000);
        var sizing = new PositionSizing(x.State);
        TestExchange.Expect(ResultCode.Overflow, sizing.Of(account, market, Side.Buy, Exact.MaxPriceTicks, 1, out _));
        TestExchange.Expect(ResultCode.InvalidPrice, sizing.Of(account, market, Side.Buy, Exact.MaxPriceTicks + 1, 1, out _));
        TestExchange.Expect(ResultCode.UnknownAccount, sizing.Of(99, market, Side.Buy, 2, 1, out _));
        TestExchange.Expect(ResultCode.UnknownMarket, sizing.Of(account, 9, Side.Buy, 2, 1, out _));
        TestExchange.Expect(ResultCode.StopOnWinningSide, sizing.Of(account, market, Side.Sell, 2, 1, out _));
    }

    [Test]
    [Description("R-1502, R-402: sizing is that of the scope which the order is for: a hedge position with its margin, a new one with its side's mode.")]
    public void SizingOfAHedgePosition()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        int rich = x.Account(10_000_000);
        int a = x.Hedger(100_000);
        x.Mode(a, market, MarginMode.Isolated);
        long position = x.Opened(a, rich, market, Side.Buy, 10, 1_000);
        x.Allocate(a, market, 50_000, position);
        x.Rules(a, new TraderRules { RiskPerTradeRate = TestExchange.Percent, SizingCapRate = 100 * TestExchange.Percent, EnforceSizing = 1 });

        // 1 % of the position's 51,000 with the 49,000 that are available, 100 a lot; a new position has only the latter
        Assert.That(Order(11, position), Is.EqualTo(ResultCode.AboveSizing));
        Assert.That(Order(10, position), Is.EqualTo(ResultCode.Accepted));
        Assert.That(Order(5, 0), Is.EqualTo(ResultCode.AboveSizing));
        Assert.That(Order(4, 0), Is.EqualTo(ResultCode.Accepted));

        ResultCode Order(long lots, long of) =>
            x.Order(TestExchange.Limit(a, market, Side.Buy, lots, 1_000), new OrderTerms { PositionId = of, ProtectiveStopTicks = 900 });
    }

    [Test]
    [Description("R-1503: bands with hysteresis as the definition says, over random levels; within the distance told the band never changes.")]
    public void BandsAndDistances()
    {
        var random = new SplitMix(1503);
        for (int i = 0; i < 200_000; i++)
        {
            TraderRules rules = TraderRules.S4 with { LevelHysteresis = random.Below(20 * TestExchange.Percent) };
            var current = (LevelBand)random.Below(5);
            long requirement = 1 + random.Below(1_000_000);
            long equity = random.Below(2_500_000) - 100_000;
            LevelBand band = MarginLevels.Of(in rules, current, equity, requirement);
            Assert.That(band, Is.EqualTo(ByDefinition(in rules, current, equity, requirement)));

            long distance = MarginLevels.Distance(in rules, band, equity, requirement, 1, out _);
            if (distance is > 0 and < long.MaxValue)
            {
                long moved = equity + random.Below((int)Math.Min(distance, 1 << 30) + 1) * ((random.Below(2) * 2) - 1);
                Assert.That(MarginLevels.Of(in rules, band, moved, requirement), Is.EqualTo(band), "within the distance");
            }
        }

        static LevelBand ByDefinition(in TraderRules rules, LevelBand current, BigInteger equity, BigInteger requirement)
        {
            int[] levels = [rules.SafeLevel, rules.CautionLevel, rules.WarningLevel, rules.LiquidationLevel];
            int hysteresis = rules.LevelHysteresis;
            bool Reaches(int band, int above) => band == 3
                ? equity * Rate.Scale > requirement * ((BigInteger)levels[band] + above)
                : equity * Rate.Scale >= requirement * ((BigInteger)levels[band] + above);
            int plain = Enumerable.Range(0, 4).Where(band => Reaches(band, 0)).DefaultIfEmpty(4).First();
            int better = Enumerable.Range(0, 4).Where(band => Reaches(band, hysteresis)).DefaultIfEmpty(4).First();
            return (LevelBand)Math.Max(plain, Math.Min((int)current, better));
        }
    }

    [Test]
    [Description("R-1601: the volume of 30 UTC days is the sum of what was traded in them, over random days with gaps.")]
    public void VolumeOfThirtyDays()
    {
        var random = new SplitMix(1601);
        List<(int Day, long Units)> trades = [];
        FeeVolume volume = default;
        int day = 20_000;
        for (int i = 0; i < 5_000; i++)
        {
            day += random.Below(4) == 0 ? random.Below(random.Below(10) == 0 ? 45 : 5) : 0;
            Assert.That(volume.UnitsAt(day), Is.EqualTo(trades.Where(trade => trade.Day > day - 30).Sum(trade => trade.Units)));
            long units = random.Below(1_000_000);
            volume.Roll(day);
            volume.Add(units);
            trades.Add((day, units));
        }
    }

    [Test]
    [Description("R-1601, R-101: a day's volume stands still where it can't be held exactly.")]
    public void VolumeSaturates()
    {
        FeeVolume volume = default;
        for (int day = 0; day < 30; day++)
        {
            volume.Roll(day);
            for (int i = 0; i < 5; i++)
            {
                volume.Add(Exact.MaxNotionalUnits);
            }
        }

        Assert.That(volume.Units, Is.EqualTo(30 * (1L << 57)));
    }

    [Test]
    [Description("R-1504, R-1505: days and months of command time are those of the calendar, from 1970 to 2116.")]
    public void Calendar()
    {
        for (DateTime day = DateTime.UnixEpoch; day.Year < 2117; day = day.AddDays(1))
        {
            long ns = (day - DateTime.UnixEpoch).Ticks * 100;
            int month = ((day.Year - 1970) * 12) + day.Month - 1;
            Assert.That(UtcCalendar.MonthOf(ns), Is.EqualTo(month));
            Assert.That(UtcCalendar.MonthOf(ns + UtcCalendar.DayNs - 1), Is.EqualTo(month));
            if (day.Day == 1)
            {
                Assert.That(UtcCalendar.StartOfMonthNs(month), Is.EqualTo(ns));
            }
        }
    }

    [Test]
    [Description("R-1601, R-1602, R-103: rebate and receivers to the unit when one account is on both sides, and when the taker can't pay.")]
    public void RebateOnBothSides()
    {
        using var x = new TestExchange();
        MarketParameters parameters = TestExchange.Simple with
        {
            MakerFeeRate = -10 * Rate.BasisPoint,
            TakerFeeRate = 10 * Rate.BasisPoint,
            SelfTrade = SelfTradePrevention.None,
            FeeProtocolRate = 0,
            FeeInsuranceRate = 33 * TestExchange.Percent,
            FeeLendersRate = 33 * TestExchange.Percent,
            FeeCommunityRate = 34 * TestExchange.Percent,
        };
        int market = x.Market(parameters);
        int a = x.Account(10_000);
        x.Trade(a, a, market, 7, 1_001);
        Fill[] fills = [.. x.Events<Fill>(EventType.Fill)];
        Assert.That((fills[0].FeeUnits, fills[1].FeeUnits), Is.EqualTo((-7, 8)), "7,007 x 10 bp: rounded down and up");
        Assert.That(x.Row(market).FeeUnits, Is.EqualTo(1), "a unit that no share rounds to stays with the protocol");
    }

    [Test]
    [Description("R-1601: with one account on both sides of a trade the taker's tier sees the volume of the maker's fill just before it.")]
    public void TierWithinATrade()
    {
        using var x = new TestExchange();
        MarketParameters parameters = TestExchange.Simple with { TakerFeeRate = 100 * Rate.BasisPoint, SelfTrade = SelfTradePrevention.None };
        parameters.FeeTiers[0] = new FeeTier { VolumeUnits = 7_000, TakerFeeRate = 10 * Rate.BasisPoint };
        int market = x.Market(parameters);
        (int a, int b) = (x.Account(10_000), x.Account(10_000));
        x.Trade(a, a, market, 7, 1_000);
        Assert.That(x.Events<Fill>(EventType.Fill)[1].FeeUnits, Is.EqualTo(7), "10 bp of 7,000");
        x.Trade(b, a, market, 7, 1_000);
        Assert.That(x.Events<Fill>(EventType.Fill)[1].FeeUnits, Is.EqualTo(70), "100 bp: another account's fill is not its own");
    }

    [TestCase(100, 0, 0, 1, false)]
    [TestCase(100, 0, 0, 0, true)]
    [TestCase(101, -1, 0, 0, false)]
    [TestCase(25, 25, 25, 25, true)]
    [Description("R-1602: the shares are within 0 and 100 %, and all of it.")]
    public void Shares(int protocol, int insurance, int lenders, int community, bool valid)
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        ResultCode code = x.Parameters(market, TestExchange.Simple with
        {
            FeeProtocolRate = protocol * TestExchange.Percent,
            FeeInsuranceRate = insurance * TestExchange.Percent,
            FeeLendersRate = lenders * TestExchange.Percent,
            FeeCommunityRate = community * TestExchange.Percent,
        });
        TestExchange.Expect(valid ? ResultCode.Accepted : ResultCode.InvalidParameter, code);
    }
}
