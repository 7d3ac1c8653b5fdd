using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>Money in, out and between scopes, and the settings of a scope.</summary>
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
        session.BeginCommand(line);
        session.Send(line, CommandType.AllocateMargin, new AllocateMargin { AccountId = account.Id, MarketId = market.Id, AmountUnits = amount });
    }

    internal void Remove(ScenarioLine line)
    {
        (AccountName account, MarketName market, long amount) = Margin(line);
        session.BeginCommand(line);
        session.Send(line, CommandType.RemoveMargin, new RemoveMargin { AccountId = account.Id, MarketId = market.Id, AmountUnits = amount });
    }

    internal void Mode(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        string word = line.Word(2, "cross or isolated");
        line.EndWords(3);
        line.EndOptions();
        MarginMode mode = WordStyle.Find<MarginMode>(word) ?? throw line.Error($"'{word}' is not a margin mode", "cross or isolated");
        session.BeginCommand(line);
        session.Send(line, CommandType.SetMarginMode, new SetMarginMode { AccountId = account.Id, MarketId = market.Id, Mode = mode });
    }

    internal void Leverage(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        long leverage = HumanUnits.Whole(line, line.Word(2, "a leverage"), "leverage");
        line.EndWords(3);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.SetLeverage, new SetLeverage { AccountId = account.Id, MarketId = market.Id, Leverage = leverage });
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
        line.EndOptions("position");
        return (account, market, amount);
    }
}
