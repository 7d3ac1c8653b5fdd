using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

[TestFixture]
internal sealed class TransferTests
{
    private TestExchange _x = null!;
    private int _market;
    private int _a;
    private int _rich;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange();
        _market = _x.Market(TestExchange.Simple);
        _a = _x.Account(10_000);
        _rich = _x.Account(10_000_000);
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    [Test]
    [Description("R-201: deposits credit, withdrawals debit; nothing, less than nothing and more than there is are refused.")]
    public void DepositAndWithdraw()
    {
        TestExchange.Expect(ResultCode.InvalidAmount, _x.Deposit(_a, 0));
        TestExchange.Expect(ResultCode.InvalidAmount, _x.Withdraw(_a, -1));
        TestExchange.Expect(ResultCode.InsufficientBalance, _x.Withdraw(_a, 10_001));
        TestExchange.Expect(ResultCode.Accepted, _x.Withdraw(_a, 10_000));
        Assert.That(_x.Pool(_a), Is.Zero);
        Assert.That(_x.Events<BalanceChanged>(EventType.Withdrawn).Single().AmountUnits, Is.EqualTo(10_000));
    }

    [Test]
    [Description("R-204: a withdrawal leaves order holds and the initial margin of positions; losses count, unrealised profit does not.")]
    public void WithdrawalGuard()
    {
        _x.Trade(_a, _rich, _market, 10, 1_000);
        _x.Buy(_a, _market, 10, 900);
        TestExchange.Expect(ResultCode.InsufficientBalance, _x.Withdraw(_a, 10_000 - 1_000 - 900 + 1));
        _x.Mark(_market, 1_100);
        TestExchange.Expect(ResultCode.InsufficientBalance, _x.Withdraw(_a, 10_000 - 1_100 - 900 + 1));
        _x.Mark(_market, 950);
        TestExchange.Expect(ResultCode.InsufficientBalance, _x.Withdraw(_a, 10_000 - 950 - 900 - 500 + 1));
        TestExchange.Expect(ResultCode.Accepted, _x.Withdraw(_a, 10_000 - 950 - 900 - 500));
    }

    [Test]
    [Description("R-204: by parameter only the maintenance requirement must stay; the account is then healthy and leaves no work behind.")]
    public void WithdrawalDownToMaintenance()
    {
        _x.Parameters(_market, TestExchange.Simple with { WithdrawRequirement = WithdrawRequirement.Maintenance });
        _x.Trade(_a, _rich, _market, 10, 1_000);
        TestExchange.Expect(ResultCode.InsufficientBalance, _x.Withdraw(_a, 9_501));
        TestExchange.Expect(ResultCode.Accepted, _x.Withdraw(_a, 9_500));
        Assert.That(_x.Exchange.HasPendingWork, Is.False);
        Assert.That(_x.Position(_a, _market).SizeLots, Is.EqualTo(10));
    }

    [Test]
    [Description("R-204: with trigger=reaches, money that would leave the requirement only just covered stays: it would be liquidated at once.")]
    public void ReachingIsNotEnoughToStay()
    {
        _x.Parameters(_market, TestExchange.Simple with { WithdrawRequirement = WithdrawRequirement.Maintenance, Trigger = LiquidationTrigger.Reaches });
        _x.Trade(_a, _rich, _market, 10, 1_000);
        TestExchange.Expect(ResultCode.InsufficientBalance, _x.Withdraw(_a, 9_500));
        TestExchange.Expect(ResultCode.Accepted, _x.Withdraw(_a, 9_499));
        Assert.That(_x.Position(_a, _market).SizeLots, Is.EqualTo(10));
    }

    [Test]
    [Description("R-204: no withdrawal makes an immediate liquidation possible, where initial margin at mark is less than maintenance on entry cost.")]
    public void WithdrawalNeverLeadsToLiquidation()
    {
        int market = _x.Market(TestExchange.Simple with { MaintenanceMarginBase = MarginBase.Entry });
        _x.Trade(_a, _rich, market, 10, 1_000);
        _x.Mark(market, 400);
        TestExchange.Expect(ResultCode.InsufficientBalance, _x.Withdraw(_a, 10_000 - 6_000 - 500 + 1));
        TestExchange.Expect(ResultCode.Accepted, _x.Withdraw(_a, 10_000 - 6_000 - 500));
        Assert.That(_x.Position(_a, market).SizeLots, Is.EqualTo(10));
    }

