using System;
using System.Runtime.CompilerServices;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Core.Memory;

/// <summary>
/// Rows of one kind, named by index; 0 is no row. Free rows are zeroed, so that a hash of the bytes is a hash of the state. Reading goes
/// through the indexer, writing through <see cref="Edit"/>: the one place where the undo log of a preview takes its before-images.
/// </summary>
/// <typeparam name="T">The row: flat, no references.</typeparam>
public sealed class Slab<T> : Rewindable, IDisposable
    where T : unmanaged
{
    private readonly NativeArray<T> _owner;
    private readonly NativeArray<int> _freeOwner;
    private readonly Rows<T> _rows;
    private readonly Rows<int> _free;

    // rows that may be written without more ado: all, or none while a preview runs. So the check of the index is the switch too.
    private int _open;
    private int _freeCount;
    private int _used;
    private int _keptFreeCount;
    private int _keptUsed;

    /// <summary>A slab for up to <paramref name="capacity"/> rows.</summary>
    /// <param name="capacity">The most rows that can be live at once.</param>
    /// <param name="undo">The log of the state that it is part of; null: it is part of none.</param>
    [ColdPath]
    public Slab(int capacity, UndoLog? undo = null)
        : base(undo, always: true)
    {
        _owner = new NativeArray<T>(capacity + 1, undo);
        _freeOwner = new NativeArray<int>(capacity + 1, undo);
        _rows = _owner.Rows;
        _free = _freeOwner.Rows;
        _open = capacity + 1;
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
    public ref T Edit(int index)
    {
        if (unchecked((uint)index >= (uint)_open))
        {
            _rows.Save(index);
        }

        return ref _rows.Unchecked(index);
    }

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
        Edit(index) = default;
        int place = _freeCount++;
        if (unchecked((uint)place >= (uint)_open))
        {
            _free.Save(place);
        }

        _free.Unchecked(place) = index;
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

    internal override void Begin()
    {
        _open = 0;
        KeepHead();
    }

    internal override void KeepHead()
    {
        _keptFreeCount = _freeCount;
        _keptUsed = _used;
    }

    internal override void RewindHead()
    {
        _freeCount = _keptFreeCount;
        _used = _keptUsed;
        _open = _rows.Length;
    }
}
