using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Tests;

/// <summary>The part of the flow that several assets bring: spot markets among them, weights, prices, and transfers of all kinds.</summary>
internal sealed partial class MixedFlow
{
    private const int FirstCheapMarket = 4;

    /// <summary>
    /// Two perpetuals and, for a coin of three decimals and a token of six: coin against the collateral, token against coin, the collateral against coin.
    /// </summary>
    public static (TestExchange X, MixedFlow Flow) StartWithAssets(ulong seed, int work = 4096)
    {
        const int Accounts = 12;
        var x = new TestExchange(work, 1024, maxMarkets: 6, recentOrders: 64) { ChecksEvery = int.MaxValue };
        TestExchange.Expect(ResultCode.Accepted, x.AddAsset("COIN", 3));
        TestExchange.Expect(ResultCode.Accepted, x.AddAsset("TOKEN"));
        MarketParameters parameters = MarketParameters.Default with { MaxOpenOrders = 60, MaxSlippageRate = 5 * TestExchange.Percent };
        _ = x.Market(parameters, losses: LossRules.Default with { Mode = LossMode.Socialise });
        _ = x.Market(parameters with { Trigger = LiquidationTrigger.Reaches, WithdrawUnrealizedProfit = 1 }, losses: LossRules.Default);
        _ = x.Market(parameters with { WithdrawRequirement = WithdrawRequirement.Maintenance });
        _ = x.SpotMarket("COIN", 2, 1, parameters with { MaxOpenOrders = 20 });
        _ = x.SpotMarket("TOKEN", 3, 2, parameters, mark: 3, tickE9: 1_000_000_000);
        _ = x.SpotMarket("USD", 1, 2, parameters with { MakerFeeRate = 20 * Rate.BasisPoint }, mark: 2, tickE9: 1_000_000_000);
        TestExchange.Expect(ResultCode.Accepted, x.Weights(2, 80 * TestExchange.Percent));
        TestExchange.Expect(ResultCode.Accepted, x.Weights(3, 70 * TestExchange.Percent, priceE9: 700_000_000));
        (TestExchange X, MixedFlow Flow) started = Begin(x, seed, Accounts, 4_000);
        for (int account = started.Flow._firstAccount; account <= x.State.Accounts.HighWater; account++)
        {
            TestExchange.Expect(ResultCode.Accepted, x.Deposit(account, 12, asset: 2));
            TestExchange.Expect(ResultCode.Accepted, x.Deposit(account, 8_000, asset: 3));
        }

        return started;
    }

    private int FillAssets(long account, long market)
    {
        switch (_random.Below(8))
        {
            case 0:
                ref SetAssetParameters asset = ref Begin<SetAssetParameters>(CommandType.SetAssetParameters);
                asset.AssetId = 2 + _random.Below(2);
                FillWeights(ref asset.Parameters);
                return End(ref asset);
            case 1:
                ref SetMarginEnabled margin = ref Begin<SetMarginEnabled>(CommandType.SetMarginEnabled);
                (margin.AccountId, margin.Enabled) = (account, _random.Below(4) == 0 ? 0 : 1);
                return End(ref margin);
            case < 4:
                ref TransferToMargin transfer = ref Begin<TransferToMargin>(
                    _random.Below(2) == 0 ? CommandType.TransferToMargin : CommandType.TransferFromMargin);
                (transfer.AccountId, transfer.MarketId, transfer.AssetId) = (account, market, 1 + (_random.Below(8) / 7));
                transfer.AmountUnits = Value(_random.Below(3_000));
                return End(ref transfer);
            default:
                ref TransferBetweenAccounts between = ref Begin<TransferBetweenAccounts>(CommandType.TransferBetweenAccounts);
                (between.AccountId, between.ToAccountId) = (account, _firstAccount + _random.Below(_accounts));
                (between.AssetId, between.AmountUnits) = (1 + _random.Below(3), Value(_random.Below(_random.Below(4) == 0 ? 100_000 : 500)));
                return End(ref between);
        }
    }

    private void FillWeights(ref AssetParameters parameters)
    {
        parameters.OpeningWeight = Percent(60);
        parameters.FillingWeight = parameters.OpeningWeight + Percent(20);
        parameters.MaintenanceWeight = parameters.FillingWeight + Percent(20);
        parameters.LiabilityWeight = Rate.Scale + Percent(_random.Below(20) == 0 ? 150 : 50);
        parameters.PriceE9 = _random.Below(2) * Value(300_000_000 + _random.Below(700_000_000));
        parameters.CapUnits = _random.Below(2) * Value(1_000_000 + _random.Below(3_000_000));
        if (_random.Below(2) == 0)
        {
            (parameters.Discount1Units, parameters.Discount1Rate) = (Value(20_000 + _random.Below(200_000)), Percent(50) + Percent(50));
            (parameters.Discount2Units, parameters.Discount2Rate) = (parameters.Discount1Units + Value(100_000), _random.Below(parameters.Discount1Rate + 1));
        }
    }

    private int Percent(int most) => _random.Below(most + 1) * TestExchange.Percent;
}
