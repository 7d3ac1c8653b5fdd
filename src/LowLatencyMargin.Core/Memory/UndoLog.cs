using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Memory;

/// <summary>
/// What a preview changes, as it was before: rows by address, all else in the objects themselves (<see cref="Rewindable"/>). Off, it costs a live
/// command nothing (<see cref="TrackedRows{T}"/>).
/// </summary>
public sealed unsafe class UndoLog : IDisposable
{
    /// <summary>A preview that changes more is given up: more than a thousand fills.</summary>
    public const int LimitBytes = 1 << 20;

    /// <summary>What the step in which the limit is met may still take: 64 positions indexed anew, or a page of levels that moves.</summary>
    private const int HeadroomBytes = 4 << 20;

    /// <summary>Rows known to be in the log: a row that is written many times is kept once, as long as no other takes its place here.</summary>
    private const int KnownRows = 512;

    private const int EntryBytes = 16;

    private byte* _block;
    private nuint* _known;
    private long _blockBytes;
    private long _usedBytes;
    private Rewindable[] _all = [];
    private Rewindable[] _closed = [];
    private int _expected;
    private int _closedCount;
    private Rewindable? _whole;

    /// <summary>An empty log, off.</summary>
    [ColdPath]
    public UndoLog()
    {
        _blockBytes = LimitBytes + HeadroomBytes;
        _block = (byte*)NativeMemory.Alloc((nuint)_blockBytes);
        _known = (nuint*)NativeMemory.AllocZeroed(KnownRows, (nuint)sizeof(nuint));
    }

    /// <summary>Gives the memory back.</summary>
    ~UndoLog() => Release();

    /// <summary>Address space in bytes.</summary>
    public long Bytes => _blockBytes;

    /// <summary>What the last preview took.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>Whether writes are kept.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Whether the preview that runs is beyond the limit.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>From now on what is written is kept.</summary>
    public void Begin()
    {
        Invariant.Assert(!IsOn && _block != null, "one preview at a time");
        new Span<byte>(_known, KnownRows * sizeof(nuint)).Clear();
        IsOn = true;
        for (int i = 0; i < _all.Length; i++)
        {
            _all[i].CloseOnce();
        }
    }

    /// <summary>Puts back all that was written since <see cref="Begin"/>, the last first.</summary>
    public void Rollback()
    {
        UsedBytes = _usedBytes;
        while (_usedBytes > 0)
        {
            byte* entry = _block + _usedBytes - EntryBytes;
            void* row = *(void**)entry;
            long bytes = ((long*)entry)[1];
            _usedBytes -= EntryBytes + Padded(bytes);
            Unsafe.CopyBlock(row, _block + _usedBytes, (uint)bytes);
        }

        for (; _closedCount > 0; _closedCount--)
        {
            _closed[_closedCount - 1].Open();
        }

        IsOn = false;
        IsTooLarge = false;
    }

    /// <summary>Names the state that all objects of this log are part of: it ends its work when a preview goes beyond the limit.</summary>
    internal void BelongTo(Rewindable whole) => _whole = whole;

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes room for an object.</summary>
    [ColdPath]
    internal void Expect(Rewindable item, bool always)
    {
        // a place for each object there is: the list can't be too short
        if (++_expected > _closed.Length)
        {
            Array.Resize(ref _closed, Math.Max(64, 2 * _closed.Length));
        }

        if (always)
        {
            Array.Resize(ref _all, _all.Length + 1);
            _all[^1] = item;
        }
    }

    /// <summary>Notes an object that is closed.</summary>
    internal void Note(Rewindable closed) => _closed[_closedCount++] = closed;

    /// <summary>Keeps a row before it changes.</summary>
    internal void Save(void* row, int bytes)
    {
        ref nuint known = ref _known[unchecked((uint)(((ulong)row >> 3) * 0x9E37_79B9_7F4A_7C15 >> 55))];
        if (known == (nuint)row)
        {
            return;
        }

        known = (nuint)row;
        long needed = EntryBytes + Padded(bytes);
        if (_usedBytes + needed > _blockBytes)
        {
            Grow();
        }

        byte* image = _block + _usedBytes;
        Unsafe.CopyBlock(image, row, (uint)bytes);
        _usedBytes += needed;
        byte* entry = _block + _usedBytes - EntryBytes;
        *(void**)entry = row;
        ((long*)entry)[1] = bytes;
        if (_usedBytes > LimitBytes)
        {
            IsTooLarge = true;
            _whole!.EndWork();
        }
    }

    private static long Padded(long bytes) => (bytes + 7) & ~7L;

    /// <summary>The headroom is more than any step takes; should one take more all the same, putting back must still be exact.</summary>
    [ColdPath]
    private void Grow()
    {
        _blockBytes *= 2;
        _block = (byte*)NativeMemory.Realloc(_block, (nuint)_blockBytes);
    }

    private void Release()
    {
        NativeMemory.Free(_block);
        NativeMemory.Free(_known);
        _block = null;
        _known = null;
    }
}
