using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>What keepers do (R-1103, R-1110).</summary>
internal sealed class KeeperVerbs(ScenarioSession session)
{
    internal void Liquidate(ScenarioLine line)
    {
        AccountName keeper = session.Names.Account(line, line.Word(0, "a keeper's account"));
        AccountName account = session.Names.Account(line, line.Word(1, "an account"));
        MarketName market = session.Names.Market(line, line.Word(2, "a market"));
        line.EndWords(3);
        var command = new Liquidate
        {
            KeeperId = keeper.Id,
            AccountId = account.Id,
            MarketId = market.Id,
            PositionId = PositionVerbs.IdOf(line, session.Names, account),
        };
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.Liquidate, command);
    }

    internal void Register(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        bool on = HumanUnits.IsOn(line, "keeper", line.Word(1, "on or off"));
        line.EndWords(2);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.RegisterKeeper, new RegisterKeeper { AccountId = account.Id, On = on ? 1 : 0 });
    }
}
