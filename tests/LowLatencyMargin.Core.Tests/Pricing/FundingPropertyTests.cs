using System.Numerics;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests.Pricing;

/// <summary>R-901, R-902: random trades and intervals against sums of whole numbers of any size that know nothing of the exchange's code.</summary>
internal sealed class FundingPropertyTests
{
    private const int Accounts = 6;
    private const int Steps = 600;
    private const long Deposit = 50_000_000;
    private const long TickValue = 7;

    private static readonly BigInteger Scale = 100_000_000;

    private static MarginTiers Tiers => TestExchange.Tiers((4_000, 20, 2), (20_000, 10, 5), (MarginTier.NoLimit, 5, 10));

    /// <summary>What one account has by the book: kept in exact fractions of a unit until its position trades.</summary>
    private sealed class Ledger
    {
        public BigInteger Size;
        public BigInteger Cash;
        public BigInteger OwedE8;
        public BigInteger PaidUnits;
        public int Settled;
    }

    [Test]
    [Description("R-901, R-902: every equity is what a ledger of exact fractions says; the sum over all is zero, and what rounding takes is insurance.")]
    public void EquitiesAreExact([Range(1UL, 12UL, 1UL)] ulong seed)
    {
        using var x = new TestExchange();
        var random = new SplitMix(seed);
        int market = x.Market(TestExchange.Simple, mark: 10_000, tickValue: TickValue);
        int first = x.State.Accounts.HighWater + 1;
        var ledgers = new Ledger[Accounts];
        for (int i = 0; i < Accounts; i++)
        {
            _ = x.Account(Deposit);
            ledgers[i] = new Ledger { Cash = Deposit };
        }

        FundingRules rules = FundingRules.Default;
        long mark = 10_000;
        for (int step = 0; step < Steps; step++)
        {
            switch (random.Below(8))
            {
                case < 4:
                    Trade(x, market, first, ledgers, ref random, mark);
                    break;
                case 4:
                    mark = 9_500 + random.Below(1_000);
                    TestExchange.Expect(ResultCode.Accepted, x.Mark(market, mark));
                    break;
                case 5 when random.Below(5) == 0:
                    rules.InterestRate = random.Below(20_000) - 10_000;
                    rules.ClampRate = random.Below(100_000);
                    rules.CapRate = random.Below(2) == 0 ? 0 : 1 + random.Below(200_000);
                    rules.DampeningRate = random.Below(Rate.Scale + 1);
                    TestExchange.Expect(ResultCode.Accepted, x.Funding(market, rules));
                    break;
                default:
                    long index = mark - 40 + random.Below(81);
                    TestExchange.Expect(ResultCode.Accepted, x.Index(market, index));
                    TestExchange.Expect(ResultCode.Accepted, x.ForceFunding(market));
                    BigInteger rate = RateOf(mark, index, rules);
                    Assert.That((BigInteger)x.Events<FundingUpdated>(EventType.FundingUpdated).Single().RateE8, Is.EqualTo(rate));
                    Array.ForEach(ledgers, ledger => ledger.OwedE8 += ledger.Size * mark * rate * TickValue);
                    break;
            }

            for (int i = 0; i < Accounts; i++)
            {
                BigInteger equity = ledgers[i].Cash + (ledgers[i].Size * mark * TickValue) - Up(ledgers[i].OwedE8);
                Assert.That((BigInteger)AccountFigures.Of(x.State, first + i).EquityUnits, Is.EqualTo(equity), $"account {i} at step {step}");
            }
        }

        Flatten(x, market, first, ledgers, mark);
        BigInteger all = 0;
        for (int i = 0; i < Accounts; i++)
        {
            Assert.That((BigInteger)x.Pool(first + i), Is.EqualTo(ledgers[i].Cash));
            all += ledgers[i].Cash;
        }

        Assert.That(all + x.Row(market).InsuranceUnits, Is.EqualTo((BigInteger)Accounts * Deposit), "zero-sum, to the unit");
        Assert.That(x.Row(market).InsuranceUnits, Is.LessThanOrEqualTo(ledgers.Sum(ledger => ledger.Settled)));
        Assert.That((x.State.Funding[market].ClearingUnits, x.State.Funding[market].RestE8), Is.EqualTo((0L, 0L)));
    }

