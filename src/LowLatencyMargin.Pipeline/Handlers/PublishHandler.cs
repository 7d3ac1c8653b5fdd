using System.Runtime.InteropServices;
using Disruptor;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Journal;

namespace LowLatencyMargin.Pipeline.Handlers;

/// <summary>Hands events to one consumer: whole commands, and none before its command is durable.</summary>
internal sealed class PublishHandler(ValueRingBuffer<EventSlot> events, JournalWriter? journal, IEventConsumer consumer) : IStage
{
    private const int MaxBatchSlots = 4096;

    /// <summary>The last event handed over.</summary>
    public Sequence Sequence { get; } = new();

    /// <inheritdoc/>
    public bool Poll()
    {
        long first = Sequence.Value + 1;
        long end = Math.Min(events.Cursor, first + MaxBatchSlots - 1);
        if (end < first)
        {
            return false;
        }

        end = LastDurable(first, end, journal?.DurableSequence ?? long.MaxValue);
        if (end < first)
        {
            return false;
        }

        end = EndOfCommand(first, end);

        int toWrap = (int)(events.BufferSize - (first & (events.BufferSize - 1)));
        int count = (int)(end - first + 1);
        int head = Math.Min(count, toWrap);
        consumer.OnEvents(MemoryMarshal.CreateReadOnlySpan(ref events[first], head));
        if (count > head)
        {
            consumer.OnEvents(MemoryMarshal.CreateReadOnlySpan(ref events[first + head], count - head));
        }

        Sequence.SetValue(end);
        return true;
    }

    /// <summary>
    /// The last event of a command at or before <paramref name="end"/>, or the first one behind it when a single command is longer than a batch.
    /// The core publishes whole commands only, so it is there.
    /// </summary>
    private long EndOfCommand(long first, long end)
    {
        for (long at = end; at >= first; at--)
        {
            if ((events[at].Header.Flags & EventFlags.Last) != 0)
            {
                return at;
            }
        }

        while ((events[end].Header.Flags & EventFlags.Last) == 0)
        {
            end++;
        }

        return end;
    }

    /// <summary>The last event whose command is durable: sequences only rise, so halving finds it.</summary>
    private long LastDurable(long first, long end, long durable)
    {
        if (events[end].Header.CommandSequence <= durable)
        {
            return end;
        }

        long low = first - 1;
        long high = end;
        while (low + 1 < high)
        {
            long middle = low + ((high - low) / 2);
            if (events[middle].Header.CommandSequence <= durable)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
