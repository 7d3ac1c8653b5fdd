using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Fees;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Pricing;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>Money and margin of an account: the cross scope, the isolated scopes beside it, and its positions.</summary>
internal static class AccountView
{
    internal static View Of(AccountName account, Names names, Figures figures)
    {
        ref readonly Account owner = ref figures.State.Accounts[account.Id];
        AssetName asset = names.Collateral!;
        AccountFigures cross = AccountFigures.Of(figures.State, account.Id);
        List<int> rows = figures.RowsOf(account.Id);
        long maintenance = 0;
        long orderMargin = 0;
        foreach (int row in rows)
        {
            ref readonly Position position = ref figures.State.Positions[row];
            ref readonly Market market = ref figures.State.Markets[position.Market];
            orderMargin += market.IsSpot ? position.PoolHoldUnits : position.OrderMarginUnits;
            maintenance += position.IsIsolated == 0 ? PositionView.Maintenance(in position, in market) : 0;
        }

        var fields = new Fields();
        fields.Add("owner", account.Owner.Length == 0 ? Value.NoneText : account.Owner);
        fields.Add("group", owner.GroupId == 0 ? Value.NoneText : names.GroupOf(owner.GroupId));
        fields.Add("stopped", Value.Of(owner.IsKilled != 0));
        fields.Add("rate-headroom", figures.RateHeadroom(account.Id) is { } headroom ? Value.Of(headroom) : Value.None);
        fields.Add("margin", Value.Of((owner.Traits & AccountTraits.SpotOnly) == 0));
        fields.Add("cross", HumanUnits.Money(owner.BalanceUnits, asset));
        AddWallets(fields, account.Id, names, figures);
        long isolatedEquity = AddIsolated(fields, rows, names, figures);
        long owed = FundingCharge.OfPool(figures.State, account.Id);
        fields.Add("upnl", HumanUnits.Money((Int128)cross.UnrealizedPnlUnits + owed, asset));
        fields.Add("funding", HumanUnits.Money(owed, asset));
        long assets = Collateral.Of(figures.State, account.Id, CollateralPurpose.Opening);
        fields.Add("total-value", HumanUnits.Money((Int128)owner.BalanceUnits + assets, asset));
        fields.Add("equity", HumanUnits.Money(cross.EquityUnits, asset));
        fields.Add("total-equity", HumanUnits.Money((Int128)cross.EquityUnits + isolatedEquity, asset));
        Int128 used = AccountFigures.InitialMarginOf(figures.State, account.Id);
        fields.Add("used-margin", HumanUnits.Money(used, asset));
        fields.Add("initial-margin", HumanUnits.Money(used, asset));
        fields.Add("maintenance-margin", HumanUnits.Money(maintenance, asset));
        fields.Add("requirement", HumanUnits.Money(cross.RequirementUnits, asset));
        fields.Add("order-margin", HumanUnits.Money(orderMargin, asset));
        fields.Add("pool-hold", HumanUnits.Money(owner.PoolHoldUnits, asset));
        fields.Add("available", HumanUnits.Money(figures.Available(account.Id), asset));
        fields.Add("withdrawable", HumanUnits.Money(figures.Withdrawable(account.Id, Asset.CollateralId), asset));
        Value health = maintenance == 0 ? Value.None : Value.Percent(new ExactNumber(cross.EquityUnits, maintenance));
        fields.Add("margin-ratio", health);
        fields.Add("health", health);
        int cap = figures.State.AccountControls[account.Id].PortfolioLeverage;
        fields.Add("portfolio-leverage", cap == 0 ? Value.None : Value.Of(cap));
        RulesView.AddStanding(fields, account, asset, figures.State);
        fields.Add("fee-volume", HumanUnits.Money(new TradingFees(figures.State).VolumeOf(account.Id), asset));
        fields.Add("positions", rows.Count(row => figures.State.Positions[row].SizeLots != 0));
        fields.Add("open-orders", rows.Sum(row => figures.State.Positions[row].OpenOrders));
        return new View("account", account.Name, fields)
        {
            RowKind = "position",
            RowColumns = ["market", "mode", "size", "entry", "mark", "upnl", "margin", "requirement", "liquidation-price", "margin-ratio", "order-margin"],
            Rows = rows.Where(row => !IsHead(row, figures)).Select(row => RowOf(account, row, names, figures)).ToList(),
        };
    }

