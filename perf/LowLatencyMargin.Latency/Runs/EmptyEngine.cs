using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Pipeline;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>The control: answers every command with one event and does nothing. What a latency table shows beyond it is the exchange's.</summary>
internal readonly struct EmptyEngine(EventSlot[] answer) : IEngine
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

    public EmptyEngine()
        : this(new EventSlot[1])
    {
    }

    public ReadOnlySpan<EventSlot> Events => answer;

    public bool HasPendingWork => false;

    public long NextDueNs => long.MaxValue;

    public Hash128 ChainHash => default;

    public int EventsPerCommand => 1;

    public void Apply(ReadOnlySpan<byte> command)
    {
        answer[0].Header.CommandSequence = MemoryMarshal.AsRef<CommandHeader>(command).Sequence;
        answer[0].Header.Type = EventType.Accepted;
        answer[0].Header.Flags = EventFlags.Last;
    }
}
