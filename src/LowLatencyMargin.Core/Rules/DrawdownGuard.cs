using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Policy;
using LowLatencyMargin.Core.Timers;

namespace LowLatencyMargin.Core.Rules;

/// <summary>Alerts and pause by monthly drawdown, the manual override, and the turn of the month (R-1504).</summary>
public sealed class DrawdownGuard(ExchangeState state, ProtectiveExits exits, MassCancels cancels)
{
    /// <summary>Tells what is reached and does what follows; whether positions are left that have to be closed.</summary>
    public bool Examine(ref AccountRules rules, int account)
    {
        long equity = Drawdown.Equity(state, account);
        long loss = Drawdown.Loss(in rules, equity);
        for (int level = rules.DrawdownLevel + 1; level <= Drawdown.Levels && rules.BaseUnits > 0; level++)
        {
            int rate = Drawdown.RateOf(in rules.Rules, level);
            if (rate == 0)
            {
                continue;
            }

            if (loss < Drawdown.LossAt(rules.BaseUnits, rate))
            {
                break;
            }

            rules.DrawdownLevel = (byte)level;
            Reach(ref rules, account, level, rate, loss);
        }

        return rules.IsPaused != 0 && rules.Rules.PausePolicy == PausePolicy.Close && exits.CloseAll(account, in rules);
    }

    /// <summary>How far the loss is from the next level, in units; <see cref="long.MaxValue"/>: there is none.</summary>
    public static long Distance(in AccountRules rules, long equityUnits)
    {
        for (int level = rules.DrawdownLevel + 1; level <= Drawdown.Levels && rules.BaseUnits > 0; level++)
        {
            int rate = Drawdown.RateOf(in rules.Rules, level);
            if (rate != 0)
            {
                return System.Math.Max(0, Drawdown.LossAt(rules.BaseUnits, rate) - Drawdown.Loss(in rules, equityUnits) - 1);
            }
        }

        return long.MaxValue;
    }

    /// <summary>The operator ends a pause by hand.</summary>
    public ResultCode Resume(ref readonly ResumeTrading command)
    {
        if (command.AccountId < 1 || command.AccountId > state.Accounts.HighWater || state.Accounts[(int)command.AccountId].IsLiquidationAccount != 0)
        {
            return ResultCode.UnknownAccount;
        }

        int row = state.Accounts[(int)command.AccountId].Rules;
        if (state.AccountRules[row].IsPaused == 0)
        {
            return ResultCode.StateUnchanged;
        }

        if (state.AccountRules[row].Rules.PausePolicy == PausePolicy.Close)
        {
            return ResultCode.NoPauseOverride;
        }

        End(ref state.AccountRules.Edit(row), ResumeCause.Operator);
        return ResultCode.Accepted;
    }

    /// <summary>A month begins for an account: its timer ran out.</summary>
    public void BeginMonth(int row)
    {
        ref AccountRules rules = ref state.AccountRules.Edit(row);
        Begin(row);
        if (rules.IsPaused != 0)
        {
            End(ref rules, ResumeCause.Month);
        }

        state.QueueRules(row);
    }

    /// <summary>Takes the base of this month, and waits for the next.</summary>
    public void Begin(int row)
    {
        ref AccountRules rules = ref state.AccountRules.Edit(row);
        Drawdown.Begin(ref rules, Drawdown.Equity(state, rules.Account));
        state.Timers.Start(TimerKind.Month, row, UtcCalendar.StartOfMonthNs(UtcCalendar.MonthOf(state.TimeNs) + 1));
        ref DrawdownTold told = ref state.Events.Add<DrawdownTold>(EventType.DrawdownBaseSet, 0);
        told.AccountId = rules.Account;
        told.BaseUnits = rules.BaseUnits;
    }

    /// <summary>Ends a pause.</summary>
    public void End(ref AccountRules rules, ResumeCause cause)
    {
        rules.IsPaused = 0;
        ref TradingResumed resumed = ref state.Events.Add<TradingResumed>(EventType.TradingResumed, 0, EventFlags.None, (byte)cause);
        resumed.AccountId = rules.Account;
    }

    private void Reach(ref AccountRules rules, int account, int level, int rate, long lossUnits)
    {
        bool pauses = level == Drawdown.Levels;
        ref DrawdownTold told = ref state.Events.Add<DrawdownTold>(
            pauses ? EventType.TradingPaused : EventType.DrawdownAlert, 0, EventFlags.None, (byte)(pauses ? (byte)rules.Rules.PausePolicy : level));
        told.AccountId = account;
        told.BaseUnits = rules.BaseUnits;
        told.LossUnits = lossUnits;
        told.LevelRate = rate;
        if (pauses)
        {
            rules.IsPaused = 1;
            var job = new CancelJob { Account = account, SpareStops = CancelJob.SpareReduceOnly, Reason = CancelReason.DrawdownPause };
            cancels.Start(in job);
        }
    }
}
