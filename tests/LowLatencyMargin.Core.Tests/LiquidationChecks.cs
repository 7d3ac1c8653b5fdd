using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Tests;

/// <summary>What holds of liquidations under way after every command.</summary>
internal static class LiquidationChecks
{
    /// <summary>Whether a cross position of the account waits for its next stage or second.</summary>
    public static bool Waits(ExchangeState state, int account)
    {
        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            if (state.Positions[row].IsIsolated == 0 && state.LiquidationProgress[row].DueNs != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Flags, timers and progress of all rows agree; timers that they have.</summary>
    public static int Run(ExchangeState state)
    {
        int timers = 0;
        int makers = 0;
        for (int account = 1; account <= state.Accounts.HighWater; account++)
        {
            bool any = false;
            for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
            {
                ref readonly LiquidationProgress progress = ref state.LiquidationProgress[row];
                ref readonly Position position = ref state.Positions[row];
                bool isPerpetual = state.Markets[position.Market].Kind == MarketKind.Perpetual;
                bool isUnderWay = isPerpetual && state.PositionDetails[row].LiquidationId != 0;
                any |= isUnderWay;
                timers += progress.TimerPlace != 0 ? 1 : 0;
                StateChecks.Holds((progress.TimerPlace != 0) == (progress.DueNs != 0), "timer of a liquidation that waits");
                StateChecks.Holds(isUnderWay || (progress.DueNs | progress.ClosedLots | progress.StepLots | progress.KeptLots | (long)progress.Keeper) == 0,
                    "progress without a liquidation");
                StateChecks.Holds(!isUnderWay || state.PendingMarkets != 0 || progress.DueNs != 0 || Waits(state, account)
                    || !MarketRules.Liquidates(state.Markets[position.Market].State), "a liquidation that nothing brings back");
                StateChecks.Holds(progress.StepClosedLots <= progress.StepLots && (progress.DueNs == 0 || progress.StepLots == 0), "step of a liquidation");
                StateChecks.Holds(progress.IsDeferred == 0 || state.PendingMarkets != 0, "out of the index without a run that goes on");
                for (int maker = progress.FirstMaker; maker != 0; maker = state.PenaltyMakers[maker].Next)
                {
                    makers++;
                }
            }

            StateChecks.Holds(((state.Accounts[account].Traits & AccountTraits.Liquidating) != 0) == (any), "R-1114: flag of an account");
        }

        StateChecks.Holds((state.PenaltyMakers.Count) == (makers), "makers of liquidations");
        int keepers = Enumerable.Range(1, state.Keepers.HighWater).Count(row => state.Keepers[row].Account != 0);
        StateChecks.Holds((state.Keepers.Count) == (keepers), "R-1110: keepers");
        for (int market = 1; market <= state.Markets.HighWater; market++)
        {
            timers += state.Liquidations[market].TimerPlace != 0 ? 1 : 0;
            StateChecks.Holds(state.Liquidations[market].Commanded.Row == 0 || state.PendingMarkets != 0, "a keeper's command that nothing brings back");
        }

        StateChecks.Holds(state.PendingMarkets != 0 || state.Interrupted.Run == 0 || !state.Interrupted.IsExact, "an interruption without work left over");
        return timers;
    }
}
