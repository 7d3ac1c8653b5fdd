using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Loans of spot-margin scopes: borrowing, orders that borrow and repay, liquidation (R-1003 to R-1014).</summary>
internal sealed class LoanTests
{
    private const int Percent = TestExchange.Percent;

    // a lot is 1,000 units of the base asset, a tick is 1 unit a lot: a lot at 1,000 is worth 1,000 units
    private static (TestExchange Exchange, int Market, int Trader, int Maker) Set(MarketParameters? parameters = null, int work = 4096)
    {
        var exchange = new TestExchange(work);
        int market = exchange.Lending(parameters ?? TestExchange.Simple);
        int trader = exchange.Account(500_000);
        int maker = exchange.Account(1_000_000_000);
        TestExchange.Expect(ResultCode.Accepted, exchange.Deposit(maker, 1_000_000_000, asset: 2));
        return (exchange, market, trader, maker);
    }

    [Test]
    [Description("R-1007: a fill borrows exactly what it lacks, own funds first; what does not fill borrows nothing")]
    public void FillsBorrowWhatTheyLack()
    {
        (TestExchange exchange, int market, int trader, int maker) = Set();
        using (exchange)
        {
            TestExchange.Expect(ResultCode.Accepted, exchange.ToMargin(trader, market, 500_000));
            TestExchange.Expect(ResultCode.Accepted, exchange.Place(trader, market, Side.Buy, 1_500, 1_000, SideEffect.AutoBorrow));
            long order = exchange.LastOrderId;
            Assert.That(exchange.PoolOf(1).PromisedUnits, Is.EqualTo(1_000_000), "promised, not borrowed");
            Assert.That(exchange.Owed(trader, market), Is.Zero);
            TestExchange.Expect(ResultCode.Accepted, exchange.Sell(maker, market, 400, 1_000));
            Assert.That(exchange.Owed(trader, market), Is.Zero, "own funds first");
            TestExchange.Expect(ResultCode.Accepted, exchange.Sell(maker, market, 200, 1_000));
            Assert.That(exchange.Owed(trader, market), Is.EqualTo(100_000));
            Assert.That(exchange.PoolOf(1).PromisedUnits, Is.EqualTo(900_000));
            TestExchange.Expect(ResultCode.Accepted, exchange.Cancel(trader, order));
            Assert.That(exchange.PoolOf(1).PromisedUnits, Is.Zero);
            Assert.That(exchange.InScope(trader, market, 2), Is.EqualTo(600_000));
        }
    }

    [Test]
    [Description("R-1014: when the pool can't lend the order is refused before it trades; with own funds only if the client says so")]
    public void UnavailableIsRefusedBeforeTrading()
    {
        (TestExchange exchange, int market, int trader, int maker) = Set();
        using (exchange)
        {
            TestExchange.Expect(ResultCode.Accepted, exchange.ToMargin(trader, market, 500_000));
            TestExchange.Expect(ResultCode.Accepted, exchange.Pool(1, PoolParameters.Default with { BorrowCapUnits = 999_999 }));
            TestExchange.Expect(ResultCode.Accepted, exchange.Sell(maker, market, 1_500, 1_000));
            TestExchange.Expect(ResultCode.BorrowUnavailable, exchange.Place(trader, market, Side.Buy, 1_500, 1_000, SideEffect.AutoBorrow));
            Assert.That(exchange.Events<Trade>(EventType.Trade), Is.Empty);
            TestExchange.Expect(
                ResultCode.Accepted, exchange.Place(trader, market, Side.Buy, 1_500, 1_000, SideEffect.AutoBorrow | SideEffect.OwnFundsIfNone));
            Assert.That(exchange.Events<Trade>(EventType.Trade).Single().QuantityLots, Is.EqualTo(500));
            Assert.That(exchange.Owed(trader, market), Is.Zero);
        }
    }

