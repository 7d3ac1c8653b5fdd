using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Every table that genesis sizes refuses cleanly when it is full, and has room again when something goes.</summary>
[TestFixture]
internal sealed class CapacityTests
{
    [Test]
    [Description("R-105: a full book refuses what would rest, and still lets immediate orders trade; a cancel makes room.")]
    public void Orders()
    {
        using var x = new TestExchange(maxOrders: 2);
        int market = x.Market(TestExchange.Simple);
        int a = x.Account(100_000);
        int b = x.Account(100_000);
        x.Buy(a, market, 1, 900);
        x.Buy(a, market, 1, 901);
        Hash128 before = x.StateHash;
        TestExchange.Expect(ResultCode.CapacityExceeded, x.Buy(a, market, 1, 902));
        Assert.That(x.StateHash, Is.EqualTo(before));
        TestExchange.Expect(ResultCode.Accepted, x.Sell(b, market, 1, 901, TimeInForce.ImmediateOrCancel));
        Assert.That(x.Position(b, market).SizeLots, Is.EqualTo(-1));
        TestExchange.Expect(ResultCode.Accepted, x.Buy(a, market, 1, 902));
    }

    [Test]
    [Description("R-105: accounts, markets and rows of account and market are refused when full; an empty row makes room.")]
    public void AccountsMarketsAndRows()
    {
        using var x = new TestExchange(maxAccounts: 4, maxMarkets: 1, maxPositions: 3);
        int market = x.Market(TestExchange.Simple);
        int a = x.Account(100_000);
        int b = x.Account(100_000);
        int c = x.Account(100_000);
        CreateAccount create = new() { OwnerId = 1 };
        TestExchange.Expect(ResultCode.CapacityExceeded, x.Send(ref create, CommandType.CreateAccount));
        ListMarket list = TestExchange.Listing("MORE", TestExchange.Simple);
        TestExchange.Expect(ResultCode.CapacityExceeded, x.Send(ref list, CommandType.ListMarket));
        x.Buy(a, market, 1, 900);
        x.Buy(b, market, 1, 900);
        long order = x.LastOrderId;
        Hash128 before = x.StateHash;
        TestExchange.Expect(ResultCode.CapacityExceeded, x.Buy(c, market, 1, 900));
        TestExchange.Expect(ResultCode.CapacityExceeded, x.Leverage(c, market, 2));
        Assert.That(x.StateHash, Is.EqualTo(before));
        TestExchange.Expect(ResultCode.Accepted, x.Cancel(b, order));
        TestExchange.Expect(ResultCode.Accepted, x.Buy(c, market, 1, 900));
    }

    [Test]
    [Description("R-1104: the liquidation account has its row from the start, so that a takeover always finds room.")]
    public void TakeoverFindsRoom()
    {
        using var x = new TestExchange(maxPositions: 3, maxOrders: 2);
        int market = x.Market(TestExchange.Simple);
        int a = x.Account(1_000);
        int b = x.Account(100_000);
        x.Trade(a, b, market, 10, 1_000);
        TestExchange.Expect(ResultCode.Accepted, x.Mark(market, 900));
        Assert.That(x.Events<LiquidationTakeover>(EventType.LiquidationTakeover), Has.Count.EqualTo(1));
        Assert.That(x.Position(x.Row(market).LiquidationAccount, market).SizeLots, Is.EqualTo(10));
    }

    [Test]
    [Description("R-106: an account has rows in at most 64 markets, so that no sum over them overflows.")]
    public void MarketsOfAnAccount()
    {
        using var x = new TestExchange(maxMarkets: 65, maxAccounts: 80, maxPositions: 200);
        int a = 0;
        for (int i = 0; i < 65; i++)
        {
            int market = x.Market(TestExchange.Simple);
            a = a == 0 ? x.Account(1_000_000) : a;
            ResultCode expected = i < Exact.MaxPositionsPerAccount ? ResultCode.Accepted : ResultCode.CapacityExceeded;
            TestExchange.Expect(expected, x.Buy(a, market, 1, 900));
        }

        Assert.That(x.State.Accounts[a].Positions, Is.EqualTo(64));
    }
}
