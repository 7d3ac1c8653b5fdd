using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>
/// Money between the places of one owner: <c>transfer alice USDC 100 to BTC-PERP</c>, <c>from BTC-PERP</c>, <c>to account bob</c>; the word
/// 'account' is only needed for an account that has the name of a market.
/// </summary>
internal sealed class TransferVerbs(ScenarioSession session)
{
    internal void Transfer(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        AssetName asset = session.Names.Asset(line, line.Word(1, "an asset"));
        long amount = HumanUnits.Money(line, line.Word(2, "an amount"), asset);
        string way = line.Word(3, "to or from");
        string place = line.Word(4, "a market, or account NAME");
        bool named = way == "to" && place == "account";
        bool toAccount = named || (way == "to" && session.Names.FindMarket(place) is null && session.Names.Find(place) is not null);
        line.EndWords(named ? 6 : 5);
        line.EndOptions();
        if (toAccount)
        {
            AccountName to = session.Names.Account(line, named ? line.Word(5, "an account") : place);
            session.BeginCommand(line);
            session.Send(line, CommandType.TransferBetweenAccounts, new TransferBetweenAccounts
            {
                AccountId = account.Id,
                ToAccountId = to.Id,
                AssetId = asset.Id,
                AmountUnits = amount,
            });
            return;
        }

        MarketName market = session.Names.Market(line, place);
        switch (way)
        {
            case "to":
                session.BeginCommand(line);
                session.Send(
                    line,
                    CommandType.TransferToMargin,
                    new TransferToMargin { AccountId = account.Id, MarketId = market.Id, AssetId = asset.Id, AmountUnits = amount });
                break;
            case "from":
                session.BeginCommand(line);
                session.Send(
                    line,
                    CommandType.TransferFromMargin,
                    new TransferFromMargin { AccountId = account.Id, MarketId = market.Id, AssetId = asset.Id, AmountUnits = amount });
                break;
            default:
                throw line.Error($"unexpected '{way}'", Grammar.Of("transfer"));
        }
    }
}
