using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Timers;

namespace LowLatencyMargin.Core.Policy;

/// <summary>
/// What protects makers, clients that fall silent, and everybody from one account: maker protection (R-1314), dead-man timer and kill switch
/// (R-1315), rate limits (R-1316), self-trade groups (R-1307).
/// </summary>
public sealed class AccountSwitches(ExchangeState state, MassCancels cancels)
{
    private const int DayMs = 86_400_000;
    private const int MaxWeight = 1_000_000;

    /// <summary>Sets or ends maker protection; a frozen account is thawed.</summary>
    public ResultCode Set(ref readonly SetMakerProtection command)
    {
        if (!HasAccount(command.AccountId))
        {
            return ResultCode.UnknownAccount;
        }

        if (command.MarketId < 1 || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.Reserved != 0)
        {
            return ResultCode.MalformedCommand;
        }

        bool on = (command.QuantityLots | command.DeltaLots | (long)command.Fills) != 0;
        if (command.QuantityLots < 0 || command.DeltaLots < 0 || command.Fills < 0 || command.WindowMs < (on ? 1 : 0) || command.WindowMs > DayMs
            || command.FrozenMs is < 0 or > DayMs)
        {
            return ResultCode.InvalidParameter;
        }

        int account = (int)command.AccountId;
        int market = (int)command.MarketId;
        if (state.IsHedge(account, market))
        {
            return ResultCode.HedgeModeForbids;
        }

        int row = state.FindPosition(account, market);
        if (!on && (state.Positions[row].Guards & Guards.MakerProtection) == 0)
        {
            return ResultCode.StateUnchanged;
        }

        if (row == 0 && !state.HasRoomForPosition(account, market))
        {
            return ResultCode.CapacityExceeded;
        }

        row = row != 0 ? row : state.AddPosition(account, market);
        ref TradingGuard guard = ref state.TradingGuards.Edit(row);
        ref Position position = ref state.Positions.Edit(row);
        guard.LimitLots = command.QuantityLots;
        guard.LimitDeltaLots = command.DeltaLots;
        guard.LimitFills = command.Fills;
        guard.WindowMs = command.WindowMs;
        guard.FrozenMs = command.FrozenMs;
        guard.WindowEndsNs = 0;
        guard.FrozenUntilNs = 0;
        position.Guards = on ? position.Guards | Guards.MakerProtection : position.Guards & ~Guards.MakerProtection;
        Accept(CommandType.SetMakerProtection, account, market);
        state.RemovePositionIfEmpty(row);
        return ResultCode.Accepted;
    }

    /// <summary>Starts, restarts or stops the dead-man timer of an account.</summary>
    public ResultCode Set(ref readonly CancelAllAfter command)
    {
        if (!HasAccount(command.AccountId))
        {
            return ResultCode.UnknownAccount;
        }

        if (command.SpareStops > 1 || command.Reserved != 0 || command.Reserved2 != 0)
        {
            return ResultCode.MalformedCommand;
        }

        if (command.TimeoutMs is < 0 or > DayMs)
        {
            return ResultCode.InvalidParameter;
        }

        int account = (int)command.AccountId;
        long due = command.TimeoutMs == 0 ? 0 : state.TimeNs + (command.TimeoutMs * 1_000_000L);
        state.Timers.Stop(TimerKind.CancelAllAfter, account);
        if (due != 0)
        {
            state.Timers.Start(TimerKind.CancelAllAfter, account, due);
        }

        state.AccountControls.Edit(account).TimerSparesStops = command.SpareStops;
        ref CancelAllAfterSet set = ref state.Events.Add<CancelAllAfterSet>(EventType.CancelAllAfterSet, 0);
        set.AccountId = account;
        set.DueNs = due;
        return ResultCode.Accepted;
    }

    /// <summary>The dead-man timer of an account ran out.</summary>
    public void CancelAll(int account)
    {
        var job = new CancelJob
        {
            Account = account,
            SpareStops = state.AccountControls[account].TimerSparesStops,
            Reason = CancelReason.CancelAllAfter,
        };
        cancels.Start(in job);
    }

