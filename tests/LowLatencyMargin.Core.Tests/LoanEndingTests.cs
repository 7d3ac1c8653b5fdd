using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;

namespace LowLatencyMargin.Core.Tests;

/// <summary>How liquidations of loans end: in health, without a debt, or with what is missing written off (R-1011, R-1013).</summary>
internal sealed class LoanEndingTests
{
    private const int Percent = TestExchange.Percent;
    private const int Cases = 500;

    [Test]
    [Description("R-1011, R-1013, R-1104: step after step a liquidation ends, whatever is owed, had and bid: healthy, closed or a bad loan, and lenders lose no more than that")]
    public void LiquidationsEnd([Values(16, 4096)] int work)
    {
        Tally tally = default;
        for (ulong seed = 1; seed <= Cases; seed++)
        {
            Run(new SplitMix(seed), work, ref tally);
        }

        Assert.That(tally.Begun, Is.GreaterThan(Cases / 5), tally.ToString());
        TestContext.Out.WriteLine(tally.ToString());
        Assert.That(tally.Healthy, Is.GreaterThan(Cases / 50), $"in health, with a debt: {tally}");
        Assert.That(tally.Closed, Is.GreaterThan(Cases / 50), $"without a debt: {tally}");
        Assert.That(tally.Bad, Is.GreaterThan(Cases / 30), $"with a bad loan: {tally}");
    }

    private static void Run(SplitMix random, int work, ref Tally tally)
    {
        using var exchange = new TestExchange(work) { ChecksEvery = 7 };
        int market = exchange.Lending(Parameters(random), PoolParameters.Default with { DustE9 = random.Below(3) * 1_000_000 });
        bool isCross = random.Below(2) == 0;
        bool hasPosition = isCross && random.Below(4) == 0;
        int perpetual = exchange.Market(TestExchange.Simple);
        _ = exchange.AddAsset("BTC");
        _ = exchange.Weights(3, random.Below(3) * 40 * Percent, priceE9: 1_000_000_000);
        _ = exchange.Weights(2, random.Below(4) == 0 ? 70 * Percent : 0);
        _ = exchange.Fund(market, 1 + random.Below(100_000));
        int trader = exchange.Account(1 + random.Below(500_000));
        int maker = exchange.Account(1_000_000_000);
        _ = exchange.Deposit(maker, 1_000_000_000, asset: 2);
        _ = exchange.Deposit(trader, 1 + random.Below(100_000), asset: 2);
        _ = exchange.Deposit(trader, 1 + random.Below(200_000), asset: 3);
        if (!isCross)
        {
            _ = exchange.ToMargin(trader, market, exchange.Free(trader, 1));
            _ = exchange.ToMargin(trader, market, random.Below(400_000), asset: 2);
        }

        if (hasPosition)
        {
            _ = exchange.Sell(maker, perpetual, 200, 1_000);
            _ = exchange.Buy(trader, perpetual, 1 + random.Below(200), 1_000);
        }

        for (int i = 0; i < 12; i++)
        {
            _ = exchange.Borrow(trader, market, 1 + (random.Below(1_200_000) >> (i / 2)), asset: 1 + random.Below(2));
        }

        // some trade what they have for the other asset
        Side side = (Side)random.Below(2);
        _ = side == Side.Buy ? exchange.Sell(maker, market, 900, 1_000) : exchange.Buy(maker, market, 900, 1_000);
        _ = exchange.Place(trader, market, side, 1 + random.Below(900), 1_000, random.Below(2) == 0 ? SideEffect.AutoBorrow : SideEffect.None,
            TimeInForce.ImmediateOrCancel);
        _ = exchange.CancelAll(maker);
        bool wasBad = false;
        bool wasBegun = false;
        int mark = 1_000;
        for (int step = 0; step < 6; step++)
        {
            mark = Math.Max(1, mark * (40 + random.Below(160)) / 100);
            Quote(exchange, random, maker, market, mark);
            _ = exchange.Mark(perpetual, 1_000 - random.Below(step == 3 ? 900 : 30));
            Look(exchange, ref wasBegun, ref wasBad);
            _ = exchange.Mark(market, mark);
            Look(exchange, ref wasBegun, ref wasBad);
            for (int ticks = 0; exchange.Exchange.HasPendingWork; ticks++)
            {
                Assert.That(ticks, Is.LessThan(2_000), "a liquidation that does not end");
                _ = exchange.Tick();
                Look(exchange, ref wasBegun, ref wasBad);
            }

            int row = exchange.State.FindPosition(trader, market);
            LoanFigures figures = LoanFigures.Of(exchange.State, row);
            bool waits = exchange.State.Accounts[trader].CrossOpen != 0;
            Assert.That(figures.Owes && !waits && figures.IsLiquidatable(in exchange.State.Markets[market]), Is.False,
                $"left: {figures.AssetUnits(in exchange.State.Markets[market])} for {figures.DebtUnits(in exchange.State.Markets[market])}");
        }

        bool owes = exchange.Owed(trader, market) + exchange.Owed(trader, market, asset: 2) != 0;
        tally.Begun += wasBegun ? 1 : 0;
        tally.Bad += wasBad ? 1 : 0;
        tally.Healthy += wasBegun && owes ? 1 : 0;
        tally.Closed += wasBegun && !owes && !wasBad ? 1 : 0;
    }

    private static MarketParameters Parameters(SplitMix random) => TestExchange.Simple with
    {
        CloseFactorRate = (1 + random.Below(100)) * Percent,
        LiquidationLevelRate = (100 + random.Below(20)) * Percent,
        InitialLevelRate = 125 * Percent,
        LiquidationBonusRate = random.Below(3) * 5 * Percent,
        TakerFeeRate = random.Below(2) * 100_000,
        MaxSlippageRate = (1 + random.Below(10)) * Percent,
        InsuranceEnabled = (byte)random.Below(2),
    };

    private static void Quote(TestExchange exchange, SplitMix random, int maker, int market, int mark)
    {
        _ = exchange.CancelAll(maker);
        for (int level = 0; level < random.Below(5); level++)
        {
            _ = exchange.Buy(maker, market, 1 + random.Below(300), Math.Max(1, mark * (90 + random.Below(10)) / 100));
            _ = exchange.Sell(maker, market, 1 + random.Below(300), 1 + (mark * (101 + random.Below(10)) / 100));
        }
    }

    private static void Look(TestExchange exchange, ref bool wasBegun, ref bool wasBad)
    {
        wasBegun |= exchange.Events<LoanScopeTold>(EventType.LoanLiquidationStarted).Count != 0;
        wasBad |= exchange.Events<BadLoan>(EventType.BadLoan).Count != 0;
    }

    private struct Tally
    {
        public int Begun;
        public int Healthy;
        public int Closed;
        public int Bad;

        public override readonly string ToString() => $"{Begun} begun, {Healthy} healthy, {Closed} closed, {Bad} bad";
    }
}
