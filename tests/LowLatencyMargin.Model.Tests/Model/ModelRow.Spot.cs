using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>What orders of a spot market hold (docs/collateral.md), and of whose money (docs/lending.md).</summary>
internal sealed partial class ModelRow
{
    private ModelAccount? _own;

    /// <summary>Whose assets it trades with: the account's, or of an isolated scope of a spot-margin market its own.</summary>
    public ModelAccount Purse => HasOwnPurse ? _own ??= OwnPurse() : Account;

    public bool HasOwnPurse => IsIsolated && Market.Kind == MarketKind.SpotMargin;

    public Big QuoteHold => Market.IsSpot ? OrderMargin : 0;

    public Big BaseHold { get; private set; }

    public Big QuoteHoldOf(Big buyNotional) => buyNotional
        + Rounding.RateUp(buyNotional, Math.Max(Market.Parameters.MakerFeeRate, Market.Parameters.TakerFeeRate));

    /// <summary>All of it goes back to the account.</summary>
    public void EmptyPurse()
    {
        if (HasOwnPurse)
        {
            foreach (ModelAsset asset in Account.Exchange.Assets)
            {
                Big units = Purse.Units(asset.Id);
                Purse.Add(asset.Id, -units);
                Account.Add(asset.Id, units);
            }
        }
    }

    private ModelAccount OwnPurse()
    {
        var purse = new ModelAccount { Exchange = Account.Exchange, Id = Account.Id, IsLiquidation = false, HasMargin = false };
        purse.Rows.Add(Market.Id, this);
        return purse;
    }

    private Big SpotPoolHoldOf(Big quoteHold) => HasOwnPurse ? 0 :
        (Market.QuoteAsset == ModelAsset.Collateral ? quoteHold : 0) + (Market.BaseAsset == ModelAsset.Collateral ? BaseHold : 0);
}
