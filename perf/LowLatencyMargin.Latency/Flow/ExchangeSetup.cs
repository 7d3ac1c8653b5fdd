using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Latency.Flow;

/// <summary>Genesis, collateral, markets and funded accounts, as commands.</summary>
internal static class ExchangeSetup
{
    public static void Genesis(FlowBuilder flow, int accounts, int orders, int positions, int workPerCommand)
    {
        var genesis = new Genesis
        {
            MaxAccounts = accounts,
            MaxOrders = orders,
            MaxPositions = positions,
            MaxAssets = 16,
            MaxMarkets = 64,
            MaxWorkPerCommand = workPerCommand,
        };
        Require(flow.Send(CommandType.Genesis, ref genesis));
        _ = Symbol.TryParse("USDC", out Symbol usdc);
        var asset = new AddAsset { Symbol = usdc, Decimals = 6 };
        Require(flow.Send(CommandType.AddAsset, ref asset));
    }

    /// <summary>A market whose tick value is one cent per tick x lot: tick 0.1, lot 0.1.</summary>
    public static void Market(FlowBuilder flow, string symbol, MarketParameters parameters, long markTicks, long tickSizeE9 = 100_000_000, long lotSizeE9 = 100_000_000)
    {
        _ = Symbol.TryParse(symbol, out Symbol name);
        _ = Symbol.TryParse("BASE", out Symbol label);
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
        if (markTicks > 0)
        {
            var mark = new SetMarkPrice { MarketId = flow.Exchange.State!.Markets.HighWater, PriceTicks = markTicks };
            Require(flow.Send(CommandType.SetMarkPrice, ref mark));
        }
    }

    /// <summary>Creates an account with money; returns its id.</summary>
    public static long Account(FlowBuilder flow, long depositUnits)
    {
        var create = new CreateAccount { OwnerId = flow.Exchange.State!.Accounts.HighWater + 1 };
        Require(flow.Send(CommandType.CreateAccount, ref create));
        long id = flow.Exchange.State.Accounts.HighWater;
        var deposit = new Deposit { AccountId = id, AssetId = 1, AmountUnits = depositUnits };
        Require(flow.Send(CommandType.Deposit, ref deposit));
        return id;
    }

    public static void Require(ResultCode code)
    {
        if (code != ResultCode.Accepted)
        {
            throw new InvalidOperationException($"set-up command was rejected: {code}");
        }
    }
}
