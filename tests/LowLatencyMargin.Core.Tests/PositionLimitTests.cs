using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1405, R-1311: how large a position with its orders may become, how small an order.</summary>
[TestFixture]
internal sealed class PositionLimitTests
{
    private static readonly MarketParameters P = TestExchange.Simple;

    // the limit, and the most lots an account with 100,000 may buy at mark 1,000: 200 resting lots, open interest 40, insurance 50,000
    private static IEnumerable<TestCaseData> Limits =>
    [
        new TestCaseData(P with { MaxPositionLots = 30 }, 30),
        new TestCaseData(P with { MaxPositionUnits = 30_999 }, 30),
        new TestCaseData(P with { LimitOfCollateralRate = 3 * TestExchange.Percent }, 30),
        new TestCaseData(P with { LimitOfDepthRate = 15 * TestExchange.Percent }, 30),
        new TestCaseData(P with { LimitOfOpenInterestRate = 75 * TestExchange.Percent }, 30),
        new TestCaseData(P with { LimitOfInsuranceRate = 60 * TestExchange.Percent }, 30),
        new TestCaseData(P with { MaxPositionLots = 90, LimitOfDepthRate = 15 * TestExchange.Percent, MaxPositionUnits = 50_000 }, 30),
    ];

    [TestCaseSource(nameof(Limits))]
    [Description("R-1405: static, by collateral, depth, open interest, insurance; the smallest that is on counts; the lot beyond it is refused.")]
    public void EachLimit(MarketParameters parameters, int most)
    {
        using var x = new TestExchange();
        int market = x.Market(P);
        (int a, int b, int c) = (x.Account(100_000), x.Account(10_000_000), x.Account(10_000_000));
        x.Trade(b, c, market, 40, 1_000);
        x.Sell(b, market, 200, 1_500);
        x.Fund(market, 50_000);
        TestExchange.Expect(ResultCode.Accepted, x.Parameters(market, parameters));

        TestExchange.Expect(ResultCode.PositionLimit, x.Buy(a, market, most + 1, 999, TimeInForce.ImmediateOrCancel));
        TestExchange.Expect(ResultCode.Accepted, x.Buy(a, market, most, 999, TimeInForce.ImmediateOrCancel));
        TestExchange.Expect(ResultCode.PositionLimit,
            x.Batch(a, market, BatchMode.Atomic, TestExchange.Placed(Side.Buy, most, 999), TestExchange.Placed(Side.Buy, 1, 998)));
        TestExchange.Expect(ResultCode.PositionLimit, x.Quote(a, market, [(most, 999), (1, 998)], []));
    }

    [Test]
    [Description("R-1405: position and resting orders of a side count together; what only reduces is free; a change counts only once.")]
    public void OrdersCount()
    {
        using var x = new TestExchange();
        int market = x.Market(P with { MaxPositionLots = 10 });
        (int a, int b) = (x.Account(1_000_000), x.Account(1_000_000));
        x.Trade(a, b, market, 6, 1_000);
        TestExchange.Expect(ResultCode.Accepted, x.Buy(a, market, 3, 990));
        long order = x.LastOrderId;
        TestExchange.Expect(ResultCode.PositionLimit, x.Modify(a, order, 5, 0));
        TestExchange.Expect(ResultCode.Accepted, x.Modify(a, order, 4, 991));
        TestExchange.Expect(ResultCode.PositionLimit, x.Buy(a, market, 1, 990));
        TestExchange.Expect(ResultCode.Accepted, x.Sell(a, market, 16, 1_010));
        TestExchange.Expect(ResultCode.PositionLimit, x.Sell(a, market, 1, 1_010));
        x.Parameters(market, P with { MaxPositionLots = 1 });
        TestExchange.Expect(ResultCode.Accepted, x.Modify(a, order, 3, 0));
        TestExchange.Expect(ResultCode.Accepted, x.Order(TestExchange.Limit(a, market, Side.Sell, 6, 1_020, OrderFlags.ReduceOnly)));
    }

    [Test]
    [Description("R-1405: no more open positions than the market allows; markets with orders alone don't count; closing makes room.")]
    public void OpenPositions()
    {
        using var x = new TestExchange();
        int first = x.Market(P with { MaxOpenPositions = 1 });
        int second = x.Market(P with { MaxOpenPositions = 1 });
        (int a, int b) = (x.Account(1_000_000), x.Account(1_000_000));
        TestExchange.Expect(ResultCode.Accepted, x.Buy(a, second, 1, 900));
        x.Trade(a, b, first, 1, 1_000);
        TestExchange.Expect(ResultCode.PositionLimit, x.Buy(a, second, 1, 900));
        TestExchange.Expect(ResultCode.Accepted, x.Buy(a, first, 1, 900));
        x.CancelAll(a);
        x.Trade(b, a, first, 1, 1_000);
        TestExchange.Expect(ResultCode.Accepted, x.Buy(a, second, 1, 900));
    }

    [Test]
    [Description("R-1405: a triggered order meets the limits when it is set off.")]
    public void CheckedAtTrigger()
    {
        using var x = new TestExchange();
        int market = x.Market(P with { MaxPositionLots = 10 });
        int a = x.Account(1_000_000);
        TestExchange.Expect(ResultCode.Accepted, x.Order(TestExchange.AtMarket(a, market, Side.Buy, 11), TestExchange.Stop(1_001)));
        x.Mark(market, 1_001);
        Assert.That(x.Events<Rejected>(EventType.Rejected).Single().Code, Is.EqualTo(ResultCode.PositionLimit));
    }

    [Test]
    [Description("R-1311: smallest size and notional, to the unit; reduce-only orders may close dust.")]
    public void SmallestOrders()
    {
        using var x = new TestExchange();
        int market = x.Market(P);
        (int a, int b) = (x.Account(1_000_000), x.Account(1_000_000));
        x.Trade(a, b, market, 1, 1_000);
        x.Parameters(market, P with { MinQuantityLots = 2, MinNotionalUnits = 2_000 });
        TestExchange.Expect(ResultCode.BelowMinimumSize, x.Buy(a, market, 1, 5_000));
        TestExchange.Expect(ResultCode.BelowMinimumNotional, x.Buy(a, market, 2, 999));
        TestExchange.Expect(ResultCode.Accepted, x.Buy(a, market, 2, 1_000));
        TestExchange.Expect(ResultCode.BelowMinimumNotional, x.Modify(a, x.LastOrderId, 0, 999));
        TestExchange.Expect(ResultCode.BelowMinimumSize, x.Quote(a, market, [(1, 5_000)], []));
        TestExchange.Expect(ResultCode.BelowMinimumNotional, x.Quote(a, market, [(2, 999)], []));
        TestExchange.Expect(ResultCode.Accepted, x.Order(TestExchange.Limit(a, market, Side.Sell, 1, 1_500, OrderFlags.ReduceOnly)));
    }
}
