using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core;

/// <summary>
/// what came in from outside is what is there. Pools, isolated margins, liquidity of the lending pool, fees, protocol, keepers and insurance, less bad debt, less
/// the signed entry cost of all positions (what longs paid in is what shorts were paid, so these sum to the profit already booked).
/// </summary>
public static class Conservation
{
    /// <summary>What is there less what came in, in units of the collateral asset: 0, always. Walks all accounts and positions.</summary>
    public static Int128 Imbalance(ExchangeState state)
    {
        if (state.Assets.HighWater == 0)
        {
            return 0;
        }

        Int128 sum = -(Int128)state.Assets[Asset.CollateralId].ExternalUnits;
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

        int pool = state.Assets[Asset.CollateralId].Pool;
        sum += pool == 0 ? 0 : state.Pools[pool].LiquidityUnits;
        for (int i = 1; i <= state.Markets.HighWater; i++)
        {
            ref readonly Market market = ref state.Markets[i];
            sum += (Int128)market.FeeUnits + market.ProtocolUnits + market.KeeperUnits + market.InsuranceUnits - market.BadDebtUnits;
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
