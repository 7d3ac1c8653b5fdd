using System;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;

namespace LowLatencyMargin.Core.Margin;

/// <summary>An isolated position with its orders filled: whether it could bear them .</summary>
public static class IsolatedOrders
{
    /// <summary>Whether orders of the position's own side rest.</summary>
    public static bool Grow(in Position position) =>
        position.IsIsolated != 0 && ((position.SizeLots > 0 && position.Orders.BuyLots != 0) || (position.SizeLots < 0 && position.Orders.SellLots != 0));

    /// <summary>The position with all resting orders of its own side filled at their hold prices.</summary>
    public static Position Filled(in Position position, in OrderSums sums, in Market market) =>
        Filled(in position, position.SizeLots < 0 ? Side.Sell : Side.Buy, in sums, in market);

    /// <summary>The same for a side that nothing is open against.</summary>
    public static Position Filled(in Position position, Side side, in OrderSums sums, in Market market)
    {
        Position after = position;
        bool isShort = side == Side.Sell;
        Open(ref after, side, isShort ? sums.SellLots : sums.BuyLots, isShort ? sums.SellHoldUnits : sums.BuyHoldUnits, in market);
        return after;
    }

    /// <summary>Opens as settlement does, with a pool that has what it takes.</summary>
    public static void Open(ref Position position, Side side, long lots, long costUnits, in Market market)
    {
        bool isShort = side == Side.Sell;
        long own = Requirements.InitialMarginAdded(position.EntryCostUnits, costUnits, isShort, position.LeverageRate, in market);
        position.SizeLots += isShort ? -lots : lots;
        position.EntryCostUnits += costUnits;
        long missing = Requirements.InitialMarginAtEntry(in position, in market) - position.MarginUnits;
        position.MarginUnits += Math.Max(0, Math.Min(own, missing));
    }

    /// <summary>Whether a position would be liquidated at the mark (R-1101).</summary>
    public static bool IsLiquidatable(in Position position, in Market market) => Requirements.IsLiquidatable(
        position.MarginUnits + Requirements.UnrealizedPnl(in position, in market),
        Requirements.Requirement(position.AbsoluteLots, position.EntryCostUnits, in market),
        in market);

    /// <summary>Whether the position could not bear its own resting orders .</summary>
    public static bool AreUnaffordable(in Position position, in Market market)
    {
        if (!Grow(in position))
        {
            return false;
        }

        Position after = Filled(in position, in position.Orders, in market);
        return IsLiquidatable(in after, in market);
    }
}
