using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LowLatencyMargin.Core.Memory;

/// <summary>
/// Rows that a preview can put back. Outside previews they are open, and a write checks its index against their number, as it must anyway; in a
/// preview they are closed, the same check sends every write to the log, and nothing else is different: a live command pays nothing.
/// </summary>
/// <typeparam name="T">The row: flat, no references.</typeparam>
internal unsafe struct TrackedRows<T>
    where T : unmanaged
{
    private readonly T* _start;
    private readonly NativeArray<T> _owner;
    private readonly UndoLog? _undo;
    private readonly int _length;
    private int _open;

    /// <summary>Rows of their own.</summary>
    [ColdPath]
    public TrackedRows(int length, UndoLog? undo)
        : this(new NativeArray<T>(length), undo)
    {
    }

    /// <summary>The rows of an array.</summary>
    [ColdPath]
    public TrackedRows(NativeArray<T> owner, UndoLog? undo)
    {
        _owner = owner;
        _start = owner.Start;
        _undo = undo;
        _length = owner.Length;
        _open = _length;
    }

    /// <summary>Number of rows.</summary>
    public readonly int Length => _length;

    /// <summary>Address space in bytes.</summary>
    public readonly long Bytes => _owner.Bytes;

    /// <summary>A row to read. An index outside is a bug and stops the engine.</summary>
    public readonly ref readonly T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
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
    }

    /// <summary>A row to change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref T Edit(int index)
    {
        unchecked
        {
            T* start = _start;
            if ((uint)index >= (uint)_open)
            {
                Save(_undo, start, _length, index);
            }

            return ref start[(nint)(uint)index];
        }
    }

    /// <summary>The first <paramref name="count"/> rows from <paramref name="start"/> on as bytes.</summary>
    public readonly ReadOnlySpan<byte> AsBytes(int start, int count) => _owner.AsBytes(start, count);

    /// <summary>Asks for the cache lines of a row, two at most, that will be used soon. Any index will do: what lies outside is asked for in vain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Prefetch(int index)
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

    /// <summary>From now on what is written is kept.</summary>
    public void Close() => _open = 0;

    /// <summary>From now on it isn't.</summary>
    public void Open() => _open = _length;

    /// <summary>Gives the memory back.</summary>
    public readonly void Dispose() => _owner.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Save(UndoLog? undo, T* rows, int length, int index)
    {
        Invariant.Assert(unchecked((uint)index < (uint)length), "row index outside its array");
        undo!.Save(rows + index, sizeof(T));
    }
}
