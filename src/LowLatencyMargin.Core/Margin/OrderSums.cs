using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Margin;

/// <summary>The sums of one account's orders in one market, as they are or as they would be.</summary>
public struct OrderSums
{
    /// <summary>Leaves of the buys.</summary>
    public long BuyLots;

    /// <summary>Their notional at the hold price.</summary>
    public long BuyHoldUnits;

    /// <summary>Leaves of the sells.</summary>
    public long SellLots;

    /// <summary>Their notional at the hold price.</summary>
    public long SellHoldUnits;

    /// <summary>Lowest hold price of the sells since there was none last.</summary>
    public long SellLowTicks;

    /// <summary>With one more order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Side side, long lots, long holdTicks, long holdUnits)
    {
        if (side == Side.Buy)
        {
            BuyLots += lots;
            BuyHoldUnits += holdUnits;
        }
        else
        {
            SellLowTicks = SellLots == 0 ? holdTicks : Math.Min(SellLowTicks, holdTicks);
            SellLots += lots;
            SellHoldUnits += holdUnits;
        }
    }

    /// <summary>With that much less of an order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(Side side, long lots, long holdUnits)
    {
        if (side == Side.Buy)
        {
            BuyLots -= lots;
            BuyHoldUnits -= holdUnits;
        }
        else
        {
            SellLots -= lots;
            SellHoldUnits -= holdUnits;
            SellLowTicks = SellLots == 0 ? 0 : SellLowTicks;
        }
    }

    /// <summary>Lots of one side beyond what only reduces the position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly long ExcessLots(Side side, long sizeLots, bool offset)
    {
        long lots = side == Side.Buy ? BuyLots : SellLots;
        long against = side == Side.Buy ? -sizeLots : sizeLots;
        return Math.Max(0, lots - (offset ? Math.Max(0, against) : 0));
    }

    /// <summary>
    /// Notional of each side beyond what only reduces the position. The reducing lots are taken at the average of the buys, and at the lowest
    /// hold price of the sells: the sells that are left are the dear ones, so this never asks for too little.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Left(long sizeLots, in Market market, out long buyUnits, out long sellUnits)
    {
        buyUnits = BuyHoldUnits;
        sellUnits = SellHoldUnits;
        if (market.Parameters.OffsetPosition == 0)
        {
            return;
        }

        if (sizeLots < 0 && buyUnits != 0)
        {
            long left = BuyLots + sizeLots;
            buyUnits = left <= 0 ? 0 : Exact.MultiplyDivideUp(buyUnits, left, BuyLots);
        }
        else if (sizeLots > 0 && sellUnits != 0)
        {
            sellUnits = SellLots <= sizeLots ? 0 : sellUnits - (sizeLots * SellLowTicks * market.TickValueUnits);
        }
    }
}
