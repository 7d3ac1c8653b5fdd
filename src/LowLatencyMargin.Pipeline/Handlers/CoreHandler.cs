using Disruptor;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Journal;

namespace LowLatencyMargin.Pipeline.Handlers;

/// <summary>
/// The core thread: margin check, matching and liquidation of one command after another, whole effect, bounded work, and the events of whole
/// commands into the event ring. Waits when that is full: a slow consumer slows the exchange, it loses nothing.
/// </summary>
/// <typeparam name="TEngine">What applies the commands.</typeparam>
internal sealed class CoreHandler<TEngine>(
    TEngine engine,
    ValueRingBuffer<CommandSlot> commands,
    ValueRingBuffer<EventSlot> events,
    CheckpointQueue checkpoints,
    PipelineSignals signals,
    StageTimes? times) : IStage
    where TEngine : struct, IEngine
{
    /// <summary>Slots worked off before the ring's space is given back.</summary>
    private const int MaxBatchSlots = 256;

    /// <summary>Events kept back until then, or until no command waits: one publication serves many.</summary>
    private const int MaxUnpublishedEvents = 64;

    private long _published = -1;
    private long _claimed = -1;

    /// <summary>The last slot applied.</summary>
    public Sequence Sequence { get; } = new();

    /// <inheritdoc/>
    public bool Poll()
    {
        long first = Sequence.Value + 1;
        long next = first;
        long end = Math.Min(commands.Cursor, first + MaxBatchSlots - 1);
        while (next <= end)
        {
            ref CommandSlot slot = ref commands[next];
            uint length = slot.Header.LengthBytes;
            if (slot.Header.Type != CommandType.None)
            {
                long sequence = slot.Header.Sequence;
                engine.Apply(CommandSlot.BytesOf(ref slot, (int)length));
                if (!AddEvents(engine.Events))
                {
                    return true;
                }

                if (sequence % CheckpointInterval.Commands == 0)
                {
                    checkpoints.Offer(sequence, engine.ChainHash);
                }

                times?.CoreDone(sequence);
            }

            next += CommandSlot.SlotsOf(length);
        }

        if (next == first)
        {
            return false;
        }

        Publish();
        Sequence.SetValue(next - 1);
        signals.HasPendingWork = engine.HasPendingWork;
        return true;
    }

    private bool AddEvents(ReadOnlySpan<EventSlot> made)
    {
        long last;
        while (!events.TryNext(made.Length, out last))
        {
            // what is kept back must be seen, or no one would make room
            Publish();
            if (signals.IsStopped)
            {
                return false;
            }

            Thread.SpinWait(16);
        }

        long at = last - made.Length + 1;
        for (int i = 0; i < made.Length; i++)
        {
            events[at + i] = made[i];
        }

        _claimed = last;
        if (_claimed - _published >= MaxUnpublishedEvents)
        {
            Publish();
        }

        return true;
    }

    private void Publish()
    {
        if (_claimed > _published)
        {
            events.Publish(_published + 1, _claimed);
            _published = _claimed;
        }
    }
}