    [Test]
    [Description("R-902: settled after each interval or at the end, a position pays the same but for a unit an interval.")]
    public void LazyIsEager([Values(1UL, 2UL, 3UL)] ulong seed)
    {
        using TestExchange lazy = Pair(out int market, out int a, out int b);
        using TestExchange eager = Pair(out _, out _, out _);
        var random = new SplitMix(seed);
        const int Intervals = 200;
        for (int i = 0; i < Intervals; i++)
        {
            long index = 990 + random.Below(21);
            foreach (TestExchange x in new[] { lazy, eager })
            {
                x.Index(market, index);
                TestExchange.Expect(ResultCode.Accepted, x.ForceFunding(market));
            }

            long before = AccountFigures.Of(eager.State, a).EquityUnits;
            TestExchange.Expect(ResultCode.Accepted, eager.Withdraw(a, 1));
            Assert.That(AccountFigures.Of(eager.State, a).EquityUnits, Is.EqualTo(before - 1), "settling changes no equity");
            TestExchange.Expect(ResultCode.Accepted, eager.Deposit(a, 1));
        }

        long owed = AccountFigures.Of(lazy.State, a).EquityUnits;
        Assert.That(AccountFigures.Of(eager.State, a).EquityUnits, Is.LessThanOrEqualTo(owed).And.GreaterThanOrEqualTo(owed - Intervals));
        Assert.That(AccountFigures.Of(eager.State, b).EquityUnits, Is.EqualTo(AccountFigures.Of(lazy.State, b).EquityUnits), "not touched in either");
    }

    [Test]
    [Description("R-903, R-1102: intervals alone liquidate whom they make due, whatever index keys they stand at, long and short, with tiers and with "
        + "maintenance of the entry; with any work limit.")]
    public void IntervalsLiquidate([Values(1UL, 2UL, 3UL, 4UL)] ulong seed, [Values] Kind kind, [Values(4_096, 40)] int work)
    {
        using var x = new TestExchange(work);
        MarketParameters parameters = kind == Kind.Entry ? TestExchange.Simple with { MaintenanceMarginBase = MarginBase.Entry }
            : kind == Kind.Tiers ? TestExchange.Simple with { TierCount = 3, Tiers = Tiers }
            : TestExchange.Simple;
        int market = x.Market(parameters);
        var random = new SplitMix(seed);
        int maker = x.Account(100_000_000);
        int[] traders = new int[40];
        for (int i = 0; i < traders.Length; i++)
        {
            traders[i] = x.Account(1_000_000);
            if (i % 4 != 0)
            {
                TestExchange.Expect(ResultCode.Accepted, x.Mode(traders[i], market, MarginMode.Isolated));
            }

            long lots = 1 + random.Below(60);
            bool isLong = random.Below(2) == 0;
            x.Trade(isLong ? traders[i] : maker, isLong ? maker : traders[i], market, lots, 1_000);
            if (i % 4 == 0)
            {
                TestExchange.Expect(ResultCode.Accepted, x.Withdraw(traders[i], 1_000_000 - (lots * (250 + random.Below(500)))));
            }
            else if (random.Below(2) == 0)
            {
                x.Allocate(traders[i], market, random.Below((int)lots * 900));
            }

            if (i % 3 == 0)
            {
                _ = isLong ? x.Buy(traders[i], market, 1 + random.Below(5), 900) : x.Sell(traders[i], market, 1 + random.Below(5), 1_100);
            }
        }

        for (int i = 0; i < 150; i++)
        {
            x.Index(market, (i < 75 ? 960 : 1_010) + random.Below(31));
            if (random.Below(6) == 0)
            {
                x.Mark(market, 985 + random.Below(31));
            }

            TestExchange.Expect(ResultCode.Accepted, x.ForceFunding(market));
            if (random.Below(4) == 0)
            {
                int trader = traders[random.Below(traders.Length)];
                x.Allocate(trader, market, 1 + random.Below(50));
            }

            x.TickUntilDone();
        }

        // the checks after each command say that nobody was passed over
        Assert.That(x.Row(market).Liquidations, Is.GreaterThan(10));
    }

