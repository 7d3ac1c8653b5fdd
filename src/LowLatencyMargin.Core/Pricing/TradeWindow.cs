using System;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Core.Pricing;

/// <summary>Own trades of the last while, in 64 parts of it (R-801 a): the sums over all of them.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TradeWindow
{
    /// <summary>Parts of a window.</summary>
    public const int Parts = 64;

    /// <summary>Sum of lots x ticks.</summary>
    public UInt128 Value;

    /// <summary>Lots.</summary>
    public long Lots;

    /// <summary>Trades.</summary>
    public long Trades;

    /// <summary>Number of the newest part.</summary>
    public long Newest;

    /// <summary>Average price in ticks, the nearest, halves up; 0: no trade is in the window.</summary>
    public readonly long AverageTicks => Lots == 0 ? 0 : (long)((Value + (ulong)(Lots / 2)) / (ulong)Lots);

    /// <summary>Leaves out the parts that the window has passed; those of a market stand one behind the other.</summary>
    public void Advance(long timeNs, int windowMs, NativeArray<TradePart> parts, int market)
    {
        long number = timeNs / PartNs(windowMs);
        long passed = Math.Min(Parts, number - Newest);
        for (long i = 1; i <= passed; i++)
        {
            ref TradePart part = ref parts.Edit(RowOf(market, Newest + i));
            Value -= part.Value;
            Lots -= part.Lots;
            Trades -= part.Trades;
            part = default;
        }

        Newest = Math.Max(Newest, number);
    }

    /// <summary>Takes in a trade of now: <see cref="Advance"/> first.</summary>
    public void Add(long lots, long ticks, NativeArray<TradePart> parts, int market)
    {
        ulong value = (ulong)(lots * ticks);
        ref TradePart part = ref parts.Edit(RowOf(market, Newest));
        part.Value += value;
        part.Lots += lots;
        part.Trades++;
        Value += value;
        Lots += lots;
        Trades++;
    }

    private static int RowOf(int market, long number) => (market * Parts) + unchecked((int)(number & (Parts - 1)));

    /// <summary>Length of a part; the window is a whole number of milliseconds, so 64 parts of it are whole nanoseconds.</summary>
    private static long PartNs(int windowMs) => windowMs * (1_000_000L / Parts);
}

/// <summary>One part.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TradePart
{
    /// <summary>Sum of lots x ticks.</summary>
    public UInt128 Value;

    /// <summary>Lots.</summary>
    public long Lots;

    /// <summary>Trades.</summary>
    public long Trades;
}
