using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>Assets, spot markets, and money between the places of one owner.</summary>
internal sealed partial class TestExchange
{
    /// <summary>A spot market in lots of a thousandth of the base, with a mark if one is given; its id.</summary>
    public int SpotMarket(
        string baseName, int baseAsset, int quoteAsset, MarketParameters parameters, long mark = 1_000, long tickE9 = 1_000_000,
        MarketKind kind = MarketKind.Spot)
    {
        ListMarket command = Spot("S" + ++_symbols, baseName, baseAsset, quoteAsset, parameters, tickE9, kind);
        Expect(ResultCode.Accepted, Send(ref command, CommandType.ListMarket));
        int id = State.Markets.HighWater;
        if (mark != 0)
        {
            Expect(ResultCode.Accepted, Mark(id, mark));
        }

        return id;
    }

    public static ListMarket Spot(
        string name, string baseName, int baseAsset, int quoteAsset, MarketParameters parameters, long tickE9 = 1_000_000,
        MarketKind kind = MarketKind.Spot)
    {
        ListMarket command = Listing(name, parameters) with
        {
            BaseAssetId = baseAsset,
            QuoteAssetId = quoteAsset,
            TickSizeE9 = tickE9,
            Kind = kind,
        };
        _ = Symbol.TryParse(baseName, out command.BaseSymbol);
        return command;
    }

    public ResultCode Weights(int asset, int weight, long priceE9 = 0) => Weights(asset, AllAt(weight) with { PriceE9 = priceE9 });

    public ResultCode Weights(int asset, AssetParameters parameters)
    {
        SetAssetParameters command = new() { AssetId = asset, Parameters = parameters };
        return Send(ref command, CommandType.SetAssetParameters);
    }

    public static AssetParameters AllAt(int weight) =>
        new() { OpeningWeight = weight, FillingWeight = weight, MaintenanceWeight = weight, LiabilityWeight = Rate.Scale };

    public ResultCode ToMargin(long account, long market, long units, long asset = 1)
    {
        TransferToMargin command = new() { AccountId = account, MarketId = market, AssetId = asset, AmountUnits = units };
        return Send(ref command, CommandType.TransferToMargin);
    }

    public ResultCode FromMargin(long account, long market, long units, long asset = 1)
    {
        TransferFromMargin command = new() { AccountId = account, MarketId = market, AssetId = asset, AmountUnits = units };
        return Send(ref command, CommandType.TransferFromMargin);
    }

    public ResultCode Between(long from, long to, long units, long asset = 1)
    {
        TransferBetweenAccounts command = new() { AccountId = from, ToAccountId = to, AssetId = asset, AmountUnits = units };
        return Send(ref command, CommandType.TransferBetweenAccounts);
    }

    public ResultCode Margin(long account, bool enabled)
    {
        SetMarginEnabled command = new() { AccountId = account, Enabled = enabled ? 1 : 0 };
        return Send(ref command, CommandType.SetMarginEnabled);
    }

    public long Units(int account, int asset) => Wallets.Units(State, account, asset);

    public long Free(int account, int asset) => Wallets.Free(State, account, asset);
}
