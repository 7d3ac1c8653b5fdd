using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Waterfall;

/// <summary>
/// Shares losses over those who have profit, in two walks over the rows: one adds their profits up, one charges (R-1206). Who is charged what does
/// not depend on the order of the rows.
/// </summary>
[method: ColdPath]
public sealed class LossSharing(ExchangeState state, Settlement settlement, MatchingEngine matching)
{
    private readonly Deleveraging _deleveraging = new(state, settlement, matching);

    /// <summary>As many rows passed over cost what a holder costs whose profit is added up.</summary>
    private const int RowsPerHolder = 8;

    /// <summary>Begins a market's run: closes inventory that nothing carries any more; false when the command's work does not suffice.</summary>
    public bool CloseInventory(int marketId) => _deleveraging.RunInventory(marketId);

    /// <summary>Shares what waits in a market; false when the command's work does not suffice.</summary>
    public bool Run(int marketId)
    {
        while (state.Losses[marketId].IsPending)
        {
            state.BeginLiquidations();
            ref MarketLoss loss = ref state.Losses.Edit(marketId);
            if (loss.Job.Cursor == 0)
            {
                Begin(ref loss, in state.Markets[marketId]);
            }

            if (!Walk(marketId, ref loss))
            {
                return false;
            }

            if (loss.Job.Charges != 0)
            {
                End(marketId, ref loss);
            }
            else
            {
                Turn(marketId, ref loss.Job);
            }
        }

        return true;
    }

    private static void Begin(ref MarketLoss loss, in Market market)
    {
        LossKind kind = loss.PendingOfLongsUnits != 0 ? LossKind.Longs : loss.PendingOfShortsUnits != 0 ? LossKind.Shorts : LossKind.Any;
        loss.Job = new LossJob { LossUnits = loss.Pending(kind), MarkTicks = market.MarkTicks, Cursor = 1, Kind = kind };
        loss.Pending(kind) = 0;
    }

    /// <summary>Profits are added up: what remains is to charge.</summary>
    private void Turn(int marketId, ref LossJob job)
    {
        ref LossSharingStarted started = ref state.Events.Add<LossSharingStarted>(EventType.LossSharingStarted, marketId, detail: (byte)job.Kind);
        started.MarkTicks = job.MarkTicks;
        started.LossUnits = job.LossUnits;
        started.TotalProfitUnits = job.TotalProfitUnits;
        started.Holders = job.Holders;
        job.Cursor = 1;
        job.Charges = 1;
        job.Holders = 0;
    }

    private void End(int marketId, ref MarketLoss loss)
    {
        ref readonly LossJob job = ref loss.Job;
        ref Market market = ref state.Markets.Edit(marketId);
        long badDebt = Math.Max(0, job.LossUnits - job.CollectedUnits);
        long insurance = Math.Max(0, job.CollectedUnits - job.LossUnits);
        market.BadDebtUnits += badDebt;
        market.InsuranceUnits += insurance;
        loss.SocialisedUnits += job.CollectedUnits - insurance;
        ref LossSharingEnded ended = ref state.Events.Add<LossSharingEnded>(EventType.LossSharingEnded, marketId, detail: (byte)job.Kind);
        ended.MarkTicks = job.MarkTicks;
        ended.LossUnits = job.LossUnits;
        ended.CollectedUnits = job.CollectedUnits;
        ended.BadDebtUnits = badDebt;
        ended.InsuranceUnits = insurance;
        ended.Holders = job.Holders;
        loss.Job = default;
    }

    private bool Walk(int marketId, ref MarketLoss loss)
    {
        int rows = 0;
        for (; loss.Job.Cursor <= state.Positions.HighWater; loss.Job.Cursor++)
        {
            if (state.WorkLeft == 0)
            {
                return false;
            }

            int row = loss.Job.Cursor;
            bool isHolder = IsHolder(row, marketId, loss.Job.Kind);
            state.SpendRows(ref rows, !isHolder ? 1 : loss.Job.Charges != 0 ? ExchangeState.RowsPerWork : RowsPerHolder);
            if (isHolder)
            {
                Take(row, marketId, ref loss.Job);
            }
        }

        return true;
    }

