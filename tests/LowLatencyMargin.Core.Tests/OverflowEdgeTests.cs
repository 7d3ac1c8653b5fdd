using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>
/// where a sum or a product would leave its range, in each way to get there, the command is refused before anything changes; and what is taken
/// up to there is computed, whatever follows.
/// </summary>
[TestFixture]
internal sealed class OverflowEdgeTests
{
    private const long MostLots = Exact.MaxQuantityLots;
    private const long MostTicks = Exact.MaxPriceTicks;
    private const long MostTickValue = 1L << 40;

    private static readonly (string Name, Func<TestExchange, int, int, long, ResultCode> Send)[] Orders =
    [
        ("buy", (x, account, market, _) => x.Buy(account, market, MostLots, MostTicks)),
        ("sell", (x, account, market, _) => x.Sell(account, market, MostLots, MostTicks)),
        ("one lot", (x, account, market, _) => x.Buy(account, market, 1, MostTicks)),
        ("immediate", (x, account, market, _) => x.Buy(account, market, MostLots, MostTicks, TimeInForce.ImmediateOrCancel)),
        ("fill or kill", (x, account, market, _) => x.Sell(account, market, MostLots, MostTicks, TimeInForce.FillOrKill)),
        ("market", (x, account, market, _) => x.MarketOrder(account, market, Side.Buy, MostLots)),
        ("modify", (x, account, market, order) => x.Modify(account, order, MostLots, MostTicks)),
        ("mass quote", (x, account, market, _) => x.Quote(account, market, [(MostLots, MostTicks)], [])),
        ("batch", (x, account, market, _) => x.Batch(account, market, BatchMode.Atomic, TestExchange.Placed(Side.Buy, MostLots, MostTicks))),
        ("modify in a batch", (x, account, market, order) => x.Batch(account, market, BatchMode.Atomic, TestExchange.Changed(order, MostLots, MostTicks))),
    ];

    private static IEnumerable<string> OrderNames => Orders.Select(order => order.Name);

