using LowLatencyMargin.Cli.Scenarios.Parameters;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>A lending pool (R-1001): its money, its rates, who lends in it and its parameters.</summary>
internal static class PoolView
{
    internal static View Of(ScenarioLine line, AssetName asset, Names names, ExchangeState state)
    {
        int index = state.Assets[asset.Id].Pool;
        if (index == 0)
        {
            throw line.Error($"{asset.Name} has no pool", $"a line 'pool {asset.Name} model=kinked' before this one");
        }

        LendingPool pool = state.Pools[index];
        int utilisation = pool.Utilisation;
        var fields = new Fields();
        fields.Add("asset", asset.Name);
        fields.Add("model", PoolParameter.ModelName(pool.Parameters.Model));
        fields.Add("liquidity", HumanUnits.Money(pool.LiquidityUnits, asset));
        fields.Add("borrowed", HumanUnits.Money(pool.BorrowedUnits, asset));
        fields.Add("principal", HumanUnits.Money(pool.PrincipalUnits, asset));
        fields.Add("interest", HumanUnits.Money(Math.Max(0, pool.OwedUnits - pool.PrincipalUnits), asset));
        fields.Add("promised", HumanUnits.Money(pool.PromisedUnits, asset));
        fields.Add("available", HumanUnits.Money(pool.FreeUnits, asset));
        fields.Add("reserves", HumanUnits.Money(pool.ReserveUnits, asset));
        fields.Add("total", HumanUnits.Money((Int128)pool.LiquidityUnits + pool.BorrowedUnits, asset));
        fields.Add("assets", HumanUnits.Money(pool.AssetUnits, asset));
        ExactNumber supply = HumanUnits.MoneyOf(pool.SupplyShares, asset) / new ExactNumber(LendingPool.SharesPerUnit, 1);
        fields.Add("supply", LendingEvents.Shares(pool.SupplyShares, asset));
        fields.Add("exchange-rate", pool.SupplyShares == 0 ? Value.Of(1) : Value.Of(HumanUnits.MoneyOf(pool.AssetUnits, asset) / supply));
        fields.Add("utilisation", HumanUnits.Ratio(utilisation));
        int rate = pool.RateAt(utilisation);
        fields.Add("borrow-rate", HumanUnits.Ratio(rate));
        fields.Add("lend-rate", HumanUnits.Ratio((int)((long)rate * utilisation / Rate.Scale * (Rate.Scale - pool.Parameters.ReserveFactorRate) / Rate.Scale)));
        fields.Add("index", Value.Of(new ExactNumber(pool.DebtIndex, LendingPool.IndexOne)));
        fields.Add("loans", pool.Loans);
        fields.Add("lost", HumanUnits.Money(pool.LostUnits, asset));
        fields.Add("epoch-out", HumanUnits.Money(pool.EpochOf(state.TimeNs) == pool.Epoch ? pool.EpochOutUnits : 0, asset));
        foreach (PoolParameter parameter in PoolParameter.All.Skip(1))
        {
            fields.Add(parameter.Name, parameter.Get(pool.Parameters, asset));
        }

        return new View("pool", asset.Name, fields) { RowKind = "lender", Rows = Lenders(asset, in pool, names, state) };
    }

    private static List<(string Name, Fields Fields)> Lenders(AssetName asset, in LendingPool pool, Names names, ExchangeState state)
    {
        var rows = new List<(string Name, Fields Fields)>();
        foreach (AccountName account in names.Accounts)
        {
            int row = state.FindBalance(account.Id, asset.Id);
            long shares = row == 0 ? 0 : state.Balances[row].LentShares;
            if (shares == 0)
            {
                continue;
            }

            var fields = new Fields();
            fields.Add("lender", account.Name);
            fields.Add("shares", LendingEvents.Shares(shares, asset));
            fields.Add("value", HumanUnits.Money(pool.ValueOf(shares), asset));
            fields.Add("announced", HumanUnits.Money(pool.ValueOf(state.UnlockNotices[row].Shares), asset));
            rows.Add((account.Name, fields));
        }

        return rows;
    }
}
