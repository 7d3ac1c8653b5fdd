using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Sales and cancellations that a command's work does not suffice for end as if it had (R-103, R-605, R-1113).</summary>
[TestFixture]
internal sealed class WorkLimitSaleTests
{
    private const int Percent = TestExchange.Percent;

    [Test]
    [Description("R-202, R-1113: collateral that is sold for a loss, over many bids that are better than the limit: the same lots of the same assets.")]
    public void CollateralIsSoldAsInOneGo()
    {
        using WorkTwins twins = WorkTwins.Of(() =>
        {
            var x = new TestExchange(WorkTwins.Plenty, maxMarkets: 6, maxAssets: 6);
            TestExchange.Expect(ResultCode.Accepted, x.AddAsset("COIN", 3));
            TestExchange.Expect(ResultCode.Accepted, x.AddAsset("TOKEN", 3));
            _ = x.Market(TestExchange.Simple);
            MarketParameters spot = TestExchange.Simple with { MaxSlippageRate = 20 * Percent, TakerFeeRate = Percent };
            _ = x.SpotMarket("COIN", 2, 1, spot);
            _ = x.SpotMarket("TOKEN", 3, 1, spot);
            TestExchange.Expect(ResultCode.Accepted, x.Weights(2, 80 * Percent));
            TestExchange.Expect(ResultCode.Accepted, x.Weights(3, 80 * Percent));
            return x;
        });
        int perpetual = 1;
        (int rich, int poor) = (2, 3);
        twins.Each(x => rich = x.Account(100_000_000));
        twins.Each(x => poor = x.Account());
        twins.Each(x => x.Deposit(poor, 60, asset: 2));
        twins.Each(x => x.Deposit(poor, 55, asset: 3));
        twins.Each(x => x.Sell(rich, perpetual, 500, 1_000));
        twins.Each(x => x.Buy(poor, perpetual, 500, 1_000));
        for (int i = 0; i < 30; i++)
        {
            int bid = i;
            twins.Each(x => x.Buy(rich, 2, 1 + (bid % 3), 995 - bid));
            twins.Each(x => x.Buy(rich, 3, 1 + (bid % 2), 990 - bid));
        }

        twins.Each(x => x.Buy(rich, perpetual, 1_000, 850));
        twins.Each(x => x.Mark(perpetual, 850));
        Assert.That(twins.Seen.GetValueOrDefault(EventType.LiquidationFinished), Is.EqualTo(1));
        Assert.That(twins.All[0].Units(poor, 2) + twins.All[0].Units(poor, 3), Is.LessThan(115), "collateral was sold");
        Assert.That(twins.Interrupted, Is.GreaterThan(1), "in parts");
    }

    [TestCase(MarginMode.Isolated)]
    [TestCase(MarginMode.Cross)]
    [Description("R-1011, R-1113: the steps of a loan's liquidation over many bids: what each sells and repays.")]
    public void StepsOfLoansAreThoseOfOneGo(MarginMode mode)
    {
        using WorkTwins twins = WorkTwins.Of(() =>
        {
            var x = new TestExchange(WorkTwins.Plenty, maxMarkets: 6);
            _ = x.Lending(TestExchange.Simple with { MaxSlippageRate = 20 * Percent, TakerFeeRate = Percent });
            return x;
        });
        int market = 1;
        (int trader, int maker) = (0, 0);
        twins.Each(x => trader = x.Account(500_000));
        twins.Each(x => maker = x.Account(1_000_000_000));
        twins.Each(x => x.Deposit(maker, 1_000_000_000, asset: 2));
        if (mode == MarginMode.Isolated)
        {
            twins.Each(x => x.ToMargin(trader, market, 500_000));
        }

        twins.Each(x => x.Sell(maker, market, 1_300, 1_000));
        twins.Each(x => x.Place(trader, market, Side.Buy, 1_300, 1_000, SideEffect.AutoBorrow));
        for (int i = 0; i < 60; i++)
        {
            int bid = i;
            twins.Each(x => x.Buy(maker, market, 10 + bid, 670 - bid));
        }

        twins.Each(x => x.Mark(market, 640));
        Assert.That(twins.Seen.GetValueOrDefault(EventType.LoanLiquidationStep), Is.GreaterThan(0));
        Assert.That(twins.Interrupted, Is.GreaterThan(1), "in parts");
    }

    [TestCase(16)]
    [TestCase(4_096)]
    [Description("R-605: an order that can't be paid for any more is cancelled however many newer ones that are spared come before it; the ticks end.")]
    public void SparedOrdersAreInNobodysWay(int work)
    {
        using var x = new TestExchange(work);
        int market = x.Market(TestExchange.Simple);
        (int trader, int other) = (x.Account(1_000_000), x.Account(1_000_000));
        TestExchange.Expect(ResultCode.Accepted, x.Mode(trader, market, MarginMode.Isolated));
        x.Trade(trader, other, market, 10, 1_000);
        TestExchange.Expect(ResultCode.Accepted, x.Allocate(trader, market, 500));
        TestExchange.Expect(ResultCode.Accepted, x.Buy(trader, market, 90, 990));
        for (int i = 0; i < 40; i++)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Order(TestExchange.AtMarket(trader, market, Side.Sell, 1), TestExchange.Stop(500)));
        }

        x.Mark(market, 930);
        for (int ticks = 0; x.Exchange.HasPendingWork; ticks++)
        {
            Assert.That(ticks, Is.LessThan(100), "R-1102: the ticks end");
            TestExchange.Expect(ResultCode.Accepted, x.Tick());
        }

        Assert.That(x.Position(trader, market).Orders.BuyLots, Is.Zero, "cancelled");
    }

    [Test]
    [Description("R-605, R-1102: where keepers liquidate, the engine still cancels isolated orders that can't be paid for; positions are left to keepers "
        + "until the market is the engine's again.")]
    public void KeepersLeaveOrdersToTheEngine()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        (int trader, int rich) = (x.Account(1_000_000), x.Account(1_000_000));
        TestExchange.Expect(ResultCode.Accepted, x.Liquidations(market, TestExchange.Whole with { KeeperLoop = KeeperLoop.Keepers }));
        TestExchange.Expect(ResultCode.Accepted, x.Mode(trader, market, MarginMode.Isolated));
        x.Trade(trader, rich, market, 10, 1_000);
        TestExchange.Expect(ResultCode.Accepted, x.Allocate(trader, market, 500));
        TestExchange.Expect(ResultCode.Accepted, x.Buy(trader, market, 90, 990));
        long order = x.LastOrderId;

        // 10 at 1,000 with a margin of 1,500 are good for 895; with 90 more at 990, which draw 8,410, for 939
        x.Mark(market, 939);
        Assert.That(x.OpenOrders(trader, market), Is.EqualTo(1));
        x.Mark(market, 938);
        OrderChanged cancelled = x.Events<OrderChanged>(EventType.OrderCancelled).Single();
        Assert.That((cancelled.OrderId, (CancelReason)cancelled.Header.Detail), Is.EqualTo((order, CancelReason.Unaffordable)));
        Assert.That(x.Size(trader, market), Is.EqualTo(10), "left to keepers");
        Assert.That(x.State.Markets[market].Liquidations, Is.Zero);

        x.Mark(market, 894);
        Assert.That(x.State.Markets[market].Liquidations, Is.Zero);
        TestExchange.Expect(ResultCode.Accepted, x.Liquidations(market, TestExchange.Whole));
        x.TickUntilDone();
        Assert.That(x.State.Markets[market].Liquidations, Is.EqualTo(1), "the engine finds what was left to keepers");
    }
}
