using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Margin;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>Positions that keepers take over at the mark with their own capital (R-1106 b).</summary>
[method: ColdPath]
public sealed class KeeperTakeovers(ExchangeState state, PositionTransfers transfers, Keepers keepers)
{
    /// <summary>Hands lots to the keeper that commanded the liquidation, or to the first of the queue that can bear them.</summary>
    /// <param name="index">Row of the position.</param>
    /// <param name="lots">Lots.</param>
    /// <param name="commander">Who commanded it, 0: the engine.</param>
    /// <returns>Whether a keeper took them.</returns>
    public bool TryTake(int index, long lots, int commander)
    {
        int keeper = commander != 0 ? (transfers.TryHand(index, commander, lots) ? commander : 0) : TakeFromQueue(index, lots);
        if (keeper == 0)
        {
            return false;
        }

        ref LiquidationProgress progress = ref state.LiquidationProgress.Edit(index);
        progress.Keeper = keeper;
        progress.KeptLots += lots;
        return true;
    }

    private int TakeFromQueue(int index, long lots)
    {
        ref readonly Position position = ref state.Positions[index];
        long owner = state.Accounts[position.Account].OwnerId;
        ulong tried = 0;
        for (int row = keepers.Next(owner, tried); row != 0; row = keepers.Next(owner, tried))
        {
            state.Spend(1);
            tried |= 1UL << (row - 1);
            int keeper = state.Keepers[row].Account;
            if (transfers.TryHand(index, keeper, lots))
            {
                keepers.Turn(row, owner);
                return keeper;
            }
        }

        return 0;
    }
}