    /// <summary>Whether a row stands for a scope in the pool: that of an isolated position, or the first of an account's cross positions here.</summary>
    private bool IsHolder(int row, int marketId, LossKind kind)
    {
        if (!IsInPool(row, marketId, kind))
        {
            return false;
        }

        if (state.Positions[row].IsIsolated == 0 && (state.Positions[row].Guards & Policy.Guards.Hedge) != 0)
        {
            for (int other = state.FirstHedge(state.Positions[row].Account, marketId); other != row; other = state.NextHedge(other))
            {
                if (state.Positions[other].IsIsolated == 0 && IsInPool(other, marketId, kind))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool IsInPool(int row, int marketId, LossKind kind)
    {
        ref readonly Position position = ref state.Positions[row];
        bool isInPool = position.Market == marketId
            && (kind == LossKind.Longs ? position.SizeLots < 0 : kind == LossKind.Shorts ? position.SizeLots > 0 : position.SizeLots != 0);
        return isInPool && state.Accounts[position.Account].IsLiquidationAccount == 0 && state.PositionDetails[row].LiquidationId == 0;
    }

    private void Take(int row, int marketId, ref LossJob job)
    {
        ref readonly Market market = ref state.Markets[marketId];
        long profit = 0;
        for (int own = row; own != 0; own = NextOfScope(own, marketId, job.Kind))
        {
            profit += ProfitOf(own, in market, in job);
        }

        if (profit == 0)
        {
            return;
        }

        if (job.Charges == 0)
        {
            job.TotalProfitUnits += profit;
            job.Holders++;
            return;
        }

        long slack = SlackOf(row, in market, job.Kind);
        long share = job.TotalProfitUnits == 0 ? 0 : Exact.MultiplyDivideUp(job.LossUnits, profit, Math.Max(profit, job.TotalProfitUnits));
        long charged = Math.Min(share, Math.Min(profit, slack));
        ref LossSocialised told = ref state.Events.Add<LossSocialised>(
            EventType.LossSocialised, marketId, state.Positions[row].IsIsolated != 0 ? EventFlags.Isolated : EventFlags.None);
        told.AccountId = state.Positions[row].Account;
        told.LossUnits = job.LossUnits;
        told.TotalProfitUnits = job.TotalProfitUnits;
        told.ProfitUnits = profit;
        told.SlackUnits = slack;
        told.ChargedUnits = charged;
        if (charged != 0)
        {
            job.CollectedUnits += charged;
            job.Holders++;
            Charge(row, charged, in market, in job);
        }
    }

    /// <summary>The next of the positions in the pool that share a scope with a row, 0: that was the last.</summary>
    private int NextOfScope(int row, int marketId, LossKind kind)
    {
        if (state.Positions[row].IsIsolated != 0 || (state.Positions[row].Guards & Policy.Guards.Hedge) == 0)
        {
            return 0;
        }

        int next = row;
        do
        {
            next = state.NextHedge(next);
        }
        while (next != 0 && (state.Positions[next].IsIsolated != 0 || !IsInPool(next, marketId, kind)));
        return next;
    }

    /// <summary>Profit of a position by price, at the lower of the loss's mark and the present one.</summary>
    private long ProfitOf(int row, in Market market, in LossJob job)
    {
        ref readonly Position position = ref state.Positions[row];
        long since = (job.MarkTicks - market.MarkTicks) * market.TickValueUnits;
        return Math.Max(0, Requirements.PricePnl(in position, in market) + Math.Min(0, position.SizeLots * since));
    }

    /// <summary>What a scope can lose before it would be liquidated; a higher entry cost asks for more where maintenance is a share of that.</summary>
    private long SlackOf(int row, in Market market, LossKind kind)
    {
        ref readonly Position position = ref state.Positions[row];
        long slack;
        if (position.IsIsolated == 0)
        {
            slack = AccountFigures.Of(state, position.Account).SlackUnits;
        }
        else
        {
            long equity = position.MarginUnits + Requirements.UnrealizedPnl(in position, in market);
            long requirement = Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market);
            slack = equity - requirement - (market.Parameters.Trigger == LiquidationTrigger.Reaches ? 1 : 0);
        }

        int longs = 0;
        for (int own = row; own != 0 && market.Parameters.MaintenanceMarginBase == MarginBase.Entry; own = NextOfScope(own, position.Market, kind))
        {
            longs += state.Positions[own].SizeLots > 0 ? 1 : 0;
        }

        return longs == 0 ? Math.Max(0, slack)
            : Exact.MultiplyDivideDown(Math.Max(0, slack - longs), Rate.Scale, Rate.Scale + TopRate(in market));
    }

    private static long TopRate(in Market market)
    {
        long top = market.Rates.MaintenanceRate;
        for (int tier = 0; tier < market.Rates.TierCount; tier++)
        {
            top = Math.Max(top, market.Margin.Maintenance[tier].MaintenanceRate);
        }

        return top;
    }

    /// <summary>
    /// Realises profit and pays it at once: the entry moves, no purse is touched, and no profit is charged twice. The newest position first, each at most
    /// its own profit.
    /// </summary>
    private void Charge(int row, long charged, in Market market, in LossJob job)
    {
        int marketId = state.Positions[row].Market;
        for (int own = row; own != 0 && charged > 0; own = NextOfScope(own, marketId, job.Kind))
        {
            long paid = Math.Min(charged, ProfitOf(own, in market, in job));
            ref Position position = ref state.Positions.Edit(own);
            long moved = position.SizeLots > 0 ? paid : -paid;
            position.EntryCostUnits += moved;
            state.Markets.Edit(marketId).CommittedUnits += moved;
            state.Touch(own);
            charged -= paid;
        }

        settlement.Refresh();
    }
}
