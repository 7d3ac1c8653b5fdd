using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>Timers, switches, states, rates: what protects traders and the exchange from their own machines.</summary>
internal sealed class ProtectionVerbs(ScenarioSession session)
{
    internal const string SpareStops = "spare-stops";

    private const string Off = "off";

    /// <summary>How long an account whose connection is gone has to come back.</summary>
    private const int DisconnectWindowMs = 10_000;

    internal void Protect(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        bool off = line.Words.Count > 2 && line.Words[2] == Off;
        line.EndWords(off ? 3 : 2);
        var command = new SetMakerProtection { AccountId = account.Id, MarketId = market.Id };
        if (!off)
        {
            command.QuantityLots = line.Option("qty") is { } quantity ? HumanUnits.Quantity(line, quantity, market) : 0;
            command.DeltaLots = line.Option("delta") is { } delta ? HumanUnits.Quantity(line, delta, market) : 0;
            command.Fills = Count(line, "fills", 0);
            command.WindowMs = ScenarioTime.ParseMs(line, line.Require("window", "10s"));
            command.FrozenMs = line.Option("frozen") is { } frozen && frozen != Off ? ScenarioTime.ParseMs(line, frozen) : 0;
        }

        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.SetMakerProtection, command);
    }

    internal void CancelAllAfter(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        string window = line.Word(1, "a length of time, or off");
        byte spare = ReadSpareStops(line, 2);
        line.EndOptions();
        SendTimer(line, account, window == Off ? 0 : ScenarioTime.ParseMs(line, window), spare);
    }

    /// <summary>What a gateway does when an account's connection is lost: the timer, with a window to come back in.</summary>
    internal void Disconnect(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        byte spare = ReadSpareStops(line, 1);
        int window = line.Option("window") is { } text ? ScenarioTime.ParseMs(line, text) : DisconnectWindowMs;
        line.EndOptions();
        SendTimer(line, account, window, spare);
    }

    internal void Kill(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        bool inMarket = line.Words.Count > 1 && line.Words[1] != SpareStops;
        int market = inMarket ? session.Names.Market(line, line.Words[1]).Id : 0;
        SendSwitch(line, account.Id, market, on: true, inMarket ? 2 : 1);
    }

    internal void Resume(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        int market = line.Words.Count > 1 ? session.Names.Market(line, line.Words[1]).Id : 0;
        line.EndWords(2);
        SendSwitch(line, account.Id, market, on: false, 2);
    }

    internal void KillMarket(ScenarioLine line) => SendSwitch(line, 0, session.Names.Market(line, line.Word(0, "a market")).Id, on: true, 1);

    internal void ResumeMarket(ScenarioLine line)
    {
        line.EndWords(1);
        SendSwitch(line, 0, session.Names.Market(line, line.Word(0, "a market")).Id, on: false, 1);
    }

    internal void State(ScenarioLine line)
    {
        MarketName market = session.Names.Market(line, line.Word(0, "a market"));
        string word = line.Word(1, "a state");
        line.EndWords(2);
        string? price = line.Option("price");
        string? at = line.Option("at");
        line.EndOptions();
        MarketState state = WordStyle.Find<MarketState>(word)
            ?? throw line.Error($"'{word}' is not a state", string.Join(", ", Enum.GetNames<MarketState>().Select(WordStyle.Kebab)));
        if (price is null && at is null)
        {
            session.BeginCommand(line);
            session.Send(line, CommandType.SetMarketState, new SetMarketState { MarketId = market.Id, State = state });
            return;
        }

        if (state is not (MarketState.Settling or MarketState.Closed))
        {
            throw line.Error($"'{word}' has no settlement price or time", "state MARKET settling|closed [price=P|mark] [at=+1d|TIME]");
        }

        var settle = new SettleMarket
        {
            MarketId = market.Id,
            PriceTicks = price is null or "mark" ? 0 : HumanUnits.Price(line, price, market),
            DueNs = at is null ? 0 : ScenarioTime.ParseAny(line, at, session.Driver.TimeNs),
        };
        session.BeginCommand(line);
        session.Send(line, CommandType.SettleMarket, settle);
    }

    internal void Rate(ScenarioLine line)
    {
        string name = line.Word(0, "an account, or all");
        bool off = line.Words.Count > 1 && line.Words[1] == Off;
        line.EndWords(off ? 2 : 1);
        var command = new SetRateLimit { AccountId = name == "all" ? 0 : session.Names.Account(line, name).Id };
        if (!off)
        {
            _ = line.Require("per-second", "10");
            command.PerSecond = Count(line, "per-second", 0);
            command.Burst = Count(line, "burst", command.PerSecond);
            command.Reserve = Count(line, "reserve", 0);
        }

        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.SetRateLimit, command);
    }

    internal void Group(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        string name = line.Word(1, "the name of a group, or none");
        line.EndWords(2);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(
            line,
            CommandType.SetTradeGroup,
            new SetTradeGroup { AccountId = account.Id, GroupId = name == Value.NoneText ? 0 : session.Names.Group(name) });
    }

    /// <summary>The word 'spare-stops' at the end of a line: 1 when it is there.</summary>
    internal static byte ReadSpareStops(ScenarioLine line, int at)
    {
        bool spares = at < line.Words.Count && line.Words[at] == SpareStops;
        line.EndWords(spares ? at + 1 : at);
        return spares ? (byte)1 : (byte)0;
    }

    private static int Count(ScenarioLine line, string key, int otherwise) =>
        line.Option(key) is { } text ? (int)Math.Clamp(HumanUnits.Whole(line, text, key), -1, int.MaxValue) : otherwise;

    private void SendTimer(ScenarioLine line, AccountName account, int timeoutMs, byte spareStops)
    {
        session.BeginCommand(line);
        session.Send(
            line, CommandType.CancelAllAfter, new CancelAllAfter { AccountId = account.Id, TimeoutMs = timeoutMs, SpareStops = spareStops });
    }

    private void SendSwitch(ScenarioLine line, int account, int market, bool on, int used)
    {
        byte spare = ReadSpareStops(line, used);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(
            line,
            CommandType.KillSwitch,
            new KillSwitch { AccountId = account, MarketId = market, On = on ? (byte)1 : (byte)0, SpareStops = spare });
    }
}