    [Test]
    [Description("R-207: allocate and remove move between pool and isolated margin; zero changes nothing.")]
    public void AllocateAndRemove()
    {
        TestExchange.Expect(ResultCode.ModeConflict, _x.Allocate(_a, _market, 1));
        _x.Mode(_a, _market, MarginMode.Isolated);
        TestExchange.Expect(ResultCode.InsufficientBalance, _x.Allocate(_a, _market, 10_001));
        TestExchange.Expect(ResultCode.InvalidAmount, _x.Allocate(_a, _market, -1));
        TestExchange.Expect(ResultCode.Accepted, _x.Allocate(_a, _market, 10_000));
        Assert.That((_x.Pool(_a), _x.Position(_a, _market).MarginUnits), Is.EqualTo((0L, 10_000L)));
        Hash128 before = _x.StateHash;
        TestExchange.Expect(ResultCode.Accepted, _x.Remove(_a, _market, 0));
        TestExchange.Expect(ResultCode.Accepted, _x.Allocate(_a, _market, 0));
        Assert.That(_x.StateHash, Is.EqualTo(before));
        Assert.That(_x.EventTypes(), Is.EqualTo(new[] { EventType.Accepted }));
        TestExchange.Expect(ResultCode.InsufficientBalance, _x.Remove(_a, _market, 10_001));
        TestExchange.Expect(ResultCode.Accepted, _x.Remove(_a, _market, 10_000));
        Assert.That(_x.Pool(_a), Is.EqualTo(10_000));
    }

    [Test]
    [Description("R-207, R-204: with a position open, a top-up is free and only what the position does not need can leave.")]
    public void RemoveGuard()
    {
        _x.Mode(_a, _market, MarginMode.Isolated);
        _x.Trade(_a, _rich, _market, 10, 1_000);
        TestExchange.Expect(ResultCode.LockedFunds, _x.Remove(_a, _market, 1));
        TestExchange.Expect(ResultCode.Accepted, _x.Allocate(_a, _market, 500));
        TestExchange.Expect(ResultCode.LockedFunds, _x.Remove(_a, _market, 501));
        _x.Mark(_market, 990);
        TestExchange.Expect(ResultCode.LockedFunds, _x.Remove(_a, _market, 411));
        TestExchange.Expect(ResultCode.Accepted, _x.Remove(_a, _market, 410));
    }

    [Test]
    [Description("R-301, R-303, R-304: the mode changes only while flat and without orders; left-over isolated margin returns to the pool.")]
    public void ModeSwitch()
    {
        _x.Buy(_a, _market, 1, 900);
        TestExchange.Expect(ResultCode.ActiveOrders, _x.Mode(_a, _market, MarginMode.Isolated));
        _x.Cancel(_a, _x.LastOrderId);
        _x.Trade(_a, _rich, _market, 1, 1_000);
        TestExchange.Expect(ResultCode.ActivePosition, _x.Mode(_a, _market, MarginMode.Isolated));
        _x.Trade(_rich, _a, _market, 1, 1_000);
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, _market, MarginMode.Isolated));
        SettingChanged changed = _x.Events<SettingChanged>(EventType.MarginModeChanged).Single();
        Assert.That((changed.AccountId, changed.Header.MarketId, changed.OldValue, changed.NewValue), Is.EqualTo(((long)_a, (uint)_market, 0L, 1L)));
        _x.Allocate(_a, _market, 700);
        TestExchange.Expect(ResultCode.Accepted, _x.Mode(_a, _market, MarginMode.Cross));
        Assert.That(_x.Pool(_a), Is.EqualTo(10_000));
    }

    [Test]
    [Description("R-305, R-505: leverage lies between 1 and the market's limit, and raises the initial margin.")]
    public void Leverage()
    {
        TestExchange.Expect(ResultCode.InvalidLeverage, _x.Leverage(_a, _market, 0));
        TestExchange.Expect(ResultCode.InvalidLeverage, _x.Leverage(_a, _market, 11));
        TestExchange.Expect(ResultCode.Accepted, _x.Leverage(_a, _market, 3));
        _x.Buy(_a, _market, 10, 900);
        Assert.That(_x.Held(_a), Is.EqualTo(3_001), "up(9000 x up(1 / 3))");
        TestExchange.Expect(ResultCode.Accepted, _x.Leverage(_a, _market, 2));
        Assert.That(_x.Held(_a), Is.EqualTo(4_500), "orders that rest follow");
    }

    [Test]
    [Description("R-1203: the operator tops up the insurance fund.")]
    public void FundInsurance()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Fund(_market, 777));
        Assert.That(_x.Row(_market).InsuranceUnits, Is.EqualTo(777));
        TestExchange.Expect(ResultCode.InvalidAmount, _x.Fund(_market, 0));
    }

    [Test]
    [Description("R-101: deposits together may come to 2^60, not one unit more.")]
    public void DepositsAreLimited()
    {
        long there = 10_000 + 10_000_000;
        TestExchange.Expect(ResultCode.Overflow, _x.Deposit(_a, (1L << 60) - there + 1));
        TestExchange.Expect(ResultCode.Overflow, _x.Deposit(_a, long.MaxValue));
        TestExchange.Expect(ResultCode.Accepted, _x.Deposit(_a, (1L << 60) - there));
        TestExchange.Expect(ResultCode.Overflow, _x.Fund(_market, 1));
    }
}
