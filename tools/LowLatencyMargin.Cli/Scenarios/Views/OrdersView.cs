using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>Open orders of an account, the oldest first: those that rest and those that wait for their trigger.</summary>
internal static class OrdersView
{
    internal static View Of(AccountName account, Names names, Figures figures)
    {
        List<(string Name, Fields Fields)> rows = Open(account, names, figures)
            .Select(name => (name.Name, FieldsOf(name, names, figures.State))).ToList();
        var head = new Fields();
        head.Add("count", rows.Count);
        return new View("orders", account.Name, head) { RowKind = "order", Rows = rows, RowColumns = UsedColumns(rows) };
    }

    /// <summary>What the market sees of a resting order (R-1308).</summary>
    internal static long ShownLots(in Order order, ExchangeState state) =>
        order.Has(OrderMarks.Hidden) ? 0 : order.Has(OrderMarks.Iceberg) ? state.OrderTerms[order.Terms].ShownLots : order.LeavesLots;

    private static Fields FieldsOf(OrderName name, Names names, ExchangeState state)
    {
        ref readonly Order order = ref state.Orders[Order.SlotOf(name.OrderId)];
        MarketName market = names.Market(state.Positions[order.Position].Market);
        bool waits = order.Has(OrderMarks.Waiting);
        var fields = new Fields();
        fields.Add("id", name.Name);
        fields.Add("market", market.Name);
        fields.Add("status", waits ? "waiting" : "resting");
        fields.Add("side", EventDecoder.SideOf(order.Side));
        fields.Add("price", HumanUnits.Price(order.PriceTicks, market));
        fields.Add("qty", HumanUnits.Quantity(order.QuantityLots, market));
        fields.Add("leaves", HumanUnits.Quantity(order.LeavesLots, market));
        fields.Add("hold-price", HumanUnits.Price(order.HoldTicks, market));
        AddTerms(fields, in order, state, market, names);
        fields.Add("flags", OrderEvents.Flags((OrderFlags)(order.Marks & OrderMarks.Requested)));
        fields.Add("order-id", name.OrderId);
        bool hedge = (state.Positions[order.Position].Guards & Guards.Hedge) != 0;
        fields.Add("position-id", hedge ? Value.Of(state.PositionDetails[order.Position].PositionId) : Value.None);
        return fields;
    }

    private static void AddTerms(Fields fields, in Order order, ExchangeState state, MarketName market, Names names)
    {
        OrderTermsRow terms = order.Terms == 0 ? default : state.OrderTerms[order.Terms];
        bool iceberg = order.Has(OrderMarks.Iceberg);
        bool follows = terms.IsTrailing && terms.TriggerTicks != 0;
        fields.Add("kind", WordStyle.Kebab(terms.Kind.ToString()));
        fields.Add("on", terms.Kind == TriggerKind.None ? Value.NoneText : WordStyle.Kebab(terms.Source.ToString()));
        fields.Add("trigger", HumanUnits.Price(terms.TriggerTicks, market));
        fields.Add("trail", OrderEvents.Trail(terms.Trail, market));
        fields.Add("step", HumanUnits.Price(terms.IsTrailing ? terms.StepTicks : 0, market));
        fields.Add("activate", HumanUnits.Price(terms.IsTrailing && !follows ? terms.BestTicks : 0, market));
        fields.Add("best", HumanUnits.Price(follows ? terms.BestTicks : 0, market));
        fields.Add("display", OrderEvents.Display(iceberg ? terms.DisplayLots : 0, market));
        fields.Add("shown", order.Has(OrderMarks.Waiting) ? Value.None : HumanUnits.Quantity(ShownLots(in order, state), market));
        fields.Add("tif", TimeInForceOf(terms.TimeInForce));
        fields.Add("expires", OrderEvents.Time(terms.ExpiresNs));
        fields.Add("linked", terms.Linked == 0 ? Value.NoneText : EventDecoder.OrderOf(IdOf(terms.Linked, state), false, names));
    }

    private static string TimeInForceOf(TimeInForce tif) => tif switch
    {
        TimeInForce.ImmediateOrCancel => "ioc",
        TimeInForce.FillOrKill => "fok",
        TimeInForce.GoodTillTime => "gtt",
        TimeInForce.Day => "day",
        _ => "gtc",
    };

    private static long IdOf(int slot, ExchangeState state) => Order.IdOf(slot, state.Orders[slot].Generation);

    private static List<OrderName> Open(AccountName account, Names names, Figures figures)
    {
        var orders = new List<OrderName>();
        foreach (int row in figures.RowsOf(account.Id))
        {
            ref readonly Position position = ref figures.State.Positions[row];
            for (int slot = position.FirstOrder; slot != 0; slot = figures.State.Orders[slot].NextOfPosition)
            {
                orders.Add(names.OrderOf(IdOf(slot, figures.State))!);
            }
        }

        orders.Sort((a, b) => a.Number.CompareTo(b.Number));
        return orders;
    }

    /// <summary>In a table only what some order has.</summary>
    private static List<string>? UsedColumns(List<(string Name, Fields Fields)> rows) => rows.Count == 0
        ? null
        : rows[0].Fields.Names.Where(column => rows.Any(row => row.Fields.Find(column)!.Text != Value.NoneText)).ToList();
}
