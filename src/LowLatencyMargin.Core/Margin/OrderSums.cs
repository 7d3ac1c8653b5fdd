using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Core.Margin;

/// <summary>The sums of one account's orders in one market, as they are or as they would be.</summary>
public struct OrderSums
{
    private SideSums _sides;

    /// <summary>Lowest hold price of the sells since there was none last.</summary>
    public long SellLowTicks;

    /// <summary>Leaves of the buys.</summary>
    public readonly long BuyLots => _sides[0].Lots;

    /// <summary>Their notional at the hold price.</summary>
    public readonly long BuyHoldUnits => _sides[0].HoldUnits;

    /// <summary>Leaves of the sells.</summary>
    public readonly long SellLots => _sides[1].Lots;

    /// <summary>Their notional at the hold price.</summary>
    public readonly long SellHoldUnits => _sides[1].HoldUnits;

    /// <summary>With one more order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Side side, long lots, long holdTicks, long holdUnits)
    {
        long low = SellLots == 0 ? holdTicks : Math.Min(SellLowTicks, holdTicks);
        SellLowTicks = side == Side.Sell ? low : SellLowTicks;
        ref SideSum sum = ref _sides[(int)side];
        sum.Lots += lots;
        sum.HoldUnits += holdUnits;
    }

    /// <summary>With that much less of an order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(Side side, long lots, long holdUnits)
    {
        ref SideSum sum = ref _sides[(int)side];
        sum.Lots -= lots;
        sum.HoldUnits -= holdUnits;
        SellLowTicks = SellLots == 0 ? 0 : SellLowTicks;
    }

    /// <summary>Lots of one side beyond what only reduces the position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly long ExcessLots(Side side, long sizeLots, bool offset)
    {
        long against = side == Side.Buy ? -sizeLots : sizeLots;
        long reducible = offset ? Math.Max(0, against) : 0;
        return Math.Max(0, _sides[(int)side].Lots - reducible);
    }

    private struct SideSum
    {
        public long Lots;
        public long HoldUnits;
    }

    [InlineArray(2)]
    private struct SideSums
    {
        private SideSum _first;
    }
}
