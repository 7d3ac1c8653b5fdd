using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LowLatencyMargin.Architecture.Tests.Canaries;

/// <summary>What hot code of the core looks like: the scan has nothing to say about it.</summary>
internal static class CleanCanaries
{
    private static ReadOnlySpan<long> Powers => [1, 10, 100, 1000];

    public static Int128 Multiplies(long left, long right) => new Int128(0, (ulong)left) * right;

    public static (long Low, long High) Pairs(long low, long high) => (low, high);

    public static long Sums(ReadOnlySpan<long> numbers)
    {
        Span<long> sums = stackalloc long[4];
        foreach (long number in numbers)
        {
            sums[(int)(number & 3)] += number * Powers[(int)(number & 3)];
        }

        return sums[0] + sums[1] + sums[2] + sums[3];
    }

    public static int Compares<T>(T left, T right)
        where T : struct, IComparable<T> => left.CompareTo(right);

    public static int Counts(ulong bits) => BitOperations.PopCount(bits) + BitOperations.TrailingZeroCount(bits);

    public static long? Perhaps(bool there) => there ? 1 : null;

    public static ReadOnlySpan<byte> Bytes(ref long value) =>
        MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AsRef(ref value), 1));
}
