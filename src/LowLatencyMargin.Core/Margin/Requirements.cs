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

    /// <summary>
    /// What an open position adds to the equity of its scope beyond its margin: size x mark - cost, less the funding that it owes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long UnrealizedPnl(in Position position, in Market market)
    {
        long pnl = PricePnl(in position, in market);
        return position.FundingIndexE8 == market.FundingIndexE8 ? pnl : pnl - Pricing.FundingCharge.Of(in position, in market).AmountUnits;
    }

    /// <summary>The part of it that the price makes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long PricePnl(in Position position, in Market market)
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

    /// <summary>Initial margin of a notional: ceil(notional x rate), the rate being the market's or the leverage's, if that asks for more .</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long InitialMargin(long notionalUnits, bool isShort, int leverageRate, in Market market) => market.Rates.IsGraded == 0
        ? Rate.OfRoundedUp(notionalUnits, InitialRate(isShort, leverageRate, in market))
        : GradedMargin.Initial(notionalUnits, isShort, leverageRate, in market);

    /// <summary>Initial margin of a position at the mark.</summary>
    public static long InitialMargin(in Position position, in Market market) =>
        InitialMargin(Notional(position.AbsoluteLots, market.MarkTicks, in market), position.SizeLots < 0, position.LeverageRate, in market);

    /// <summary>Initial margin of a position on what it was entered for.</summary>
    public static long InitialMarginAtEntry(in Position position, in Market market) =>
        InitialMargin(position.EntryCostUnits, position.SizeLots < 0, position.LeverageRate, in market);

    /// <summary>What a fill adds to the initial margin of a position that was entered for so much on the same side.</summary>
    public static long InitialMarginAdded(long entryCostUnits, long addedUnits, bool isShort, int leverageRate, in Market market) =>
        market.Rates.IsGraded == 0 ? Rate.OfRoundedUp(addedUnits, InitialRate(isShort, leverageRate, in market))
        : GradedMargin.Added(entryCostUnits, addedUnits, isShort, leverageRate, in market);

    /// <summary>What <see cref="MarginCheck.Available(int)"/> keeps back for a cross position: initial margin, no less than its requirement .</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Kept(in Position position, in Market market)
    {
        long notional = Notional(position.AbsoluteLots, market.MarkTicks, in market);
        long initial = InitialMargin(notional, position.SizeLots < 0, position.LeverageRate, in market);
        return notional >> market.Rates.CoversFromBits != 0 ? initial : Math.Max(initial, RequirementOf(notional, position.EntryCostUnits, in market));
    }

    /// <summary>Maintenance margin: ceil(notional x rate), of the mark or of the entry .</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long MaintenanceMargin(long notionalAtMark, long entryCostUnits, in Market market)
    {
        long notional = market.Parameters.MaintenanceMarginBase == MarginBase.Mark ? notionalAtMark : entryCostUnits;
        return market.Rates.TierCount == 0 ? Rate.OfRoundedUp(notional, market.Rates.MaintenanceRate) : GradedMargin.Maintenance(notional, in market);
    }

    /// <summary>
    /// What equity is held against: maintenance margin and, if the market says so, the reserve for closing fee and penalty (R-1101).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Requirement(long lots, long entryCostUnits, in Market market) =>
        RequirementOf(Notional(lots, market.MarkTicks, in market), entryCostUnits, in market);

    /// <summary>The same for a notional.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long RequirementOf(long notionalUnits, long entryCostUnits, in Market market) =>
        MaintenanceMargin(notionalUnits, entryCostUnits, in market) + Rate.OfRoundedUp(notionalUnits, market.ReserveRate);

    /// <summary>Whether a scope with this equity is to be liquidated (R-1101).</summary>
    public static bool IsLiquidatable(long equityUnits, long requirementUnits, in Market market) =>
        market.Parameters.Trigger == LiquidationTrigger.Reaches ? equityUnits <= requirementUnits : equityUnits < requirementUnits;

    /// <summary>
    /// Margin of the orders in one market: what each side's notional at the hold price, less what only reduces the position, adds to
    /// the initial margin, with the taker fee.
    /// </summary>
    public static long OrderMargin(in Position position, in OrderSums sums, in Market market)
    {
        sums.Left(position.SizeLots, in market, out long buys, out long sells);
        int fee = market.Parameters.TakerFeeRate;
        long buyMargin;
        long sellMargin;
        if (market.Rates.IsGraded == 0)
        {
            buyMargin = Rate.OfRoundedUp(buys, InitialRate(false, position.LeverageRate, in market));
            sellMargin = Rate.OfRoundedUp(sells, InitialRate(true, position.LeverageRate, in market));
        }
        else
        {
            long held = position.IsIsolated != 0 ? position.EntryCostUnits : Notional(position.AbsoluteLots, market.MarkTicks, in market);
            buyMargin = GradedMargin.Added(position.SizeLots > 0 ? held : 0, buys, false, position.LeverageRate, in market);
            sellMargin = GradedMargin.Added(position.SizeLots < 0 ? held : 0, sells, true, position.LeverageRate, in market);
        }

        buyMargin += Rate.OfRoundedUp(buys, fee);
        sellMargin += Rate.OfRoundedUp(sells, fee);
        bool sum = position.IsIsolated != 0 && market.Parameters.IsolatedOrderMargin == OrderMarginRule.Sum;
        return sum ? buyMargin + sellMargin : Math.Max(buyMargin, sellMargin);
    }

    /// <summary>Initial margin rate of a notional.</summary>
    public static int InitialRate(long notionalUnits, bool isShort, int leverageRate, in Market market) => market.Rates.IsGraded == 0
        ? InitialRate(isShort, leverageRate, in market)
        : GradedMargin.InitialRate(notionalUnits, isShort, leverageRate, in market);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int InitialRate(bool isShort, int leverageRate, in Market market) =>
        Math.Max(isShort ? market.Rates.InitialShortRate : market.Rates.InitialLongRate, leverageRate);
}
