using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LowLatencyMargin.Core.Memory;

/// <summary>
/// Where the rows of a <see cref="NativeArray{T}"/> are: held in place by what indexes them often, to spare a step through the owner. Reading goes
/// through the indexer, writing through <see cref="Edit"/>.
/// </summary>
/// <typeparam name="T">The row.</typeparam>
internal readonly unsafe struct Rows<T>(T* start, int length, UndoLog undo)
    where T : unmanaged
{
    private readonly T* _start = start;
    private readonly UndoLog _undo = undo;
    private readonly int _length = length;

    /// <summary>Number of rows.</summary>
    public int Length => _length;

    /// <summary>A row to read. An index outside is a bug and stops the engine.</summary>
    public ref readonly T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Scratch(index);
    }

    /// <summary>A row to change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Edit(int index)
    {
        if (_undo.IsOn)
        {
            Save(index);
        }

        return ref Scratch(index);
    }

    /// <summary>A row to change that no later command reads: it is not kept for a preview.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Scratch(int index)
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

    /// <summary>A row whose index was checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Unchecked(int index) => ref _start[unchecked((nint)(uint)index)];

    /// <summary>Keeps a row for the preview that runs, if one does.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Save(int index)
    {
        ref T row = ref Scratch(index);
        _undo.Save(Unsafe.AsPointer(ref row), sizeof(T));
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
