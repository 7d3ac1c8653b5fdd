using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Tests;

/// <summary>R-103: the checks that every test runs after every command see each thing that can be wrong.</summary>
[TestFixture]
internal sealed class StateChecksTests
{
    private static readonly (string What, Action<ExchangeState> Damage)[] Damages =
    [
        ("lots of resting orders", s => s.Markets.Edit(1).RestingLots++),
        ("committed notional", s => s.Markets.Edit(1).CommittedUnits--),
        ("sums of buys", s => s.Positions.Edit(Row(s)).Orders.BuyLots++),
        ("order margin", s => s.Positions.Edit(Row(s)).OrderMarginUnits++),
        ("count of a row's orders", s => s.Positions.Edit(Row(s)).OpenOrders++),
        ("reduce-only orders", s => s.TradingGuards.Edit(Row(s)).ReduceOnlyOrders--),
        ("protected orders", s => s.TradingGuards.Edit(Row(s)).ProtectedOrders++),
        ("bracket", s => s.TradingGuards.Edit(Row(s)).StopLossOrder = s.Positions[Row(s)].FirstOrder),
        ("holds of the pool", s => s.Accounts.Edit(s.Positions[Row(s)].Account).PoolHoldUnits++),
        ("leaves within quantity", s => s.Orders.Edit(s.Positions[Row(s)].FirstOrder).LeavesLots = 0),
        ("client id", s => s.Orders.Edit(Named(s)).ClientOrderId++),
        ("count of open orders", s => s.RestingOrders--),
        ("a row of an order was lost", s => s.AllocateOrder()),
        ("a row of terms was lost", s => s.OrderTerms.Allocate()),
        ("timer of an expiring order", s => s.Timers.Stop(Timers.TimerKind.OrderExpiry, Expiring(s))),
        ("links are mutual", s => s.OrderTerms.Edit(s.Orders[s.Positions[Row(s)].FirstOrder].Terms).Linked = Named(s)),
    ];

    private static IEnumerable<string> Names => Damages.Select(damage => damage.What);

    [TestCaseSource(nameof(Names))]
    [Description("R-103: each kind of damage is found, under its name.")]
    public void DamageIsFound(string what)
    {
        using var x = new TestExchange(recentOrders: 4);
        int market = x.Market(TestExchange.Simple);
        (int a, int b) = (x.Account(1_000_000), x.Account(1_000_000));
        x.Trade(a, b, market, 5, 1_000);
        x.Order(TestExchange.Limit(a, market, Side.Buy, 5, 990) with { TimeInForce = TimeInForce.GoodTillTime }, new OrderTerms { ExpiresNs = 9 },
            clientOrderId: 3);
        x.Order(TestExchange.Limit(a, market, Side.Sell, 5, 1_010, OrderFlags.ReduceOnly));
        x.Order(TestExchange.Limit(a, market, Side.Sell, 1, 1_020), new OrderTerms { LinkedOrderId = x.LastOrderId });
        Damages.Single(damage => damage.What == what).Damage(x.State);

        string? found = null;
        using (new NUnit.Framework.Internal.TestExecutionContext.IsolatedContext())
        {
            found = Assert.Throws<AssertionException>(() => StateChecks.Run(x.State))?.Message;
        }

        Assert.That(found, Does.Contain(what));
    }

    private static int Row(ExchangeState state) => state.FindPosition(2, 1);

    private static int Named(ExchangeState state) => Find(state, order => order.ClientOrderId == 3);

    private static int Expiring(ExchangeState state) => Find(state, order => order.Has(OrderMarks.Expires));

    private static int Find(ExchangeState state, Func<Order, bool> isMeant)
    {
        int slot = state.Positions[Row(state)].FirstOrder;
        while (!isMeant(state.Orders[slot]))
        {
            slot = state.Orders[slot].NextOfPosition;
        }

        return slot;
    }
}
