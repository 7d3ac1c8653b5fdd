using System;
using LowLatencyMargin.Core.Commands;

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

    /// <summary>Lowest hold price of the sells.</summary>
    public long SellLowTicks;

    /// <summary>With one more order.</summary>
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
            if (SellLots == 0)
            {
                SellLowTicks = 0;
            }
        }
    }

    /// <summary>Lots of one side beyond what only reduces the position.</summary>
    public readonly long ExcessLots(Side side, long sizeLots, bool offset)
    {
        long lots = side == Side.Buy ? BuyLots : SellLots;
        long reducible = !offset ? 0 : side == Side.Buy ? Math.Max(0, -sizeLots) : Math.Max(0, sizeLots);
        return Math.Max(0, lots - reducible);
    }
}
