using Disruptor;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal;

namespace LowLatencyMargin.Pipeline.Handlers;

/// <summary>Copies commands from the ring into the journal, ends a batch per poll, and passes on the core's checkpoints.</summary>
internal sealed class JournalHandler(
    ValueRingBuffer<CommandSlot> ring, JournalWriter writer, CheckpointQueue checkpoints, PipelineSignals signals) : IStage
{
    private const int MaxBatchSlots = 2048;

    /// <summary>The last slot that is in the journal's hands.</summary>
    public Sequence Sequence { get; } = new();

    /// <inheritdoc/>
    public bool Poll()
    {
        long first = Sequence.Value + 1;
        long next = first;
        long end = Math.Min(ring.Cursor, first + MaxBatchSlots - 1);
        while (next <= end)
        {
            ref CommandSlot slot = ref ring[next];
            uint length = slot.Header.LengthBytes;
            if (slot.Header.Type != CommandType.None && !writer.TryAppend(CommandSlot.BytesOf(ref slot, (int)length)))
            {
                break;
            }

            next += CommandSlot.SlotsOf(length);
        }

        if (next > first)
        {
            Sequence.SetValue(next - 1);
        }

        while (checkpoints.TryTake(writer.AppendedSequence, out Checkpoint checkpoint))
        {
            writer.AppendCheckpoint(checkpoint.Sequence, checkpoint.Hash.Low, checkpoint.Hash.High);
        }

        _ = writer.Flush();
        if (writer.Fault is { } fault)
        {
            signals.Fail(new JournalException($"journal: {fault.Message}"));
        }

        return next > first;
    }
}
