using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Timers;

namespace LowLatencyMargin.Core.Policy;

/// <summary>Opens, restricts, halts and closes markets: the operator and the breaker (R-1401, R-1402).</summary>
public sealed class MarketStates(ExchangeState state, MassCancels cancels, TriggerEngine triggers)
{
    /// <summary>The operator sets a market's state.</summary>
    public ResultCode Set(ref readonly SetMarketState command)
    {
        if (command.MarketId < 1 || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.State > MarketState.Closed || command.Reserved != 0 || command.Reserved2 != 0 || command.Reserved3 != 0)
        {
            return ResultCode.MalformedCommand;
        }

        int market = (int)command.MarketId;
        if (state.Markets[market].State == command.State)
        {
            return ResultCode.StateUnchanged;
        }

        if (state.Settlements[market].Cursor != 0)
        {
            return ResultCode.MarketStateForbids;
        }

        if (command.State == MarketState.Open && state.Settlements[market].DueNs != 0)
        {
            state.Timers.Stop(TimerKind.Settlement, market);
            state.Settlements.Edit(market).DueNs = 0;
            state.Events.Add<SettlementSet>(EventType.SettlementSet, market).DueNs = 0;
        }

        Change(market, command.State, StateCause.Operator, 0, 0);
        if (command.State == MarketState.Closed)
        {
            var job = new CancelJob { Market = market, Reason = CancelReason.MarketClosed };
            cancels.Start(in job);
        }

        return ResultCode.Accepted;
    }

    /// <summary>A mark moved: too far within the breaker's window, and the market halts.</summary>
    public void Watch(int market)
    {
        ref readonly Market row = ref state.Markets[market];
        ref readonly MarketParameters p = ref row.Parameters;
        if (p.BreakerRate == 0)
        {
            return;
        }

        ref BreakerWindow window = ref state.BreakerWindows.Edit(market);
        long reference = window.Add(state.TimeNs, row.MarkTicks, p.BreakerRate, p.BreakerWindowMs);
        if (reference != 0 && row.State == MarketState.Open)
        {
            window = default;
            window.Add(state.TimeNs, row.MarkTicks, p.BreakerRate, p.BreakerWindowMs);
            long resumes = p.BreakerHaltMs == 0 ? 0 : state.TimeNs + (p.BreakerHaltMs * 1_000_000L);
            Change(market, MarketState.Halted, StateCause.Breaker, reference, resumes);
        }
    }

    /// <summary>The breaker's halt is over.</summary>
    public void Resume(int market)
    {
        if (state.Markets[market].State == MarketState.Halted)
        {
            Change(market, Normal(market), StateCause.Resumed, 0, 0);
        }
    }

    /// <summary>The sources of its mark are gone .</summary>
    public void Freeze(int market)
    {
        if (state.Markets[market].State == MarketState.Open)
        {
            Change(market, MarketState.PriceStale, StateCause.Prices, 0, 0);
        }
    }

    /// <summary>They are back.</summary>
    public void Thaw(int market)
    {
        if (state.Markets[market].State == MarketState.PriceStale)
        {
            Change(market, Normal(market), StateCause.Prices, 0, 0);
        }
    }

    /// <summary>The market will be closed for good: until then it takes only what reduces.</summary>
    public void Restrict(int market)
    {
        if (state.Markets[market].State is MarketState.Open or MarketState.PreOpen)
        {
            Change(market, MarketState.ReduceOnly, StateCause.Settlement, 0, 0);
        }
    }

    /// <summary>Its positions are being closed.</summary>
    public void Settle(int market)
    {
        if (state.Markets[market].State != MarketState.Settling)
        {
            Change(market, MarketState.Settling, StateCause.Settlement, 0, 0);
        }
    }

    /// <summary>They are closed.</summary>
    public void Close(int market) => Change(market, MarketState.Closed, StateCause.Settlement, 0, 0);

    /// <summary>What a market goes back to by itself: with a deadline it takes only what reduces.</summary>
    private MarketState Normal(int market) => state.Settlements[market].DueNs != 0 ? MarketState.ReduceOnly : MarketState.Open;

    private void Change(int market, MarketState to, StateCause cause, long referenceTicks, long resumesNs)
    {
        ref Market row = ref state.Markets.Edit(market);
        ref MarketStateChanged changed = ref state.Events.Add<MarketStateChanged>(EventType.MarketStateChanged, market);
        changed.State = to;
        changed.Previous = row.State;
        changed.Cause = cause;
        changed.ReferenceTicks = referenceTicks;
        changed.MarkTicks = cause == StateCause.Breaker ? row.MarkTicks : 0;
        changed.ResumesNs = resumesNs;
        row.State = to;
        row.NoteRules();
        state.Timers.Stop(TimerKind.BreakerHalt, market);
        if (resumesNs != 0)
        {
            state.Timers.Start(TimerKind.BreakerHalt, market, resumesNs);
        }

        triggers.Restart(market);
        state.AddDue(market);
        if (row.PricedAsset != 0)
        {
            state.AddDueAsset(row.PricedAsset);
        }
    }
}
