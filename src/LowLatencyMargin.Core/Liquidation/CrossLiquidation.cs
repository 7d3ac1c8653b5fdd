using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>Liquidates the cross scope of an account: its orders, then its positions one by one, then its collateral (R-1104, R-1112).</summary>
[method: ColdPath]
public sealed class CrossLiquidation(ExchangeState state, Settlement settlement, PositionLiquidation positions, CollateralSale collateral)
{
    /// <summary>Starts or goes on, as far as the command's work goes.</summary>
    /// <param name="account">Account.</param>
    /// <param name="keeper">Who commanded it, 0: the engine.</param>
    /// <param name="lossMarket">Market of the position that was closed last; 0: none was.</param>
    public LiquidationOutcome Run(int account, int keeper, ref int lossMarket)
    {
        if (UnderWay.HasCross(state, account) && LiquidationOrder.Next(state, account, out bool waits) == 0 && waits
            && AccountFigures.Of(state, account).IsLiquidatable)
        {
            // its owner or its money changed meanwhile: orders that close stay until it goes on
            return LiquidationOutcome.Waits;
        }

        SettleFunding(account);
        if (!CancelOrders(account))
        {
            return LiquidationOutcome.OutOfWork;
        }

        while (true)
        {
            int next = InStep(account);
            if (next == 0)
            {
                next = LiquidationOrder.Next(state, account, out bool allWait);
                bool isCured = !AccountFigures.Of(state, account).IsLiquidatable;
                if (isCured || (next == 0 && !allWait))
                {
                    return End(account, isCured, isEmpty: next == 0 && !allWait, ref lossMarket);
                }

                if (allWait)
                {
                    return LiquidationOutcome.Waits;
                }

                if (state.WorkLeft == 0)
                {
                    return LiquidationOutcome.OutOfWork;
                }

                state.Spend(1);
            }

            lossMarket = state.Positions[next].Market;
            if (positions.Run(next, keeper) == LiquidationOutcome.OutOfWork)
            {
                return LiquidationOutcome.OutOfWork;
            }
        }
    }

    /// <summary>Something changed since a step began: it begins anew.</summary>
    public void Restart(int account)
    {
        int row = InStep(account);
        if (row != 0)
        {
            positions.Restart(row);
        }
    }

    /// <summary>Positions of a cured account whose liquidation had begun: what was closed is charged, by market and position id.</summary>
    public void EndCured(int account)
    {
        while (true)
        {
            int first = 0;
            for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
            {
                bool isUnderWay = state.PositionDetails[row].LiquidationId != 0 && state.Positions[row].IsIsolated == 0
                    && !state.Markets[state.Positions[row].Market].IsSpot;
                if (isUnderWay && (first == 0 || IsBefore(row, first)))
                {
                    first = row;
                }
            }

            if (first == 0)
            {
                return;
            }

            positions.EndCured(first);
        }
    }

    /// <summary>What the cross positions of an account owe is paid before anything else (R-1104).</summary>
    private void SettleFunding(int account)
    {
        int events = state.Events.Count;
        settlement.SettlePool(account);
        state.Spend(state.Events.Count - events);
    }

    /// <summary>A position in the middle of a step, 0: there is none.</summary>
    private int InStep(int account)
    {
        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            ref readonly LiquidationProgress progress = ref state.LiquidationProgress[row];
            if (state.Positions[row].IsIsolated == 0 && (progress.StepLots != 0 || progress.IsExhausted != 0))
            {
                return row;
            }
        }

        return 0;
    }

    private bool IsBefore(int row, int other)
    {
        int market = state.Positions[row].Market;
        int otherMarket = state.Positions[other].Market;
        return market != otherMarket ? market < otherMarket : state.PositionDetails[row].PositionId < state.PositionDetails[other].PositionId;
    }

    /// <summary>The orders that the pool stands behind; false when the work did not suffice.</summary>
    private bool CancelOrders(int account)
    {
        bool returnsMargin = false;
        int next;
        for (int row = state.Accounts[account].FirstPosition; row != 0; row = next)
        {
            ref readonly Position position = ref state.Positions[row];
            next = position.Next;
            if ((position.IsIsolated == 0 || position.PoolHoldUnits != 0) && position.OpenOrders != 0)
            {
                state.Touch(row);
                if (!positions.CancelOrders(row, onlyHolding: position.IsIsolated != 0))
                {
                    return false;
                }

                returnsMargin |= position.IsIsolated != 0 && position.SizeLots == 0 && (position.Guards & Guards.Hedge) != 0;
            }
        }

        if (returnsMargin)
        {
            // pending positions have ended with their orders
            positions.Settle();
        }

        return true;
    }

    private LiquidationOutcome End(int account, bool isCured, bool isEmpty, ref int lossMarket)
    {
        EndCured(account);
        if (isEmpty && (lossMarket != 0 || !isCured) && !collateral.Sell(account, ref lossMarket))
        {
            return LiquidationOutcome.OutOfWork;
        }

        positions.Settle();
        settlement.ShareOut(account, examine: false);
        settlement.ShareLoans(account);
        return LiquidationOutcome.Done;
    }
}