    [Test]
    [Description("R-1003, R-1008: a loan needs the initial level, and what stands behind it stays while it is owed")]
    public void InitialLevelAndLockedFunds()
    {
        (TestExchange exchange, int market, int trader, _) = Set();
        using (exchange)
        {
            TestExchange.Expect(ResultCode.Accepted, exchange.ToMargin(trader, market, 500_000));
            TestExchange.Expect(ResultCode.InsufficientMargin, exchange.Borrow(trader, market, 1_000_001));
            TestExchange.Expect(ResultCode.Accepted, exchange.Borrow(trader, market, 1_000_000));
            TestExchange.Expect(ResultCode.LockedFunds, exchange.FromMargin(trader, market, 1));
            TestExchange.Expect(ResultCode.InsufficientBalance, exchange.FromMargin(trader, market, 1_500_001));
            TestExchange.Expect(ResultCode.Accepted, exchange.Repay(trader, market, 700_000));
            TestExchange.Expect(ResultCode.LockedFunds, exchange.FromMargin(trader, market, 350_001));
            TestExchange.Expect(ResultCode.Accepted, exchange.FromMargin(trader, market, 350_000));
            TestExchange.Expect(ResultCode.ActiveLoan, exchange.Mode(trader, market, MarginMode.Cross));
            TestExchange.Expect(ResultCode.Accepted, exchange.Repay(trader, market, 1_000_000_000));
            Assert.That(exchange.InScope(trader, market, 1), Is.EqualTo(150_000), "an over-payment stays with its owner");
            TestExchange.Expect(ResultCode.NothingOwed, exchange.Repay(trader, market, 1));
            TestExchange.Expect(ResultCode.Accepted, exchange.Mode(trader, market, MarginMode.Cross));
            Assert.That(exchange.Pool(trader), Is.EqualTo(500_000));
        }
    }

    [Test]
    [Description("R-701, R-704: beyond the shown price the level is reached, a tick before it is not; long and short, any size, level and lot")]
    public void PriceAndLevelAgree()
    {
        var random = new SplitMix(11);
        int examined = 0;
        while (examined < 20_000)
        {
            Market market = new()
            {
                LotUnits = 1L << random.Below(20),
                TickValueUnits = 1 + random.Below(1_000),
                Parameters = TestExchange.Simple with { LiquidationLevelRate = (100 * Percent) + (random.Below(60) * Percent) },
            };
            bool isLong = random.Below(2) == 0;
            long assets = 1_000_000 + random.Below(1_000_000_000);
            LoanFigures figures = isLong
                ? new() { BaseUnits = assets, QuoteUnits = random.Below(100_000), QuoteOwedUnits = 1 + random.Below(1_000_000_000) }
                : new() { QuoteUnits = assets, BaseUnits = random.Below(1_000), BaseOwedUnits = 1_000_000 + random.Below(1_000_000_000) };
            long price = figures.LiquidationPrice(in market);

            // a tick must move the value by some units, or no price can be exact to the tick
            bool isFine = Math.Abs(figures.BaseUnits - figures.BaseOwedUnits) / 16 * market.TickValueUnits >= market.LotUnits;
            if (price is <= 2 or > 1L << 38 || !isFine)
            {
                continue;
            }

            examined++;
            Assert.That(At(figures, market, isLong ? price - 1 : price + 1), Is.True, $"beyond {price}");
            Assert.That(At(figures, market, isLong ? price + 1 : price - 1), Is.False, $"before {price}");
            long bankruptcy = figures.BankruptcyPrice(in market);
            Assert.That(isLong ? bankruptcy <= price : bankruptcy >= price);
        }

        static bool At(LoanFigures figures, Market market, long ticks)
        {
            market.MarkTicks = ticks;
            return figures.IsLiquidatable(in market);
        }
    }

    [Test]
    [Description("R-1002, R-1102: interest alone brings a loan to its liquidation, at the step in which its level is reached")]
    public void InterestLiquidates()
    {
        (TestExchange exchange, int market, int trader, int maker) = Set();
        using (exchange)
        {
            PoolParameters dear = PoolParameters.Default with { RateAtZero = 500 * Percent, RateAtOptimal = 500 * Percent, RateAtMax = 500 * Percent };
            TestExchange.Expect(ResultCode.Accepted, exchange.Pool(1, dear));
            TestExchange.Expect(ResultCode.Accepted, exchange.ToMargin(trader, market, 500_000));
            TestExchange.Expect(ResultCode.Accepted, exchange.Sell(maker, market, 1_500, 1_000));
            TestExchange.Expect(ResultCode.Accepted, exchange.Place(trader, market, Side.Buy, 1_500, 1_000, SideEffect.AutoBorrow));
            TestExchange.Expect(ResultCode.Accepted, exchange.Buy(maker, market, 10_000, 999));
            int hours = 0;
            while (exchange.Events<LoanScopeTold>(EventType.LoanLiquidationStarted).Count == 0)
            {
                exchange.TimeNs += 3_600_000_000_000;
                TestExchange.Expect(ResultCode.Accepted, exchange.Tick());
                Assert.That(++hours, Is.LessThan(1_000));
            }

            // 1,000,000 x (1 + 5 / 8,760)^h x 1.05 reaches 1,500,000: h = 625.1
            Assert.That(hours, Is.EqualTo(626));
            Assert.That(exchange.Owed(trader, market), Is.Zero);
        }
    }

