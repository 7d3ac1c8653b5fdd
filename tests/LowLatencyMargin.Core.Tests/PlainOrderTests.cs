using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>
/// Plain orders take a way of their own. The same orders with empty terms, and changes and cancels by the client's id, take the long one: events and
/// state must be the same.
/// </summary>
internal sealed class PlainOrderTests
{
    private const int Accounts = 8;
    private const long Middle = 10_000;

    [Test]
    [Description("R-504, R-601, R-1305, R-1306: a plain order is placed, moved and cancelled as any other is.")]
    public void PlainAndOtherWaysAgree([Values(1, 2, 3, 4, 5, 6)] int seed, [Values] bool offsets)
    {
        using var plain = new TestExchange(maxOrders: 200, recentOrders: 256);
        using var other = new TestExchange(maxOrders: 200, recentOrders: 256);
        MarketParameters parameters = TestExchange.Simple with
        {
            TakerFeeRate = 10 * Rate.BasisPoint,
            OffsetPosition = (byte)(offsets ? 1 : 0),
            MaxOpenOrders = 40,
        };
        var random = new SplitMix((ulong)seed);
        Begin(plain, parameters);
        Begin(other, parameters);
        int[] taken = new int[3];
        long clientId = 0;
        for (int i = 0; i < 4_000; i++)
        {
            if (i % 50 == 20)
            {
                long mark = Middle - 400 + random.Below(800);
                TestExchange.Expect(plain.Mark(1, mark), other.Mark(1, mark));
            }

            int kind = random.Below(8);
            long account = 1 + random.Below(Accounts);
            long price = Middle - 300 + random.Below(600);
            (long owner, long orderId, long named) = Open(plain.State, random);
            ResultCode code;
            if (kind < 3)
            {
                PlaceOrder order = TestExchange.Limit(account, 1, (Side)random.Below(2), 1 + random.Below(60), price);
                order.ClientOrderId = ++clientId;
                PlaceOrder same = order;
                code = plain.Send(ref order, CommandType.PlaceOrder);
                TestExchange.Expect(code, other.Order(same, default, clientId));
            }
            else if (kind < 7)
            {
                var move = new ModifyOrder { AccountId = owner, OrderId = orderId, PriceTicks = price };
                var same = new ModifyOrder { AccountId = owner, ClientOrderId = named, PriceTicks = price };
                code = plain.Send(ref move, CommandType.ModifyOrder);
                TestExchange.Expect(code, other.Send(ref same, CommandType.ModifyOrder));
            }
            else
            {
                var cancel = new CancelOrder { AccountId = owner, OrderId = orderId };
                var same = new CancelOrder { AccountId = owner, ClientOrderId = named };
                code = plain.Send(ref cancel, CommandType.CancelOrder);
                TestExchange.Expect(code, other.Send(ref same, CommandType.CancelOrder));
            }

            taken[kind < 3 ? 0 : kind < 7 ? 1 : 2] += code == ResultCode.Accepted ? 1 : 0;
            Assert.That(plain.StateHash, Is.EqualTo(other.StateHash), $"state after step {i}");
            if (code == ResultCode.Accepted)
            {
                Assert.That(
                    plain.Exchange.Events.Words.ToArray(), Is.EqualTo(other.Exchange.Events.Words.ToArray()), $"events of step {i}");
            }
        }

        Assert.That(taken, Has.All.GreaterThan(150), "orders placed, moved and cancelled");
    }

    private static void Begin(TestExchange exchange, MarketParameters parameters)
    {
        _ = exchange.Market(parameters, Middle);
        for (int account = 1; account <= Accounts; account++)
        {
            _ = exchange.Account(account * 400_000);
        }
    }

    /// <summary>Some open order, or ids of none.</summary>
    private static (long Account, long OrderId, long ClientOrderId) Open(ExchangeState state, SplitMix random)
    {
        int slot = 1 + random.Below(state.Orders.HighWater + 1);
        if (slot > state.Orders.HighWater || state.Orders[slot].Position == 0)
        {
            return (1, 1, -1);
        }

        ref readonly Order order = ref state.Orders[slot];
        return (state.Positions[order.Position].Account, Order.IdOf(slot, order.Generation), order.ClientOrderId);
    }
}
