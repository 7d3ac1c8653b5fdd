using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>Insurance of a market, what it paid and what it did not, and each shortfall (R-1202, R-1203).</summary>
internal static class InsuranceView
{
    internal static View Of(MarketName name, ExchangeState state, ShortfallLog log)
    {
        ref readonly Market market = ref state.Markets[name.Id];
        MarketLoss loss = state.Losses[name.Id];
        var fields = new Fields();
        fields.Add("enabled", Value.Of(market.Parameters.InsuranceEnabled != 0));
        fields.Add("balance", HumanUnits.Money(market.InsuranceUnits, name.Quote));
        fields.Add("global", HumanUnits.Money(state.GlobalInsuranceUnits, name.Collateral));
        fields.Add("high-8h", HumanUnits.Money(loss.Window.High(state.TimeNs, market.InsuranceUnits), name.Quote));
        fields.Add("drawn-down", Value.Of(Shortfalls.IsDrawnDown(state, name.Id)));
        fields.Add("threshold", HumanUnits.Money(loss.Rules.ThresholdUnits, name.Quote));
        fields.Add("shortfall", HumanUnits.Money(market.ShortfallUnits, name.Quote));
        fields.Add("paid", HumanUnits.Money(loss.InsurancePaidUnits, name.Quote));
        fields.Add("global-paid", HumanUnits.Money(loss.GlobalPaidUnits, name.Quote));
        fields.Add("socialised", HumanUnits.Money(loss.SocialisedUnits, name.Quote));
        fields.Add("pending-loss", HumanUnits.Money(loss.OpenUnits, name.Quote));
        fields.Add("bad-debt", HumanUnits.Money(market.BadDebtUnits, name.Quote));
        fields.Add("deleveraged", loss.Deleveraged);
        fields.Add("deleveraged-qty", HumanUnits.Quantity(loss.DeleveragedLots, name));
        fields.Add("deleveraged-value", HumanUnits.Money(loss.DeleveragedUnits, name.Quote));
        fields.Add("shortfalls", loss.Shortfalls);
        var rows = log.Of(name.Name).Select(each => (each.Find("number")!.Text, each)).ToList();
        return new View("insurance", name.Name, fields) { RowKind = "shortfall", Rows = rows };
    }

    /// <summary>The global layer.</summary>
    internal static View OfGlobal(Names names, ExchangeState state)
    {
        AssetName asset = names.Collateral!;
        Int128 paid = 0;
        for (int market = 1; market <= state.Markets.HighWater; market++)
        {
            paid += state.Losses[market].GlobalPaidUnits;
        }

        var fields = new Fields();
        fields.Add("asset", asset.Name);
        fields.Add("balance", HumanUnits.Money(state.GlobalInsuranceUnits, asset));
        fields.Add("paid", HumanUnits.Money(paid, asset));
        return new View("insurance", "global", fields);
    }
}
