using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Loans that share a wallet with the rest of the account, and orders that could lose what stands behind them (R-1003, R-1007, R-1104).</summary>
internal sealed class LoanCrossTests
{
    private const int Percent = TestExchange.Percent;

    // a lot is 1,000 units of the base asset, a tick is 1 unit a lot: a lot at 1,000 is worth 1,000 units
    private static (TestExchange Exchange, int Market, int Trader, int Maker) Set(long own = 500_000)
    {
        var exchange = new TestExchange();
        int market = exchange.Lending(TestExchange.Simple);
        int trader = exchange.Account(own);
        int maker = exchange.Account(1_000_000_000);
        TestExchange.Expect(ResultCode.Accepted, exchange.Deposit(maker, 1_000_000_000, asset: 2));
        return (exchange, market, trader, maker);
    }

    private static void Expect(ResultCode code) => TestExchange.Expect(ResultCode.Accepted, code);

    [Test]
    [Description("R-1104: a liquidation cancels all orders of a cross account that hold what stands behind its loans, which may cure it, before lenders lose")]
    public void OrdersElsewhereGiveWay()
    {
        (TestExchange exchange, int market, int trader, int maker) = Set();
        using (exchange)
        {
            Expect(exchange.AddAsset("ETH"));
            int other = exchange.SpotMarket("ETH", 3, 1, TestExchange.Simple);
            Expect(exchange.Buy(maker, market, 600, 1_000));
            Expect(exchange.Place(trader, market, Side.Sell, 600, 1_000, SideEffect.AutoBorrow));
            Expect(exchange.Buy(trader, other, 200, 1_000));
            Expect(exchange.Mark(market, 1_700));
            Assert.That(exchange.Events<LoanScopeTold>(EventType.LoanLiquidationFinished), Has.Count.EqualTo(1));
            Assert.That(exchange.Events<BadLoan>(EventType.BadLoan), Is.Empty);
            Assert.That(exchange.Owed(trader, market, asset: 2), Is.EqualTo(600_000), "cured: 1,100,000 for 1,020,000");
            Assert.That(exchange.Free(trader, 1), Is.EqualTo(1_100_000));
        }
    }

    [Test]
    [Description("R-1011, R-1104: when the larger debt can't be repaid the other one is, and what the book does not take goes with its debt; nobody loses")]
    public void BothDebtsEnd()
    {
        (TestExchange exchange, int market, int trader, int maker) = Set();
        using (exchange)
        {
            Expect(exchange.Buy(maker, market, 400, 1_000));
            Expect(exchange.Place(trader, market, Side.Sell, 400, 1_000, SideEffect.AutoBorrow));
            Expect(exchange.Borrow(trader, market, 100_000));
            Expect(exchange.Mark(market, 2_250));
            Assert.That(exchange.Owed(trader, market), Is.Zero);
            Assert.That(exchange.Owed(trader, market, asset: 2), Is.Zero);
            Assert.That(exchange.Events<BadLoan>(EventType.BadLoan), Is.Empty);
            Assert.That(exchange.Events<LoanTakenOver>(EventType.LoanTakenOver).Single().QuoteUnits, Is.EqualTo(900_000));
        }
    }

    [Test]
    [Description("R-202, R-1013: other collateral of a cross account pays its loans before insurance and lenders do")]
    public void OtherCollateralPaysFirst()
    {
        (TestExchange exchange, int market, int trader, int maker) = Set(own: 1);
        using (exchange)
        {
            Expect(exchange.AddAsset("BTC"));
            Expect(exchange.Weights(3, 90 * Percent, priceE9: 1_000_000_000));
            Expect(exchange.Deposit(trader, 1_000_000, asset: 3));
            Expect(exchange.Sell(maker, market, 1_000, 1_000));
            Expect(exchange.Place(trader, market, Side.Buy, 1_000, 1_000, SideEffect.AutoBorrow));
            Expect(exchange.Mark(market, 100));
            Assert.That(exchange.Events<CollateralTakenOver>(EventType.CollateralTakenOver).Single().PaidUnits, Is.EqualTo(900_000));
            Assert.That(exchange.Events<BadLoan>(EventType.BadLoan), Is.Empty);
            Assert.That(exchange.Owed(trader, market), Is.Zero);
            Assert.That(exchange.PoolOf(1).LostUnits, Is.Zero);
        }
    }

