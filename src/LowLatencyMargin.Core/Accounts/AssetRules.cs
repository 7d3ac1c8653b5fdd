using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>Where the price of an asset comes from, and how far it counts as collateral .</summary>
public sealed class AssetRules(ExchangeState state, Settlement settlement)
{
    private const long Billion = 1_000_000_000;
    private const int Discounts = 4;

    /// <summary>A new asset: the first one is the collateral itself, all others count nothing until they are configured.</summary>
    public void Begin(int id)
    {
        int weight = id == Asset.CollateralId ? Rate.Scale : 0;
        state.Assets.Edit(id).Parameters = new AssetParameters
        {
            OpeningWeight = weight,
            FillingWeight = weight,
            MaintenanceWeight = weight,
            LiabilityWeight = Rate.Scale,
        };
    }

    /// <summary>A new market may be the first that tells the price of its base asset, or the first that trades it against the collateral.</summary>
    public void Note(int marketId)
    {
        ref Market market = ref state.Markets.Edit(marketId);
        int id = market.QuoteAsset == Asset.CollateralId ? BaseOf(in market) : 0;
        if (id <= Asset.CollateralId)
        {
            return;
        }

        ref Asset asset = ref state.Assets.Edit(id);
        asset.SpotMarket = asset.SpotMarket == 0 && market.IsSpot ? marketId : asset.SpotMarket;
        if (asset.PriceMarket == 0 && asset.IsPinned == 0 && TryPrice(market.TickSizeE9, in asset, out long numerator, out long denominator))
        {
            asset.PriceMarket = marketId;
            asset.PriceNumerator = numerator;
            asset.PriceDenominator = denominator;
            market.PricedAsset = id;
            state.NoteAllWatched();
        }
    }

    /// <summary>Sets price and weights, and values every holder anew.</summary>
    public ResultCode Set(ref readonly SetAssetParameters command)
    {
        if (command.AssetId < 1 || command.AssetId > state.Assets.HighWater)
        {
            return ResultCode.UnknownAsset;
        }

        int id = (int)command.AssetId;
        if (Broken(in command.Parameters, id == Asset.CollateralId) != ParameterRule.None)
        {
            return ResultCode.InvalidParameter;
        }

        ResultCode code = id == Asset.CollateralId ? ResultCode.Accepted : SetPrice(command.Parameters.PriceE9, id);
        if (code != ResultCode.Accepted)
        {
            return code;
        }

        state.Assets.Edit(id).Parameters = command.Parameters;
        ref AssetParametersChanged told = ref state.Events.Add<AssetParametersChanged>(EventType.AssetParametersChanged, 0);
        told.AssetId = id;
        told.PriceE9 = command.Parameters.PriceE9;
        told.OpeningWeight = command.Parameters.OpeningWeight;
        told.MaintenanceWeight = command.Parameters.MaintenanceWeight;
        told.LiabilityWeight = command.Parameters.LiabilityWeight;
        for (int row = 1; row <= state.Balances.HighWater; row++)
        {
            if (state.Balances[row].Asset == id)
            {
                settlement.ShareOut(state.Balances[row].Account, examine: true);
            }
        }

        state.NoteAllWatched();
        return ResultCode.Accepted;
    }

    /// <summary>The first rule that parameters of an asset break; none when they can work.</summary>
    public static ParameterRule Broken(in AssetParameters p, bool isCollateral)
    {
        bool weights = p.OpeningWeight >= 0 && p.OpeningWeight <= p.FillingWeight && p.FillingWeight <= p.MaintenanceWeight
            && p.MaintenanceWeight <= Rate.Scale;
        bool itself = p.OpeningWeight == Rate.Scale && p.Discount1Units == 0 && p.CapUnits == 0 && p.PriceE9 is 0 or Billion;
        return !weights ? ParameterRule.Weights
            : p.LiabilityWeight is < Rate.Scale or > 2 * Rate.Scale ? ParameterRule.LiabilityWeight
            : p.PriceE9 < 0 ? ParameterRule.AssetPrice
            : p.CapUnits is < 0 or > Exact.MaxMoneyUnits ? ParameterRule.AssetCap
            : !AreDiscounts(in p) ? ParameterRule.Discounts
            : isCollateral && !itself ? ParameterRule.CollateralItself
            : ParameterRule.None;
    }

