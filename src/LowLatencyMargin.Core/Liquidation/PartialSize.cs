using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Liquidation;

/// <summary>
/// How many lots of a position to close so that its scope reaches the target again (R-1105; docs/liquidation.md has the formula). Exact: nothing is rounded
/// but the entry cost of a part; five units stand for what booking rounds.
/// </summary>
public readonly ref struct PartialSize
{
    private const int RoundingUnits = 5;

    private readonly ref readonly Position _position;
    private readonly ref readonly Market _market;
    private readonly ref readonly LiquidationRules _rules;
    private readonly long _lotUnits;
    private readonly long _equityUnits;
    private readonly long _othersUnits;
    private readonly long _closedLots;
    private readonly long _closedUnits;

    /// <summary>The position as it stands, and the scope around it.</summary>
    /// <param name="position">The position.</param>
    /// <param name="market">Its market.</param>
    /// <param name="rules">The market's rules.</param>
    /// <param name="equityUnits">Equity of the scope.</param>
    /// <param name="othersUnits">Requirement of the scope's other positions and loans.</param>
    /// <param name="closedLots">What the liquidation has closed so far.</param>
    /// <param name="closedUnits">What that came to on the book.</param>
    public PartialSize(
        in Position position, in Market market, in LiquidationRules rules, long equityUnits, long othersUnits, long closedLots, long closedUnits)
    {
        _position = ref position;
        _market = ref market;
        _rules = ref rules;
        _lotUnits = market.MarkTicks * market.TickValueUnits;
        _equityUnits = equityUnits;
        _othersUnits = othersUnits;
        _closedLots = closedLots;
        _closedUnits = closedUnits;
    }

    /// <summary>The lots to close, all of them if no part will do.</summary>
    public long Find()
    {
        long all = _position.AbsoluteLots;
        long notional = all * _lotUnits;
        if (_rules.Partial == 0 || _equityUnits <= 0 || notional < _rules.PartialMinNotionalUnits || all == 1)
        {
            return all;
        }

        long least = Exact.MultiplyDivideUp(all, _rules.PartialMinFractionRate, Rate.Scale);
        long size = all;
        if (least > 0 && least < all && Suffices(least))
        {
            size = least;
        }
        else if (least < all)
        {
            long fewest = Fewest(all);
            size = fewest < least ? all : fewest;
        }

        long down = LotsToLowerTier(all, notional);
        return down < size && Suffices(down) ? down : size;
    }

    /// <summary>Whether closing so many lots at the mark leaves the target: G(q) at or above 0.</summary>
    public bool Suffices(long lots) => Left(lots) >= 0;

    /// <summary>G(q): below 2^120 whatever the rates are, for no notional is above <see cref="Exact.MaxNotionalUnits"/>.</summary>
    private Int128 Left(long lots)
    {
        unchecked
        {
            ref readonly MarketParameters p = ref _market.Parameters;
            Int128 penalty = Int128.Max(
                Math.BigMul(p.MinPenaltyUnits, Rate.Scale), Math.BigMul(_lotUnits * (_closedLots + lots), p.PenaltyRate));
            Int128 fee = Math.BigMul(_closedUnits + (_lotUnits * lots), p.TakerFeeRate);
            Int128 left = (Math.BigMul(_equityUnits - RoundingUnits, Rate.Scale) - fee - penalty) * Rate.Scale;
            return left - (_rules.PartialTargetRate * RequirementE8(_position.AbsoluteLots - lots));
        }
    }

    /// <summary>The requirement of the scope with so many lots, in units x S.</summary>
    private Int128 RequirementE8(long lots)
    {
        unchecked
        {
            long notional = lots * _lotUnits;
            long counted = _market.Parameters.MaintenanceMarginBase == MarginBase.Mark
                ? notional
                : Exact.MultiplyDivideUp(_position.EntryCostUnits, lots, _position.AbsoluteLots);
            return Math.BigMul(_othersUnits, Rate.Scale) + GradedMargin.MaintenanceE8(counted, in _market) + Math.BigMul(notional, _market.ReserveRate);
        }
    }

    /// <summary>The fewest lots that suffice; all when no part does. G is concave: where it does not fall at the end, it never does.</summary>
    private long Fewest(long all)
    {
        long top = all - 1;
        if (top > 1 && Left(top) < Left(top - 1))
        {
            top = Highest(top);
        }

        if (!Suffices(top))
        {
            return all;
        }

        long first = 1;
        while (first < top)
        {
            long middle = first + ((top - first) / 2);
            if (Suffices(middle))
            {
                top = middle;
            }
            else
            {
                first = middle + 1;
            }
        }

        return first;
    }

    /// <summary>Where G is highest: beyond, the penalty costs more than the requirement that it frees.</summary>
    private long Highest(long most)
    {
        long low = 1;
        long high = most;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (Left(middle + 1) > Left(middle))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The fewest lots that take the position's notional into the tier below; all when there is none.</summary>
    private long LotsToLowerTier(long all, long notional)
    {
        int tier = _market.Rates.TierCount <= 1 ? 0 : GradedMargin.TierOf(notional, in _market.Margin.Maintenance, _market.Rates.TierCount);
        return tier == 0 ? all : all - ((_market.Margin.Maintenance[tier - 1].LimitUnits - 1) / _lotUnits);
    }
}
