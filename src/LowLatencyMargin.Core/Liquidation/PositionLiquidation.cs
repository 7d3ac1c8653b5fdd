using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Timers;
using LowLatencyMargin.Core.Waterfall;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>
/// Liquidates one position, step by step (docs/liquidation.md): a part or all of it on the book or to a keeper, until its scope covers its requirement again;
/// what the book does not take to the liquidation account; then fee and penalty (R-1104 to R-1108). All that it has to know of itself stands in
/// <see cref="LiquidationProgress"/>, so that it can stop after every chunk of trades.
/// </summary>
[method: ColdPath]
public sealed class PositionLiquidation(
    ExchangeState state, Settlement settlement, MatchingEngine matching, Takeovers takeovers, InventoryDisposal inventories,
    LiquidationCharges charges, KeeperTakeovers keepers)
{
    /// <summary>Trades that are made whatever work is left, before everything is settled.</summary>
    private const int ChunkTrades = 8;

    private readonly LiquidationLimits _limits = new(state);

    /// <summary>Starts or goes on, as far as the command's work goes.</summary>
    public LiquidationOutcome Run(int index, int keeper)
    {
        ref readonly Position position = ref state.Positions[index];
        ref LiquidationProgress progress = ref state.LiquidationProgress.Edit(index);
        state.Touch(index);
        state.LossOrigin = position.SizeLots > 0 ? LossKind.Longs : LossKind.Shorts;
        settlement.SettleFunding(index);
        var scope = ScopeFigures.Of(state, index);
        if (state.PositionDetails[index].LiquidationId == 0)
        {
            Start(index, keeper, in scope);
        }

        if (position.OpenOrders > 0)
        {
            if (!CancelOrders(index))
            {
                return LiquidationOutcome.OutOfWork;
            }

            scope = ScopeFigures.Of(state, index);
        }

        while (true)
        {
            if (progress.StepLots == 0)
            {
                if (position.SizeLots == 0 || (!scope.IsLiquidatable && !GoesToTakeover(index)))
                {
                    Finish(index, takenOverLots: 0);
                    return LiquidationOutcome.Done;
                }

                if (progress.IsExhausted == 0)
                {
                    long until = BeginStep(index, keeper, ref scope);
                    if (until != 0)
                    {
                        Wait(index, until);
                        return LiquidationOutcome.Waits;
                    }

                    if (progress.StepLots == 0)
                    {
                        // a keeper took it over
                        continue;
                    }
                }
                else
                {
                    return TakeOver(index);
                }
            }

            if (!CloseOnBook(index))
            {
                return LiquidationOutcome.OutOfWork;
            }

            LiquidationStepKind kind = progress.StepKind;
            bool isStage = kind == LiquidationStepKind.Stage;
            bool isOver = position.SizeLots == 0;
            scope = EndStep(index);
            bool waits = isStage || (kind == LiquidationStepKind.Limit && progress.IsExhausted == 0);
            if (!isOver && waits && scope.IsLiquidatable)
            {
                progress.IsExhausted = 0;
                Wait(index, isStage ? StageEndsNs(index) : _limits.NextSecondNs);
                return LiquidationOutcome.Waits;
            }

            progress.IsExhausted = (byte)(isStage ? 0 : progress.IsExhausted);
        }
    }

    /// <summary>The scope was looked at and has to be liquidated, but something changed since the step began: it begins anew.</summary>
    public void Restart(int index)
    {
        ref LiquidationProgress progress = ref state.LiquidationProgress.Edit(index);
        if (progress.StepLots != 0)
        {
            _ = EndStep(index);
        }

        progress.IsExhausted = 0;
        takeovers.Abandon(index);
    }

    /// <summary>The scope covers its requirement again: what was closed is charged.</summary>
    public void EndCured(int index)
    {
        state.Touch(index);
        Restart(index);
        Finish(index, takenOverLots: 0);
    }

    /// <summary>
    /// Cancels the orders of a row, newest first, or only as long as they hold money of the pool; false when the work did not suffice.
    /// </summary>
    public bool CancelOrders(int index, bool onlyHolding = false)
    {
        while (state.Positions[index].OpenOrders > 0 && (!onlyHolding || state.Positions[index].PoolHoldUnits != 0))
        {
            if (state.WorkLeft == 0)
            {
                return false;
            }

            state.Spend(1);
            matching.Cancel(state.Positions[index].FirstOrder, CancelReason.Liquidation);
        }

        return true;
    }

    /// <summary>Follow-ups of trades, then positions and margins: as at the end of a command.</summary>
    public void Settle()
    {
        matching.RunAftermath();
        settlement.Refresh();
    }

    /// <summary>What the book did not take of a whole position is taken over without another test, and a takeover that has begun goes on.</summary>
    private bool GoesToTakeover(int index)
    {
        ref readonly LiquidationProgress progress = ref state.LiquidationProgress[index];
        return takeovers.IsUnderWay(index) || (progress.IsExhausted != 0 && progress.StepKind == LiquidationStepKind.Whole);
    }

    /// <summary>Decides on the next step; the moment that it has to wait for, 0: it has not to. The scope is as it stands, and is kept so.</summary>
    private long BeginStep(int index, int keeper, ref ScopeFigures scope)
    {
        ref readonly Position position = ref state.Positions[index];
        ref readonly Market market = ref state.Markets[position.Market];
        ref LiquidationProgress progress = ref state.LiquidationProgress.Edit(index);
        if (DrawRecourse(index, scope.EquityUnits))
        {
            scope = ScopeFigures.Of(state, index);
        }

        long equity = scope.EquityUnits;
        var bankruptcy = new Bankruptcy(in position, scope.MarginBehind(in position, in market), in market);
        progress.BankruptLots = bankruptcy.Lots;
        progress.BankruptUnits = bankruptcy.Units;
        progress.StepLimitTicks = bankruptcy.PriceTicks(in market);
        ref readonly LiquidationRules rules = ref state.Liquidations[position.Market].Rules;
        long all = position.AbsoluteLots;
        long others = position.IsIsolated != 0 ? 0 : scope.RequirementUnits - Requirements.Requirement(all, position.EntryCostUnits, in market);
        var size = new PartialSize(
            in position, in market, in rules, equity, others, progress.ClosedLots + progress.KeptLots, progress.ClosedUnits);
        long lots = size.Find();
        LiquidationStepKind kind = lots < all ? LiquidationStepKind.Part : LiquidationStepKind.Whole;
        bool isCalm = equity > 0 && MarketRules.Liquidates(market.State);
        if (isCalm && rules.Style == LiquidationStyle.Keeper && keepers.TryTake(index, lots, keeper))
        {
            _ = TellStep(index, LiquidationStepKind.Keeper, lots, lots, Requirements.Notional(lots, market.MarkTicks, in market));
            Settle();
            scope = ScopeFigures.Of(state, index);
            return 0;
        }

        if (isCalm && rules.Style == LiquidationStyle.Staged)
        {
            kind = LiquidationStepKind.Stage;
            lots = Math.Min(lots, _limits.LotsOfStage(index, progress.StepLimitTicks));
            if (lots == 0)
            {
                return StageEndsNs(index);
            }
        }

        long now = isCalm ? _limits.LotsNow(index) : all;
        if (now == 0)
        {
            return _limits.NextSecondNs;
        }

        if (now < lots)
        {
            lots = now;
            kind = kind == LiquidationStepKind.Stage ? kind : LiquidationStepKind.Limit;
        }

        progress.StepLots = lots;
        progress.StepKind = kind;
        return 0;
    }

    /// <summary>
    /// Before others lose, an isolated position that has lost more than its margin draws on what its owner could withdraw, if the market says so (R-1201).
    /// </summary>
    private bool DrawRecourse(int index, long equityUnits)
    {
        if (equityUnits >= 0 || state.Positions[index].IsIsolated == 0)
        {
            return false;
        }

        long taken = WalletRecourse.Take(state, settlement, index, -equityUnits);
        state.Positions.Edit(index).MarginUnits += taken;
        return taken != 0;
    }

    /// <summary>Closes what is left of the step, chunk by chunk; false when the work did not suffice.</summary>
    private bool CloseOnBook(int index)
    {
        ref readonly Position position = ref state.Positions[index];
        ref LiquidationProgress progress = ref state.LiquidationProgress.Edit(index);
        long liquidation = state.PositionDetails[index].LiquidationId;
        while (progress.IsExhausted == 0 && progress.StepClosedLots < progress.StepLots && position.SizeLots != 0)
        {
            if (state.WorkLeft == 0)
            {
                return false;
            }

            int events = state.Events.Count;
            int trades = ChunkTrades;
            long lots = matching.Liquidate(
                index, liquidation, progress.StepLimitTicks, progress.StepLots - progress.StepClosedLots, ref trades, out long units);
            progress.StepClosedLots += lots;
            progress.StepClosedUnits += units;
            progress.ClosedLots += lots;
            progress.ClosedUnits += units;
            progress.IsExhausted = (byte)(trades > 0 && progress.StepClosedLots < progress.StepLots ? 1 : 0);
            _limits.Count(index, lots);
            charges.NoteMakers(index, events);
            if (position.SizeLots != 0)
            {
                Settle();
                state.Touch(index);
            }
        }

        return true;
    }

    /// <summary>Tells it; how the scope stands now.</summary>
    private ScopeFigures EndStep(int index)
    {
        ref LiquidationProgress progress = ref state.LiquidationProgress.Edit(index);
        ScopeFigures scope = TellStep(index, progress.StepKind, progress.StepLots, progress.StepClosedLots, progress.StepClosedUnits);
        progress.StepLots = 0;
        progress.StepClosedLots = 0;
        progress.StepClosedUnits = 0;
        return scope;
    }

    private LiquidationOutcome TakeOver(int index)
    {
        if (state.WorkLeft == 0 && MarketRules.Liquidates(state.Markets[state.Positions[index].Market].State))
        {
            return LiquidationOutcome.OutOfWork;
        }

        ref readonly LiquidationProgress progress = ref state.LiquidationProgress[index];
        bool isLong = state.Positions[index].SizeLots > 0;
        var atBankruptcy = new Bankruptcy(isLong, progress.BankruptLots, progress.BankruptUnits);
        if (!takeovers.TryTakeOver(index, in atBankruptcy, progress.StepLimitTicks, out long takenOver))
        {
            return LiquidationOutcome.OutOfWork;
        }

        inventories.Follow(state.Positions[index].Market);
        Finish(index, takenOver);
        return LiquidationOutcome.Done;
    }

    private long StageEndsNs(int index) => state.TimeNs + (state.Liquidations[state.Positions[index].Market].Rules.DisposalIntervalMs * 1_000_000L);

    private void Wait(int index, long untilNs)
    {
        ref LiquidationProgress progress = ref state.LiquidationProgress.Edit(index);
        progress.DueNs = untilNs;
        state.Timers.Start(TimerKind.Liquidation, index, untilNs);
        ref readonly Position position = ref state.Positions[index];
        ref LiquidationWaits waits = ref state.Events.Add<LiquidationWaits>(
            EventType.LiquidationWaits, position.Market, position.IsIsolated != 0 ? EventFlags.Isolated : EventFlags.None);
        waits.AccountId = position.Account;
        waits.LiquidationId = state.PositionDetails[index].LiquidationId;
        waits.SizeLots = position.SizeLots;
        waits.UntilNs = untilNs;
        var scope = ScopeFigures.Of(state, index);
        waits.EquityUnits = scope.EquityUnits;
        waits.RequirementUnits = scope.RequirementUnits;
    }

    private void Start(int index, int keeper, in ScopeFigures figures)
    {
        ref readonly Position position = ref state.Positions[index];
        ref Market market = ref state.Markets.Edit(position.Market);
        ref PositionDetail detail = ref state.PositionDetails.Edit(index);
        EventFlags flags = position.IsIsolated != 0 ? EventFlags.Isolated : EventFlags.None;
        detail.LiquidationId = ++state.LastLiquidationId;
        state.LiquidationProgress.Edit(index).Keeper = keeper;
        state.Accounts.Edit(position.Account).Traits |= AccountTraits.Liquidating;
        market.Liquidations++;
        ref LiquidationStarted started = ref state.Events.Add<LiquidationStarted>(EventType.LiquidationStarted, position.Market, flags);
        started.AccountId = position.Account;
        started.LiquidationId = detail.LiquidationId;
        started.MarkTicks = market.MarkTicks;
        started.SizeLots = position.SizeLots;
        started.EquityUnits = figures.EquityUnits;
        started.RequirementUnits = figures.RequirementUnits;
        long behind = figures.MarginBehind(in position, in market);
        ref LiquidationScope scope = ref state.Events.Add<LiquidationScope>(EventType.LiquidationScope, position.Market, flags);
        scope.LiquidationId = detail.LiquidationId;
        scope.PositionId = detail.PositionId;
        scope.EntryCostUnits = position.EntryCostUnits;
        scope.MarginUnits = behind;
        scope.BankruptcyPriceTicks = new Bankruptcy(in position, behind, in market).PriceTicks(in market);
        scope.KeeperId = keeper;
    }

    private ScopeFigures TellStep(int index, LiquidationStepKind kind, long meant, long closed, long units)
    {
        ref readonly Position position = ref state.Positions[index];
        ref LiquidationStep step = ref state.Events.Add<LiquidationStep>(
            EventType.LiquidationStep, position.Market, position.IsIsolated != 0 ? EventFlags.Isolated : EventFlags.None, (byte)kind);
        step.LiquidationId = state.PositionDetails[index].LiquidationId;
        step.MeantLots = meant;
        step.ClosedLots = closed;
        step.ClosedUnits = units;
        var scope = ScopeFigures.Of(state, index);
        step.EquityUnits = scope.EquityUnits;
        step.RequirementUnits = scope.RequirementUnits;
        return scope;
    }

    /// <summary>Fee and penalty from what is left, the rest to the owner, and the record (R-1108, R-1109, R-1111).</summary>
    private void Finish(int index, long takenOverLots)
    {
        long left = charges.Charge(index, takenOverLots);
        ref Position position = ref state.Positions.Edit(index);
        ref Account account = ref state.Accounts.Edit(position.Account);
        ref PositionDetail detail = ref state.PositionDetails.Edit(index);
        ref LiquidationProgress progress = ref state.LiquidationProgress.Edit(index);
        bool isolated = position.IsIsolated != 0;
        long returned = !isolated ? Math.Max(0, left) : position.SizeLots == 0 ? position.MarginUnits : 0;
        if (isolated)
        {
            position.MarginUnits -= returned;
            account.BalanceUnits += returned;
        }

        ref LiquidationFinished finished = ref state.Events.Add<LiquidationFinished>(
            EventType.LiquidationFinished, position.Market, isolated ? EventFlags.Isolated : EventFlags.None);
        finished.AccountId = position.Account;
        finished.LiquidationId = detail.LiquidationId;
        finished.ClosedLots = progress.ClosedLots;
        finished.ClosedNotionalUnits = progress.ClosedUnits;
        finished.TakenOverLots = takenOverLots;
        finished.ReturnedUnits = returned;
        state.Timers.Stop(TimerKind.Liquidation, index);
        progress = new LiquidationProgress
        {
            LimitSecond = progress.LimitSecond,
            LimitUsedUnits = progress.LimitUsedUnits,
            IsDeferred = progress.IsDeferred,
        };
        detail.LiquidationId = 0;
        state.Touch(index);
        EndTrait(position.Account);
        settlement.TouchPool(position.Account);
        Settle();
    }

    private void EndTrait(int account)
    {
        for (int row = state.Accounts[account].FirstPosition; row != 0; row = state.Positions[row].Next)
        {
            if (state.PositionDetails[row].LiquidationId != 0 && !state.Markets[state.Positions[row].Market].IsSpot)
            {
                return;
            }
        }

        state.Accounts.Edit(account).Traits &= ~AccountTraits.Liquidating;
    }
}

/// <summary>Where the liquidation of a position or scope stands when it returns.</summary>
public enum LiquidationOutcome
{
    /// <summary>It has finished.</summary>
    Done,

    /// <summary>It goes on later, by a timer.</summary>
    Waits,

    /// <summary>The command's work did not suffice: it goes on with the next tick.</summary>
    OutOfWork,
}
