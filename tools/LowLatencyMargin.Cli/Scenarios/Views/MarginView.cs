using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>What an account has and owes in a spot-margin market (R-1009): the two assets of the pair, its loans, its level and where it ends.</summary>
internal static class MarginView
{
    internal static View Of(AccountName account, MarketName name, Names names, Figures figures)
    {
        ExchangeState state = figures.State;
        int row = state.FindPosition(account.Id, name.Id);
        Position position = state.Positions[row];
        Market market = state.Markets[name.Id];
        int wallet = row == 0 ? account.Id : state.WalletOf(in position);
        AssetName baseAsset = names.AssetOf(market.BaseAsset);
        LoanFigures pair = figures.Loans(row);
        long debt = pair.DebtUnits(in market);
        long assets = pair.AssetUnits(in market);
        MarginScope scope = state.MarginScopes[state.ScopeOf[row]];

        var fields = new Fields();
        fields.Add("account", account.Name);
        fields.Add("market", name.Name);
        fields.Add("status", scope.IsLiquidating != 0 ? "liquidating" : pair.Owes ? "open" : "flat");
        fields.Add("mode", position.IsIsolated != 0 ? "isolated" : "cross");
        fields.Add("leverage", position.Leverage == 0 ? Value.Of("default") : Value.Of(position.Leverage));
        fields.Add("mark", HumanUnits.Price(market.MarkTicks, name));
        fields.Add("size", HumanUnits.Money((Int128)Wallets.Units(state, wallet, market.BaseAsset) - LoanFigures.OwedBy(state, scope.BaseLoan), baseAsset));
        AddAsset(fields, baseAsset, account.Id, wallet, scope.BaseLoan, scope.PromisedBaseUnits, figures, row);
        AddAsset(fields, name.Quote, account.Id, wallet, scope.QuoteLoan, scope.PromisedQuoteUnits, figures, row);
        long principal = PrincipalOf(state, scope.QuoteLoan) + LoanFigures.ValueUp(PrincipalOf(state, scope.BaseLoan), in market);
        fields.Add("borrowed", HumanUnits.Money(principal, name.Quote));
        fields.Add("interest", HumanUnits.Money(Math.Max(0, debt - principal), name.Quote));
        fields.Add("owed", HumanUnits.Money(debt, name.Quote));
        fields.Add("assets", HumanUnits.Money(assets, name.Quote));
        fields.Add("equity", HumanUnits.Money((Int128)assets - debt, name.Quote));
        fields.Add("level", pair.Owes ? Value.Of(new ExactNumber(assets, debt)) : Value.None);
        ref readonly Core.Rules.AccountRules rules = ref state.AccountRules[state.Accounts[account.Id].Rules];
        int record = state.TradingGuards[row].Record;
        fields.Add("band", RulesView.BandOf(rules.Rules.WatchesLevel && record != 0, state.PositionRecords[record].Band));
        fields.Add("ltv", pair.Owes && assets > 0 ? Value.Percent(new ExactNumber(debt, assets)) : Value.None);
        fields.Add("initial-level", HumanUnits.Ratio(LoanCheck.InitialLevel(in position, in market)));
        fields.Add("liquidation-level", HumanUnits.Ratio(market.Parameters.LiquidationLevelRate));
        fields.Add("liquidation-price", HumanUnits.Price(pair.LiquidationPrice(in market), name));
        fields.Add("bankruptcy-price", HumanUnits.Price(pair.BankruptcyPrice(in market), name));
        fields.Add("available", HumanUnits.Money(Math.Max(0, figures.LoanRoom(account.Id, row, name.Id)), name.Quote));
        fields.Add("fees", HumanUnits.Money(state.PositionDetails[row].FeeUnits, name.Quote));
        fields.Add("open-orders", position.OpenOrders);
        return new View("position", $"{account.Name}.{name.Name}", fields);
    }

    private static void AddAsset(Fields fields, AssetName asset, int account, int wallet, int loan, long promised, Figures figures, int row)
    {
        ExchangeState state = figures.State;
        long units = Wallets.Units(state, wallet, asset.Id);
        Loan owing = state.Loans[loan];
        long owed = LoanFigures.OwedBy(state, loan);
        fields.Add($"balance.{asset.Name}", HumanUnits.Money(units, asset));
        fields.Add($"free.{asset.Name}", HumanUnits.Money(figures.FreeOfScope(account, row, asset.Id), asset));
        fields.Add($"borrowed.{asset.Name}", HumanUnits.Money(owing.PrincipalUnits, asset));
        fields.Add($"interest.{asset.Name}", HumanUnits.Money(owed - owing.PrincipalUnits, asset));
        fields.Add($"owed.{asset.Name}", HumanUnits.Money(owed, asset));
        fields.Add($"interest-paid.{asset.Name}", HumanUnits.Money(owing.InterestPaidUnits, asset));
        fields.Add($"promised.{asset.Name}", HumanUnits.Money(promised, asset));
        fields.Add($"loan-id.{asset.Name}", loan == 0 ? Value.None : Value.Of(owing.LoanId));
    }

    private static long PrincipalOf(ExchangeState state, int loan) => state.Loans[loan].PrincipalUnits;
}
