using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Disruptor;

/// <summary>Argument checks, with the throws out of line so that the callers inline.</summary>
internal static class Guard
{
    public static void BufferSize(int bufferSize)
    {
        if (bufferSize < 1 || !BitOperations.IsPow2(bufferSize))
            throw new ArgumentException("The buffer size must be a positive power of two.", nameof(bufferSize));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ClaimSize(int n, int bufferSize)
    {
        if ((uint)(n - 1) >= (uint)bufferSize)
            ThrowClaimSize(n, bufferSize);
    }

    [DoesNotReturn]
    private static void ThrowClaimSize(int n, int bufferSize)
        => throw new ArgumentOutOfRangeException(nameof(n), n, $"Claim between 1 and {bufferSize} slots.");
}
