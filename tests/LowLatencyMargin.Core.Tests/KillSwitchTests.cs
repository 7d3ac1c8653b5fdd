using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-1315, R-1306: kill switch and mass cancel.</summary>
[TestFixture]
internal sealed class KillSwitchTests
{
    private TestExchange _x = null!;
    private int _first;
    private int _second;
    private int _a;
    private int _b;

    [SetUp]
    public void SetUp()
    {
        _x = new TestExchange();
        _first = _x.Market(TestExchange.Simple);
        _second = _x.Market(TestExchange.Simple);
        _a = _x.Account(1_000_000);
        _b = _x.Account(1_000_000);
        _x.Trade(_a, _b, _first, 10, 1_000);
        foreach (int market in new[] { _first, _second })
        {
            _x.Buy(_a, market, 1, 900);
            _x.Buy(_b, market, 1, 900);
        }
    }

    [TearDown]
    public void TearDown() => _x.Dispose();

    // account and market of the switch (0 all), and which of a1 a2 b1 b2 it stops
    [TestCase(true, 0, "a1 a2")]
    [TestCase(true, 1, "a1")]
    [TestCase(false, 2, "a2 b2")]
    [Description("R-1315: stops an account everywhere, an account in a market, a market for all; cancels there, refuses there, and lifts again.")]
    public void Scopes(bool ofAccount, int market, string stopped)
    {
        int account = ofAccount ? _a : 0;
        TestExchange.Expect(ResultCode.Accepted, _x.Kill(account, market));
        foreach ((string name, int owner, int place) in new[] { ("a1", _a, _first), ("a2", _a, _second), ("b1", _b, _first), ("b2", _b, _second) })
        {
            bool stops = stopped.Contains(name);
            Assert.That(_x.OpenOrders(owner, place), Is.EqualTo(stops ? 0 : 1), name);
            TestExchange.Expect(stops ? ResultCode.KillSwitchActive : ResultCode.Accepted, _x.Buy(owner, place, 1, 900));
            TestExchange.Expect(stops ? ResultCode.KillSwitchActive : ResultCode.Accepted, _x.Quote(owner, place, [(1, 900)], []));
        }

        TestExchange.Expect(ResultCode.StateUnchanged, _x.Kill(account, market));
        TestExchange.Expect(ResultCode.Accepted, _x.Kill(account, market, on: 0));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_a, _first, 1, 900));
        TestExchange.Expect(ResultCode.Accepted, _x.Buy(_b, _second, 1, 900));
    }

    [Test]
    [Description("R-1315: reduce-only orders, cancels and transfers still work, and so does a stop that only reduces; one that adds is refused.")]
    public void WhatStillWorks()
    {
        TestExchange.Expect(ResultCode.Accepted, _x.Order(TestExchange.AtMarket(_a, _first, Side.Buy, 1), TestExchange.Stop(1_010)));
        _x.Bracket(_a, _first, 0, 1_010);
        _x.Kill(_a, _first, spareStops: 1);
        Assert.That(_x.OpenOrders(_a, _first), Is.EqualTo(1), "only the bracket is spared");
        TestExchange.Expect(ResultCode.Accepted, _x.Order(TestExchange.Limit(_a, _first, Side.Sell, 1, 1_200, OrderFlags.ReduceOnly)));
        TestExchange.Expect(ResultCode.Accepted, _x.Cancel(_a, _x.LastOrderId));
        TestExchange.Expect(ResultCode.Accepted, _x.Withdraw(_a, 1));
        _x.Buy(_b, _first, 10, 1_005);
        _x.Mark(_first, 1_010);
        Assert.That(_x.Size(_a, _first), Is.Zero);
    }

    [Test]
    [Description("R-1315: a switch on a row that is not there makes one for as long as it is on.")]
    public void SwitchOnARowThatIsNotThere()
    {
        int c = _x.Account(1_000);
        TestExchange.Expect(ResultCode.StateUnchanged, _x.Kill(c, _second, on: 0));
        TestExchange.Expect(ResultCode.Accepted, _x.Kill(c, _second));
        TestExchange.Expect(ResultCode.KillSwitchActive, _x.Buy(c, _second, 1, 900));
        TestExchange.Expect(ResultCode.Accepted, _x.Kill(c, _second, on: 0));
        Assert.That(_x.State.FindPosition(c, _second), Is.Zero, "the row has gone again");
    }

    [TestCase(SideFilter.Both, 3)]
    [TestCase(SideFilter.Buys, 2)]
    [TestCase(SideFilter.Sells, 1)]
    [Description("R-1306: a mass cancel by side and market, newest first; of nothing it is no refusal.")]
    public void MassCancel(SideFilter sides, int cancelled)
    {
        _x.Sell(_a, _first, 1, 1_100);
        _x.Buy(_a, _first, 1, 901);
        TestExchange.Expect(ResultCode.Accepted, _x.CancelAll(_a, _first, sides));
        long[] ids = [.. _x.Events<OrderChanged>(EventType.OrderCancelled).Select(c => c.OrderId)];
        Assert.That(ids, Has.Length.EqualTo(cancelled).And.Ordered.Descending.Or.Unique);
        Assert.That(_x.Events<OrdersCancelled>(EventType.OrdersCancelled).Single().Cancelled, Is.EqualTo(cancelled));
        Assert.That(_x.OpenOrders(_a, _second), Is.EqualTo(1));
        TestExchange.Expect(ResultCode.Accepted, _x.CancelAll(_a, _first, sides));
        Assert.That(_x.Events<OrdersCancelled>(EventType.OrdersCancelled).Single().Cancelled, Is.Zero);
    }
}
