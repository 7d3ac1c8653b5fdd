using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Timers;

namespace LowLatencyMargin.Core.Rules;

/// <summary>Sets, changes and removes the trader rules of an account, checked as a whole.</summary>
public sealed class RuleSettings(ExchangeState state, DrawdownGuard drawdown, HoldingWatches holdings)
{
    private const int MostTrades = 1_000_000;

    /// <summary>Replaces all rules of an account.</summary>
    public ResultCode Set(ref readonly SetTraderRules command)
    {
        if (command.AccountId < 1 || command.AccountId > state.Accounts.HighWater || state.Accounts[(int)command.AccountId].IsLiquidationAccount != 0)
        {
            return ResultCode.UnknownAccount;
        }

        ref readonly TraderRules rules = ref command.Rules;
        if (!IsWellFormed(in rules))
        {
            return ResultCode.MalformedCommand;
        }

        if (Broken(in rules) != ParameterRule.None)
        {
            return ResultCode.InvalidParameter;
        }

        int account = (int)command.AccountId;
        if (state.Accounts[account].Rules == 0 && !rules.AreNone && !state.AccountRules.HasRoom)
        {
            return ResultCode.CapacityExceeded;
        }

        state.Events.Add<Accepted>(EventType.TraderRulesChanged, 0).AccountId = account;
        if (rules.AreNone)
        {
            Remove(account);
        }
        else
        {
            Put(account, in rules);
        }

        return ResultCode.Accepted;
    }

    /// <summary>The first rule that the rules together break; none when they can work.</summary>
    public static ParameterRule Broken(in TraderRules rules)
    {
        const int One = Rate.Scale;
        bool sized = rules.RiskPerTradeRate != 0;
        bool sizing = IsWithin(rules.RiskPerTradeRate, One) && IsWithin(rules.SizingCapRate, One) && IsWithin(rules.StopWarningRate, One)
            && IsWithin(rules.SizingBufferRate, One / 10) && IsWithin(rules.SizingGapRate, One / 10) && IsWithin(rules.SizingFeesRate, One / 10);
        bool complete = sized == (rules.SizingCapRate != 0) && (sized || (rules.EnforceSizing | rules.WorstCaseSizing) == 0);
        bool drawdown = IsWithin(rules.DrawdownFirstRate, One) && IsWithin(rules.DrawdownSecondRate, One) && IsWithin(rules.DrawdownPauseRate, One)
            && (rules.DrawdownSecondRate == 0 || rules.DrawdownSecondRate > rules.DrawdownFirstRate)
            && (rules.DrawdownPauseRate == 0 || rules.DrawdownPauseRate > Math.Max(rules.DrawdownFirstRate, rules.DrawdownSecondRate));
        bool trades = IsWithin(rules.DailyTrades, MostTrades) && IsWithin(rules.DailyTradesWarning, rules.DailyTrades);
        bool off = (rules.SafeLevel | rules.CautionLevel | rules.WarningLevel | rules.LiquidationLevel) == 0;
        bool falling = rules.SafeLevel <= 20 * One && rules.SafeLevel > rules.CautionLevel && rules.CautionLevel > rules.WarningLevel
            && rules.WarningLevel > rules.LiquidationLevel && rules.LiquidationLevel >= One;
        bool reduces = rules.AutoReduceTarget == 0
            || (falling && rules.AutoReduceTarget >= (long)rules.CautionLevel + rules.LevelHysteresis && rules.AutoReduceTarget <= 20 * One);
        return !sizing ? ParameterRule.Sizing
            : !complete ? ParameterRule.SizingIncomplete
            : !drawdown ? ParameterRule.Drawdown
            : !trades ? ParameterRule.DailyTrades
            : !off && !falling ? ParameterRule.LevelBands
            : !IsWithin(rules.LevelHysteresis, One) ? ParameterRule.LevelHysteresis
            : !reduces ? ParameterRule.AutoReduce
            : ParameterRule.None;
    }

    private static bool IsWellFormed(in TraderRules rules) =>
        (rules.Reserved | rules.Reserved2 | rules.Reserved3) == 0 && rules.EnforceSizing <= 1 && rules.WorstCaseSizing <= 1 && rules.Alerts <= 1
        && rules.PausePolicy <= PausePolicy.Close && rules.TradeCount <= TradeCount.Fills;

    private static bool IsWithin(int value, int most) => value >= 0 && value <= most;

    private void Put(int account, in TraderRules rules)
    {
        ref Account owner = ref state.Accounts.Edit(account);
        if (owner.Rules == 0)
        {
            owner.Rules = state.AccountRules.Allocate();
            state.AccountRules.Edit(owner.Rules).Account = account;
            for (int index = owner.FirstPosition; index != 0; index = state.Positions[index].Next)
            {
                if (state.Records.HasRecord(index))
                {
                    _ = state.Records.RecordOf(index);
                }
            }
        }

        int row = owner.Rules;
        ref AccountRules kept = ref state.AccountRules.Edit(row);
        bool watched = kept.Rules.WatchesDrawdown;
        kept.Rules = rules;
        owner.Traits |= AccountTraits.HasRules;
        owner.Traits = rules.WatchesLevel || rules.WatchesDrawdown ? owner.Traits | AccountTraits.IsWatched : owner.Traits & ~AccountTraits.IsWatched;
        if (rules.DrawdownPauseRate == 0)
        {
            // a pause that is set later can begin in the same month
            kept.DrawdownLevel = Math.Min(kept.DrawdownLevel, (byte)(Drawdown.Levels - 1));
            if (kept.IsPaused != 0)
            {
                drawdown.End(ref kept, ResumeCause.Rules);
            }
        }

        if (rules.WatchesDrawdown && !watched)
        {
            drawdown.Begin(row);
        }
        else if (!rules.WatchesDrawdown && watched)
        {
            state.Timers.Stop(TimerKind.Month, row);
        }

        if (!rules.WatchesLevel)
        {
            ForgetBands(account, ref kept);
        }

        // also an account that is watched no longer: its positions leave the index
        state.QueueRules(row);
    }

    private void ForgetBands(int account, ref AccountRules rules)
    {
        rules.CrossBand = LevelBand.Safe;
        for (int index = state.Accounts[account].FirstPosition; index != 0; index = state.Positions[index].Next)
        {
            int record = state.TradingGuards[index].Record;
            if (record != 0)
            {
                state.PositionRecords.Edit(record).Band = LevelBand.Safe;
            }
        }
    }

    private void Remove(int account)
    {
        ref Account owner = ref state.Accounts.Edit(account);
        int row = owner.Rules;
        if (row == 0)
        {
            return;
        }

        ref AccountRules rules = ref state.AccountRules.Edit(row);
        if (rules.IsPaused != 0)
        {
            drawdown.End(ref rules, ResumeCause.Rules);
        }

        state.Timers.Stop(TimerKind.Month, row);
        for (int index = owner.FirstPosition; index != 0; index = state.Positions[index].Next)
        {
            state.Records.Remove(index);
        }

        holdings.Clear(ref rules);
        state.DropRules(row);
        owner.Traits &= ~(AccountTraits.HasRules | AccountTraits.IsWatched);
        owner.Rules = 0;
        state.AccountRules.Free(row);
    }
}
