using LowLatencyMargin.Cli.Scenarios.Parameters;
using LowLatencyMargin.Cli.Scenarios.Verbs;
using LowLatencyMargin.Cli.Text;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Cli.Scenarios.Views;

/// <summary>An asset: what is deposited, its price, and how far it counts as collateral .</summary>
internal static class AssetView
{
    internal static View Of(AssetName name, Names names, ExchangeState state)
    {
        ref readonly Asset asset = ref state.Assets[name.Id];
        AssetName collateral = names.Collateral!;
        bool itself = name.Id == Asset.CollateralId;
        var fields = new Fields();
        fields.Add("decimals", name.Decimals);
        fields.Add("net-deposits", HumanUnits.Money(asset.ExternalUnits, name));
        fields.Add("price", itself ? Value.Of(1) : PriceOf(in asset, name, collateral, state));
        fields.Add("pinned", Value.Of(itself || asset.IsPinned != 0));
        fields.Add("price-market", asset.PriceMarket == 0 ? Value.NoneText : names.Market(asset.PriceMarket).Name);
        fields.Add("value", HumanUnits.Money(itself ? asset.ExternalUnits : Collateral.Value(state, name.Id, asset.ExternalUnits), collateral));
        AssetWords.Print(fields, in asset, collateral);
        return new View("asset", name.Name, fields);
    }

    /// <summary>The parameters of an asset, and those of its pool.</summary>
    internal static View Parameters(AssetName name, Names names, ExchangeState state)
    {
        ref readonly Asset asset = ref state.Assets[name.Id];
        var fields = new Fields();
        long price = asset.Parameters.PriceE9;
        fields.Add("price", price == 0 ? Value.Of("market") : Value.Of(new ExactNumber(price, 1_000_000_000)));
        AssetWords.Print(fields, in asset, names.Collateral!);
        foreach (PoolParameter parameter in asset.Pool == 0 ? [] : PoolParameter.All)
        {
            fields.Add(parameter.Name, parameter.Get(state.Pools[asset.Pool].Parameters, name));
        }

        return new View("params", name.Name, fields);
    }

    private static Value PriceOf(in Asset asset, AssetName name, AssetName collateral, ExchangeState state)
    {
        if (!Collateral.HasPrice(state, name.Id))
        {
            return Value.None;
        }

        System.Numerics.BigInteger ticks = Collateral.PriceTicks(state, name.Id);
        var unit = new ExactNumber(ticks * asset.PriceNumerator, asset.PriceDenominator);
        return Value.Of(unit * new ExactNumber(System.Numerics.BigInteger.Pow(10, name.Decimals), System.Numerics.BigInteger.Pow(10, collateral.Decimals)));
    }
}