    [Test]
    [Description("R-503, R-1102: while the funding index stays within the reach of a market's keys no position is indexed anew, and none whose tier has "
        + "changed is passed over, with resting orders or without.")]
    public void TiersWithinReach([Range(1UL, 8UL, 1UL)] ulong seed)
    {
        const long Price = 10_000;
        using var x = new TestExchange();
        int market = x.Market(
            TestExchange.Simple with
            {
                TierCount = 4,
                Tiers = TestExchange.Tiers((1_000_000, 50, 1), (2_000_000, 15, 5), (3_000_000, 8, 10), (MarginTier.NoLimit, 5, 15)),
            },
            mark: Price);
        TestExchange.Expect(ResultCode.Accepted, x.Funding(market, FundingRules.Default with { InterestRate = 0, ClampRate = 0 }));
        var random = new SplitMix(seed);
        int maker = x.Account(1L << 40);
        const int Traders = 60;
        for (int i = 0; i < Traders; i++)
        {
            int trader = x.Account(1L << 32);
            bool isLong = random.Below(2) == 0;
            TestExchange.Expect(ResultCode.Accepted, x.Mode(trader, market, i % 3 == 0 ? MarginMode.Cross : MarginMode.Isolated));
            long lots = (100 * (1 + random.Below(3))) + random.Below(8);
            x.Trade(isLong ? trader : maker, isLong ? maker : trader, market, lots, Price);
            if (i % 3 == 0)
            {
                x.Withdraw(trader, (1L << 32) - (lots * Price * (6 + random.Below(20)) / 100));
            }
            else if (i % 6 != 1)
            {
                _ = isLong ? x.Buy(trader, market, 1 + random.Below(90), Price - 20) : x.Sell(trader, market, 1 + random.Below(90), Price + 20);
            }
        }

        int walks = 0;
        for (int i = 0; i < 1_600; i++)
        {
            long from = x.Row(market).KeysFromE8;
            x.Index(market, Price - (i < 800 ? 3 : -2) + random.Below(2));
            TestExchange.Expect(ResultCode.Accepted, x.ForceFunding(market));
            walks += x.Row(market).KeysFromE8 != from ? 1 : 0;
            if (random.Below(3) == 0)
            {
                x.Mark(market, Price - 2 + random.Below(5));
            }

            x.TickUntilDone();
        }

        Assert.That(walks, Is.InRange(5, 60));
        Assert.That(x.Row(market).Liquidations, Is.GreaterThan(8));
    }

    public enum Kind
    {
        Mark,
        Entry,
        Tiers,
    }

    private static TestExchange Pair(out int market, out int a, out int b)
    {
        var x = new TestExchange();
        market = x.Market(TestExchange.Simple);
        (a, b) = (x.Account(1_000_000), x.Account(1_000_000));
        x.Trade(a, b, market, 333, 1_000);
        return x;
    }

    private static void Trade(TestExchange x, int market, int first, Ledger[] ledgers, ref SplitMix random, long mark)
    {
        int buyer = random.Below(Accounts);
        int seller = (buyer + 1 + random.Below(Accounts - 1)) % Accounts;
        long lots = 1 + random.Below(100);
        long price = mark - 20 + random.Below(41);
        if (x.Sell(first + seller, market, lots, price) != ResultCode.Accepted)
        {
            return;
        }

        bool bought = x.Buy(first + buyer, market, lots, price) == ResultCode.Accepted;
        bool traded = bought && x.Events<Trade>(EventType.Trade).Count == 1;
        Assert.That(x.CancelAll(first + seller), Is.EqualTo(ResultCode.Accepted));
        if (bought)
        {
            x.CancelAll(first + buyer);
        }

        if (traded)
        {
            Book(ledgers[buyer], lots, price);
            Book(ledgers[seller], -lots, price);
        }
    }

    private static void Book(Ledger ledger, BigInteger lots, BigInteger price)
    {
        BigInteger paid = Up(ledger.OwedE8);
        ledger.Settled += ledger.OwedE8.IsZero ? 0 : 1;
        ledger.PaidUnits += paid;
        ledger.Cash -= paid + (lots * price * TickValue);
        ledger.OwedE8 = 0;
        ledger.Size += lots;
    }

    private static void Flatten(TestExchange x, int market, int first, Ledger[] ledgers, long mark)
    {
        while (Array.FindIndex(ledgers, ledger => ledger.Size > 0) is var seller && seller >= 0)
        {
            int buyer = Array.FindIndex(ledgers, ledger => ledger.Size < 0);
            var lots = (long)BigInteger.Min(ledgers[seller].Size, -ledgers[buyer].Size);
            TestExchange.Expect(ResultCode.Accepted, x.Sell(first + seller, market, lots, mark));
            TestExchange.Expect(ResultCode.Accepted, x.Buy(first + buyer, market, lots, mark));
            Book(ledgers[seller], -lots, mark);
            Book(ledgers[buyer], lots, mark);
        }
    }

    private static BigInteger RateOf(BigInteger mark, BigInteger index, FundingRules rules)
    {
        BigInteger premium = BigInteger.Divide((mark - index) * Scale, index);
        BigInteger counted = BigInteger.Divide(premium * rules.DampeningRate, Scale);
        BigInteger rate = counted + BigInteger.Min(BigInteger.Max(rules.InterestRate - counted, -rules.ClampRate), rules.ClampRate);
        BigInteger cap = rules.CapRate == 0 ? Scale : rules.CapRate;
        return BigInteger.Min(BigInteger.Max(rate, -cap), cap);
    }

    /// <summary>Hundred-millionths to whole units, toward plus infinity.</summary>
    private static BigInteger Up(BigInteger e8)
    {
        var toZero = BigInteger.Divide(e8, Scale);
        return e8 > toZero * Scale ? toZero + 1 : toZero;
    }
}