    [Test]
    [Description("R-1113: a liquidation that runs out of work goes on with the next ticks and comes to the same end")]
    public void LiquidationGoesOnWithTicks()
    {
        Assert.That(Outcome(16), Is.EqualTo(Outcome(4096)));

        static (long Owed, long Liquidity, long Assets) Outcome(int work)
        {
            (TestExchange exchange, int market, int trader, int maker) = Set(work: work);
            using (exchange)
            {
                TestExchange.Expect(ResultCode.Accepted, exchange.ToMargin(trader, market, 500_000));
                TestExchange.Expect(ResultCode.Accepted, exchange.Sell(maker, market, 1_500, 1_000));
                TestExchange.Expect(ResultCode.Accepted, exchange.Place(trader, market, Side.Buy, 1_500, 1_000, SideEffect.AutoBorrow));
                for (int i = 0; i < 100; i++)
                {
                    TestExchange.Expect(ResultCode.Accepted, exchange.Buy(maker, market, 20, 660));
                }

                TestExchange.Expect(ResultCode.Accepted, exchange.Mark(market, 660));
                while (exchange.Exchange.HasPendingWork)
                {
                    TestExchange.Expect(ResultCode.Accepted, exchange.Tick());
                }

                return (exchange.Owed(trader, market), exchange.PoolOf(1).LiquidityUnits, exchange.PoolOf(1).AssetUnits);
            }
        }
    }

    [Test]
    [Description("R-1012: a market that does not let an obligation be added to refuses collateral and borrowing while one is open")]
    public void TopUpCanBeOff()
    {
        (TestExchange exchange, int market, int trader, _) = Set(TestExchange.Simple with { LoanTopUp = 0 });
        using (exchange)
        {
            TestExchange.Expect(ResultCode.Accepted, exchange.ToMargin(trader, market, 400_000));
            TestExchange.Expect(ResultCode.Accepted, exchange.Borrow(trader, market, 100_000));
            TestExchange.Expect(ResultCode.LoanTopUpNotAllowed, exchange.ToMargin(trader, market, 1));
            TestExchange.Expect(ResultCode.LoanTopUpNotAllowed, exchange.Borrow(trader, market, 1));
            TestExchange.Expect(ResultCode.Accepted, exchange.Repay(trader, market, 0));
            TestExchange.Expect(ResultCode.Accepted, exchange.ToMargin(trader, market, 1));
        }
    }

    [Test]
    [Description("R-1003, R-1007, R-109: what is refused, and with which code")]
    public void RefusalsHaveCodes()
    {
        (TestExchange exchange, int market, int trader, _) = Set();
        using (exchange)
        {
            int perpetual = exchange.Market(TestExchange.Simple);
            TestExchange.Expect(ResultCode.InvalidPair, exchange.Place(trader, perpetual, Side.Buy, 1, 1_000, SideEffect.AutoBorrow));
            TestExchange.Expect(ResultCode.InvalidCombination, exchange.Place(trader, market, Side.Buy, 1, 1_000, SideEffect.OwnFundsIfNone));
            TestExchange.Expect(ResultCode.InvalidPair, exchange.Borrow(trader, perpetual, 1));
            TestExchange.Expect(ResultCode.UnknownAsset, exchange.Borrow(trader, market, 1, asset: 9));
            TestExchange.Expect(ResultCode.UnknownAsset, exchange.Borrow(trader, market, 1, asset: 0));
            TestExchange.Expect(ResultCode.UnknownAsset, exchange.Repay(trader, market, 1, asset: 0));
            TestExchange.Expect(ResultCode.UnknownMarket, exchange.Borrow(trader, 99, 1));
            TestExchange.Expect(ResultCode.UnknownAccount, exchange.Borrow(0, market, 1));
            TestExchange.Expect(ResultCode.InvalidAmount, exchange.Borrow(trader, market, 0));
            TestExchange.Expect(ResultCode.NothingOwed, exchange.CloseLoans(trader, market));
        }
    }
}
