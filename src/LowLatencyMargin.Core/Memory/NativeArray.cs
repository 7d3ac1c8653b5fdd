using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Memory;

/// <summary>
/// A fixed number of unmanaged rows outside the collector's sight, zeroed, aligned to a cache line (to a huge page when large). Pages are
/// taken from the machine when they are first written, so a generous capacity costs address space, not memory.
/// </summary>
/// <typeparam name="T">The row: flat, no references.</typeparam>
public sealed unsafe class NativeArray<T> : Rewindable, IDisposable
    where T : unmanaged
{
    private readonly int _length;
    private readonly T* _rows;
    private TrackedRows<T> _tracked;
    private void* _block;

    /// <summary>Takes address space for <paramref name="length"/> rows.</summary>
    /// <param name="length">Number of rows.</param>
    /// <param name="undo">
    /// The log of the state that they are part of; null: they are part of none, or no later command reads them, or <see cref="TrackedRows{T}"/> look
    /// after them.
    /// </param>
    [ColdPath]
    public NativeArray(int length, UndoLog? undo = null)
        : base(undo, always: undo is not null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        _length = length;
        nuint alignment = Bytes >= HugePages.SizeBytes ? (nuint)HugePages.SizeBytes : 64;
        _block = NativeMemory.AllocZeroed((nuint)Bytes + alignment);
        _rows = (T*)(((nuint)_block + alignment - 1) & ~(alignment - 1));
        HugePages.Advise(_rows, Bytes);
        _tracked = new TrackedRows<T>(this, undo);
    }

    /// <summary>Gives the memory back.</summary>
    ~NativeArray() => Release();

    /// <summary>Number of rows.</summary>
    public int Length => _length;

    /// <summary>Address space in bytes.</summary>
    public long Bytes => (long)_length * sizeof(T);

    /// <summary>A row to read. An index outside is a bug and stops the engine.</summary>
    public ref readonly T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _tracked[index];
    }

    /// <summary>Where the rows are, for as long as this array lives.</summary>
    internal Rows<T> Rows => new(_rows, _length);

    internal T* Start => _rows;

    /// <summary>A row to change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Edit(int index) => ref _tracked.Edit(index);

    /// <summary>The rows from <paramref name="start"/> on, to read.</summary>
    public ReadOnlySpan<T> Slice(int start, int count)
    {
        Invariant.Assert(start >= 0 && count >= 0 && count <= _length - start, "slice outside its array");
        return new ReadOnlySpan<T>(_rows + start, count);
    }

    /// <summary>Zeroes the rows from <paramref name="start"/> on.</summary>
    public void Clear(int start, int count)
    {
        for (int i = start; i < start + count; i++)
        {
            Edit(i) = default;
        }
    }

    /// <summary>The first <paramref name="count"/> rows as bytes.</summary>
    public ReadOnlySpan<byte> AsBytes(int start, int count) => MemoryMarshal.AsBytes(Slice(start, count));

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    internal override void Keep() => _tracked.Close();

    internal override void Rewind() => _tracked.Open();

    private void Release()
    {
        NativeMemory.Free(_block);
        _block = null;
    }
}
