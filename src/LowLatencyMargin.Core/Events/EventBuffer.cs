using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Memory;

namespace LowLatencyMargin.Core.Events;

/// <summary>
/// The events of the command that is being applied. The host copies them out when the command is whole, or drops them. A preview's stand apart:
/// those of the last command stay.
/// </summary>
public sealed class EventBuffer : IDisposable
{
    private readonly NativeArray<EventSlot> _owner;
    private readonly NativeArray<EventSlot> _previewed;
    private NativeArray<EventSlot> _current;
    private Rows<EventSlot> _slots;
    private long _commandSequence;
    private int _count;
    private long _lastSequence;
    private int _lastCount;
    private int _previewedCount;

    /// <summary>Room for the most events that one command can make.</summary>
    [ColdPath]
    public EventBuffer(int capacity)
    {
        _owner = new NativeArray<EventSlot>(capacity);
        _previewed = new NativeArray<EventSlot>(capacity);
        _current = _owner;
        _slots = _owner.Rows;
    }

    /// <summary>Sequence of the command that is being applied; 0: it is a preview.</summary>
    public long CommandSequence => _commandSequence;

    /// <summary>Events so far.</summary>
    public int Count => _count;

    /// <summary>The most events that one command can make.</summary>
    public int Capacity => _slots.Length;

    /// <summary>The events, in order.</summary>
    public ReadOnlySpan<EventSlot> Span => _current.Slice(0, _count);

    /// <summary>The events that the command of the last preview would have made, in order.</summary>
    public ReadOnlySpan<EventSlot> Previewed => _previewed.Slice(0, _previewedCount);

    /// <summary>Starts the next command.</summary>
    public void Begin(long commandSequence)
    {
        _commandSequence = commandSequence;
        _count = 0;
    }

    /// <summary>Starts a preview: its events go elsewhere.</summary>
    public void BeginPreview()
    {
        _lastSequence = _commandSequence;
        _lastCount = _count;
        _current = _previewed;
        _slots = _current.Rows;
        Begin(0);
    }

    /// <summary>Ends it.</summary>
    public void EndPreview()
    {
        _previewedCount = _count;
        _current = _owner;
        _slots = _current.Rows;
        _commandSequence = _lastSequence;
        _count = _lastCount;
    }

    /// <summary>The next event, zeroed but for its header.</summary>
    /// <typeparam name="T">A struct of this namespace, 64 bytes.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Add<T>(EventType type, int marketId, EventFlags flags = EventFlags.None, byte detail = 0)
        where T : unmanaged
    {
        ref EventSlot slot = ref _slots.Edit(unchecked(_count++));
        slot = default;
        slot.Header.CommandSequence = _commandSequence;
        slot.Header.Kind = EventHeader.KindOf(type, flags, detail, unchecked((uint)marketId));
        return ref Unsafe.As<EventSlot, T>(ref slot);
    }

    /// <summary>Flags the last event.</summary>
    public void End()
    {
        Invariant.Assert(_count > 0, "every command makes an event");
        _slots.Edit(_count - 1).Header.Kind |= EventHeader.KindOf(EventType.None, EventFlags.Last, 0, 0);
    }

    /// <summary>The words of the events, for the chain hash.</summary>
    public ReadOnlySpan<ulong> Words => MemoryMarshal.Cast<EventSlot, ulong>(Span);

    /// <inheritdoc/>
    public void Dispose()
    {
        _owner.Dispose();
        _previewed.Dispose();
    }
}
