using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Disruptor;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal;

namespace LowLatencyMargin.Pipeline;

/// <summary>
/// The one writer of the command ring: gives every command its sequence and its time, max(last, now), and sends ticks while the core has work
/// left over. A full ring, a full disk or a stopped engine is answered with false; the caller answers its client, nothing is dropped.
/// </summary>
public sealed class CommandSequencer
{
    /// <summary>
    /// While work is left over, a tick goes in before every so many commands: about as many as take the time that the liquidations of a tick take, so that
    /// a cascade gets half of the core at most while others want it.
    /// </summary>
    internal const int CommandsPerTick = 16;

    private readonly ValueRingBuffer<CommandSlot> _ring;
    private readonly Sequence _coreSequence;
    private readonly PipelineSignals _signals;
    private readonly JournalWriter? _journal;
    private readonly long _slots;
    private readonly long _wallClockAnchorNs;
    private readonly long _stopwatchAnchor;
    private long _sequence;
    private long _timeNs;
    private long _nowNs;
    private long _lastTickSlot = -1;
    private int _commandsSinceTick;

    internal CommandSequencer(
        ValueRingBuffer<CommandSlot> ring, Sequence coreSequence, PipelineSignals signals, JournalWriter? journal, long lastSequence, long lastTimeNs)
    {
        _ring = ring;
        _coreSequence = coreSequence;
        _signals = signals;
        _journal = journal;
        _slots = ring.BufferSize;
        _sequence = lastSequence;
        _timeNs = lastTimeNs;
        _wallClockAnchorNs = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        _stopwatchAnchor = Stopwatch.GetTimestamp();
        ReadClock();
    }

    /// <summary>Sequence of the last command submitted.</summary>
    public long LastSequence => _sequence;

    /// <summary>Ticks sent.</summary>
    public long Ticks { get; private set; }

    /// <summary>Submits a command; its sequence, time and checksums are set here.</summary>
    /// <returns>False, and nothing taken, while the ring is full, the disk has no room or the engine has stopped: Busy.</returns>
    /// <exception cref="ArgumentException">The length is not the header's, not a multiple of 8 or above the limit.</exception>
    public bool TrySubmit(ReadOnlySpan<byte> command)
    {
        if (_signals.HasPendingWork && ++_commandsSinceTick >= CommandsPerTick && TrySendTick())
        {
            _commandsSinceTick = 0;
        }

        return TryWrite(command);
    }

    /// <summary>Reads the clock once for all commands of a poll, and sends a tick when the core waits for one or a timer is due.</summary>
    internal bool BeginPoll()
    {
        ReadClock();
        bool isDue = _signals.HasPendingWork || _nowNs >= _signals.NextDueNs;
        return isDue && _coreSequence.Value >= _lastTickSlot && TrySendTick();
    }

    private void ReadClock() =>
        _nowNs = _wallClockAnchorNs + (long)((Stopwatch.GetTimestamp() - _stopwatchAnchor) * (1_000_000_000.0 / Stopwatch.Frequency));

    private bool TrySendTick()
    {
        var tick = new Tick
        {
            Header = new CommandHeader { LengthBytes = (uint)Unsafe.SizeOf<Tick>(), Type = CommandType.Tick, Version = Exchange.CommandVersion },
        };
        if (!TryWrite(MemoryMarshal.AsBytes(new ReadOnlySpan<Tick>(in tick))))
        {
            return false;
        }

        _lastTickSlot = _ring.Cursor;
        Ticks++;
        return true;
    }

    private bool TryWrite(ReadOnlySpan<byte> command)
    {
        CheckLength(command);
        if (_signals.IsStopped || (_journal is { IsSpaceLow: true } && !IsCancel(command)))
        {
            return false;
        }

        int slots = CommandSlot.SlotsOf((uint)command.Length);
        if (slots > 1 && !TryPadToContiguous(slots))
        {
            return false;
        }

        if (!_ring.TryNext(slots, out long last))
        {
            return false;
        }

        ref CommandSlot slot = ref _ring[last - slots + 1];
        command.CopyTo(CommandSlot.BytesOf(ref slot, command.Length));
        _timeNs = Math.Max(_timeNs, _nowNs);
        slot.Header.Checksum = 0;
        slot.Header.PreviousChecksum = 0;
        slot.Header.Sequence = ++_sequence;
        slot.Header.TimeNs = _timeNs;
        _ring.Publish(last - slots + 1, last);
        return true;
    }

    /// <summary>Fills the slots before the ring's end when a command would run over it.</summary>
    private bool TryPadToContiguous(int slots)
    {
        long next = _ring.Cursor + 1;
        int toEnd = (int)(_slots - (next & (_slots - 1)));
        if (toEnd >= slots)
        {
            return true;
        }

        if (!_ring.HasAvailableCapacity(toEnd + slots) || !_ring.TryNext(toEnd, out long last))
        {
            return false;
        }

        ref CommandSlot slot = ref _ring[last - toEnd + 1];
        slot.Header = new CommandHeader { LengthBytes = (uint)(toEnd * CommandSlot.SizeBytes), Type = CommandType.None };
        _ring.Publish(last - toEnd + 1, last);
        return true;
    }

    private static bool IsCancel(ReadOnlySpan<byte> command) =>
        MemoryMarshal.AsRef<CommandHeader>(command).Type
            is CommandType.CancelOrder or CommandType.CancelOrders or CommandType.KillSwitch or CommandType.Tick;

    private static void CheckLength(ReadOnlySpan<byte> command)
    {
        if (command.Length < CommandHeader.SizeBytes || command.Length > CommandHeader.MaxCommandBytes || command.Length % 8 != 0
            || MemoryMarshal.AsRef<CommandHeader>(command).LengthBytes != command.Length)
        {
            throw new ArgumentException(
                $"a command of {command.Length} bytes: expected a multiple of 8 from {CommandHeader.SizeBytes} to {CommandHeader.MaxCommandBytes}, "
                + "the same as in its header",
                nameof(command));
        }
    }
}
