using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>Money in, out and between scopes.</summary>
internal sealed class MoneyVerbs(ScenarioSession session)
{
    internal void Deposit(ScenarioLine line)
    {
        (AccountName account, AssetName asset, long amount) = Balance(line);
        session.BeginCommand(line);
        session.Send(line, CommandType.Deposit, new Deposit { AccountId = account.Id, AssetId = asset.Id, AmountUnits = amount });
    }

    internal void Withdraw(ScenarioLine line)
    {
        (AccountName account, AssetName asset, long amount) = Balance(line);
        session.BeginCommand(line);
        session.Send(line, CommandType.Withdraw, new Withdraw { AccountId = account.Id, AssetId = asset.Id, AmountUnits = amount });
    }

    internal void Allocate(ScenarioLine line)
    {
        (AccountName account, MarketName market, long amount) = Margin(line);
        long position = PositionVerbs.IdOf(line, session.Names, account);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(
            line,
            CommandType.AllocateMargin,
            new AllocateMargin { AccountId = account.Id, MarketId = market.Id, AmountUnits = amount, PositionId = position });
    }

    internal void Remove(ScenarioLine line)
    {
        (AccountName account, MarketName market, long amount) = Margin(line);
        long position = PositionVerbs.IdOf(line, session.Names, account);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(
            line,
            CommandType.RemoveMargin,
            new RemoveMargin { AccountId = account.Id, MarketId = market.Id, AmountUnits = amount, PositionId = position });
    }

    private (AccountName Account, AssetName Asset, long Amount) Balance(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        AssetName asset = session.Names.Asset(line, line.Word(1, "an asset"));
        long amount = HumanUnits.Money(line, line.Word(2, "an amount"), asset);
        line.EndWords(3);
        line.EndOptions();
        return (account, asset, amount);
    }

    private (AccountName Account, MarketName Market, long Amount) Margin(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        long amount = HumanUnits.Money(line, line.Word(2, "an amount"), market.Quote);
        line.EndWords(3);
        return (account, market, amount);
    }
}
