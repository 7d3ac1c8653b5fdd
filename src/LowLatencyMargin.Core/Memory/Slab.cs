using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Memory;

/// <summary>
/// Rows of one kind, named by index; 0 is no row. Free rows are zeroed, so that a hash of the bytes is a hash of the state. Reading goes
/// through the indexer, writing through <see cref="Edit"/>: the one place where a preview's undo log will take its before-images.
/// </summary>
/// <typeparam name="T">The row: flat, no references.</typeparam>
public sealed class Slab<T> : IDisposable
    where T : unmanaged
{
    private readonly NativeArray<T> _owner;
    private readonly NativeArray<int> _freeOwner;
    private readonly Rows<T> _rows;
    private readonly Rows<int> _free;
    private int _freeCount;
    private int _used;

    /// <summary>A slab for up to <paramref name="capacity"/> rows.</summary>
    [ColdPath]
    public Slab(int capacity)
    {
        _owner = new NativeArray<T>(capacity + 1);
        _freeOwner = new NativeArray<int>(capacity + 1);
        _rows = _owner.Rows;
        _free = _freeOwner.Rows;
    }

    /// <summary>The most rows that can be live at once.</summary>
    public int Capacity => _rows.Length - 1;

    /// <summary>Live rows.</summary>
    public int Count => _used - _freeCount;

    /// <summary>The highest index ever handed out.</summary>
    public int HighWater => _used;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _owner.Bytes + _freeOwner.Bytes;

    /// <summary>Whether another row can be had.</summary>
    public bool HasRoom => _freeCount > 0 || _used < Capacity;

    /// <summary>A row to read.</summary>
    public ref readonly T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _rows[index];
    }

    /// <summary>A row to change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Edit(int index) => ref _rows.Edit(index);

    /// <summary>Asks for the cache line of a row that will be used soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int index) => _rows.Prefetch(index);

    /// <summary>The index of a zeroed row, the one freed last first; 0 when the slab is full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Allocate()
    {
        if (_freeCount > 0)
        {
            return _free[--_freeCount];
        }

        return _used < Capacity ? ++_used : 0;
    }

    /// <summary>Zeroes a row and gives it back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Free(int index)
    {
        _rows.Edit(index) = default;
        _free.Edit(_freeCount++) = index;
    }

    /// <summary>Adds every row and the order in which free rows will be handed out.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add((ulong)_used);
        hash.Add(_owner.AsBytes(0, _used + 1));
        hash.Add(_freeOwner.AsBytes(0, _freeCount));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _owner.Dispose();
        _freeOwner.Dispose();
    }
}