    /// <summary>Stops or resumes an account, in one market or all, or a market.</summary>
    public ResultCode Set(ref readonly KillSwitch command)
    {
        bool wholeMarket = command.AccountId == 0;
        if (!wholeMarket && !HasAccount(command.AccountId))
        {
            return ResultCode.UnknownAccount;
        }

        if (command.MarketId < (wholeMarket ? 1 : 0) || command.MarketId > state.Markets.HighWater)
        {
            return ResultCode.UnknownMarket;
        }

        if (command.On > 1 || command.SpareStops > 1 || command.Reserved != 0 || command.Reserved2 != 0)
        {
            return ResultCode.MalformedCommand;
        }

        int account = (int)command.AccountId;
        int market = (int)command.MarketId;
        int row = wholeMarket || market == 0 ? 0 : state.FindPosition(account, market);
        byte was = wholeMarket ? state.Markets[market].IsKilled
            : market == 0 ? state.Accounts[account].IsKilled
            : (byte)((state.Positions[row].Guards & Guards.Killed) != 0 ? 1 : 0);
        if (was == command.On)
        {
            return ResultCode.StateUnchanged;
        }

        bool needsRow = !wholeMarket && market != 0 && row == 0;
        if ((needsRow && !state.HasRoomForPosition(account, market)) || (!wholeMarket && market != 0 && state.CancelJobs.Requests >= CancelJobs.MaxRequests))
        {
            return ResultCode.CapacityExceeded;
        }

        ref KillSwitchChanged changed = ref state.Events.Add<KillSwitchChanged>(EventType.KillSwitchChanged, market);
        changed.AccountId = account;
        changed.On = command.On;
        Switch(account, market, needsRow ? state.AddPosition(account, market) : row, command.On);
        if (command.On != 0)
        {
            var job = new CancelJob { Account = account, Market = market, SpareStops = command.SpareStops, Reason = CancelReason.KillSwitch };
            cancels.Start(in job);
        }

        return ResultCode.Accepted;
    }

    /// <summary>Sets the rate limit of an account, or of all that have none of their own.</summary>
    public ResultCode Set(ref readonly SetRateLimit command)
    {
        if (command.AccountId != 0 && !HasAccount(command.AccountId))
        {
            return ResultCode.UnknownAccount;
        }

        if (command.Reserved != 0)
        {
            return ResultCode.MalformedCommand;
        }

        if (command.PerSecond is < 0 or > MaxWeight || command.Burst is < 0 or > MaxWeight || command.Reserve is < 0 or > MaxWeight
            || (command.PerSecond != 0 && command.Burst == 0))
        {
            return ResultCode.InvalidParameter;
        }

        var limit = new RateLimit
        {
            IntervalNs = command.PerSecond == 0 ? 0 : 1_000_000_000 / command.PerSecond,
            Burst = command.Burst,
            Reserve = command.Reserve,
        };
        if (command.AccountId == 0)
        {
            state.RateLimit = limit;
            for (int account = 1; account <= state.Accounts.HighWater; account++)
            {
                state.Accounts.Edit(account).RateWholeNs = state.AccountControls[account].HasRateLimit == 0
                    ? 0
                    : state.Accounts[account].RateWholeNs;
            }
        }
        else
        {
            ref AccountControl control = ref state.AccountControls.Edit((int)command.AccountId);
            control.RateLimit = limit;
            control.HasRateLimit = 1;
            state.Accounts.Edit((int)command.AccountId).RateWholeNs = 0;
        }

        state.HasRateLimits = true;
        Accept(CommandType.SetRateLimit, (int)command.AccountId, 0);
        return ResultCode.Accepted;
    }

    /// <summary>Puts an account into a self-trade group, or takes it out.</summary>
    public ResultCode Set(ref readonly SetTradeGroup command)
    {
        if (!HasAccount(command.AccountId))
        {
            return ResultCode.UnknownAccount;
        }

        if (command.GroupId < 0)
        {
            return ResultCode.InvalidParameter;
        }

        state.Accounts.Edit((int)command.AccountId).GroupId = command.GroupId;
        Accept(CommandType.SetTradeGroup, (int)command.AccountId, 0);
        return ResultCode.Accepted;
    }

    private bool HasAccount(long id) => id >= 1 && id <= state.Accounts.HighWater && state.Accounts[(int)id].IsLiquidationAccount == 0;

    private void Switch(int account, int market, int row, byte on)
    {
        if (account == 0)
        {
            state.Markets.Edit(market).IsKilled = on;
            state.Markets.Edit(market).NoteRules();
        }
        else if (market == 0)
        {
            state.Accounts.Edit(account).IsKilled = on;
        }
        else
        {
            // a hedge position has its head's switch, for orders to find it where they look
            for (int each = row; each != 0; each = state.NextHedge(each))
            {
                ref Position position = ref state.Positions.Edit(each);
                position.Guards = on != 0 ? position.Guards | Guards.Killed : position.Guards & ~Guards.Killed;
            }

            state.RemovePositionIfEmpty(row);
        }
    }

    private void Accept(CommandType type, int account, int market)
    {
        ref Accepted accepted = ref state.Events.Add<Accepted>(EventType.Accepted, market);
        accepted.Command = type;
        accepted.AccountId = account;
    }
}