    [TestCaseSource(nameof(OrderNames))]
    [Description("R-101, R-105: the largest price x the largest quantity x the largest tick value is refused in every kind of order, and nothing changes.")]
    public void LargestProduct(string name)
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple, mark: 1, MostTickValue);
        int account = x.Account(Exact.MaxMoneyUnits);
        TestExchange.Expect(ResultCode.Accepted, x.Buy(account, market, 1, 1));
        long order = x.LastOrderId;
        Refused(x, () => Orders.Single(each => each.Name == name).Send(x, account, market, order));
    }

    [Test]
    [Description("R-101: a tick value beyond the largest can't be listed.")]
    public void LargestTickValue()
    {
        using var x = new TestExchange();
        ListMarket command = TestExchange.Listing("M", TestExchange.Simple, MostTickValue);
        command.LotSizeE9 *= 2;
        Hash128 before = x.StateHash;
        TestExchange.Expect(ResultCode.TickValueNotWhole, x.Send(ref command, CommandType.ListMarket));
        Assert.That(x.StateHash, Is.EqualTo(before));
    }

    [Test]
    [Description("R-101, R-201: what all accounts have together stays within 2^60, however many they are: the next unit is refused wherever it comes in.")]
    public void SumOverAccounts()
    {
        const int Accounts = 10_000;
        using var x = new TestExchange(maxAccounts: Accounts + 100) { ChecksEvery = 1_000 };
        TestExchange.Expect(ResultCode.Accepted, x.AddAsset("GOLD"));
        int market = x.Market(TestExchange.Simple);
        long each = Exact.MaxMoneyUnits / Accounts;
        int first = x.State.Accounts.HighWater + 1;
        for (int i = 0; i < Accounts; i++)
        {
            _ = x.Account(each);
        }

        long rest = Exact.MaxMoneyUnits - (each * Accounts);
        int account = first + Accounts - 1;
        TestExchange.Expect(ResultCode.Accepted, x.Deposit(account, rest));
        x.ChecksEvery = 1;
        Refused(x, () => x.Deposit(first, 1));
        Refused(x, () => x.Deposit(account, 1));
        Refused(x, () => x.Deposit(account, long.MaxValue));
        Refused(x, () => x.Fund(market, 1));

        // all of it in one place, and out again
        TestExchange.Expect(ResultCode.Accepted, x.Withdraw(first, each));
        TestExchange.Expect(ResultCode.Accepted, x.Fund(market, each));
        Refused(x, () => x.Deposit(first, 1));
        TestExchange.Expect(ResultCode.Accepted, x.Between(account, first, each + rest));

        // each asset by itself
        TestExchange.Expect(ResultCode.Accepted, x.Deposit(first, Exact.MaxMoneyUnits, asset: 2));
        Refused(x, () => x.Deposit(account, 1, asset: 2));
    }

    [Test]
    [Description("R-101: what is open in a market on both sides, resting or held, stays exact: the lot and the mark that would leave it are refused.")]
    public void SumOverPositions()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple, mark: 1_024, tickValue: 1 << 20);
        (int a, int b) = (x.Account(Exact.MaxMoneyUnits / 4), x.Account(Exact.MaxMoneyUnits / 4));
        long lots = Exact.MaxNotionalUnits / 1_024 / (1 << 20) / 4;
        x.Trade(a, b, market, lots, 1_024);
        TestExchange.Expect(ResultCode.Accepted, x.Buy(a, market, lots, 1_024));
        Refused(x, () => x.Buy(a, market, lots + 1, 1_024));

        // what trades is held on both sides
        Refused(x, () => x.Sell(b, market, lots + 1, 1_024));
        TestExchange.Expect(ResultCode.Accepted, x.Sell(b, market, lots, 1_024));
        Refused(x, () => x.Buy(a, market, 1, 1_024));
        Refused(x, () => x.Sell(b, market, 1, 1_024));
        Refused(x, () => x.Mark(market, 1_025));
        Refused(x, () => x.Mark(market, MostTicks));
        TestExchange.Expect(ResultCode.Accepted, x.Mark(market, 1_023));
        TestExchange.Expect(ResultCode.Accepted, x.Mark(market, 1_024));
    }

    [Test]
    [Description("R-101: an account with the most positions, each of the largest notional, has exact figures at every mark, and is liquidated by them.")]
    public void LargestAccount()
    {
        const int Markets = Exact.MaxPositionsPerAccount;
        using var x = new TestExchange(maxAccounts: 2 * Markets, maxMarkets: Markets, maxPositions: 4 * Markets) { ChecksEvery = 16 };
        MarketParameters parameters = TestExchange.Simple with { MaxOpenPositions = Markets, InitialMarginLongRate = TestExchange.Percent * 5 };
        (int a, int b) = (x.Account(Exact.MaxMoneyUnits / 2), x.Account(Exact.MaxMoneyUnits / 2));
        TestExchange.Expect(ResultCode.Accepted, x.Rules(a, TraderRules.S4 with { DailyTrades = 0, DailyTradesWarning = 0 }));
        long lots = Exact.MaxNotionalUnits / 1_024 / (1 << 20) / 8;
        int[] markets = [.. Enumerable.Range(0, Markets).Select(_ => x.Market(parameters, mark: 1_024, tickValue: 1 << 20))];
        foreach (int market in markets)
        {
            x.Trade(a, b, market, lots, 1_024);
        }

        foreach (int market in markets)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Mark(market, 4 * 1_024));
            _ = x.TickUntilDone();
            Refused(x, () => x.Mark(market, (4 * 1_024) + 1));
        }

        Assert.That((Int128)AccountFigures.Of(x.State, a).UnrealizedPnlUnits, Is.LessThanOrEqualTo((Int128)Markets * 3 * lots * 1_024 * (1 << 20)));
        foreach (int market in markets)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Mark(market, 1));
            _ = x.TickUntilDone();
        }

        Assert.That(Conservation.Imbalance(x.State), Is.EqualTo((Int128)0));
    }

    [Test]
    [Description("R-101, R-1001, R-1002: a pool takes so much and no more; its debt grows to the end of its range, over centuries, and stops there.")]
    public void LargestPool()
    {
        using var x = new TestExchange { ChecksEvery = 1 };
        int market = x.Lending(TestExchange.Simple, PoolParameters.Default with
        {
            RateAtZero = 10 * Rate.Scale,
            RateAtOptimal = 10 * Rate.Scale,
            RateAtMax = 10 * Rate.Scale,
        }, lent: 0);
        (int lender, int borrower) = (x.Account(Exact.MaxMoneyUnits / 2), x.Account(Exact.MaxMoneyUnits / 2));
        Refused(x, () => x.Lend(lender, LendingPool.MaxUnits + 1));
        TestExchange.Expect(ResultCode.Accepted, x.Lend(lender, LendingPool.MaxUnits));
        Refused(x, () => x.Lend(lender, 1));
        Refused(x, () => x.Lend(borrower, LendingPool.MaxUnits));
        TestExchange.Expect(ResultCode.Accepted, x.Rules(borrower, TraderRules.S4));
        TestExchange.Expect(ResultCode.Accepted, x.Borrow(borrower, market, LendingPool.MaxUnits / 2));
        for (int year = 1; year <= 40; year++)
        {
            x.TimeNs += 365L * 86_400 * 1_000_000_000;
            TestExchange.Expect(ResultCode.Accepted, x.Tick());
            _ = x.TickUntilDone();
        }

        Assert.That(x.PoolOf(1).OwedUnits, Is.GreaterThanOrEqualTo(0));
        Assert.That(Conservation.Imbalance(x.State), Is.EqualTo((Int128)0));
    }

    [Test]
    [Description("R-101, R-202: an asset of which as much is there as can be has a highest price and no higher one, by mark and by the operator.")]
    public void LargestHolding()
    {
        using var x = new TestExchange();
        TestExchange.Expect(ResultCode.Accepted, x.AddAsset("GOLD"));
        int market = x.SpotMarket("GOLD", 2, 1, TestExchange.Simple, mark: 1);
        int account = x.Account();
        TestExchange.Expect(ResultCode.Accepted, x.Weights(2, 100 * TestExchange.Percent));
        TestExchange.Expect(ResultCode.Accepted, x.Rules(account, TraderRules.S4));
        long most = Exact.MaxMoneyUnits;
        Refused(x, () => x.Deposit(account, most + 1, asset: 2));
        while (most > 1 && x.Deposit(account, most, asset: 2) != ResultCode.Accepted)
        {
            most /= 2;
        }

        long mark = 1;
        while (x.Mark(market, 2 * mark) == ResultCode.Accepted)
        {
            mark *= 2;
        }

        Refused(x, () => x.Mark(market, 2 * mark));
        Refused(x, () => x.Mark(market, MostTicks));
        Refused(x, () => x.Deposit(account, most, asset: 2));
        Refused(x, () => x.Weights(2, 100 * TestExchange.Percent, priceE9: 1L << 62));
        TestExchange.Expect(ResultCode.Accepted, x.Mark(market, 1));
    }

    private static void Refused(TestExchange x, Func<ResultCode> command)
    {
        Hash128 before = x.StateHash;
        TestExchange.Expect(ResultCode.Overflow, command());
        Assert.That(x.StateHash, Is.EqualTo(before), "R-105: nothing changed");
        Assert.That(x.Events<Rejected>(EventType.Rejected), Has.Count.EqualTo(1));
    }
}
