using Disruptor;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Previews;

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
    StageTimes? times,
    PreviewQueue? previews) : IStage
    where TEngine : struct, IEngine
{
    /// <summary>Slots worked off before the ring's space is given back.</summary>
    private const int MaxBatchSlots = 256;

    /// <summary>Events kept back until then, or until no command waits: one publication serves many.</summary>
    private const int MaxUnpublishedEvents = 64;

    private long _published = -1;
    private long _claimed = -1;
    private bool _hasUnsentEvents;

    /// <summary>The last slot applied.</summary>
    public Sequence Sequence { get; } = new();

    /// <inheritdoc/>
    public bool Poll()
    {
        long first = Sequence.Value + 1;
        long next = first;
        long end = Math.Min(commands.Cursor, first + MaxBatchSlots - 1);
        var ahead = new Ahead(first);
        bool looks = next < end && engine.LooksAhead;
        for (int i = looks ? LookAhead.FarCommands : 0; i > 0; i--)
        {
            Look(ref ahead, end, middle: i <= LookAhead.MiddleCommands, near: i <= LookAhead.NearCommands);
        }

        while (next <= end)
        {
            if (looks)
            {
                Look(ref ahead, end, middle: true, near: true);
            }

            ref CommandSlot slot = ref commands[next];
            uint length = slot.Header.LengthBytes;
            if (slot.Header.Type != CommandType.None && !TryFinish(ref slot, (int)length))
            {
                break;
            }

            next += CommandSlot.SlotsOf(length);
        }

        Publish();
        bool served = previews is not null && previews.Serve();
        if (next == first)
        {
            return served;
        }

        // before the commands count as applied: who sees the one must see the other
        signals.HasPendingWork = engine.HasPendingWork;
        signals.NextDueNs = engine.NextDueNs;
        Sequence.SetValue(next - 1);
        return true;
    }

    /// <summary>Hints for the next commands of the batch: they are in the ring already.</summary>
    private void Look(ref Ahead ahead, long end, bool middle, bool near)
    {
        if (ahead.Far <= end)
        {
            engine.HintFar(Pass(ref ahead.Far));
        }

        if (middle && ahead.Middle <= end)
        {
            engine.HintMiddle(Pass(ref ahead.Middle));
        }

        if (near && ahead.Near <= end)
        {
            engine.HintNear(Pass(ref ahead.Near));
        }
    }

    private ReadOnlySpan<byte> Pass(ref long at)
    {
        ref CommandSlot slot = ref commands[at];
        int length = (int)slot.Header.LengthBytes;
        at += CommandSlot.SlotsOf((uint)length);
        return CommandSlot.BytesOf(ref slot, length);
    }

    /// <summary>
    /// Applies a command and puts its events into the ring. False when there is no room for them: it stays applied, its events stay with the
    /// engine, and the next poll, which may be on the same thread as the consumers that make room, only sends them.
    /// </summary>
    private bool TryFinish(ref CommandSlot slot, int length)
    {
        long sequence = slot.Header.Sequence;
        if (!_hasUnsentEvents)
        {
            engine.Apply(CommandSlot.BytesOf(ref slot, length));
            times?.CoreDone(sequence);
        }

        _hasUnsentEvents = !TrySend(engine.Events);
        if (_hasUnsentEvents)
        {
            return false;
        }

        if (sequence % CheckpointInterval.Commands == 0)
        {
            checkpoints.Offer(sequence, engine.ChainHash);
        }

        return true;
    }

    private bool TrySend(ReadOnlySpan<EventSlot> made)
    {
        if (!events.TryNext(made.Length, out long last))
        {
            return false;
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

    /// <summary>The slot that each step of the hints has come to.</summary>
    private struct Ahead(long first)
    {
        public long Far = first;
        public long Middle = first;
        public long Near = first;
    }
}
