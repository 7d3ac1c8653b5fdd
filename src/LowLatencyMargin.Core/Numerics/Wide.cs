using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LowLatencyMargin.Core.Numerics;

/// <summary>Products of 64 by 64 bits.</summary>
public static class Wide
{
    /// <summary>
    /// The product in two halves. Math.BigMul hands the low half over through memory on x64, and the load waits for the store; a second
    /// multiplication is several nanoseconds cheaper.
    /// </summary>
    /// <returns>The high half.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Multiply(ulong left, ulong right, out ulong low)
    {
        if (!Bmi2.X64.IsSupported)
        {
            return Math.BigMul(left, right, out low);
        }

        low = unchecked(left * right);
        return Bmi2.X64.MultiplyNoFlags(left, right);
    }
}
