using LowLatencyMargin.Core.Accounts;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>Which scopes are being liquidated (R-1114).</summary>
public static class UnderWay
{
    /// <summary>Whether the cross scope of an account is.</summary>
    public static bool HasCross(ExchangeState state, int account)
    {
        if ((state.Accounts[account].Traits & AccountTraits.Liquidating) == 0)
        {
            return false;
        }

        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            bool isCross = state.Positions[row].IsIsolated == 0 && !state.Markets[state.Positions[row].Market].IsSpot;
            if (isCross && state.PositionDetails[row].LiquidationId != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the scope of a position is: its own, or in cross mode its account's.</summary>
    public static bool HasScopeOf(ExchangeState state, int row) => state.Positions[row].IsIsolated != 0
        ? state.PositionDetails[row].LiquidationId != 0
        : HasCross(state, state.Positions[row].Account);

    /// <summary>Whether new risk of an account in a row is refused: its position is being liquidated, or its cross scope.</summary>
    public static bool Refuses(ExchangeState state, int account, int row) =>
        (state.Accounts[account].Traits & AccountTraits.Liquidating) != 0
        && (state.PositionDetails[row].LiquidationId != 0 || HasCross(state, account));
}
