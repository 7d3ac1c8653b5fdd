using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core;

/// <summary>
/// what came in from outside is what is there, of each asset. Balances, isolated margins, liquidity of pools, fees,
/// protocol, keepers and insurance of both layers, less bad debt and losses that wait to be shared, what funding has taken from some and not yet given
/// to others, less the signed entry cost of all positions (what longs paid in is what shorts were paid, so these sum to the profit already booked).
/// </summary>
public static class Conservation
{
    /// <summary>What is there of an asset less what came in, in its units: 0, always. Walks all rows.</summary>
    public static Int128 Imbalance(ExchangeState state, int asset = Asset.CollateralId)
    {
        if (asset > state.Assets.HighWater)
        {
            return 0;
        }

        Int128 sum = -(Int128)state.Assets[asset].ExternalUnits + (asset == Asset.CollateralId ? Collateral(state) : 0);
        for (int i = 1; i <= state.Balances.HighWater; i++)
        {
            ref readonly Balance balance = ref state.Balances[i];
            sum += balance.Asset == asset ? balance.Units : 0;
        }

        for (int i = 1; i <= state.Markets.HighWater; i++)
        {
            ref readonly Market market = ref state.Markets[i];
            sum += market.QuoteAsset == asset ? (Int128)market.FeeUnits + market.LenderFeeUnits + market.CommunityFeeUnits : 0;
        }

        int pool = state.Assets[asset].Pool;
        return sum + (pool == 0 ? 0 : state.Pools[pool].LiquidityUnits);
    }

    private static Int128 Collateral(ExchangeState state)
    {
        Int128 sum = state.GlobalInsuranceUnits;
        for (int i = 1; i <= state.Accounts.HighWater; i++)
        {
            sum += state.Accounts[i].BalanceUnits;
        }

        for (int i = 1; i <= state.Positions.HighWater; i++)
        {
            ref readonly Position position = ref state.Positions[i];
            sum += position.MarginUnits;
            sum -= position.SizeLots < 0 ? -position.EntryCostUnits : position.EntryCostUnits;
        }

        for (int i = 1; i <= state.Markets.HighWater; i++)
        {
            ref readonly Market market = ref state.Markets[i];
            sum += state.Funding[i].ClearingUnits;
            sum += (Int128)market.ProtocolUnits + market.KeeperUnits + market.InsuranceUnits - market.BadDebtUnits - state.Losses[i].OpenUnits;
        }

        return sum;
    }

    /// <summary>Lots of longs less lots of shorts in a market: 0, always.</summary>
    public static long OpenInterestImbalance(ExchangeState state, int market)
    {
        long sum = 0;
        for (int i = 1; i <= state.Positions.HighWater; i++)
        {
            ref readonly Position position = ref state.Positions[i];
            sum += position.Market == market ? position.SizeLots : 0;
        }

        return sum;
    }
}
