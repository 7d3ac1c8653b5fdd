using LowLatencyMargin.Cli.Scenarios.Views;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>Orders: new ones, changes, cancels, closes.</summary>
internal sealed class TradingVerbs(ScenarioSession session)
{
    private static readonly string[] LaterOptions =
    [
        "expires", "stp", "display", "position", "margin", "borrow", "repay", "on", "oco", "activate", "step", "reduce-only", "post-only",
    ];

    private static readonly string[] LaterWords = ["post-only", "reduce-only", "stop", "take-profit", "trailing"];

    internal void Order(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        MarketName market = session.Names.Market(line, line.Word(1, "a market"));
        var command = new PlaceOrder
        {
            AccountId = account.Id,
            MarketId = market.Id,
            Side = SideOf(line, line.Word(2, "buy or sell")),
            QuantityLots = HumanUnits.Quantity(line, line.Word(3, "a quantity"), market),
        };
        ReadPrice(line, market, ref command);
        ReadTimeInForce(line, ref command);
        ReadSlippage(line, ref command);
        CheckMode(line, account, market);
        string? id = line.Option("id");
        line.OnlyAs("stp", "none");
        line.EndOptions(LaterOptions);
        Place(line, account, market, id, command);
    }

    internal void Close(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        MarketName market = session.Names.Market(line, line.Word(1, "a market"));
        line.EndWords(2);
        var command = new PlaceOrder { AccountId = account.Id, MarketId = market.Id, Type = OrderType.Market };
        ReadSlippage(line, ref command);
        string? quantity = line.Option("qty");
        line.EndOptions("position");
        Core.ExchangeState state = session.State(line);
        long size = state.Positions[state.FindPosition(account.Id, market.Id)].SizeLots;
        long wanted = quantity is null ? long.MaxValue : HumanUnits.Quantity(line, quantity, market);
        command.Side = size > 0 ? Side.Sell : Side.Buy;
        command.QuantityLots = Math.Min(wanted, Math.Abs(size));
        Place(line, account, market, null, command);
    }

    internal void Modify(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        string id = line.Word(1, "an order's id");
        line.EndWords(2);
        string? quantity = line.Option("qty");
        string? price = line.Option("price");
        line.EndOptions();
        if (quantity is null && price is null)
        {
            throw line.Error("nothing to modify", "qty=, price= or both");
        }

        OrderName? order = session.Names.Order(account, id);
        var command = new ModifyOrder { AccountId = account.Id, OrderId = order?.OrderId ?? 0 };
        if (order is not null)
        {
            command.QuantityLots = quantity is null ? 0 : AboveZero(line, "qty", HumanUnits.Quantity(line, quantity, order.Market));
            command.PriceTicks = price is null ? 0 : AboveZero(line, "price", HumanUnits.Price(line, price, order.Market));
        }

        session.BeginCommand(line);
        session.Send(line, CommandType.ModifyOrder, command);
    }

    internal void Cancel(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        string id = line.Word(1, "an order's id, or all");
        line.EndOptions();
        if (id == "all")
        {
            CancelAll(line, account);
            return;
        }

        line.EndWords(2);
        session.BeginCommand(line);
        CancelOne(line, account, session.Names.Order(account, id)?.OrderId ?? 0);
    }

    private void CancelAll(ScenarioLine line, AccountName account)
    {
        MarketName? market = null;
        Side? side = null;
        for (int i = 2; i < line.Words.Count; i++)
        {
            string word = line.Words[i];
            if (word is "buy" or "sell" && side is null)
            {
                side = SideOf(line, word);
            }
            else if (i == 2)
            {
                market = session.Names.Market(line, word);
            }
            else
            {
                line.EndWords(i);
            }
        }

        Figures figures = session.Figures(line);
        session.BeginCommand(line);
        List<OrderName> orders = OrdersView.Resting(account, session.Names, figures)
            .FindAll(order => (market is null || order.Market == market) && (side is null || SideOf(order, figures) == side));
        foreach (OrderName order in orders)
        {
            CancelOne(line, account, order.OrderId);
        }

        if (orders.Count == 0)
        {
            session.Report.Note(line, "no open orders");
        }
    }

