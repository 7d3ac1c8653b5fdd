using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>Positions and their settings: modes, leverage, close, split, merge, transfer.</summary>
internal sealed class PositionVerbs(ScenarioSession session)
{
    internal const string New = "new";

    private const string Release = "release";

    internal static PositionMode ModeOf(ScenarioLine line, string word) =>
        WordStyle.Find<PositionMode>(word) ?? throw line.Error($"'{word}' is not a position mode", "one-way or hedge");

    /// <summary>The option position=: an id, or the name of an order that was for the position; 0 when it is not given.</summary>
    internal static long IdOf(ScenarioLine line, Names names, AccountName account, string key = "position") =>
        line.Option(key) is { } text ? IdOf(line, names, account, key, text) : 0;

    internal void Positions(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        PositionMode mode = ModeOf(line, line.Word(1, "one-way or hedge"));
        line.EndWords(2);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.SetPositionMode, new SetPositionMode { AccountId = account.Id, Mode = mode });
    }

    internal void Mode(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        string word = line.Word(2, "cross or isolated");
        line.EndWords(3);
        MarginMode mode = WordStyle.Find<MarginMode>(word) ?? throw line.Error($"'{word}' is not a margin mode", "cross or isolated");
        var command = new SetMarginMode
        {
            AccountId = account.Id,
            MarketId = market.Id,
            Mode = mode,
            PositionId = IdOf(line, session.Names, account),
            Sides = SidesOf(line),
        };
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.SetMarginMode, command);
    }

    internal void Leverage(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        long leverage = HumanUnits.Whole(line, line.Word(2, "a leverage").TrimEnd('x'), "leverage");
        bool releases = line.Words.Count > 3 && line.Words[3] == Release;
        line.EndWords(releases ? 4 : 3);
        var command = new SetLeverage
        {
            AccountId = account.Id,
            MarketId = market.Id,
            Leverage = leverage,
            PositionId = IdOf(line, session.Names, account),
            Sides = SidesOf(line),
            Release = releases ? 1 : 0,
        };
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.SetLeverage, command);
    }

    internal void Close(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        bool isLimit = line.Words.Count > 2 && line.Words[2] == "@";
        bool isMarket = line.Words.Count > 2 && line.Words[2] == "market";
        long price = isLimit ? HumanUnits.AboveZero(line, "price", HumanUnits.Price(line, line.Word(3, "a price"), market)) : 0;
        line.EndWords(isLimit ? 4 : isMarket ? 3 : 2);
        string? id = line.Option("id");
        string? quantity = line.Option("qty");
        if (session.State(line).Markets[market.Id].Kind == MarketKind.SpotMargin)
        {
            CloseLoans(line, account, market, isLimit || quantity is not null, id);
            return;
        }

        var command = new ClosePosition
        {
            AccountId = account.Id,
            MarketId = market.Id,
            PositionId = IdOf(line, session.Names, account),
            PriceTicks = price,
            QuantityLots = quantity is null or "all" ? 0 : HumanUnits.AboveZero(line, "qty", HumanUnits.Quantity(line, quantity, market)),
            MaxSlippageRate = OrderWords.SlippageOf(line, isLimit ? OrderType.Limit : OrderType.Market),
            TimeInForce = OrderWords.TimeInForceOf(line),
        };
        line.EndOptions();
        session.BeginCommand(line);
        command.ClientOrderId = session.Names.AddOrder(account, market, id).ClientId;
        session.Send(line, CommandType.ClosePosition, command);
    }

    /// <summary>A leveraged position by loan: sells or buys back just enough to repay (R-1005).</summary>
    private void CloseLoans(ScenarioLine line, AccountName account, MarketName market, bool isPart, string? id)
    {
        if (isPart)
        {
            throw line.Error("a close by loan takes what repays it, at once", "no price and no qty; for a part an order with repay=auto");
        }

        int slippage = OrderWords.SlippageOf(line, OrderType.Market);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.CloseLoans, new CloseLoans
        {
            AccountId = account.Id,
            MarketId = market.Id,
            ClientOrderId = session.Names.AddOrder(account, market, id).ClientId,
            MaxSlippageRate = slippage,
        });
    }

    internal void Split(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        long lots = HumanUnits.Quantity(line, line.Word(2, "a quantity"), market);
        line.EndWords(3);
        long position = IdOf(line, session.Names, account);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(
            line,
            CommandType.SplitPosition,
            new SplitPosition { AccountId = account.Id, MarketId = market.Id, PositionId = position, QuantityLots = lots });
    }

    internal void Merge(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        long first = IdOf(line, session.Names, account, "position", line.Word(2, "a position's id"));
        long other = IdOf(line, session.Names, account, "position", line.Word(3, "another position's id"));
        line.EndWords(4);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(
            line,
            CommandType.MergePositions,
            new MergePositions { AccountId = account.Id, MarketId = market.Id, PositionId = first, OtherPositionId = other });
    }

    internal void Transfer(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        string to = line.Word(2, "to");
        if (to != "to")
        {
            throw line.Error($"unexpected '{to}'", Grammar.Of(line.Verb));
        }

        AccountName receiver = session.Names.Account(line, line.Word(3, "an account"));
        line.EndWords(4);
        string? quantity = line.Option("qty");
        var command = new TransferPosition
        {
            AccountId = account.Id,
            MarketId = market.Id,
            PositionId = IdOf(line, session.Names, account),
            ToAccountId = receiver.Id,
            ToPositionId = line.Option("to-position") == New ? 0 : IdOf(line, session.Names, receiver, "to-position"),
            QuantityLots = quantity is null or "all" ? 0 : HumanUnits.AboveZero(line, "qty", HumanUnits.Quantity(line, quantity, market)),
        };
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.TransferPosition, command);
    }

    private static PositionSides SidesOf(ScenarioLine line) => line.Option("side") is not { } text
        ? PositionSides.Both
        : WordStyle.Find<PositionSides>(text) ?? throw line.Error($"side={text} is not understood", "side=long, short or both");

    private static long IdOf(ScenarioLine line, Names names, AccountName account, string key, string text)
    {
        if (long.TryParse(text, out long id) && id > 0)
        {
            return id;
        }

        // an order that was refused has no position, and naming it is refused too
        return names.Order(account, text) is { } order
            ? order.PositionId == 0 ? long.MaxValue : order.PositionId
            : throw line.Error($"{key}={text} is not understood", "a position's id, or the name of an order that was for it");
    }
}
