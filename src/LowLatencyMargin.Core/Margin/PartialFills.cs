using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>
/// Whether an isolated position bears an order that fills in part. A part can be worse than the whole: margin beyond the initial one
/// draws nothing at first, and what is drawn jumps where a tier ends. Between such points equity less requirement is concave, so the ends decide.
/// </summary>
public static class PartialFills
{
    /// <summary>Whether the position, after what the order closes, can take any part of the rest without being liquidatable at the mark.</summary>
    public static bool AreBorne(in Position position, Side side, long lots, long units, in Market market)
    {
        long cost = position.EntryCostUnits;
        long initial = Requirements.InitialMarginAtEntry(in position, in market);
        if (market.Rates.IsGraded == 0 && position.MarginUnits <= initial)
        {
            return true;
        }

        bool isShort = side == Side.Sell;
        long from = cost;
        while (from < cost + units)
        {
            long limit = NextLimit(from, in market);
            bool isLast = limit >= cost + units;
            long end = isLast ? lots : Exact.MultiplyDivideUp(limit - cost, lots, units);
            long rate = Requirements.InitialRate(from, isShort, position.LeverageRate, in market);
            if (!IsBorne(in position, side, end, lots, units, rate, in market))
            {
                return false;
            }

            // the last lot that draws nothing, and the first that does
            long drawsFrom = Exact.MultiplyDivideDown(Math.Max(0, position.MarginUnits), Rate.Scale, rate);
            if (position.MarginUnits > initial && drawsFrom > from && drawsFrom < Math.Min(limit, cost + units))
            {
                long last = Exact.MultiplyDivideDown(drawsFrom - cost, lots, units);
                if (!IsBorne(in position, side, last, lots, units, rate, in market)
                    || !IsBorne(in position, side, Math.Min(last + 1, end), lots, units, rate, in market))
                {
                    return false;
                }
            }

            from = isLast ? cost + units : limit;
        }

        return true;
    }

    private static long NextLimit(long notionalUnits, in Market market)
    {
        ref readonly MarketParameters p = ref market.Parameters;
        int tier = p.TierCount == 0 ? 0 : GradedMargin.TierOf(notionalUnits, in p.Tiers, p.TierCount);
        return tier >= p.TierCount - 1 ? long.MaxValue : p.Tiers[tier].LimitUnits;
    }

    /// <summary>A part of the order, its margin drawn at the rate of the stretch of notional that it ends in.</summary>
    private static bool IsBorne(in Position position, Side side, long part, long lots, long units, long rate, in Market market)
    {
        Position after = position;
        after.SizeLots += side == Side.Buy ? part : -part;
        after.EntryCostUnits += Exact.MultiplyDivideUp(units, part, lots);
        long held = Math.Max(Requirements.InitialMarginAtEntry(in position, in market), position.MarginUnits);
        after.MarginUnits += Math.Max(0, Rate.OfRoundedUp(after.EntryCostUnits, rate) - held);
        return after.SizeLots == 0 || !IsolatedOrders.IsLiquidatable(in after, in market);
    }
}
