using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>Batches and mass quotes.</summary>
internal sealed class ListVerbs(ScenarioSession session)
{
    internal void Batch(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        string mode = line.Word(2, "atomic or best-effort");
        line.EndWords(3);
        SelfTradePrevention rule = OrderWords.SelfTradeOf(line);
        line.EndOptions();
        BatchMode batchMode = WordStyle.Find<BatchMode>(mode) ?? throw line.Error($"'{mode}' is not a mode of a batch", "atomic or best-effort");
        BatchItem[] items = line.Items.Select(item => ReadItem(item, account, market)).ToArray();
        if (items.Length > OrderBatch.MaxItems)
        {
            throw line.Error($"{items.Length} items do not fit into a batch", $"{OrderBatch.MaxItems} at most");
        }

        session.BeginCommand(line);
        session.Send(
            line,
            CommandType.OrderBatch,
            new OrderBatch { AccountId = account.Id, MarketId = market.Id, Count = (ushort)items.Length, Mode = batchMode, SelfTrade = rule },
            items);
    }

    internal void Quote(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        bool postOnly = line.Words.Count > 2 && line.Words[2] == "post-only";
        line.EndWords(postOnly ? 3 : 2);
        QuoteLevel[] bids = ReadLevels(line, "bids", market);
        QuoteLevel[] asks = ReadLevels(line, "asks", market);
        if (bids.Length + asks.Length > MassQuote.MaxLevels)
        {
            throw line.Error($"{bids.Length + asks.Length} levels do not fit into a mass quote", $"{MassQuote.MaxLevels} at most");
        }

        string name = line.Option("id") ?? "quote";
        var command = new MassQuote
        {
            AccountId = account.Id,
            MarketId = market.Id,
            QuoteId = line.Option("quote-id") is { } text ? HumanUnits.Whole(line, text, "quote-id") : 0,
            Bids = (ushort)bids.Length,
            Asks = (ushort)asks.Length,
            Flags = postOnly ? OrderFlags.PostOnly : OrderFlags.None,
            SelfTrade = OrderWords.SelfTradeOf(line),
        };
        line.EndOptions();
        session.BeginCommand(line);
        session.Send<MassQuote, QuoteLevel>(
            line, CommandType.MassQuote, command, [.. bids, .. asks], (slots, at) => NameOfQuote(name, in slots[at], market));
    }

    /// <summary>
    /// The exchange makes the orders of a bracket: <c>bracket.stop</c> and <c>bracket.take-profit</c>, told apart by the terms behind them.
    /// </summary>
    internal static string NameOfBracketOrder(string bracket, EventSlot[] slots, int at)
    {
        bool hasTerms = at + 1 < slots.Length && slots[at + 1].Header.Type == EventType.OrderTermsSet;
        TriggerKind kind = hasTerms ? TriggerDetail.Kind(in slots[at + 1].Header) : TriggerKind.None;
        return $"{bracket}.{WordStyle.Kebab(kind.ToString())}";
    }

    /// <summary>Quotes are named by side and price: <c>quote.bid.99.5</c>.</summary>
    private static string NameOfQuote(string quote, ref readonly EventSlot slot, MarketName market)
    {
        ref readonly OrderChanged order = ref EventSlot.As<OrderChanged>(in slot);
        string side = order.Header.Side == Side.Buy ? "bid" : "ask";
        return $"{quote}.{side}.{HumanUnits.PriceOf(order.PriceTicks, market)}";
    }

    private static QuoteLevel[] ReadLevels(ScenarioLine line, string key, MarketName market) =>
        line.Option(key) is null or Value.NoneText ? [] : line.Options[key].Split(',').Select(text => ReadLevel(line, text, market)).ToArray();

    private static QuoteLevel ReadLevel(ScenarioLine line, string text, MarketName market)
    {
        string[] parts = text.Split('@');
        return parts.Length == 2
            ? new QuoteLevel { QuantityLots = HumanUnits.Quantity(line, parts[0], market), PriceTicks = HumanUnits.Price(line, parts[1], market) }
            : throw line.Error($"'{text}' is not understood", "QTY@PRICE,... such as 1@100,2@99, or none");
    }

    private BatchItem ReadItem(ScenarioLine item, AccountName account, MarketName market)
    {
        switch (item.Verb[Grammar.ItemPrefix.Length..])
        {
            case "place":
                return ReadPlace(item, account, market);
            case "cancel":
                OrderIds gone = session.Names.Ids(account, item.Word(0, "an order's id"));
                item.EndWords(1);
                item.EndOptions();
                return new BatchItem { Action = BatchAction.Cancel, OrderId = gone.OrderId, ClientOrderId = gone.ClientOrderId };
            default:
                OrderIds changed = session.Names.Ids(account, item.Word(0, "an order's id"));
                item.EndWords(1);
                (long quantity, long price, _) = TradingVerbs.ReadChange(item, changed.Name?.Market, "qty", "price", "trigger");
                item.EndOptions();
                return new BatchItem
                {
                    Action = BatchAction.Modify,
                    OrderId = changed.OrderId,
                    ClientOrderId = changed.ClientOrderId,
                    PriceTicks = price,
                    QuantityLots = quantity,
                };
        }
    }

    private BatchItem ReadPlace(ScenarioLine item, AccountName account, MarketName market)
    {
        var words = OrderWords.Read(item, 0, market, _ => 0, session.Driver.TimeNs);
        item.EndOptions();
        if (words.HasTerms || words.Order.SelfTrade != SelfTradePrevention.MarketRule || words.Order.MaxSlippageRate != 0)
        {
            throw item.Error(
                "an order of a batch has no trigger, display, expiry, link, slippage or self-trade rule of its own", Grammar.Of(Grammar.Block));
        }

        return new BatchItem
        {
            ClientOrderId = session.NameOrder(item, account, market, words).ClientId,
            PriceTicks = words.Order.PriceTicks,
            QuantityLots = words.Order.QuantityLots,
            Action = BatchAction.Place,
            Side = words.Order.Side,
            Type = words.Order.Type,
            TimeInForce = words.Order.TimeInForce,
            Flags = words.Order.Flags,
        };
    }
}