    [Test]
    [Description("R-1003, R-204: a base asset that backs loans and is no collateral can't be sold away in another market")]
    public void BackingStays()
    {
        (TestExchange exchange, int market, int trader, int maker) = Set();
        using (exchange)
        {
            Expect(exchange.AddAsset("EUR"));
            int other = exchange.SpotMarket("SOL", 2, 3, TestExchange.Simple);
            Expect(exchange.Sell(maker, market, 1_500, 1_000));
            Expect(exchange.Place(trader, market, Side.Buy, 1_500, 1_000, SideEffect.AutoBorrow));
            TestExchange.Expect(ResultCode.InsufficientMargin, exchange.Sell(trader, other, 1, 1_000));
            Expect(exchange.Mark(market, 1_200));
            Expect(exchange.Sell(trader, other, 250, 1_000));
            TestExchange.Expect(ResultCode.InsufficientMargin, exchange.Sell(trader, other, 1, 1_000));
            TestExchange.Expect(ResultCode.InsufficientBalance, exchange.Withdraw(trader, 1_000, asset: 2));
        }
    }

    [Test]
    [Description("R-1003: neither a changed order nor several together may lose more against the mark than what is left above the liquidation level")]
    public void LossesCountTogether()
    {
        (TestExchange exchange, int market, int trader, _) = Set();
        using (exchange)
        {
            Expect(exchange.ToMargin(trader, market, 500_000));
            Expect(exchange.Borrow(trader, market, 500_000));
            Expect(exchange.Buy(trader, market, 100, 1_000));
            long order = exchange.LastOrderId;
            TestExchange.Expect(ResultCode.InsufficientMargin, exchange.Modify(trader, order, 100, 5_800));
            Expect(exchange.Modify(trader, order, 100, 4_000));
            TestExchange.Expect(ResultCode.InsufficientMargin, exchange.Buy(trader, market, 100, 3_000));
            Expect(exchange.Buy(trader, market, 100, 1_000));
            TestExchange.Expect(
                ResultCode.InsufficientMargin,
                exchange.Batch(trader, market, BatchMode.Atomic, Item(100, 2_900), Item(199, 1)));
        }

        static BatchItem Item(long lots, long ticks) => new() { Side = Side.Buy, QuantityLots = lots, PriceTicks = ticks };
    }

    [Test]
    [Description("R-202, R-209: collateral of the cross wallet is not sold through an isolated scope, which has a wallet of its own")]
    public void IsolatedScopesSellNothingOfOthers()
    {
        (TestExchange exchange, int market, int trader, int maker) = Set(own: 100_000);
        using (exchange)
        {
            int perpetual = exchange.Market(TestExchange.Simple);
            Expect(exchange.Weights(2, 90 * Percent));
            Expect(exchange.Deposit(trader, 1_000_000, asset: 2));
            Expect(exchange.ToMargin(trader, market, 1_000));
            Expect(exchange.Sell(maker, perpetual, 500, 1_000));
            Expect(exchange.Buy(trader, perpetual, 500, 1_000));
            Expect(exchange.Buy(maker, market, 1_000, 400));
            Expect(exchange.Mark(perpetual, 10));
            Expect(exchange.Mark(market, 400));
            Assert.That(exchange.InScope(trader, market, 1), Is.EqualTo(1_000));
            Assert.That(exchange.Events<CollateralTakenOver>(EventType.CollateralTakenOver), Is.Not.Empty);
        }
    }
}
