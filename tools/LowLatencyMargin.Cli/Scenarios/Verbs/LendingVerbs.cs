using LowLatencyMargin.Cli.Scenarios.Parameters;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Cli.Scenarios.Verbs;

/// <summary>Lending pools: what the operator sets up and what lenders do.</summary>
internal sealed class LendingVerbs(ScenarioSession session)
{
    private const string All = "all";

    /// <summary>Makes a pool; a pool that is there keeps the parameters that the line does not name.</summary>
    internal void Pool(ScenarioLine line)
    {
        AssetName asset = session.Names.Asset(line, line.Word(0, "an asset"));
        line.EndWords(1);
        int pool = session.State(line).Assets[asset.Id].Pool;
        PoolParameters parameters = pool == 0 ? PoolParameters.Default : session.State(line).Pools[pool].Parameters;
        PoolParameter.Read(line, asset, ref parameters);
        session.BeginCommand(line);
        session.Send(line, CommandType.SetPool, new SetPool { AssetId = asset.Id, Parameters = parameters });
    }

    internal void Lend(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        AssetName asset = session.Names.Asset(line, line.Word(1, "an asset"));
        long amount = HumanUnits.Money(line, line.Word(2, "an amount"), asset);
        line.EndWords(3);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.Lend, new Lend { AccountId = account.Id, AssetId = asset.Id, AmountUnits = amount });
    }

    internal void Unlend(ScenarioLine line)
    {
        AccountName account = session.Names.Account(line, line.Word(0, "an account"));
        AssetName asset = session.Names.Asset(line, line.Word(1, "an asset"));
        long amount = AmountOrAll(line, line.Word(2, "an amount or 'all'"), asset);
        bool announces = line.Words.Count > 3 && line.Words[3] == "announce";
        line.EndWords(announces ? 4 : 3);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.Unlend, new Unlend
        {
            AccountId = account.Id,
            AssetId = asset.Id,
            AmountUnits = amount,
            Announce = announces ? 1 : 0,
        });
    }

    internal void Borrow(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        AssetName asset = session.Names.Asset(line, line.Word(2, "an asset"));
        long amount = HumanUnits.Money(line, line.Word(3, "an amount"), asset);
        line.EndWords(4);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.Borrow, new Borrow
        {
            AccountId = account.Id,
            MarketId = market.Id,
            AssetId = asset.Id,
            AmountUnits = amount,
        });
    }

    internal void Repay(ScenarioLine line)
    {
        (AccountName account, MarketName market) = session.Scope(line);
        AssetName asset = session.Names.Asset(line, line.Word(2, "an asset"));
        long amount = AmountOrAll(line, line.Word(3, "an amount or 'all'"), asset);
        line.EndWords(4);
        line.EndOptions();
        session.BeginCommand(line);
        session.Send(line, CommandType.Repay, new Repay
        {
            AccountId = account.Id,
            MarketId = market.Id,
            AssetId = asset.Id,
            AmountUnits = amount,
        });
    }

    /// <summary>0 stands for all in the command: a 0 in the file is refused by the engine as any other amount that can't be.</summary>
    private static long AmountOrAll(ScenarioLine line, string word, AssetName asset)
    {
        if (word == All)
        {
            return 0;
        }

        long amount = HumanUnits.Money(line, word, asset);
        return amount == 0 ? -1 : amount;
    }
}
