using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>The formulas of margin, one by one, without state. Amounts in units of the collateral asset, prices in ticks, sizes in lots.</summary>
public static class Requirements
{
    /// <summary>Keys of the liquidation index are prices in ticks x 2^16.</summary>
    public const int KeyFraction = 1 << 16;

    /// <summary>Value of a position at the mark.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Notional(long lots, long ticks, in Market market) => lots * ticks * market.TickValueUnits;

    /// <summary>size x mark - cost, signed .</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long UnrealizedPnl(in Position position, in Market market)
    {
        long value = position.SizeLots * market.MarkTicks * market.TickValueUnits;
        return position.SizeLots < 0 ? value + position.EntryCostUnits : value - position.EntryCostUnits;
    }

    /// <summary>The part of the entry cost that closing so many lots takes with it, rounded against the owner .</summary>
    public static long ReleasedCost(in Position position, long lots)
    {
        long held = position.AbsoluteLots;
        return lots == held ? position.EntryCostUnits
            : position.SizeLots > 0 ? Exact.MultiplyDivideUp(position.EntryCostUnits, lots, held)
            : Exact.MultiplyDivideDown(position.EntryCostUnits, lots, held);
    }

    /// <summary>The initial margin rate of a side for this account: the market's, or the leverage's if that asks for more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int InitialRate(bool isShort, int leverageRate, in Market market) =>
        Math.Max(isShort ? market.Parameters.InitialMarginShortRate : market.Parameters.InitialMarginLongRate, leverageRate);

    /// <summary>Initial margin of a position at the mark: ceil(notional x rate) .</summary>
    public static long InitialMargin(in Position position, in Market market) =>
        Rate.OfRoundedUp(Notional(position.AbsoluteLots, market.MarkTicks, in market), InitialRate(position.SizeLots < 0, position.LeverageRate, in market));

    /// <summary>Initial margin of a position on what it was entered for.</summary>
    public static long InitialMarginAtEntry(in Position position, in Market market) =>
        Rate.OfRoundedUp(position.EntryCostUnits, InitialRate(position.SizeLots < 0, position.LeverageRate, in market));

    /// <summary>Maintenance margin: ceil(notional x rate), of the mark or of the entry .</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long MaintenanceMargin(long notionalAtMark, long entryCostUnits, in Market market) =>
        Rate.OfRoundedUp(
            market.Parameters.MaintenanceMarginBase == MarginBase.Mark ? notionalAtMark : entryCostUnits,
            market.Parameters.MaintenanceMarginRate);

    /// <summary>
    /// What equity is held against: maintenance margin and, if the market says so, the reserve for closing fee and penalty (R-1101).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Requirement(long lots, long entryCostUnits, in Market market)
    {
        long notional = Notional(lots, market.MarkTicks, in market);
        return MaintenanceMargin(notional, entryCostUnits, in market) + Rate.OfRoundedUp(notional, market.ReserveRate);
    }

    /// <summary>Whether a scope with this equity is to be liquidated (R-1101).</summary>
    public static bool IsLiquidatable(long equityUnits, long requirementUnits, in Market market) =>
        market.Parameters.Trigger == LiquidationTrigger.Reaches ? equityUnits <= requirementUnits : equityUnits < requirementUnits;

    /// <summary>
    /// Margin of the orders in one market: each side's notional at the hold price, less what only reduces the position, x
    /// initial rate and taker fee, both rounded up. The reducing lots are taken at the average of the buys, and at the lowest hold price of
    /// the sells: the sells that are left are the dear ones, so this never asks for too little.
    /// </summary>
    public static long OrderMargin(in Position position, in OrderSums sums, in Market market)
    {
        long buys = sums.BuyHoldUnits;
        long sells = sums.SellHoldUnits;
        if (market.Parameters.OffsetPosition != 0)
        {
            long size = position.SizeLots;
            if (size < 0 && buys != 0)
            {
                long left = sums.BuyLots + size;
                buys = left <= 0 ? 0 : Exact.MultiplyDivideUp(buys, left, sums.BuyLots);
            }
            else if (size > 0 && sells != 0)
            {
                sells = sums.SellLots <= size ? 0 : sells - (size * sums.SellLowTicks * market.TickValueUnits);
            }
        }

        int fee = market.Parameters.TakerFeeRate;
        long buyMargin = Rate.OfRoundedUp(buys, InitialRate(false, position.LeverageRate, in market)) + Rate.OfRoundedUp(buys, fee);
        long sellMargin = Rate.OfRoundedUp(sells, InitialRate(true, position.LeverageRate, in market)) + Rate.OfRoundedUp(sells, fee);
        bool sum = position.IsIsolated != 0 && market.Parameters.IsolatedOrderMargin == OrderMarginRule.Sum;
        return sum ? buyMargin + sellMargin : Math.Max(buyMargin, sellMargin);
    }

