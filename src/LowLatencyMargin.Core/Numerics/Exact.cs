using System;
using System.Runtime.CompilerServices;

namespace LowLatencyMargin.Core.Numerics;

/// <summary>
/// Exact products and the one place where products are divided. Money is a whole number of the asset's smallest units, a price a whole
/// number of ticks, a quantity a whole number of lots, and a market's tick value (units per tick x lot) a whole number too: notional and
/// profit are therefore exact, and only ratios round.
/// </summary>
public static class Exact
{
    /// <summary>Prices lie in 1 .. 2^40 - 1 ticks.</summary>
    public const long MaxPriceTicks = (1L << 40) - 1;

    /// <summary>Quantities lie in 1 .. 2^40 - 1 lots.</summary>
    public const long MaxQuantityLots = (1L << 40) - 1;

    /// <summary>
    /// What all positions and resting orders of one market may come to, in units, at the mark or at an order's own price: 2^56. With at most
    /// <see cref="MaxPositionsPerAccount"/> positions in an account no sum over them leaves 63 bits.
    /// </summary>
    public const long MaxNotionalUnits = 1L << 56;

    /// <summary>The most markets that one account can have rows in.</summary>
    public const int MaxPositionsPerAccount = 64;

    /// <summary>What all deposits together may come to, in units: 2^60.</summary>
    public const long MaxMoneyUnits = 1L << 60;

    /// <summary>
    /// lots x ticks x tick value. False, and nothing in <paramref name="units"/>, when the product is above <see cref="MaxNotionalUnits"/> (R-101).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryNotional(long lots, long ticks, long tickValueUnits, out long units)
    {
        ulong high = Wide.Multiply(unchecked((ulong)lots), unchecked((ulong)ticks), out ulong low);
        ulong high2 = Wide.Multiply(low, unchecked((ulong)tickValueUnits), out ulong product);
        if ((high | high2) != 0 || product > MaxNotionalUnits)
        {
            units = 0;
            return false;
        }

        units = unchecked((long)product);
        return true;
    }

    /// <summary>value x numerator / denominator, rounded down. All 0 or more, denominator above 0, the result must fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long MultiplyDivideDown(long value, long numerator, long denominator)
    {
        ulong high = Wide.Multiply(unchecked((ulong)value), unchecked((ulong)numerator), out ulong low);
        return high == 0 ? (long)(low / (ulong)denominator) : (long)(new UInt128(high, low) / (ulong)denominator);
    }

    /// <summary>value x numerator / denominator, rounded up. All 0 or more, denominator above 0, the result must fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long MultiplyDivideUp(long value, long numerator, long denominator)
    {
        ulong high = Wide.Multiply(unchecked((ulong)value), unchecked((ulong)numerator), out ulong low);
        if (high == 0)
        {
            ulong quotient = low / (ulong)denominator;
            return (long)quotient + (quotient * (ulong)denominator == low ? 0 : 1);
        }

        return (long)((new UInt128(high, low) + (ulong)(denominator - 1)) / (ulong)denominator);
    }
}
