using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Markets that close for good (R-2101).</summary>
[TestFixture]
internal sealed class MarketSettlementTests
{
    [Test]
    [Description("R-2101, R-102: what an account gets is its size times the settlement price less what it paid, to the unit, whatever the work of a command.")]
    public void EachGetsWhatItsPositionIsWorth([Values(16, 61, 4096)] int work, [Values(960, 990, 1_010)] long priceTicks)
    {
        const int Accounts = 120;
        using var x = new TestExchange(work, maxAccounts: 200, maxPositions: 512) { ChecksEvery = 10 };
        int market = x.Market(TestExchange.Simple);
        int other = x.Market(TestExchange.Simple);
        var random = new SplitMix(7);
        int[] accounts = [.. Enumerable.Range(0, Accounts).Select(_ => x.Account(1_000_000))];
        var worth = accounts.ToDictionary(account => account, _ => 1_000_000L);
        for (int i = 0; i < 400; i++)
        {
            (int buyer, int seller) = (accounts[random.Below(Accounts)], accounts[random.Below(Accounts)]);
            if (buyer == seller)
            {
                continue;
            }

            (long lots, long ticks) = (1 + random.Below(9), 995 + random.Below(10));
            if (random.Below(10) == 0)
            {
                x.Mode(buyer, market, MarginMode.Isolated);
            }

            x.Trade(buyer, seller, market, lots, ticks);
            worth[buyer] += lots * (priceTicks - ticks);
            worth[seller] -= lots * (priceTicks - ticks);
        }

        x.Trade(accounts[0], accounts[1], other, 5, 1_000);
        x.Buy(accounts[2], market, 3, 900);

        TestExchange.Expect(ResultCode.Accepted, x.Settle(market, priceTicks));
        x.TickUntilDone();

        Assert.That(x.Row(market).State, Is.EqualTo(MarketState.Closed));
        Assert.That(x.Row(market).PositionLots, Is.Zero);
        Assert.That(x.Row(market).RestingLots, Is.Zero);
        Assert.That(x.Size(accounts[0], other), Is.EqualTo(5), "the other market goes on");
        foreach (int account in accounts)
        {
            Assert.That(x.Pool(account), Is.EqualTo(worth[account]), $"account {account}");
        }
    }