    /// <summary>Of each asset what is there, what could leave, and what is locked behind positions and orders .</summary>
    private static void AddWallets(Fields fields, int account, Names names, Figures figures)
    {
        foreach (AssetName asset in names.Assets)
        {
            long units = Wallets.Units(figures.State, account, asset.Id);
            if (asset.Id == Asset.CollateralId || figures.State.FindBalance(account, asset.Id) != 0)
            {
                long free = figures.Withdrawable(account, asset.Id);
                fields.Add($"wallet.{asset.Name}", HumanUnits.Money(units, asset));
                fields.Add($"free.{asset.Name}", HumanUnits.Money(free, asset));
                fields.Add($"locked.{asset.Name}", HumanUnits.Money(Math.Max(0, units - free), asset));
            }

            AddLending(fields, account, asset, figures);
        }
    }

    /// <summary>What an account lends of an asset, and what it owes of it in all its scopes (R-1009).</summary>
    private static void AddLending(Fields fields, int account, AssetName asset, Figures figures)
    {
        ref readonly LendingPool pool = ref figures.State.Pools[figures.State.Assets[asset.Id].Pool];
        long shares = figures.State.Balances[figures.State.FindBalance(account, asset.Id)].LentShares;
        fields.AddIf(shares != 0, $"lent.{asset.Name}", HumanUnits.Money(pool.ValueOf(shares), asset));
        (Int128 principal, Int128 owed) = figures.DebtOf(account, asset.Id);
        if (owed != 0)
        {
            fields.Add($"borrowed.{asset.Name}", HumanUnits.Money(principal, asset));
            fields.Add($"interest.{asset.Name}", HumanUnits.Money(owed - principal, asset));
            fields.Add($"owed.{asset.Name}", HumanUnits.Money(owed, asset));
        }
    }

    /// <summary>A row of a spot market is no position, and in hedge mode the settings of a market are none.</summary>
    private static bool IsHead(int row, Figures figures)
    {
        ref readonly Position position = ref figures.State.Positions[row];
        return figures.State.Markets[position.Market].IsSpot
            || (figures.State.IsHedge(position.Account) && (position.Guards & Guards.Hedge) == 0);
    }

    private static (string Name, Fields Fields) RowOf(AccountName account, int row, Names names, Figures figures)
    {
        ref readonly Position position = ref figures.State.Positions[row];
        MarketName market = names.Market(position.Market);
        bool hedge = (position.Guards & Guards.Hedge) != 0;
        string name = hedge ? $"{market.Name}.{figures.State.PositionDetails[row].PositionId}" : market.Name;
        return (name, PositionView.Of(account, market, row, figures).Fields);
    }

    private static long AddIsolated(Fields fields, List<int> rows, Names names, Figures figures)
    {
        long equity = 0;
        foreach (IGrouping<int, int> market in rows.Where(row => figures.State.Positions[row].IsIsolated != 0)
            .GroupBy(row => figures.State.Positions[row].Market))
        {
            Market traded = figures.State.Markets[market.Key];
            MarketName name = names.Market(market.Key);
            if (traded.IsSpot)
            {
                equity += AddScope(fields, market.First(), in traded, name, names, figures);
                continue;
            }

            long margin = 0;
            foreach (int row in market)
            {
                ref readonly Position position = ref figures.State.Positions[row];
                margin += position.MarginUnits;
                equity += position.MarginUnits + Requirements.UnrealizedPnl(in position, in traded);
            }

            fields.Add($"isolated.{name.Name}", HumanUnits.Money(margin, name.Quote));
        }

        return equity;
    }

    /// <summary>An isolated scope of a spot-margin market: what it has less what it owes, and each asset of the pair by itself.</summary>
    private static long AddScope(Fields fields, int row, in Market market, MarketName name, Names names, Figures figures)
    {
        LoanFigures pair = figures.Loans(row);
        long equity = pair.AssetUnits(in market) - pair.DebtUnits(in market);
        AssetName traded = names.AssetOf(market.BaseAsset);
        fields.Add($"isolated.{name.Name}", HumanUnits.Money(equity, name.Quote));
        fields.Add($"isolated.{name.Name}.{name.Quote.Name}", HumanUnits.Money(pair.QuoteUnits, name.Quote));
        fields.Add($"isolated.{name.Name}.{traded.Name}", HumanUnits.Money(pair.BaseUnits, traded));
        return market.QuoteAsset == Asset.CollateralId ? equity : 0;
    }
}
