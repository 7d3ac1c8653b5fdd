using System;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>
/// The liquidation price of a cross account in a market where it has several positions, long and short at once: one for all of them. What
/// the account has beyond its requirement is concave in the price, so the marks that it covers lie together.
/// </summary>
public readonly struct SharedLiquidationPrice
{
    private readonly ExchangeState _state;
    private readonly int _account;
    private readonly int _market;
    private readonly long _others;
    private readonly long _highestTicks;

    /// <summary>Takes in what the account has in other markets, at their marks.</summary>
    public SharedLiquidationPrice(ExchangeState state, int account, int market)
    {
        _state = state;
        _account = account;
        _market = market;
        ref readonly Market row = ref state.Markets[market];
        long lots = 0;
        long others = state.Accounts[account].BalanceUnits;
        for (int index = state.Accounts[account].FirstPosition; index != 0; index = state.Positions[index].Next)
        {
            ref readonly Position position = ref state.Positions[index];
            if (position.SizeLots == 0 || position.IsIsolated != 0)
            {
                continue;
            }

            if (position.Market == market)
            {
                lots += position.AbsoluteLots;
                others -= Pricing.FundingCharge.Owed(in position, in row);
                continue;
            }

            ref readonly Market other = ref state.Markets[position.Market];
            others += Requirements.UnrealizedPnl(in position, in other)
                - Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in other);
        }

        _others = others;
        _highestTicks = lots == 0 ? 0 : Math.Min(Exact.MaxPriceTicks, Exact.MaxNotionalUnits / row.TickValueUnits / lots);
    }

    /// <summary>Whether there are several cross positions that share it.</summary>
    public static bool IsShared(ExchangeState state, int account, int market)
    {
        if ((state.Accounts[account].Traits & AccountTraits.Hedge) == 0)
        {
            return false;
        }

        int rows = 0;
        for (int index = state.Accounts[account].FirstPosition; index != 0; index = state.Positions[index].Next)
        {
            ref readonly Position position = ref state.Positions[index];
            rows += position.Market == market && position.SizeLots != 0 && position.IsIsolated == 0 ? 1 : 0;
        }

        return rows > 1;
    }

    /// <summary>
    /// The last mark that the account covers on the side where that is nearer, in ticks; 0: it covers all, the present mark when it does not even cover that.
    /// </summary>
    public long Find()
    {
        long mark = Math.Min(_state.Markets[_market].MarkTicks, _highestTicks);
        if (mark < 1 || !Covers(mark))
        {
            return mark;
        }

        long below = Covers(1) ? 0 : Last(1, mark);
        long above = Covers(_highestTicks) ? 0 : Last(_highestTicks, mark);
        return below == 0 ? above : above == 0 || mark - below <= above - mark ? below : above;
    }

    /// <summary>The covered mark next to those that are not, between one of each.</summary>
    private long Last(long uncovered, long covered)
    {
        while (Math.Abs(covered - uncovered) > 1)
        {
            long middle = uncovered + ((covered - uncovered) / 2);
            if (Covers(middle))
            {
                covered = middle;
            }
            else
            {
                uncovered = middle;
            }
        }

        return covered;
    }

    private bool Covers(long ticks)
    {
        ref readonly Market market = ref _state.Markets[_market];
        long spare = _others;
        for (int index = _state.Accounts[_account].FirstPosition; index != 0; index = _state.Positions[index].Next)
        {
            ref readonly Position position = ref _state.Positions[index];
            if (position.Market == _market && position.SizeLots != 0 && position.IsIsolated == 0)
            {
                long value = Requirements.Notional(position.AbsoluteLots, ticks, in market);
                spare += position.SizeLots > 0 ? value - position.EntryCostUnits : position.EntryCostUnits - value;
                spare -= Requirements.RequirementOf(value, position.EntryCostUnits, in market);
            }
        }

        return spare >= 0;
    }
}
