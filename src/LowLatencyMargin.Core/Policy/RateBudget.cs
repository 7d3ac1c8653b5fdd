using System;
using LowLatencyMargin.Core.Accounts;

namespace LowLatencyMargin.Core.Policy;

/// <summary>
/// How many order commands an account may still send (R-1316): a bucket that refills by one weight every interval, kept as the time at which it is
/// full again. What reduces risk may overdraw it by the reserve.
/// </summary>
public sealed class RateBudget(ExchangeState state)
{
    /// <summary>Whether a weight can be spent now.</summary>
    public bool Allows(int account, int weight, bool reduces)
    {
        if (!state.HasRateLimits)
        {
            return true;
        }

        RateLimit limit = LimitOf(account);
        return limit.IntervalNs == 0 || weight <= Headroom(account, in limit) + (reduces ? limit.Reserve : 0);
    }

    /// <summary>Spends a weight that was allowed.</summary>
    public void Charge(int account, int weight)
    {
        if (!state.HasRateLimits)
        {
            return;
        }

        RateLimit limit = LimitOf(account);
        if (limit.IntervalNs != 0)
        {
            ref Account row = ref state.Accounts.Edit(account);
            row.RateWholeNs = Math.Max(row.RateWholeNs, state.TimeNs) + (weight * limit.IntervalNs);
        }
    }

    /// <summary>Weight left without the reserve; below zero while the reserve is in use. <see cref="int.MaxValue"/> without a limit.</summary>
    public long Headroom(int account)
    {
        RateLimit limit = LimitOf(account);
        return limit.IntervalNs == 0 ? int.MaxValue : Headroom(account, in limit);
    }

    private RateLimit LimitOf(int account)
    {
        ref readonly AccountControl control = ref state.AccountControls[account];
        return control.HasRateLimit != 0 ? control.RateLimit : state.RateLimit;
    }

    private long Headroom(int account, in RateLimit limit)
    {
        long owedNs = Math.Max(0, state.Accounts[account].RateWholeNs - state.TimeNs);
        return limit.Burst - ((owedNs + limit.IntervalNs - 1) / limit.IntervalNs);
    }
}