    private static bool AreDiscounts(in AssetParameters p)
    {
        bool valid = true;
        Span<long> from = [p.Discount1Units, p.Discount2Units, p.Discount3Units, p.Discount4Units];
        Span<int> rates = [p.Discount1Rate, p.Discount2Rate, p.Discount3Rate, p.Discount4Rate];
        for (int i = 0; i < Discounts; i++)
        {
            bool given = from[i] > 0 && from[i] <= Collateral.MaxValueUnits && rates[i] >= 0 && rates[i] <= (i == 0 ? Rate.Scale : rates[i - 1])
                && (i == 0 || (from[i - 1] > 0 && from[i - 1] < from[i]));
            valid &= given || (from[i] == 0 && rates[i] == 0);
        }

        return valid;
    }

    /// <summary>The operator's price if there is one, else that of the first market that tells it.</summary>
    private ResultCode SetPrice(long priceE9, int id)
    {
        Asset changed = state.Assets[id];
        changed.IsPinned = (byte)(priceE9 != 0 ? 1 : 0);
        changed.PriceMarket = 0;
        changed.PriceNumerator = 0;
        changed.PriceDenominator = 0;
        if (priceE9 != 0 && !TryPrice(priceE9, in changed, out changed.PriceNumerator, out changed.PriceDenominator))
        {
            return ResultCode.InvalidParameter;
        }

        for (int i = 1; i <= state.Markets.HighWater && changed.IsPinned == 0 && changed.PriceMarket == 0; i++)
        {
            ref readonly Market candidate = ref state.Markets[i];
            bool tells = candidate.QuoteAsset == Asset.CollateralId && BaseOf(in candidate) == id
                && TryPrice(candidate.TickSizeE9, in changed, out changed.PriceNumerator, out changed.PriceDenominator);
            changed.PriceMarket = tells ? i : 0;
        }

        if (!Collateral.CanValue(in changed, changed.ExternalUnits, changed.IsPinned != 0 ? 1 : state.Markets[changed.PriceMarket].MarkTicks))
        {
            return ResultCode.Overflow;
        }

        if (state.Assets[id].PriceMarket != 0)
        {
            state.Markets.Edit(state.Assets[id].PriceMarket).PricedAsset = 0;
        }

        state.Assets.Edit(id) = changed;
        if (changed.PriceMarket != 0)
        {
            state.Markets.Edit(changed.PriceMarket).PricedAsset = id;
        }

        return ResultCode.Accepted;
    }

    /// <summary>The asset that a market trades: of a perpetual, whose base is a label, the one of that name; 0: none.</summary>
    private int BaseOf(in Market market)
    {
        if (market.IsSpot)
        {
            return market.BaseAsset;
        }

        for (int i = 1; i <= state.Assets.HighWater; i++)
        {
            if (((ReadOnlySpan<byte>)state.Assets[i].Symbol).SequenceEqual(market.BaseSymbol))
            {
                return i;
            }
        }

        return 0;
    }

    /// <summary>A price in billionths as a fraction of units, in lowest terms of ten; false when it does not fit.</summary>
    private bool TryPrice(long priceE9, in Asset asset, out long numerator, out long denominator)
    {
        UInt128 above = (ulong)priceE9;
        UInt128 below = Billion;
        for (int i = 0; i < state.Assets[Asset.CollateralId].Decimals; i++)
        {
            above *= 10;
        }

        for (int i = 0; i < asset.Decimals; i++)
        {
            below *= 10;
        }

        while (above % 10 == 0 && below % 10 == 0)
        {
            above /= 10;
            below /= 10;
        }

        bool fits = above <= long.MaxValue && below <= Exact.MaxMoneyUnits;
        numerator = fits ? (long)above : 0;
        denominator = fits ? (long)below : 0;
        return fits;
    }
}