    [Test]
    [Description("R-2101, R-105: what can't be settled is refused whole.")]
    public void Refusals()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple);
        x.Trade(x.Account(1_000_000), x.Account(1_000_000), market, 10, 1_000);
        x.TimeNs = 1_000;

        TestExchange.Expect(ResultCode.UnknownMarket, x.Settle(99, 1_000));
        TestExchange.Expect(ResultCode.InvalidPrice, x.Settle(market, -1));
        TestExchange.Expect(ResultCode.InvalidPrice, x.Settle(market, Exact.MaxPriceTicks + 1));
        TestExchange.Expect(ResultCode.InvalidExpiry, x.Settle(market, 0, 1_000));
        TestExchange.Expect(ResultCode.InvalidExpiry, x.Settle(market, 0, long.MaxValue));
        TestExchange.Expect(ResultCode.InvalidCombination, x.Settle(market, 5, 2_000));
        Assert.That(x.Row(market).State, Is.EqualTo(MarketState.Open));
        Assert.That(x.State.SettlingMarkets, Is.Zero);
    }

    [Test]
    [Description("R-2101, R-1402: while positions are being closed the operator can't change the market's state, nor settle it again.")]
    public void UnderWay()
    {
        using var x = new TestExchange(work: 16, maxAccounts: 200, maxPositions: 512) { ChecksEvery = 10 };
        int market = x.Market(TestExchange.Simple);
        int rich = x.Account(100_000_000);
        for (int i = 0; i < 60; i++)
        {
            x.Trade(x.Account(1_000_000), rich, market, 1, 1_000);
        }

        x.TimeNs = 10;
        TestExchange.Expect(ResultCode.Accepted, x.Settle(market, 0, 20));
        Assert.That(x.Row(market).State, Is.EqualTo(MarketState.ReduceOnly));
        x.TimeNs = 20;
        TestExchange.Expect(ResultCode.Accepted, x.Tick());
        Assert.That(x.Row(market).State, Is.EqualTo(MarketState.Settling));
        Assert.That(x.Exchange.HasPendingWork, Is.True);
        TestExchange.Expect(ResultCode.MarketStateForbids, x.SetState(market, MarketState.Open));
        TestExchange.Expect(ResultCode.MarketStateForbids, x.Settle(market, 900));
        TestExchange.Expect(ResultCode.MarketStateForbids, x.Mark(market, 2_000));
        int ticks = x.TickUntilDone();

        Assert.That(ticks, Is.GreaterThan(2), "more than one command's work");
        Assert.That(x.Row(market).State, Is.EqualTo(MarketState.Closed));
        Assert.That(x.Pool(rich), Is.EqualTo(100_000_000), "settled at the mark of the deadline, 1000");
    }

    [Test]
    [Description("R-2101, R-1401, R-1402: a market with a deadline that comes back from a halt of its breaker still takes only what reduces.")]
    public void ResumesReduceOnly()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple with { BreakerRate = 10_000_000, BreakerWindowMs = 10_000, BreakerHaltMs = 1_000 });
        x.TimeNs = 10;
        x.Mark(market, 1_200);
        Assert.That(x.Row(market).State, Is.EqualTo(MarketState.Halted));
        TestExchange.Expect(ResultCode.Accepted, x.Settle(market, 0, 100_000_000_000));
        x.TimeNs = 2_000_000_000;
        TestExchange.Expect(ResultCode.Accepted, x.Tick());
        Assert.That(x.Row(market).State, Is.EqualTo(MarketState.ReduceOnly));
    }

    [Test]
    [Description("R-2101, R-409: a position that waits for its turn is not split behind the back of the settlement.")]
    public void PositionsAreNotSplitMeanwhile()
    {
        using var x = new TestExchange(work: 16, maxAccounts: 200, maxPositions: 512) { ChecksEvery = 10 };
        int market = x.Market(TestExchange.Simple);
        int rich = x.Account(100_000_000);
        for (int i = 0; i < 60; i++)
        {
            x.Trade(x.Account(1_000_000), rich, market, 1, 1_000);
        }

        int hedger = x.Hedger(1_000_000);
        long position = x.Opened(hedger, rich, market, Side.Buy, 10, 1_000);
        TestExchange.Expect(ResultCode.Accepted, x.Settle(market, 0));
        Assert.That(x.Of(hedger, market, position).SizeLots, Is.EqualTo(10), "its turn has not come");

        TestExchange.Expect(ResultCode.MarketStateForbids, x.Split(hedger, market, 4, position));

        x.TickUntilDone();
        Assert.That(x.Row(market).State, Is.EqualTo(MarketState.Closed));
    }

    [Test]
    [Description("R-2101, R-1204: holders are being closed against what the liquidation account holds, command by command: that ends with the market.")]
    public void DeleveragingOfInventoryEnds()
    {
        using var x = new TestExchange();
        int market = x.Market(TestExchange.Simple, losses: LossRules.Default with { MaxHolders = 1 });
        int owner = x.Account(1_000);
        x.Mode(owner, market, MarginMode.Isolated);
        for (int i = 0; i < 2; i++)
        {
            x.Trade(owner, x.Account(10_000), market, 5, 1_000);
        }

        x.Fund(market, 500);
        x.Mark(market, 870);
        x.Mark(market, 700);
        LiquidationStarted started = x.Events<LiquidationStarted>(EventType.LiquidationStarted).Single();
        int inventory = x.Row(market).LiquidationAccount;
        Assert.That((started.AccountId, x.Size(inventory, market)), Is.EqualTo(((long)inventory, 5L)), "one holder of two");

        TestExchange.Expect(ResultCode.Accepted, x.Settle(market, 0));
        LiquidationFinished finished = x.Events<LiquidationFinished>(EventType.LiquidationFinished).Single();
        Assert.That((finished.AccountId, finished.LiquidationId, finished.ClosedLots), Is.EqualTo(((long)inventory, started.LiquidationId, 5L)));
        Assert.That(x.Row(market).State, Is.EqualTo(MarketState.Closed));
        Assert.That((x.State.Losses[market].InventoryLiquidationId, x.State.Losses[market].InventoryClosedLots), Is.EqualTo((0L, 0L)));
        Assert.That(x.Pool(inventory), Is.Zero);

        TestExchange.Expect(ResultCode.Accepted, x.SetState(market, MarketState.Open));
        x.Mark(market, 900);
        x.TickUntilDone();
        Assert.That(x.EventTypes(), Does.Not.Contain(EventType.LiquidationFinished));
    }
}
