using System;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Core.Accounts;

/// <summary>Why a command was refused as <see cref="ResultCode.InvalidParameter"/>: its parameters are checked once more, for the event alone.</summary>
public static class BrokenRule
{
    /// <summary>The rule that the command's parameters break.</summary>
    public static ParameterRule Of(CommandType type, ReadOnlySpan<byte> command)
    {
        ParameterRule rule = type switch
        {
            CommandType.ListMarket when MemoryMarshal.TryRead(command, out ListMarket market) => OfMarket(in market),
            CommandType.SetMarketParameters when MemoryMarshal.TryRead(command, out SetMarketParameters set) => ListingRules.Broken(in set.Parameters),
            CommandType.SetAssetParameters when MemoryMarshal.TryRead(command, out SetAssetParameters asset) => OfAsset(in asset),
            CommandType.SetPool when MemoryMarshal.TryRead(command, out SetPool pool) => PoolRules.Broken(in pool.Parameters),
            CommandType.SetTraderRules when MemoryMarshal.TryRead(command, out SetTraderRules rules) => RuleSettings.Broken(in rules.Rules),
            CommandType.SetAccountMargin => ParameterRule.PortfolioLeverage,
            CommandType.AddAsset => ParameterRule.Decimals,
            CommandType.CreateAccount => ParameterRule.Owner,
            CommandType.Genesis => ParameterRule.Capacity,
            _ => ParameterRule.None,
        };
        return rule != ParameterRule.None ? rule : ParameterRule.CommandRange;
    }

    private static ParameterRule OfMarket(in ListMarket market)
    {
        ParameterRule rule = ListingRules.Broken(in market.Parameters);
        bool isPair = market.Kind == MarketKind.Perpetual ? market.BaseAssetId == 0 : market.BaseAssetId > 0 && market.BaseAssetId != market.QuoteAssetId;
        return !isPair ? ParameterRule.BaseAsset
            : !ListingRules.IsLadder(market.LadderTicks) ? ParameterRule.Ladder
            : rule != ParameterRule.None ? rule
            : ParameterRule.MarketPositions;
    }

    private static ParameterRule OfAsset(in SetAssetParameters asset)
    {
        ParameterRule rule = AssetRules.Broken(in asset.Parameters, asset.AssetId == Asset.CollateralId);
        return rule != ParameterRule.None ? rule : ParameterRule.AssetPrice;
    }
}
