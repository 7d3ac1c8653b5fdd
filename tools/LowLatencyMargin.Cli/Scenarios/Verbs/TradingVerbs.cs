using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>Orders: new ones, changes, cancels.</summary>
internal sealed class TradingVerbs(ScenarioSession session)
{
    internal void Order(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        var words = OrderWords.Read(line, 2, market, id => Linked(line, account, id), session.Driver.TimeNs);
        ReadScope(line, account, market, words);
        line.EndOptions();
        PlaceOrder order = words.Order;
        order.AccountId = account.Id;
        order.MarketId = market.Id;
        OrderName name = session.NameOrder(line, account, market, words);
        ReadLink(line, name, words);
        session.BeginCommand(line);
        order.ClientOrderId = name.ClientId;
        if (words.HasTerms)
        {
            session.Send(line, CommandType.PlaceOrderWithTerms, new PlaceOrderWithTerms { Order = order, Terms = words.Terms });
            return;
        }

        session.Send(line, CommandType.PlaceOrder, order);
    }

    internal void Modify(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        OrderIds ids = session.Names.Ids(account, line.Word(1, "an order's id"));
        line.EndWords(2);
        var command = new ModifyOrder { AccountId = account.Id, OrderId = ids.OrderId, ClientOrderId = ids.ClientOrderId };
        (command.QuantityLots, command.PriceTicks, command.TriggerTicks) = ReadChange(line, ids.Name?.Market, "qty", "price", "trigger");
        line.EndOptions();
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
        OrderIds ids = session.Names.Ids(account, id);
        session.BeginCommand(line);
        session.Send(
            line,
            CommandType.CancelOrder,
            new CancelOrder { AccountId = account.Id, OrderId = ids.OrderId, ClientOrderId = ids.ClientOrderId });
    }

    /// <summary>Stop-loss and take-profit of a position.</summary>
    internal void Bracket(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        bool none = line.Words.Count > 2 && line.Words[2] == "none";
        line.EndWords(none ? 3 : 2);
        string name = line.Option("id") ?? "bracket";
        (_, long stop, long profit) = none ? default : ReadChange(line, market, null, "stop", "take-profit");
        var command = new SetBracket
        {
            AccountId = account.Id,
            MarketId = market.Id,
            StopLossTicks = stop,
            TakeProfitTicks = profit,
            MaxSlippageRate = OrderWords.SlippageOf(line, OrderType.Market),
            Source = OrderWords.SourceOf(line),
            PositionId = PositionVerbs.IdOf(line, session.Names, account),
        };
        line.EndOptions();
        session.BeginCommand(line);
        session.Send<SetBracket, byte>(line, CommandType.SetBracket, command, [], (slots, at) => ListVerbs.NameOfBracketOrder(name, slots, at));
    }

    private void CancelAll(ScenarioLine line, AccountName account)
    {
        var command = new CancelOrders { AccountId = account.Id };
        int used = 2;
        if (line.Words.Count > used && line.Words[used] is not ("buy" or "sell" or ProtectionVerbs.SpareStops))
        {
            command.MarketId = session.Names.Market(line, line.Words[used]).Id;
            used++;
        }

        if (line.Words.Count > used && line.Words[used] is "buy" or "sell")
        {
            command.Sides = line.Words[used] == "buy" ? SideFilter.Buys : SideFilter.Sells;
            used++;
        }

        command.SpareStops = ProtectionVerbs.ReadSpareStops(line, used);
        session.BeginCommand(line);
        session.Send(line, CommandType.CancelOrders, command);
    }

    /// <summary>New quantity and prices; 0 for what is not given. At least one must be.</summary>
    internal static (long Quantity, long Price, long Other) ReadChange(
        ScenarioLine line, MarketName? market, string? quantityKey, string priceKey, string otherKey)
    {
        string? quantity = quantityKey is null ? null : line.Option(quantityKey);
        string? price = line.Option(priceKey);
        string? other = line.Option(otherKey);
        if (quantity is null && price is null && other is null)
        {
            string keys = string.Join(", ", new[] { quantityKey, priceKey, otherKey }.Where(key => key is not null).Select(key => key + "="));
            throw line.Error("nothing is given to change", $"one or more of {keys}");
        }

        long PriceOf(string key, string? text) =>
            text is null || market is null ? 0 : HumanUnits.AboveZero(line, key, HumanUnits.Price(line, text, market));

        long lots = quantity is null || market is null ? 0 : HumanUnits.AboveZero(line, quantityKey!, HumanUnits.Quantity(line, quantity, market));
        return (lots, PriceOf(priceKey, price), PriceOf(otherKey, other));
    }

    /// <summary>The exchange's id of an order to link with; one that was refused has none, and linking with it is refused too.</summary>
    private long Linked(ScenarioLine line, AccountName account, string id)
    {
        if (session.Names.Order(account, id) is { } order)
        {
            return order.OrderId == 0 ? long.MaxValue : order.OrderId;
        }

        bool comes = session.Lines.Any(later => later.Number > line.Number && later.Verb == line.Verb
            && later.Words.Count > 0 && later.Words[0] == account.Name && later.Options.GetValueOrDefault("id") == id);
        return comes ? 0 : throw line.Error($"{account.Name} has no order '{id}'", "the id of an order of this file");
    }

    /// <summary>Of a pair the first order may name the second: the link is made by the one that comes later.</summary>
    private void ReadLink(ScenarioLine line, OrderName name, OrderWords words)
    {
        if (session.Names.TakeLinkTo(name) is { OrderId: > 0 } partner && words.Terms.LinkedOrderId == 0)
        {
            words.Link(partner.OrderId);
        }

        if (line.Option("oco") is { } id && words.Terms.LinkedOrderId == 0)
        {
            session.Names.AddLinkTo(id, name);
        }
    }

    /// <summary>An order can name its position, its mode and the margin that comes with it .</summary>
    private void ReadScope(ScenarioLine line, AccountName account, MarketName market, OrderWords words)
    {
        long position = line.Option("position") == PositionVerbs.New ? 0 : PositionVerbs.IdOf(line, session.Names, account);
        ModeChoice mode = line.Option("mode") is not { } text
            ? ModeChoice.Any
            : WordStyle.Find<ModeChoice>(text) ?? throw line.Error($"mode={text} is not understood", "mode=cross or mode=isolated");
        long margin = line.Option("margin") is { } amount ? HumanUnits.AboveZero(line, "margin", HumanUnits.Money(line, amount, market.Quote)) : 0;
        words.SetScope(position, mode, margin);
    }
}
