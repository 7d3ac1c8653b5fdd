using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>How a new order is written, from its side on: <c>buy 1.5 @ 50000 post-only tif=gtt expires=+1h</c>.</summary>
internal sealed class OrderWords
{
    private const string Forms = "'@ PRICE', 'market', 'stop PRICE', 'take-profit PRICE' or 'trailing DISTANCE'";
    private const string WholePosition = "whole-position";

    /// <summary>May be sent again under the name of an order that there was (R-1309).</summary>
    private const string Again = "again";

    private static readonly Dictionary<string, OrderFlags> FlagWords = new()
    {
        ["post-only"] = OrderFlags.PostOnly,
        ["reprice"] = OrderFlags.Reprice,
        ["reduce-only"] = OrderFlags.ReduceOnly,
        ["hidden"] = OrderFlags.Hidden,
        ["protected"] = OrderFlags.MakerProtected,
        [WholePosition] = OrderFlags.WholePosition,
    };

    private readonly ScenarioLine _line;
    private readonly MarketName _market;
    private PlaceOrder _order;
    private OrderTerms _terms;

    private OrderWords(ScenarioLine line, MarketName market)
    {
        _line = line;
        _market = market;
    }

    internal PlaceOrder Order => _order;

    internal OrderTerms Terms => _terms;

    /// <summary>Links with an order that named this one before it was there.</summary>
    internal void Link(long orderId)
    {
        _terms.LinkedOrderId = orderId;
        HasTerms = true;
    }

    /// <summary>Which position the order is for, in which mode, with what margin.</summary>
    internal void SetScope(long positionId, ModeChoice mode, long marginUnits)
    {
        _terms.PositionId = positionId;
        _terms.Mode = mode;
        _terms.MarginUnits = marginUnits;
        HasTerms |= positionId != 0 || mode != ModeChoice.Any || marginUnits != 0;
    }

    /// <summary>Display, expiry, trigger, link or scope is given.</summary>
    internal bool HasTerms { get; private set; }

    /// <summary>The name in the file, null for an order without.</summary>
    internal string? Id { get; private set; }

    internal bool IsAgain { get; private set; }

    /// <summary>Reads words from <paramref name="at"/> on and the options that belong to an order.</summary>
    internal static OrderWords Read(ScenarioLine line, int at, MarketName market, Func<string, long> linkedOrder, long nowNs)
    {
        var words = new OrderWords(line, market);
        words._order.Side = SideOf(line, line.Word(at, "buy or sell"));
        words.ReadQuantity(line.Word(at + 1, "a quantity"));
        int next = words.ReadPrice(at + 2);
        for (; next < line.Words.Count; next++)
        {
            words.ReadFlag(next);
        }

        words.ReadOptions();
        words.ReadTerms(linkedOrder, nowNs);
        return words;
    }

    internal static Side SideOf(ScenarioLine line, string word) => word switch
    {
        "buy" => Side.Buy,
        "sell" => Side.Sell,
        _ => throw line.Error($"'{word}' is not a side", "buy or sell"),
    };

    internal static SelfTradePrevention SelfTradeOf(ScenarioLine line) => line.Option("stp") switch
    {
        null => SelfTradePrevention.MarketRule,
        "none" => SelfTradePrevention.None,
        "taker" => SelfTradePrevention.Taker,
        "maker" => SelfTradePrevention.Maker,
        "both" => SelfTradePrevention.Both,
        "decrement" => SelfTradePrevention.Decrement,
        { } text => throw line.Error($"stp={text} is not understood", "stp=none, taker, maker, both or decrement"),
    };

    internal static TimeInForce TimeInForceOf(ScenarioLine line) => line.Option("tif") switch
    {
        null => line.Options.ContainsKey("expires") ? TimeInForce.GoodTillTime : TimeInForce.GoodTillCancel,
        "gtc" => TimeInForce.GoodTillCancel,
        "ioc" => TimeInForce.ImmediateOrCancel,
        "fok" => TimeInForce.FillOrKill,
        "gtt" or "gtd" => TimeInForce.GoodTillTime,
        "day" => TimeInForce.Day,
        { } text => throw line.Error($"tif={text} is not understood", "tif=gtc, ioc, fok, gtt or day"),
    };

    /// <summary>Which price a trigger watches: the last trade unless it says otherwise (R-807).</summary>
    internal static TriggerSource SourceOf(ScenarioLine line) => line.Option("on") switch
    {
        "mark" => TriggerSource.Mark,
        null or "last" => TriggerSource.Last,
        "index" => TriggerSource.Index,
        { } text => throw line.Error($"on={text} is not understood", "on=mark, last or index"),
    };

    internal static int SlippageOf(ScenarioLine line, OrderType type)
    {
        if (line.Option("max-slippage") is not { } text)
        {
            return 0;
        }

        int rate = HumanUnits.Ratio(line, text);
        return type == OrderType.Market && rate != 0 ? rate : throw line.Error($"max-slippage={text} can't be", "a rate above 0, and a market order");
    }

    private void ReadQuantity(string word)
    {
        if (word == WholePosition)
        {
            _order.Flags |= OrderFlags.WholePosition;
            return;
        }

        _order.QuantityLots = HumanUnits.Quantity(_line, word, _market);
    }

