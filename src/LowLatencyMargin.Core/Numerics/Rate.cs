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
    /// <paramref name="amountUnits"/> x <paramref name="rate"/>, rounded up. Both must be 0 or more, the rate below 2^36; the result fits as long as
    /// rate is at most 8 x <see cref="Scale"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long OfRoundedUp(long amountUnits, long rate)
    {
        ulong whole = Divide(amountUnits, out ulong part);
        return ((long)whole * rate) + unchecked((long)(((part * (ulong)rate) + (Scale - 1)) / Scale));
    }

    /// <summary><paramref name="amountUnits"/> x <paramref name="rate"/>, rounded down. Both must be 0 or more, the rate below 2^36.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long OfRoundedDown(long amountUnits, long rate)
    {
        ulong whole = Divide(amountUnits, out ulong part);
        return ((long)whole * rate) + unchecked((long)(part * (ulong)rate / Scale));
    }

    /// <summary>Taken apart first, no product needs more than 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Divide(long amountUnits, out ulong part)
    {
        unchecked
        {
            ulong amount = (ulong)amountUnits;
            ulong whole = amount / Scale;
            part = amount - (whole * Scale);
            return whole;
        }
    }
}
