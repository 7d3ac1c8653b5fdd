using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Rules;

/// <summary>What the trades of an account with rules add to: its trades of the day (R-1505), its performance (R-1506), its positions' records.</summary>
public sealed class PositionRecords(ExchangeState state)
{
    // counted without end: at a sum that no real account reaches they stand still
    private const long MostUnits = 1L << 62;

    /// <summary>
    /// A fill of an order, or of a liquidation (<paramref name="slot"/> 0), that has been booked; nothing for an account without rules.
    /// </summary>
    public void AfterFill(int index, int slot, long lots, long leavesLots, long pnlUnits, long feeUnits)
    {
        int account = state.Positions[index].Account;
        if ((state.Accounts[account].Traits & AccountTraits.HasRules) == 0)
        {
            return;
        }

        ref AccountRules rules = ref state.AccountRules.Edit(state.Accounts[account].Rules);
        rules.IsBaseOpen = 0;
        if (!state.Markets[state.Positions[index].Market].IsSpot)
        {
            AddResult(index, ref rules, KindOf(slot), pnlUnits, feeUnits);
        }

        bool counts = slot != 0 && (rules.Rules.TradeCount == TradeCount.Fills || state.Orders[slot].QuantityLots - leavesLots == lots);
        if (counts && rules.Rules.DailyTrades != 0)
        {
            CountTrade(account, ref rules);
        }
    }

    /// <summary>Profit and fees that were booked without a fill: a liquidation handed lots over, or charged fee and penalty.</summary>
    public void AfterBooking(int index, ExitKind kind, long pnlUnits, long feeUnits)
    {
        ref readonly Account owner = ref state.Accounts[state.Positions[index].Account];
        if ((owner.Traits & AccountTraits.HasRules) != 0)
        {
            AddResult(index, ref state.AccountRules.Edit(owner.Rules), kind, pnlUnits, feeUnits);
        }
    }

    /// <summary>A position of an account with rules paid its funding: in no result of a position, but in those of the periods .</summary>
    public void AfterFunding(int account, long units)
    {
        ref AccountRules rules = ref state.AccountRules.Edit(state.Accounts[account].Rules);
        Roll(ref rules);
        rules.OfDay.FundingUnits = Sum(rules.OfDay.FundingUnits, units);
        rules.OfMonth.FundingUnits = Sum(rules.OfMonth.FundingUnits, units);
        rules.OfAll.FundingUnits = Sum(rules.OfAll.FundingUnits, units);
    }

    /// <summary>A row changed: a position that opened gets its record, one that closed its place in the figures; a watched account is looked at.</summary>
    public void Follow(int index)
    {
        ref readonly Position position = ref state.Positions[index];
        ref readonly Account owner = ref state.Accounts[position.Account];
        bool had = state.TradingGuards[index].Record != 0;
        bool isScope = state.Markets[position.Market].IsSpot;
        if (had && !isScope && HasClosed(index))
        {
            CountClosed(index, ref state.AccountRules.Edit(owner.Rules));
        }

        if (!HasRecord(index))
        {
            Remove(index);
        }
        else
        {
            state.PositionRecords.Edit(RecordOf(index)).PositionId = state.PositionDetails[index].PositionId;
        }

        if ((owner.Traits & AccountTraits.IsWatched) != 0)
        {
            state.QueueRules(owner.Rules);
        }
    }

    /// <summary>Whether a row of an account with rules has a record: with a position, or an isolated scope that owes something.</summary>
    public bool HasRecord(int index) =>
        state.Positions[index].SizeLots != 0 || (state.Positions[index].IsIsolated != 0 && HoldingWatches.Owes(state, index));

    /// <summary>The record of an open position or a scope with loans, made if there is none.</summary>
    public int RecordOf(int index)
    {
        int record = state.TradingGuards[index].Record;
        if (record == 0)
        {
            record = state.PositionRecords.Allocate();
            Invariant.Assert(record != 0, "there are as many records as positions");
            ref PositionRecord row = ref state.PositionRecords.Edit(record);
            row.Position = index;
            row.PositionId = state.PositionDetails[index].PositionId;
            row.Market = state.Positions[index].Market;
            state.TradingGuards.Edit(index).Record = record;
        }

        return record;
    }

    /// <summary>Takes the record of a position away, if it has one.</summary>
    public void Remove(int index)
    {
        int record = state.TradingGuards[index].Record;
        if (record != 0)
        {
            int market = state.PositionRecords[record].Market;
            state.Watches[market].Remove(record, ref state.Markets.Edit(market));
            state.PositionRecords.Free(record);
            state.TradingGuards.Edit(index).Record = 0;
        }
    }

    /// <summary>
    /// Has every watched account with a position in a market looked at, now or with the next ticks: what its requirements are computed by changed.
    /// </summary>
    public void QueueMarket(int market)
    {
        state.Markets.Edit(market).WatchCursor = state.PositionRecords.HighWater;
        state.AddDue(market);
    }

    /// <summary>A sum that stands still at its ends.</summary>
    internal static long Sum(long a, long b) => (long)Int128.Clamp((Int128)a + b, -MostUnits, MostUnits);

