using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>
/// Whether an isolated position bears an order that fills in part. A part can be worse than the whole: margin beyond the initial one
/// draws nothing at first, and what is drawn jumps where a tier ends. Between such points, at one rate, equity less requirement is concave, so
/// the ends decide; where the rate rises with the notional, that of a stretch's start counts for all of it, which never draws too much.
/// </summary>
public static class PartialFills
{
    /// <summary>Stretches that notional with a size add-on is looked at in.</summary>
    private const int Stretches = 8;

    /// <summary>Whether the position, after what the order closes, can take any part of the rest without being liquidatable at the mark.</summary>
    public static bool AreBorne(in Position position, Side side, long lots, long units, in Market market)
    {
        long cost = position.EntryCostUnits;
        long initial = Requirements.InitialMarginAtEntry(in position, in market);
        bool hasSpare = position.MarginUnits > initial;
        if (market.Rates.IsGraded == 0 && !hasSpare)
        {
            return true;
        }

        var order = new Part(side, lots, units, Math.Max(initial, position.MarginUnits));
        long end = cost + units;
        long to;
        for (long from = cost; from < end; from = to)
        {
            to = NextCut(from, cost, end, in market);
            long first = from == cost ? 0 : Exact.MultiplyDivideUp(from - cost, lots, units);
            long last = to == end ? lots : Exact.MultiplyDivideUp(to - cost, lots, units) - 1;
            if (last < first)
            {
                continue;
            }

            int rate = Requirements.InitialRate(from, side == Side.Sell, position.LeverageRate, in market);
            if (!order.IsBorne(in position, last, rate, in market) || (first > 0 && !order.IsBorne(in position, first, rate, in market)))
            {
                return false;
            }

            long drawsFrom = hasSpare ? DrawsFrom(position.MarginUnits, rate, to) : 0;
            if (drawsFrom <= from || drawsFrom >= to)
            {
                continue;
            }

            // the last lot that draws nothing, and the first that does
            long free = Math.Clamp(Exact.MultiplyDivideDown(drawsFrom - cost, lots, units), first, last);
            if (!order.IsBorne(in position, free, rate, in market) || !order.IsBorne(in position, Math.Min(free + 1, last), rate, in market))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The notional whose initial margin a margin is; <paramref name="most"/> when it is more than that.</summary>
    private static long DrawsFrom(long marginUnits, int rate, long most) =>
        marginUnits >= Rate.OfRoundedUp(most, rate) ? most : Exact.MultiplyDivideDown(marginUnits, Rate.Scale, rate);

    /// <summary>
    /// Where the stretch of notional that begins here ends: at the tier's limit, where the size add-on begins, or at an eighth of what it counts for.
    /// </summary>
    private static long NextCut(long from, long cost, long end, in Market market)
    {
        ref readonly MarketParameters p = ref market.Parameters;
        int tier = p.TierCount == 0 ? 0 : GradedMargin.TierOf(from, in p.Tiers, p.TierCount);
        long cut = tier >= p.TierCount - 1 ? end : Math.Min(end, p.Tiers[tier].LimitUnits);
        if (p.SizeAddOnRate == 0 || p.SizeAddOnFromUnits >= end)
        {
            return cut;
        }

        long start = Math.Max(cost, p.SizeAddOnFromUnits);
        long width = (end - start + (Stretches - 1)) / Stretches;
        return Math.Min(cut, from < start ? start : start + ((((from - start) / width) + 1) * width));
    }

    /// <summary>What an order opens, with the margin below which it draws nothing.</summary>
    private readonly struct Part(Side side, long totalLots, long units, long heldUnits)
    {
        /// <summary>So many lots of it, their margin drawn at a rate.</summary>
        public bool IsBorne(in Position position, long lots, int rate, in Market market)
        {
            if (lots == 0)
            {
                return true;
            }

            Position after = position;
            after.SizeLots += side == Side.Buy ? lots : -lots;
            after.EntryCostUnits += Exact.MultiplyDivideUp(units, lots, totalLots);
            after.MarginUnits += Math.Max(0, Rate.OfRoundedUp(after.EntryCostUnits, rate) - heldUnits);
            return !IsolatedOrders.IsLiquidatable(in after, in market);
        }
    }
}
