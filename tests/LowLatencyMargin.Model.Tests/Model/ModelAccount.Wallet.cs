namespace LowLatencyMargin.Model.Tests.Model;

/// <summary>Other assets than the collateral, and what spot orders hold (docs/collateral.md).</summary>
internal sealed partial class ModelAccount
{
    public required ModelExchange Exchange { get; init; }

    /// <summary>False: spot only .</summary>
    public bool HasMargin { get; set; } = true;

    /// <summary>Units of the assets besides the collateral.</summary>
    public SortedDictionary<long, Big> Wallet { get; } = [];

    /// <summary>What spot buys and sells hold of the collateral.</summary>
    public Big SpotHolds => Held(ModelAsset.Collateral);

    /// <summary>What of the pool no spot order holds.</summary>
    public Big Spendable => Pool - SpotHolds;

    public Big Units(long asset) => asset == ModelAsset.Collateral ? Pool : Wallet.GetValueOrDefault(asset);

    public void Add(long asset, Big units)
    {
        if (asset == ModelAsset.Collateral)
        {
            Pool += units;
            return;
        }

        Wallet[asset] = Wallet.GetValueOrDefault(asset) + units;
        if (Wallet[asset].Sign < 0)
        {
            throw new InvalidOperationException($"the model's account {Id} has {Wallet[asset]} of asset {asset}");
        }
    }

    public Big Held(long asset) =>
        Sum(row => (row.Market.QuoteAsset == asset ? row.QuoteHold : 0) + (row.Market.BaseAsset == asset ? row.BaseHold : 0));

    /// <summary>What no order has a claim on: of the collateral neither spot orders nor isolated ones, whose margin is drawn at the fill.</summary>
    public Big FreeOf(long asset)
    {
        Big free = Units(asset) - Held(asset);
        return asset == ModelAsset.Collateral ? Rows.Values.Aggregate(free, (rest, row) => rest - (row.IsIsolated && !row.Market.IsSpot ? row.PoolHold
            : 0)) : free;
    }

    /// <summary>What of an asset counts as collateral: what orders hold may be gone at any moment.</summary>
    public Big CountedUnits(long asset) =>
        asset == ModelAsset.Collateral ? Units(asset) - Held(asset) : Big.Max(0, Units(asset) - Held(asset));

    public Big CountedValue(ModelAsset asset, Purpose purpose) => asset.Counted(CountedUnits(asset.Id), purpose);

    /// <summary>Value of the assets besides the collateral; of an account without margin they stand behind nothing.</summary>
    public Big Assets(Purpose purpose)
    {
        Big sum = 0;
        if (!HasMargin)
        {
            return sum;
        }

        foreach (long id in Wallet.Keys)
        {
            sum += CountedValue(Exchange.Asset(id), purpose);
        }

        return sum;
    }

    private Big Sum(Func<ModelRow, Big> figure)
    {
        Big sum = 0;
        foreach (ModelRow row in Rows.Values)
        {
            if (row.Market.IsSpot && row.Purse == this)
            {
                sum += figure(row);
            }
        }

        return sum;
    }
}