    /// <summary>Whether the position that the record is of is no more: flat, or another one in its row.</summary>
    private bool HasClosed(int index)
    {
        long id = state.PositionRecords[state.TradingGuards[index].Record].PositionId;
        return state.Positions[index].SizeLots == 0 || id != state.PositionDetails[index].PositionId;
    }

    private ExitKind KindOf(int slot)
    {
        if (slot == 0)
        {
            return ExitKind.Liquidation;
        }

        ref readonly Order order = ref state.Orders[slot];
        return !order.Has(OrderMarks.Triggered) ? ExitKind.Other
            : state.OrderTerms[order.Terms].Kind is TriggerKind.TakeProfit or TriggerKind.TrailingTakeProfit ? ExitKind.Target
            : ExitKind.Stop;
    }

    private void AddResult(int index, ref AccountRules rules, ExitKind kind, long pnlUnits, long feeUnits)
    {
        Roll(ref rules);
        Add(ref rules.OfDay, pnlUnits, feeUnits);
        Add(ref rules.OfMonth, pnlUnits, feeUnits);
        Add(ref rules.OfAll, pnlUnits, feeUnits);
        if (state.Positions[index].SizeLots == 0 && state.TradingGuards[index].Record == 0)
        {
            // a fill without a position: there is no exit and no result to keep
            return;
        }

        ref PositionRecord record = ref state.PositionRecords.Edit(RecordOf(index));
        record.ResultUnits = Sum(record.ResultUnits, pnlUnits - feeUnits);
        if (pnlUnits != 0 || HasClosed(index))
        {
            ref ExitFigures exit = ref Exit(ref rules, kind);
            exit.RealizedPnlUnits = Sum(exit.RealizedPnlUnits, pnlUnits);
            record.LastExit = kind;
        }
    }

    private void CountClosed(int index, ref AccountRules rules)
    {
        ref PositionRecord record = ref state.PositionRecords.Edit(RecordOf(index));
        Roll(ref rules);
        Close(ref rules.OfDay, record.ResultUnits);
        Close(ref rules.OfMonth, record.ResultUnits);
        Close(ref rules.OfAll, record.ResultUnits);
        Exit(ref rules, record.LastExit).Closed++;
        ref PerformanceUpdated updated = ref state.Events.Add<PerformanceUpdated>(
            EventType.PerformanceUpdated, record.Market, EventFlags.None, (byte)record.LastExit);
        updated.AccountId = rules.Account;
        updated.ResultUnits = record.ResultUnits;
        updated.MonthPnlUnits = rules.OfMonth.RealizedPnlUnits;
        updated.MonthFeeUnits = rules.OfMonth.FeeUnits;
        updated.Closed = rules.OfAll.Closed;
        updated.Won = rules.OfAll.Won;
        record.ResultUnits = 0;
        record.LastExit = ExitKind.Other;
        record.Band = LevelBand.Safe;
    }

    private void CountTrade(int account, ref AccountRules rules)
    {
        int day = UtcCalendar.DayOf(state.TimeNs);
        rules.TradesToday = rules.Day == day ? rules.TradesToday + 1 : 1;
        rules.Day = day;
        bool reached = rules.TradesToday == rules.Rules.DailyTrades;
        if (reached || rules.TradesToday == rules.Rules.DailyTradesWarning)
        {
            ref DailyTradesCounted counted = ref state.Events.Add<DailyTradesCounted>(
                reached ? EventType.DailyTradesReached : EventType.DailyTradesWarning, 0);
            counted.AccountId = account;
            counted.Trades = rules.TradesToday;
            counted.Limit = rules.Rules.DailyTrades;
        }
    }

    private void Roll(ref AccountRules rules)
    {
        Roll(ref rules.OfDay, UtcCalendar.DayOf(state.TimeNs));
        Roll(ref rules.OfMonth, UtcCalendar.MonthOf(state.TimeNs));
    }

    private static void Roll(ref PeriodFigures figures, int period)
    {
        if (figures.Period != period)
        {
            figures = new PeriodFigures { Period = period };
        }
    }

    private static void Add(ref PeriodFigures figures, long pnlUnits, long feeUnits)
    {
        figures.RealizedPnlUnits = Sum(figures.RealizedPnlUnits, pnlUnits);
        figures.FeeUnits = Sum(figures.FeeUnits, feeUnits);
    }

    private static void Close(ref PeriodFigures figures, long resultUnits)
    {
        figures.Closed++;
        figures.Won += resultUnits > 0 ? 1 : 0;
        figures.Lost += resultUnits < 0 ? 1 : 0;
    }

    private static ref ExitFigures Exit(ref AccountRules rules, ExitKind kind)
    {
        switch (kind)
        {
            case ExitKind.Stop:
                return ref rules.ByStop;
            case ExitKind.Target:
                return ref rules.ByTarget;
            case ExitKind.Liquidation:
                return ref rules.ByLiquidation;
            default:
                return ref rules.ByOther;
        }
    }
}
