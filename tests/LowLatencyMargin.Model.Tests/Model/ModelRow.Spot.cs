namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>What orders of a spot market hold (docs/collateral.md).</summary>
internal sealed partial class ModelRow
{
    public Big QuoteHold => Market.IsSpot ? OrderMargin : 0;

    public Big BaseHold => Market.IsSpot ? SellLots * Market.BaseUnitsPerLot : 0;

    public Big QuoteHoldOf(Big buyNotional) => buyNotional + Rounding.RateUp(buyNotional, Math.Max(Market.Parameters.MakerFeeRate, Market.Parameters.TakerFeeRate));

    private Big SpotPoolHoldOf(Big quoteHold) =>
        (Market.QuoteAsset == ModelAsset.Collateral ? quoteHold : 0) + (Market.BaseAsset == ModelAsset.Collateral ? BaseHold : 0);
}
