using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>The liquidation account of a market, which takes over what liquidations can't sell.</summary>
public static class Takeover
{
    /// <summary>Its equity at the mark.</summary>
    public static long EquityOf(ExchangeState state, int marketId)
    {
        int account = state.Markets[marketId].LiquidationAccount;
        int row = state.FindPosition(account, marketId);
        return state.Accounts[account].BalanceUnits
            + Collateral.Of(state, account, CollateralPurpose.Maintenance)
            + Requirements.UnrealizedPnl(in state.Positions[row], in state.Markets[marketId]);
    }
}
