using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Policy;

namespace LowLatencyMargin.Core.Matching;

/// <summary>
/// Cancels of many orders: all of an account, of one market or side, or of a whole market (R-1306, R-1315). One unit of work an order; what a timer,
/// a switch or a closing market could not finish goes on with the next ticks.
/// </summary>
public sealed class MassCancels(ExchangeState state, RateBudget budget, MatchingEngine matching)
{
    /// <summary>A mass cancel on request.</summary>
    public ResultCode Cancel(ref readonly CancelOrders command)
    {
        if (command.AccountId < 1 || command.AccountId > state.Accounts.HighWater)
        {
            return ResultCode.UnknownAccount;
        }

        if (command.MarketId < 0 || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.Sides > SideFilter.Sells || command.SpareStops > 1 || (command.Reserved | command.Reserved2) != 0)
        {
            return ResultCode.MalformedCommand;
        }

        if (!budget.Allows((int)command.AccountId, 1, reduces: true))
        {
            return ResultCode.RateLimited;
        }

        budget.Charge((int)command.AccountId, 1);
        var job = new CancelJob
        {
            Account = (int)command.AccountId,
            Market = (int)command.MarketId,
            Sides = command.Sides,
            SpareStops = command.SpareStops,
            Reason = CancelReason.MassCancel,
        };
        _ = Run(in job);
        return ResultCode.Accepted;
    }

    /// <summary>Starts a mass cancel that must come to its end, now or with the next ticks.</summary>
    public void Start(in CancelJob job)
    {
        if (!Run(in job) && !IsQueued(in job))
        {
            state.CancelJobs.Add(in job);
        }
    }

    /// <summary>Goes on with what did not fit into earlier commands.</summary>
    public void RunPending()
    {
        while (state.CancelJobs.Count > 0 && state.WorkLeft > 0)
        {
            CancelJob job = state.CancelJobs.First;
            state.Spend(1);
            if (job.Account == 0)
            {
                job.SpareStops = (byte)(state.Markets[job.Market].HasCancelJob == Market.JobWaits ? 1 : 0);
            }
            else if (job.Market == 0)
            {
                job.SpareStops = state.AccountControls[job.Account].JobSparesStops;
            }

            if (!Run(in job))
            {
                return;
            }

            EndFirst(in job);
        }
    }

    /// <summary>An account and a market have one job at most; one that spares less takes the place of one that spares more.</summary>
    private bool IsQueued(in CancelJob job)
    {
        if (job.Account == 0)
        {
            ref Market market = ref state.Markets.Edit(job.Market);
            bool marketHas = market.HasCancelJob != 0;
            market.HasCancelJob |= job.SpareStops != 0 ? Market.JobWaits : Market.JobTakesAll;
            return marketHas;
        }

        if (job.Market != 0)
        {
            return false;
        }

        ref AccountControl control = ref state.AccountControls.Edit(job.Account);
        bool has = control.HasCancelJob != 0;
        control.JobSparesStops = has ? (byte)(control.JobSparesStops & job.SpareStops) : job.SpareStops;
        control.HasCancelJob = 1;
        return has;
    }

    private void EndFirst(in CancelJob job)
    {
        state.CancelJobs.EndFirst();
        if (job.Account == 0)
        {
            state.Markets.Edit(job.Market).HasCancelJob = 0;
        }
        else if (job.Market == 0)
        {
            state.AccountControls.Edit(job.Account).HasCancelJob = 0;
        }
    }

    private bool Run(in CancelJob job)
    {
        int cancelled = 0;
        bool done = job.Account != 0 ? CancelOfAccount(in job, ref cancelled) : CancelOfMarket(in job, ref cancelled);
        ref OrdersCancelled told = ref state.Events.Add<OrdersCancelled>(
            EventType.OrdersCancelled, job.Market, EventFlags.None, (byte)job.Reason);
        told.AccountId = job.Account;
        told.Cancelled = cancelled;
        told.Unfinished = done ? 0 : 1;
        return done;
    }

    private bool CancelOfAccount(in CancelJob job, ref int cancelled)
    {
        int row = state.Accounts[job.Account].FirstPosition;
        while (row != 0)
        {
            int nextRow = state.Positions[row].Next;
            if (job.Market == 0 || state.Positions[row].Market == job.Market)
            {
                int slot = state.Positions[row].FirstOrder;
                while (slot != 0)
                {
                    int next = state.Orders[slot].NextOfPosition;
                    if (Concerns(in job, slot))
                    {
                        if (state.WorkLeft == 0)
                        {
                            return false;
                        }

                        state.Spend(1);
                        matching.Cancel(slot, job.Reason);
                        cancelled++;
                    }

                    slot = next;
                }
            }

            row = nextRow;
        }

        return true;
    }

    /// <summary>All of a market: bids and asks, best first, then waiting orders, unless these are spared.</summary>
    private bool CancelOfMarket(in CancelJob job, ref int cancelled)
    {
        OrderBook book = state.Books[job.Market];
        TriggerBook triggers = state.Triggers[job.Market];
        while (true)
        {
            int slot = book.Bids.Count > 0 ? book.Bids.At(book.Bids.BestTicks).Head
                : book.Asks.Count > 0 ? book.Asks.At(book.Asks.BestTicks).Head
                : job.SpareStops != 0 ? 0
                : triggers.First();
            if (slot == 0)
            {
                return true;
            }

            if (state.WorkLeft == 0)
            {
                return false;
            }

            state.Spend(1);
            matching.Cancel(slot, job.Reason);
            cancelled++;
        }
    }

    private bool Concerns(in CancelJob job, int slot)
    {
        ref readonly Order order = ref state.Orders[slot];
        bool side = job.Sides == SideFilter.Both || (job.Sides == SideFilter.Buys) == (order.Side == Side.Buy);
        bool spared = job.SpareStops != 0 && order.Has(OrderMarks.ReduceOnly)
            && (job.SpareStops == CancelJob.SpareReduceOnly || order.Has(OrderMarks.Waiting));
        return side && !spared;
    }
}
