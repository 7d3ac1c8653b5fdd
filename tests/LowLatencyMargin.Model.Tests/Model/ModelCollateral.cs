using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Collateral that has to be sold (docs/collateral.md, last section).</summary>
internal sealed partial class ModelExchange
{
    /// <summary>
    /// An account that cancelling its orders cures, or that has no position left. Returns why that was wrong, or null.
    /// </summary>
    public string? Rescue(long accountId, Outcome outcome)
    {
        ModelAccount account = Accounts[accountId];
        if (!account.IsCrossLiquidatable(strictly: false))
        {
            return $"account {accountId} is healthy: equity {account.CrossEquity}, held {account.SpotHolds}, requirement {account.CrossRequirement}";
        }

        SettleCrossFunding(account, outcome);
        CancelCross(account, outcome);
        if (!account.IsCrossLiquidatable(strictly: false))
        {
            return null;
        }

        if (account.CrossPositions.Any())
        {
            return $"account {accountId} has positions to close";
        }

        SettleDebt(account, led: null, LossKind.Any, outcome);
        return null;
    }

    /// <summary>A pool below zero with no cross position left: assets are sold, what then lacks is a shortfall.</summary>
    private void SettleDebt(ModelAccount account, ModelMarket? led, LossKind kind, Outcome outcome)
    {
        ModelMarket? last = Raise(account, 0, except: null, outcome);
        if (account.Pool.Sign < 0)
        {
            Big loss = -account.Pool;
            account.Pool = 0;
            CoverShortfall(account, led ?? last ?? Markets[0], loss, kind, outcome);
        }
    }

    /// <summary>Sells assets until the pool has so much; the market of the first one that was taken over.</summary>
    private ModelMarket? Raise(ModelAccount account, Big wanted, ModelAsset? except, Outcome outcome)
    {
        ModelMarket? first = null;
        HashSet<long> tried = [];
        while (account.Pool < wanted)
        {
            ModelAsset? asset = null;
            foreach (ModelAsset candidate in Assets.Where(other => !other.IsCollateral && other != except && !tried.Contains(other.Id)))
            {
                Big value = account.CountedValue(candidate, Purpose.Maintenance);
                asset = value.Sign > 0 && (asset is null || value > account.CountedValue(asset, Purpose.Maintenance)) ? candidate : asset;
            }

            if (asset is null)
            {
                break;
            }

            SellOnBook(account, asset, wanted, outcome);
            tried.Add(asset.Id);
            if (account.Pool < wanted && account.CountedUnits(asset.Id).Sign > 0)
            {
                ModelMarket taker = TakerOf(asset);
                TakeAssets(account, asset, taker, wanted, outcome);
                first ??= taker;
            }
        }

        return first;
    }

    private void SellOnBook(ModelAccount account, ModelAsset asset, Big wanted, Outcome outcome)
    {
        ModelMarket? market = SpotMarketOf(asset);
        if (market is not { HasMark: true })
        {
            return;
        }

        Big limit = Big.Max(1, market.Mark - Rounding.RateDown(market.Mark, market.Parameters.MaxSlippageRate));
        Big perLot = limit * market.TickValue;
        perLot -= Rounding.RateUp(perLot, market.Parameters.TakerFeeRate);
        Big free = Rounding.Down(account.FreeOf(asset.Id), market.BaseUnitsPerLot);
        Big lots = perLot.Sign <= 0 ? free : Big.Min(free, Rounding.Up(wanted - account.Pool, perLot));
        if (lots.IsZero)
        {
            return;
        }

        ModelRow row = RowOf(account, market);
        if (row.HasOwnPurse)
        {
            return;
        }

        _ = Match(row, null, Side.Sell, limit, lots, isLiquidation: true, [], [], outcome);
        Forget(row);
    }

    private static void TakeAssets(ModelAccount account, ModelAsset asset, ModelMarket taker, Big wanted, Outcome outcome)
    {
        Big lack = wanted - account.Pool;
        Big all = account.CountedUnits(asset.Id);
        Big low = 1;
        Big units = all;
        while (low < units)
        {
            Big middle = (low + units) / 2;
            if (asset.Counted(middle, Purpose.Maintenance) >= lack)
            {
                units = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        Big paid = asset.Counted(units, Purpose.Maintenance);
        account.Add(asset.Id, -units);
        account.Pool += paid;
        taker.LiquidationAccount.Add(asset.Id, units);
        taker.LiquidationAccount.Pool -= paid;
        outcome.Takings.Add(new ModelTaking(account.Id, taker.Id, asset.Id, units, paid));
    }

    private ModelMarket? SpotMarketOf(ModelAsset asset) =>
        Markets.Find(market => market.IsSpot && market.BaseAsset == asset.Id && market.QuoteAsset == ModelAsset.Collateral);

    private ModelMarket TakerOf(ModelAsset asset)
    {
        ModelMarket? market = SpotMarketOf(asset) ?? asset.PriceMarket;
        return market is { LiquidationAccount.Id: not 0 } ? market : asset.PriceMarket is { LiquidationAccount.Id: not 0 } priced ? priced : Markets[0];
    }

    private void CancelCross(ModelAccount account, Outcome outcome)
    {
        CancelNewestFirst(account.Rows.Values.SelectMany(row => row.Orders), onlyHolding: true, outcome);
        foreach (ModelRow row in account.Rows.Values.ToList())
        {
            Forget(row);
        }
    }
}
