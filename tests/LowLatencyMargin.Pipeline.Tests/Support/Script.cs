using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Pipeline.Tests.Support;

/// <summary>What a scripted engine does, and what was done to it.</summary>
internal sealed class Script
{
    private EventSlot[] _events = [];
    private long _applied;
    private int _count;

    /// <summary>The most events of one command, as told to the pipeline.</summary>
    public int EventsPerCommand { get; init; } = 1;

    /// <summary>How many events a command makes.</summary>
    public Func<long, int> EventsOf { get; init; } = _ => 1;

    /// <summary>The command at which it throws; 0: none.</summary>
    public long ThrowsAt { get; init; }

    /// <summary>Called when a checkpoint is due, after the events of its command were sent.</summary>
    public Action OnCheckpoint { get; init; } = () => { };

    /// <summary>Asked after each batch of commands.</summary>
    public Func<bool> HasPendingWork { get; set; } = () => false;

    /// <summary>Commands as they arrived.</summary>
    public List<byte[]> Commands { get; } = [];

    public long Applied => Volatile.Read(ref _applied);

    public ReadOnlySpan<EventSlot> Events => _events.AsSpan(0, _count);

    public void Apply(ReadOnlySpan<byte> command)
    {
        long sequence = MemoryMarshal.AsRef<CommandHeader>(command).Sequence;
        if (sequence == ThrowsAt)
        {
            throw new InvalidOperationException($"scripted to fail at command {sequence}");
        }

        Commands.Add(command.ToArray());
        _count = EventsOf(sequence);
        _events = _events.Length < _count ? new EventSlot[_count] : _events;
        for (int i = 0; i < _count; i++)
        {
            _events[i] = default;
            _events[i].Header.CommandSequence = sequence;
            _events[i].Header.Type = EventType.Deposited;
            _events[i].Header.Flags = i == _count - 1 ? EventFlags.Last : EventFlags.None;
            Unsafe.As<EventSlot, BalanceChanged>(ref _events[i]).AmountUnits = i;
        }

        Volatile.Write(ref _applied, _applied + 1);
    }
}

/// <summary>An engine that does what its script says.</summary>
internal readonly struct ScriptedEngine(Script script) : IEngine
{
    public bool LooksAhead => false;

    public void HintFar(ReadOnlySpan<byte> command)
    {
    }

    public void HintMiddle(ReadOnlySpan<byte> command)
    {
    }

    public void HintNear(ReadOnlySpan<byte> command)
    {
    }

    public ReadOnlySpan<EventSlot> Events => script.Events;

    public bool HasPendingWork => script.HasPendingWork();

    public long NextDueNs => long.MaxValue;

    public Hash128 ChainHash
    {
        get
        {
            script.OnCheckpoint();
            return default;
        }
    }

    public int EventsPerCommand => script.EventsPerCommand;

    public void Apply(ReadOnlySpan<byte> command) => script.Apply(command);
}