    private void CancelOne(ScenarioLine line, AccountName account, long orderId) =>
        session.Send(line, CommandType.CancelOrder, new CancelOrder { AccountId = account.Id, OrderId = orderId });

    private void Place(ScenarioLine line, AccountName account, MarketName market, string? id, PlaceOrder command)
    {
        if (id is not null)
        {
            RequireFree(line, account, id);
        }

        session.BeginCommand(line);
        command.ClientOrderId = session.Names.AddOrder(account, market, id).ClientId;
        session.Send(line, CommandType.PlaceOrder, command);
    }

    /// <summary>A name can be used again once its order is gone.</summary>
    private void RequireFree(ScenarioLine line, AccountName account, string id)
    {
        if (!ScenarioParser.IsName(id) || id == "all")
        {
            throw line.Error($"'{id}' is not a name for an order", $"{ScenarioParser.NameRule}, 64 at most, not 'all'");
        }

        if (session.Names.Order(account, id) is { OrderId: > 0 } order && session.State(line).FindOrder(order.OrderId, account.Id) != 0)
        {
            throw line.Error($"order '{id}' of {account.Name} is open already", "another id");
        }
    }

    private static Side SideOf(ScenarioLine line, string word) => word switch
    {
        "buy" => Side.Buy,
        "sell" => Side.Sell,
        _ => throw line.Error($"'{word}' is not a side", "buy or sell"),
    };

    private static Side SideOf(OrderName order, Figures figures) => figures.State.Orders[Core.Matching.Order.SlotOf(order.OrderId)].Side;

    private static void ReadPrice(ScenarioLine line, MarketName market, ref PlaceOrder command)
    {
        string how = line.Word(4, "'@ PRICE' or 'market'");
        int used = 5;
        if (how == "@")
        {
            command.Type = OrderType.Limit;
            command.PriceTicks = HumanUnits.Price(line, line.Word(5, "a price"), market);
            used = 6;
        }
        else if (how == "market")
        {
            command.Type = OrderType.Market;
        }
        else if (LaterWords.Contains(how))
        {
            throw line.NotYet($"order type '{how}'", "'@ PRICE' or 'market'");
        }
        else
        {
            throw line.Error($"unexpected '{how}'", $"'@ PRICE' or 'market': {Grammar.Of("order")}");
        }

        if (line.Words.Count > used && LaterWords.Contains(line.Words[used]))
        {
            throw line.NotYet($"order flag '{line.Words[used]}'", Grammar.Of("order"));
        }

        line.EndWords(used);
    }

    private static void ReadTimeInForce(ScenarioLine line, ref PlaceOrder command)
    {
        string? text = line.Option("tif");
        command.TimeInForce = text switch
        {
            null or "gtc" => TimeInForce.GoodTillCancel,
            "ioc" => TimeInForce.ImmediateOrCancel,
            "fok" or "gtt" or "day" => throw line.NotYet($"tif={text}", "tif=gtc or tif=ioc"),
            _ => throw line.Error($"tif={text} is not understood", "tif=gtc or tif=ioc"),
        };
    }

    private static void ReadSlippage(ScenarioLine line, ref PlaceOrder command)
    {
        if (line.Option("max-slippage") is not { } text)
        {
            return;
        }

        command.MaxSlippageRate = HumanUnits.Ratio(line, text);
        if (command.Type != OrderType.Market || command.MaxSlippageRate == 0)
        {
            throw line.Error($"max-slippage={text} can't be", "a rate above 0, and a market order");
        }
    }

    /// <summary>An order can name its mode (R-301); one that differs from the market's setting is for a later version.</summary>
    private void CheckMode(ScenarioLine line, AccountName account, MarketName market)
    {
        if (line.Option("mode") is { } mode)
        {
            Core.ExchangeState state = session.State(line);
            ref readonly Position position = ref state.Positions[state.FindPosition(account.Id, market.Id)];
            string current = position.IsIsolated != 0 ? "isolated" : "cross";
            if (mode != current)
            {
                throw line.NotYet(
                    $"an order with another mode than its market's ({current})",
                    $"mode={current}, or a line 'mode {account.Name} {market.Name} {mode}'");
            }
        }
    }

    private static long AboveZero(ScenarioLine line, string key, long value) =>
        value > 0 ? value : throw line.Error($"{key}= must be above 0", $"{key}= above 0");
}
