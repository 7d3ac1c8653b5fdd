using System;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Lending;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Pricing;
using LowLatencyMargin.Core.Rules;

namespace LowLatencyMargin.Core.Timers;

/// <summary>Moves time forward: stops at every due moment on the way, before the command that moves it is looked at.</summary>
public sealed class DueTimers(
    ExchangeState state, MatchingEngine matching, AccountSwitches switches, MarketStates markets, DrawdownGuard drawdown, MarginSchedule margins,
    LendingPools pools, Loans loans, MarkPrices prices, Funding funding, MarketSettlements settlements,
    LiquidationEngine liquidations, InventoryDisposal inventories)
{
    /// <summary>Runs what is due until then, each at its own time, with half of the command's work at most: the other half is the command's own.</summary>
    public void Run(long untilNs)
    {
        state.EndInterruption();
        while (state.Timers.NextDueNs <= untilNs && state.WorkLeft > state.Limits.MaxWorkPerCommand / 2)
        {
            state.Spend(1);
            state.Timers.TakeNext(out TimerKind kind, out int row, out long dueNs);
            state.TimeNs = Math.Max(state.TimeNs, dueNs);
            switch (kind)
            {
                case TimerKind.OrderExpiry:
                    matching.Cancel(row, CancelReason.Expired);
                    break;
                case TimerKind.CancelAllAfter:
                    switches.CancelAll(row);
                    break;
                case TimerKind.PoolInterest:
                    pools.ChargeInterest(row);
                    break;
                case TimerKind.LoanTerm:
                    loans.Renew(row);
                    break;
                case TimerKind.Month:
                    drawdown.BeginMonth(row);
                    break;
                case TimerKind.Liquidation:
                    liquidations.TakeUp(row);
                    break;
                case TimerKind.Inventory:
                    inventories.Run(row);
                    break;
                case TimerKind.MarkUpdate:
                    prices.Update(row);
                    break;
                case TimerKind.Settlement:
                    settlements.End(row);
                    break;
                case TimerKind.Funding:
                    funding.End(row, dueNs);
                    break;
                case TimerKind.VolatilityGrace:
                    margins.FollowInitial(row);
                    break;
                case TimerKind.VolatilityNotice:
                    margins.FollowMaintenance(row);
                    break;
                case TimerKind.MaintenanceNotice:
                    margins.EndNotice(row);
                    break;
                default:
                    markets.Resume(row);
                    break;
            }
        }
    }
}
