using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>Time and prices.</summary>
internal sealed class WorldVerbs(ScenarioSession session)
{
    /// <summary>Time that is set before anything else is only where the run begins.</summary>
    internal void Time(ScenarioLine line)
    {
        string text = line.Word(0, "a time");
        line.EndWords(1);
        line.EndOptions();
        bool starts = !session.HasStarted;
        session.Driver.TimeNs = ScenarioTime.Parse(line, text, starts && !text.StartsWith('+') ? 0 : session.Driver.TimeNs);
        session.BeginCommand(line);
        if (!starts)
        {
            session.Send(line, CommandType.Tick, default(Tick));
        }
    }

    internal void Mark(ScenarioLine line)
    {
        MarketName market = session.Names.Market(line, line.Word(0, "a market"));
        long price = HumanUnits.Price(line, line.Word(1, "a price"), market);
        line.EndWords(2);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.SetMarkPrice, new SetMarkPrice { MarketId = market.Id, PriceTicks = price });
    }

    internal void Fund(ScenarioLine line)
    {
        MarketName market = session.Names.Market(line, line.Word(0, "a market"));
        line.EndWords(1);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.ForceFunding, new ForceFunding { MarketId = market.Id });
    }

    internal void Index(ScenarioLine line)
    {
        MarketName market = session.Names.Market(line, line.Word(0, "a market"));
        long price = HumanUnits.Price(line, line.Word(1, "a price"), market);
        long source = (line.Option("source") ?? "1") switch
        {
            "1" => 1,
            "2" => 2,
            var other => throw line.Error($"source={other} is not understood", "source=1 or source=2"),
        };
        line.EndWords(2);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.FeedPrice, new FeedPrice { MarketId = market.Id, PriceTicks = price, Source = source });
    }
}
