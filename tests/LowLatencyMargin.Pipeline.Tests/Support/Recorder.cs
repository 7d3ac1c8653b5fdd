using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Pipeline.Tests.Support;

/// <summary>Keeps what it is shown, and notes what must not happen. A closed gate holds its thread inside the call.</summary>
internal sealed class Recorder : IEventConsumer
{
    private readonly Gate _gate = new();
    private long _count;
    private long _lastSequence;
    private volatile bool _isHeld;

    public List<EventSlot> Events { get; } = [];

    /// <summary>What was wrong with what came, in words.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>What else to look at when events come.</summary>
    public Action<EventSlot>? Look { get; init; }

    public long Count => Volatile.Read(ref _count);

    /// <summary>The last command that something was shown of.</summary>
    public long LastSequence => Volatile.Read(ref _lastSequence);

    /// <summary>Whether a call waits at the gate.</summary>
    public bool IsHeld => _isHeld;

    /// <summary>Whether nothing was shown, or the last event shown was its command's last.</summary>
    public bool EndsWhole => Events.Count == 0 || (Events[^1].Header.Flags & EventFlags.Last) != 0;

    public void Hold() => _gate.Close();

    public void Release() => _gate.Open();

    public void OnEvents(ReadOnlySpan<EventSlot> events)
    {
        _isHeld = true;
        _gate.Pass();
        _isHeld = false;
        if (events.Length == 0)
        {
            Violations.Add("a call without events");
            return;
        }

        foreach (ref readonly EventSlot slot in events)
        {
            Check(in slot);
            Events.Add(slot);
        }

        Look?.Invoke(events[^1]);
        Volatile.Write(ref _lastSequence, events[^1].Header.CommandSequence);
        Volatile.Write(ref _count, Events.Count);
    }

    private void Check(ref readonly EventSlot slot)
    {
        if (Events.Count == 0)
        {
            return;
        }

        bool wasLast = (Events[^1].Header.Flags & EventFlags.Last) != 0;
        long expected = Events[^1].Header.CommandSequence + (wasLast ? 1 : 0);
        if (slot.Header.CommandSequence != expected)
        {
            Violations.Add($"an event of command {slot.Header.CommandSequence}, expected one of {expected}");
        }
    }
}
