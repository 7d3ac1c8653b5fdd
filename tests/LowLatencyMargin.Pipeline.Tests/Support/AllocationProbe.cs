using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Pipeline.Tests.Support;

/// <summary>What a thread allocates in each of a few windows of commands that follow the warm-up.</summary>
internal sealed class AllocationProbe(long warmUp, long window, int windows)
{
    private readonly long[] _allocated = new long[windows + 1];

    public long Bytes => Volatile.Read(ref _allocated[^1]) - _allocated[0];

    /// <summary>Windows in which something was allocated.</summary>
    public int WindowsWithAllocations => Enumerable.Range(1, windows).Count(i => _allocated[i] != _allocated[i - 1]);

    public void Look(long sequence)
    {
        long since = sequence - warmUp;
        if (since >= 0 && since % window == 0 && since / window <= windows)
        {
            Volatile.Write(ref _allocated[since / window], GC.GetAllocatedBytesForCurrentThread());
        }
    }
}

/// <summary>An exchange whose thread is looked at.</summary>
internal readonly struct ProbedEngine(ExchangeEngine engine, AllocationProbe probe) : IEngine
{
    public bool LooksAhead => engine.LooksAhead;

    public void HintFar(ReadOnlySpan<byte> command) => engine.HintFar(command);

    public void HintMiddle(ReadOnlySpan<byte> command) => engine.HintMiddle(command);

    public void HintNear(ReadOnlySpan<byte> command) => engine.HintNear(command);

    public ReadOnlySpan<EventSlot> Events => engine.Events;

    public bool HasPendingWork => engine.HasPendingWork;

    public long NextDueNs => engine.NextDueNs;

    public Hash128 ChainHash => engine.ChainHash;

    public int EventsPerCommand => engine.EventsPerCommand;

    public void Apply(ReadOnlySpan<byte> command)
    {
        engine.Apply(command);
        probe.Look(System.Runtime.InteropServices.MemoryMarshal.AsRef<CommandHeader>(command).Sequence);
    }
}

/// <summary>A consumer that allocates nothing and whose thread is looked at.</summary>
internal sealed class ProbedConsumer(AllocationProbe probe) : IEventConsumer
{
    private long _last;

    public long LastSequence => Volatile.Read(ref _last);

    public void OnEvents(ReadOnlySpan<EventSlot> events)
    {
        foreach (ref readonly EventSlot slot in events)
        {
            if ((slot.Header.Flags & EventFlags.Last) != 0)
            {
                probe.Look(slot.Header.CommandSequence);
            }
        }

        Volatile.Write(ref _last, events[^1].Header.CommandSequence);
    }
}

/// <summary>Submits from an array without allocating, round and round.</summary>
internal sealed class RepeatingSource(byte[][] commands, long count) : ICommandSource
{
    private long _submitted;

    public bool Poll(CommandSequencer sequencer)
    {
        int taken = 0;
        while (taken < 64 && _submitted < count && sequencer.TrySubmit(commands[_submitted % commands.Length]))
        {
            _submitted++;
            taken++;
        }

        return taken > 0;
    }
}
