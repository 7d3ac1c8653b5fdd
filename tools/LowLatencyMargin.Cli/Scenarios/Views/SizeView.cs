using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>Position sizing step by step (R-1501), to be checked by hand.</summary>
internal static class SizeView
{
    internal static View Of(AccountName account, MarketName market, ResultCode code, in SizingFigures figures)
    {
        AssetName asset = market.Quote;
        var fields = new Fields();
        fields.Add("result", code.ToString());
        fields.Add("capital", HumanUnits.Money(figures.CapitalUnits, asset));
        fields.Add("risk", HumanUnits.Money(figures.RiskUnits, asset));
        fields.Add("loss-per-unit", figures.LossPerLotUnits == 0
            ? Value.None
            : Value.Of(HumanUnits.MoneyOf(figures.LossPerLotUnits, asset) / HumanUnits.QuantityOf(1, market)));
        fields.Add("by-risk", HumanUnits.Quantity(figures.ByRiskLots, market));
        fields.Add("by-capital", HumanUnits.Quantity(figures.ByCapitalLots, market));
        fields.Add("initial-rate", HumanUnits.Ratio((int)figures.InitialRate));
        fields.Add("available", HumanUnits.Money(figures.AvailableUnits, asset));
        fields.Add("margin-limit", HumanUnits.Money(figures.MarginLimitUnits, asset));
        fields.Add("by-margin", HumanUnits.Quantity(figures.ByMarginLots, market));
        fields.Add("quantity", HumanUnits.Quantity(figures.QuantityLots, market));
        fields.Add("qty", HumanUnits.Quantity(figures.QuantityLots, market));
        fields.Add("margin", HumanUnits.Money(figures.MarginUnits, asset));
        fields.Add("loss", HumanUnits.Money(figures.LossUnits, asset));
        fields.Add("liquidation-price", HumanUnits.Price(figures.LiquidationPriceTicks, market));
        fields.Add("warning", WordStyle.Kebab(figures.Warning.ToString()));
        return new View(Verbs.RuleVerbs.Size, $"{account.Name}.{market.Name}", fields);
    }
}
