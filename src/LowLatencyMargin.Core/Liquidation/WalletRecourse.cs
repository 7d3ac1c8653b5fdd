using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>A loss beyond isolated margin, taken from what its owner could withdraw if the market says so (R-1201).</summary>
public static class WalletRecourse
{
    /// <summary>Takes what there is; the caller credits it where it is missing, and has the rest covered.</summary>
    /// <param name="state">State.</param>
    /// <param name="settlement">Settlement.</param>
    /// <param name="index">Row of the isolated position.</param>
    /// <param name="shortfallUnits">The loss.</param>
    /// <returns>What was taken.</returns>
    public static long Take(ExchangeState state, Settlement settlement, int index, long shortfallUnits)
    {
        ref readonly Position position = ref state.Positions[index];
        bool follows = position.IsIsolated != 0 && state.Liquidations[position.Market].Rules.Recourse == IsolatedRecourse.Wallet;
        long taken = follows ? Math.Min(shortfallUnits, Transfers.Withdrawable(state, position.Account)) : 0;
        if (taken <= 0)
        {
            return 0;
        }

        ref Account owner = ref state.Accounts.Edit(position.Account);
        owner.BalanceUnits -= taken;
        settlement.TouchPool(position.Account);
        ref RecourseTaken told = ref state.Events.Add<RecourseTaken>(EventType.RecourseTaken, position.Market);
        told.AccountId = position.Account;
        told.LiquidationId = state.PositionDetails[index].LiquidationId;
        told.ShortfallUnits = shortfallUnits;
        told.TakenUnits = taken;
        told.BalanceUnits = owner.BalanceUnits;
        return taken;
    }
}
