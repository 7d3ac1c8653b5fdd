using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Rows of spot-margin markets: which position a command names, leverage 1, money in isolated scopes .</summary>
internal sealed class LoanScopeTests
{
    [Test]
    [Description("R-207, R-301, R-305: a spot-margin row has neither a position that a command could name nor sides, also that of a hedge account")]
    public void RowsHaveNoPositionsToName([Values] bool isHedge)
    {
        using var exchange = new TestExchange();
        int market = exchange.Lending(TestExchange.Simple);
        int trader = exchange.Account(500_000);
        TestExchange.Expect(ResultCode.Accepted, isHedge ? exchange.PositionMode(trader, PositionMode.Hedge) : ResultCode.Accepted);
        TestExchange.Expect(ResultCode.Accepted, exchange.ToMargin(trader, market, 1_000));
        TestExchange.Expect(ResultCode.UnknownPosition, exchange.Allocate(trader, market, 1, position: 55));
        TestExchange.Expect(ResultCode.UnknownPosition, exchange.Remove(trader, market, 1, position: 55));
        TestExchange.Expect(ResultCode.UnknownPosition, exchange.Mode(trader, market, MarginMode.Cross, position: 55));
        TestExchange.Expect(ResultCode.UnknownPosition, exchange.Leverage(trader, market, 2, position: 55));
        TestExchange.Expect(ResultCode.HedgeModeRequired, exchange.Mode(trader, market, MarginMode.Cross, sides: PositionSides.Long));
        TestExchange.Expect(ResultCode.HedgeModeRequired, exchange.Leverage(trader, market, 2, sides: PositionSides.Short));
        TestExchange.Expect(ResultCode.MalformedCommand, exchange.Mode(trader, market, MarginMode.Cross, sides: (PositionSides)3));
        TestExchange.Expect(ResultCode.MalformedCommand, exchange.Leverage(trader, market, 2, release: 2));
        TestExchange.Expect(ResultCode.Accepted, exchange.Allocate(trader, market, 1));
        TestExchange.Expect(ResultCode.Accepted, exchange.Remove(trader, market, 1_001));
    }

    [Test]
    [Description("R-305, R-1003: at leverage 1 nothing can be borrowed, however much stands behind it")]
    public void LeverageOneBorrowsNothing()
    {
        using var exchange = new TestExchange();
        int market = exchange.Lending(TestExchange.Simple);
        int trader = exchange.Account(500_000);
        TestExchange.Expect(ResultCode.Accepted, exchange.Leverage(trader, market, 1));
        TestExchange.Expect(ResultCode.InsufficientMargin, exchange.Borrow(trader, market, 1));
        TestExchange.Expect(ResultCode.Accepted, exchange.ToMargin(trader, market, 400_000));
        TestExchange.Expect(ResultCode.InsufficientMargin, exchange.Borrow(trader, market, 1));
        TestExchange.Expect(ResultCode.InsufficientMargin, exchange.Place(trader, market, Side.Buy, 401, 1_000, SideEffect.AutoBorrow));
        TestExchange.Expect(ResultCode.Accepted, exchange.Place(trader, market, Side.Buy, 400, 1_000, SideEffect.AutoBorrow));
    }

    [Test]
    [Description("R-108: margin is not turned off while an isolated scope of a spot-margin market has money, which could not be taken out any more")]
    public void MarginStaysOnWhileScopesHaveMoney([Values(1, 2)] int asset)
    {
        using var exchange = new TestExchange();
        int market = exchange.Lending(TestExchange.Simple);
        int trader = exchange.Account(500_000);
        TestExchange.Expect(ResultCode.Accepted, exchange.Deposit(trader, 500_000, asset: 2));
        TestExchange.Expect(ResultCode.Accepted, exchange.ToMargin(trader, market, 10, asset));
        TestExchange.Expect(ResultCode.LockedFunds, exchange.Margin(trader, enabled: false));
        TestExchange.Expect(ResultCode.Accepted, exchange.FromMargin(trader, market, 10, asset));
        TestExchange.Expect(ResultCode.Accepted, exchange.Margin(trader, enabled: false));
    }

    [Test]
    [Description("R-204, R-1007: what pools promised the orders of a cross scope asks for margin before anything is borrowed: what stands behind it stays")]
    public void PromisesAloneKeepWhatStandsBehindThem()
    {
        using var exchange = new TestExchange();
        int market = exchange.Lending(TestExchange.Simple);
        int trader = exchange.Account(1);
        TestExchange.Expect(ResultCode.Accepted, exchange.Deposit(trader, 1_000_000, asset: 2));
        TestExchange.Expect(ResultCode.Accepted, exchange.Place(trader, market, Side.Buy, 1_000, 1_000, SideEffect.AutoBorrow));
        TestExchange.Expect(ResultCode.InsufficientBalance, exchange.Withdraw(trader, 1_000_000, asset: 2));
        TestExchange.Expect(ResultCode.Accepted, exchange.Cancel(trader, exchange.LastOrderId));
        TestExchange.Expect(ResultCode.Accepted, exchange.Withdraw(trader, 1_000_000, asset: 2));
    }

    [Test]
    [Description("R-1007: own funds that orders with auto-borrow hold stand behind what they are promised, in cross as in isolated scopes")]
    public void OrdersBorrowUpToTheInitialLevelTogether([Values] bool isIsolated)
    {
        using var exchange = new TestExchange();
        int market = exchange.Lending(TestExchange.Simple);
        int trader = exchange.Account(500_000);
        TestExchange.Expect(ResultCode.Accepted, isIsolated ? exchange.ToMargin(trader, market, 500_000) : ResultCode.Accepted);
        TestExchange.Expect(ResultCode.Accepted, exchange.Place(trader, market, Side.Buy, 600, 1_000, SideEffect.AutoBorrow));
        TestExchange.Expect(ResultCode.Accepted, exchange.Place(trader, market, Side.Buy, 900, 1_000, SideEffect.AutoBorrow));
        TestExchange.Expect(ResultCode.InsufficientMargin, exchange.Place(trader, market, Side.Buy, 1, 1_000, SideEffect.AutoBorrow));
        Assert.That(exchange.PoolOf(1).PromisedUnits, Is.EqualTo(1_000_000));
    }
}
