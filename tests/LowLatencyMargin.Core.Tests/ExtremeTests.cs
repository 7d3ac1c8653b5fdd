using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-101, R-105: fields at the ends of their ranges get a result code, never an exception.</summary>
[TestFixture]
internal sealed class ExtremeTests
{
    [Test]
    [Description("R-1405: the largest shares of collateral and insurance that can be set don't overflow on the largest sums of money.")]
    public void LargestLimitShares([Values] bool insurance)
    {
        using var x = new TestExchange();
        MarketParameters parameters = TestExchange.Simple with
        {
            LimitOfCollateralRate = insurance ? 0 : int.MaxValue,
            LimitOfInsuranceRate = insurance ? int.MaxValue : 0,
        };
        int market = x.Market(parameters);
        int account = x.Account(insurance ? 1_000_000 : Exact.MaxMoneyUnits);
        if (insurance)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Fund(market, Exact.MaxMoneyUnits - 1_000_000));
        }

        TestExchange.Expect(ResultCode.Accepted, x.Buy(account, market, 1, 1_000));
    }

    [TestCase(long.MaxValue)]
    [TestCase(long.MaxValue - 1)]
    [Description("R-105: a clock at the end of its range stops nothing: timers, windows, budgets and days still get an answer.")]
    public void LatestTime(long timeNs)
    {
        using var x = new TestExchange { TimeNs = timeNs };
        int market = x.Market(TestExchange.Simple with { BreakerRate = TestExchange.Percent, BreakerHaltMs = 1 });
        (int a, int b) = (x.Account(1_000_000), x.Account(1_000_000));
        x.Protect(a, market, fills: 5, windowMs: 86_400_000, frozenMs: 86_400_000);
        x.LimitRate(0, 1, 100);
        x.DeadMan(a, 86_400_000);
        x.Order(TestExchange.Limit(a, market, Side.Buy, 1, 1_000, OrderFlags.MakerProtected) with { TimeInForce = TimeInForce.Day });
        x.Sell(b, market, 1, 1_000);
        x.Mark(market, 2_000);
        x.Tick();
    }
}
