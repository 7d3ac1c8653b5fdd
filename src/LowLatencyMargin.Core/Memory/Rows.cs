using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LowLatencyMargin.Core.Memory;

/// <summary>
/// Where the rows of a <see cref="NativeArray{T}"/> are that is no part of an exchange's state: held in place by what indexes them often, to spare a
/// step through the owner.
/// </summary>
/// <typeparam name="T">The row.</typeparam>
internal readonly unsafe struct Rows<T>(T* start, int length)
    where T : unmanaged
{
    private readonly T* _start = start;
    private readonly int _length = length;

    /// <summary>Number of rows.</summary>
    public int Length => _length;

    /// <summary>A row to read. An index outside is a bug and stops the engine.</summary>
    public ref readonly T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Edit(index);
    }

    /// <summary>A row to change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Edit(int index)
    {
        // addressing is not arithmetic on money: the one comparison is the check
        unchecked
        {
            T* start = _start;
            if ((uint)index >= (uint)_length)
            {
                Invariant.Broken("row index outside its array");
            }

            return ref start[(nint)(uint)index];
        }
    }

    /// <summary>Asks for the cache lines of a row, two at most, that will be used soon. Any index will do: what lies outside is asked for in vain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int index)
    {
        if (Sse.IsSupported)
        {
            unchecked
            {
                Sse.Prefetch0(_start + (nint)(uint)index);
                if (sizeof(T) > 64)
                {
                    Sse.Prefetch0((byte*)(_start + (nint)(uint)index) + 64);
                }
            }
        }
    }
}
