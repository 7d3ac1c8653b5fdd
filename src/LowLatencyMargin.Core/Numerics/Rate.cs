using System;
using System.Runtime.CompilerServices;

namespace LowLatencyMargin.Core.Numerics;

/// <summary>
/// Ratios (margin, fees, penalties) in hundred-millionths: 1 % is 1,000,000 and 1 bp is 10,000. The direction of rounding is part of the
/// operation's name: what someone owes is rounded up, what someone gets is rounded down.
/// </summary>
public static class Rate
{
    /// <summary>One, that is 100 %.</summary>
    public const int Scale = 100_000_000;

    /// <summary>One basis point.</summary>
    public const int BasisPoint = Scale / 10_000;

    /// <summary>
    /// <paramref name="amountUnits"/> x <paramref name="rate"/>, rounded up. Both must be 0 or more; the result fits as long as rate is at most 8 x
    /// <see cref="Scale"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long OfRoundedUp(long amountUnits, long rate)
    {
        ulong high = Wide.Multiply(unchecked((ulong)amountUnits), unchecked((ulong)rate), out ulong low);
        ulong sum = unchecked(low + (Scale - 1));
        return high == 0 && sum >= low ? unchecked((long)(sum / Scale)) : WideRoundedUp(amountUnits, rate);
    }

    /// <summary><paramref name="amountUnits"/> x <paramref name="rate"/>, rounded down. Both must be 0 or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long OfRoundedDown(long amountUnits, long rate)
    {
        ulong high = Wide.Multiply(unchecked((ulong)amountUnits), unchecked((ulong)rate), out ulong low);
        return high == 0 ? unchecked((long)(low / Scale)) : WideRoundedDown(amountUnits, rate);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long WideRoundedUp(long amountUnits, long rate) => (long)((((UInt128)amountUnits * (ulong)rate) + (Scale - 1)) / Scale);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long WideRoundedDown(long amountUnits, long rate) => (long)((UInt128)amountUnits * (ulong)rate / Scale);
}
