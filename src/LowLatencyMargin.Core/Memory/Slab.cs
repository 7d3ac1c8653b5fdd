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
    private TrackedRows<T> _rows;
    private TrackedRows<int> _free;
    private Tracked<Counts> _counts;

    /// <summary>A slab for up to <paramref name="capacity"/> rows.</summary>
    /// <param name="capacity">The most rows that can be live at once.</param>
    /// <param name="undo">The log of the state that it is part of; null: it is part of none.</param>
    [ColdPath]
    public Slab(int capacity, UndoLog? undo = null)
        : base(undo)
    {
        _rows = new TrackedRows<T>(capacity + 1, undo);
        _free = new TrackedRows<int>(capacity + 1, undo);
    }

    /// <summary>The most rows that can be live at once.</summary>
    public int Capacity => _rows.Length - 1;

    /// <summary>Live rows.</summary>
    public int Count => _counts.Now.Used - _counts.Now.Free;

    /// <summary>The highest index ever handed out.</summary>
    public int HighWater => _counts.Now.Used;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _rows.Bytes + _free.Bytes;

    /// <summary>Whether another row can be had.</summary>
    public bool HasRoom => _counts.Now.Free > 0 || _counts.Now.Used < Capacity;

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
        if (_counts.Now.Free > 0)
        {
            return _free[--_counts.Now.Free];
        }

        return _counts.Now.Used < Capacity ? ++_counts.Now.Used : 0;
    }

    /// <summary>Zeroes a row and gives it back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Free(int index)
    {
        _rows.Edit(index) = default;
        _free.Edit(_counts.Now.Free++) = index;
    }

    /// <summary>Adds every row and the order in which free rows will be handed out.</summary>
    public void AddTo(ref Hash128 hash)
    {
        hash.Add((ulong)_counts.Now.Used);
        hash.Add(_rows.AsBytes(0, _counts.Now.Used + 1));
        hash.Add(_free.AsBytes(0, _counts.Now.Free));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _free.Dispose();
    }

    internal override void Keep()
    {
        _counts.Keep();
        _rows.Close();
        _free.Close();
    }

    internal override void Rewind()
    {
        _counts.Rewind();
        _rows.Open();
        _free.Open();
    }

    private struct Counts
    {
        public int Free;
        public int Used;
    }
}
