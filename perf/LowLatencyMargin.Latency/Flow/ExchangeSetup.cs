using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Latency.Flow;

/// <summary>Collateral, markets and funded accounts, as commands.</summary>
internal static class ExchangeSetup
{
    /// <summary>An asset with this many decimals: the collateral.</summary>
    public static void Collateral(FlowBuilder flow, string symbol, int decimals)
    {
        _ = Symbol.TryParse(symbol, out Symbol name);
        var asset = new AddAsset { Symbol = name, Decimals = decimals };
        Require(flow.Send(CommandType.AddAsset, ref asset));
    }

    /// <summary>A market with a mark.</summary>
    public static void Market(FlowBuilder flow, string symbol, MarketParameters parameters, long markTicks, long tickSizeE9, long lotSizeE9)
    {
        _ = Symbol.TryParse(symbol, out Symbol name);
        _ = Symbol.TryParse("BTC", out Symbol label);
        var market = new ListMarket
        {
            Symbol = name,
            BaseSymbol = label,
            QuoteAssetId = 1,
            TickSizeE9 = tickSizeE9,
            LotSizeE9 = lotSizeE9,
            LadderTicks = 1 << 16,
            Parameters = parameters,
        };
        Require(flow.Send(CommandType.ListMarket, ref market));
        var mark = new SetMarkPrice { MarketId = flow.Exchange.State!.Markets.HighWater, PriceTicks = markTicks };
        Require(flow.Send(CommandType.SetMarkPrice, ref mark));
    }

    /// <summary>Creates accounts with money each; returns the id of the first, the others follow it.</summary>
    public static long Accounts(FlowBuilder flow, int count, long depositUnits)
    {
        long first = 0;
        for (int i = 0; i < count; i++)
        {
            var create = new CreateAccount { OwnerId = i + 1 };
            Require(flow.Send(CommandType.CreateAccount, ref create));
            long id = flow.Exchange.State!.Accounts.HighWater;
            first = i == 0 ? id : first;
            var deposit = new Deposit { AccountId = id, AssetId = 1, AmountUnits = depositUnits };
            Require(flow.Send(CommandType.Deposit, ref deposit));
        }

        return first;
    }

    /// <summary>Sets every other account of these to isolated margin.</summary>
    public static void Isolate(FlowBuilder flow, long first, int accounts)
    {
        for (int i = 0; i < accounts; i += 2)
        {
            var mode = new SetMarginMode { AccountId = first + i, MarketId = 1, Mode = MarginMode.Isolated };
            Require(flow.Send(CommandType.SetMarginMode, ref mode));
        }
    }

    public static void Require(ResultCode code)
    {
        if (code != ResultCode.Accepted)
        {
            throw new InvalidOperationException($"a set-up command was rejected: {code}, {ResultText.Of(code)}");
        }
    }
}