    /// <summary>
    /// Liquidation price of a position with this margin behind it: where equity meets the requirement, rounded to the tick toward the
    /// mark. 0 when there is none.
    /// </summary>
    public static long LiquidationPrice(in Position position, long marginUnits, in Market market)
    {
        if (position.SizeLots == 0)
        {
            return 0;
        }

        bool byEntry = market.Parameters.MaintenanceMarginBase == MarginBase.Entry;
        long atEntry = byEntry ? Rate.OfRoundedUp(position.EntryCostUnits, market.Parameters.MaintenanceMarginRate) : 0;
        long rate = market.ReserveRate + (byEntry ? 0 : market.Parameters.MaintenanceMarginRate);
        UInt128 lotValue = (UInt128)(ulong)position.AbsoluteLots * (ulong)market.TickValueUnits;
        if (position.SizeLots > 0)
        {
            long due = position.EntryCostUnits + atEntry - marginUnits;
            if (due <= 0 || rate >= Rate.Scale)
            {
                return 0;
            }

            UInt128 divisor = lotValue * (ulong)(Rate.Scale - rate);
            UInt128 ticks = (((UInt128)(ulong)due * Rate.Scale) + (divisor - 1)) / divisor;
            return (long)UInt128.Min(ticks, (ulong)Exact.MaxPriceTicks);
        }

        long credit = position.EntryCostUnits - atEntry + marginUnits;
        if (credit <= 0)
        {
            return 1;
        }

        UInt128 price = (UInt128)(ulong)credit * Rate.Scale / (lotValue * (ulong)(Rate.Scale + rate));
        return price > (ulong)Exact.MaxPriceTicks ? 0 : (long)price;
    }

    /// <summary>
    /// Key of a position in the liquidation index, the larger the sooner: for longs the price per lot that its margin leaves it, for shorts
    /// that price negated. The mark does not enter, nor does a rate unless maintenance is a share of the entry, so neither rewrites it.
    /// Rounded, with two units for the two roundings of the
    /// requirement, so that the index is never late; the exact test decides. <see cref="long.MinValue"/>: can't be liquidated.
    /// </summary>
    public static long IndexKey(in Position position, long marginUnits, in Market market)
    {
        long atEntry = market.Parameters.MaintenanceMarginBase == MarginBase.Entry
            ? Rate.OfRoundedUp(position.EntryCostUnits, market.Parameters.MaintenanceMarginRate)
            : 0;
        long lotValue = position.AbsoluteLots * market.TickValueUnits;
        if (position.SizeLots > 0)
        {
            long due = position.EntryCostUnits + atEntry + 2 - marginUnits;
            if (due <= 0)
            {
                return long.MinValue;
            }

            // losses elsewhere can leave a share far below zero: beyond every threshold is far enough
            UInt128 keyOfLong = (((UInt128)(ulong)due * KeyFraction) + (ulong)(lotValue - 1)) / (ulong)lotValue;
            return keyOfLong > (ulong)long.MaxValue ? long.MaxValue : (long)keyOfLong;
        }

        long credit = position.EntryCostUnits - atEntry - 2 + marginUnits;
        if (credit <= 0)
        {
            return 0;
        }

        UInt128 key = (UInt128)(ulong)credit * KeyFraction / (ulong)lotValue;
        return key > (UInt128)((Int128)Exact.MaxPriceTicks * KeyFraction * 16) ? long.MinValue : -(long)key;
    }

    /// <summary>Longs whose key is at or above this are to be examined at the market's mark.</summary>
    public static long LongThreshold(in Market market)
    {
        long rate = market.ReserveRate + (market.Parameters.MaintenanceMarginBase == MarginBase.Mark ? market.Parameters.MaintenanceMarginRate : 0);
        return Exact.MultiplyDivideDown(market.MarkTicks * KeyFraction, Math.Max(0, Rate.Scale - rate), Rate.Scale);
    }

    /// <summary>Shorts whose key is at or above this are to be examined at the market's mark.</summary>
    public static long ShortThreshold(in Market market)
    {
        long rate = market.ReserveRate + (market.Parameters.MaintenanceMarginBase == MarginBase.Mark ? market.Parameters.MaintenanceMarginRate : 0);
        return -Exact.MultiplyDivideUp(market.MarkTicks * KeyFraction, Rate.Scale + rate, Rate.Scale);
    }
}