    /// <summary>Limit, market or trigger; the index of the first word behind it.</summary>
    private int ReadPrice(int at)
    {
        string how = _line.Word(at, Forms);
        switch (how)
        {
            case "@":
                return ReadLimit(at);
            case "market":
                _order.Type = OrderType.Market;
                return at + 1;
            case "stop" or "take-profit":
                _terms.Trigger = how == "stop" ? TriggerKind.Stop : TriggerKind.TakeProfit;
                _terms.TriggerTicks = HumanUnits.Price(_line, _line.Word(at + 1, "a trigger price"), _market);
                return ReadLimitOfTrigger(at + 2);
            case "trailing":
                _terms.Trigger = TriggerKind.TrailingStop;
                ReadTrail(_line.Word(at + 1, "a distance or a rate"));
                return ReadLimitOfTrigger(at + 2);
            default:
                throw _line.Error($"unexpected '{how}'", $"{Forms}: {Grammar.Of(_line.Verb)}");
        }
    }

    private int ReadLimit(int at)
    {
        _order.Type = OrderType.Limit;
        _order.PriceTicks = HumanUnits.Price(_line, _line.Word(at + 1, "a price"), _market);
        return at + 2;
    }

    private int ReadLimitOfTrigger(int at)
    {
        _order.Type = OrderType.Market;
        return at < _line.Words.Count && _line.Words[at] == "@" ? ReadLimit(at) : at;
    }

    private void ReadTrail(string word)
    {
        if (word.EndsWith('%') || word.EndsWith("bp", StringComparison.Ordinal))
        {
            _terms.TrailRate = HumanUnits.Ratio(_line, word);
            return;
        }

        _terms.TrailTicks = HumanUnits.Price(_line, word, _market);
    }

    private void ReadFlag(int at)
    {
        string word = _line.Words[at];
        if (FlagWords.TryGetValue(word, out OrderFlags flag))
        {
            _order.Flags |= flag;
        }
        else if (word == Again)
        {
            IsAgain = true;
        }
        else if (word == "take-profit" && _terms.Trigger == TriggerKind.TrailingStop)
        {
            _terms.Trigger = TriggerKind.TrailingTakeProfit;
        }
        else
        {
            _line.EndWords(at);
        }
    }

    private void ReadOptions()
    {
        foreach ((string word, OrderFlags flag) in FlagWords)
        {
            _order.Flags |= _line.Option(word) switch
            {
                null or "off" => OrderFlags.None,
                "on" => flag,
                { } text => throw _line.Error($"{word}={text} is not understood", $"{word}, {word}=on or {word}=off"),
            };
        }

        _order.TimeInForce = TimeInForceOf(_line);
        _order.SelfTrade = SelfTradeOf(_line);
        _order.MaxSlippageRate = SlippageOf(_line, _order.Type);
        Id = _line.Option("id");
        if (Id is not null && (!ScenarioParser.IsName(Id) || Id == "all"))
        {
            throw _line.Error($"'{Id}' is not a name for an order", $"{ScenarioParser.NameRule}, 64 at most, not 'all'");
        }

        if (IsAgain && Id is null)
        {
            throw _line.Error($"'{Again}' without a name", "id=NAME of the order that is sent again");
        }
    }

    private void ReadTerms(Func<string, long> linkedOrder, long nowNs)
    {
        bool hasOptions = false;
        string? Term(string key)
        {
            string? text = _line.Option(key);
            hasOptions |= text is not null;
            return text;
        }

        long PriceOf(string key) => Term(key) is { } text ? HumanUnits.AboveZero(_line, key, HumanUnits.Price(_line, text, _market)) : 0;

        _terms.ActivationTicks = PriceOf("activate");
        _terms.StepTicks = PriceOf("step");
        _terms.ExpiresNs = Term("expires") is { } expires ? ScenarioTime.ParseAny(_line, expires, nowNs) : 0;
        _terms.DisplayLots = Term("display") is { } display
            ? HumanUnits.AboveZero(_line, "display", HumanUnits.Quantity(_line, display, _market))
            : 0;
        _terms.ProtectiveStopTicks = PriceOf("stop");
        _terms.LinkedOrderId = Term("oco") is { } oco ? linkedOrder(oco) : 0;
        _terms.Effect = (Term("borrow") switch
        {
            null or "off" => SideEffect.None,
            "auto" => SideEffect.AutoBorrow,
            "auto-or-own" => SideEffect.AutoBorrow | SideEffect.OwnFundsIfNone,
            { } text => throw _line.Error(
                $"borrow={text} is not understood", "borrow=auto, or borrow=auto-or-own to trade with own funds if the pool can't lend"),
        }) | (Term("repay") switch
        {
            null or "off" => SideEffect.None,
            "auto" => SideEffect.AutoRepay,
            { } text => throw _line.Error($"repay={text} is not understood", "repay=auto"),
        });
        _terms.Source = Term("on") is null && _terms.Trigger == TriggerKind.None ? default : SourceOf(_line);
        HasTerms = hasOptions || _terms.Trigger != TriggerKind.None;
    }
}
