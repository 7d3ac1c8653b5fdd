using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>Open orders of an account, the oldest first.</summary>
internal static class OrdersView
{
    internal static View Of(AccountName account, Names names, Figures figures)
    {
        List<OrderName> orders = Resting(account, names, figures);
        var rows = new List<(string, Fields)>();
        foreach (OrderName name in orders)
        {
            ref readonly Order order = ref figures.State.Orders[Order.SlotOf(name.OrderId)];
            var fields = new Fields();
            fields.Add("id", name.Name);
            fields.Add("market", name.Market.Name);
            fields.Add("side", order.Side == Side.Buy ? "buy" : "sell");
            fields.Add("price", HumanUnits.Price(order.PriceTicks, name.Market));
            fields.Add("qty", HumanUnits.Quantity(order.QuantityLots, name.Market));
            fields.Add("leaves", HumanUnits.Quantity(order.LeavesLots, name.Market));
            fields.Add("hold-price", HumanUnits.Price(order.HoldTicks, name.Market));
            fields.Add("order-id", name.OrderId);
            rows.Add((name.Name, fields));
        }

        var head = new Fields();
        head.Add("count", rows.Count);
        return new View("orders", account.Name, head) { RowKind = "order", Rows = rows };
    }

    internal static List<OrderName> Resting(AccountName account, Names names, Figures figures)
    {
        var orders = new List<OrderName>();
        foreach (int row in figures.RowsOf(account.Id))
        {
            ref readonly Position position = ref figures.State.Positions[row];
            for (int slot = position.FirstOrder; slot != 0; slot = figures.State.Orders[slot].NextOfPosition)
            {
                orders.Add(names.OrderOf(Order.IdOf(slot, figures.State.Orders[slot].Generation))!);
            }
        }

        orders.Sort((a, b) => a.ClientId.CompareTo(b.ClientId));
        return orders;
    }
}
