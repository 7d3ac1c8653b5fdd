using System.Diagnostics;
using HdrHistogram;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Pipeline;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>Counts what the exchange did and records, for each command, the time from its intended start until its events are shown.</summary>
internal sealed class LatencyConsumer(LoadSource source, StageTimes? times) : IEventConsumer
{
    private const long HighestNs = 60_000_000_000;

    private bool _isRecording;
    private long _completed;

    public LongHistogram EndToEnd { get; } = new(1, HighestNs, 3);

    /// <summary>Intended start until the core is done: waiting to be sent, the ring, the core. Sampled.</summary>
    public LongHistogram ToCore { get; } = new(1, HighestNs, 3);

    /// <summary>Core done until shown: the journal, the event ring. Sampled.</summary>
    public LongHistogram ToShown { get; } = new(1, HighestNs, 3);

    /// <summary>Commands whose last event was shown since the last reset.</summary>
    public long Completed => Volatile.Read(ref _completed);

    public long Trades { get; private set; }

    public long Liquidations { get; private set; }

    public long Rejected { get; private set; }

    public long LastShownAt { get; private set; }

    /// <summary>Starts over; recording latencies or only counting. While nothing is under way.</summary>
    public void Reset(bool record)
    {
        EndToEnd.Reset();
        ToCore.Reset();
        ToShown.Reset();
        Trades = Liquidations = Rejected = 0;
        _completed = 0;
        Volatile.Write(ref _isRecording, record);
    }

    public void OnEvents(ReadOnlySpan<EventSlot> events)
    {
        long now = Stopwatch.GetTimestamp();
        bool record = _isRecording;
        long completed = 0;
        long firstSequence = source.FirstSequence;
        for (int i = 0; i < events.Length; i++)
        {
            ref readonly EventHeader header = ref events[i].Header;
            switch (header.Type)
            {
                case EventType.Trade:
                    Trades++;
                    break;
                case EventType.LiquidationStarted:
                    Liquidations++;
                    break;
                case EventType.Rejected:
                    Rejected++;
                    break;
                default:
                    break;
            }

            if ((header.Flags & EventFlags.Last) != 0)
            {
                completed++;
                if (record && header.CommandSequence >= firstSequence)
                {
                    Record(header.CommandSequence, now);
                }
            }
        }

        LastShownAt = now;
        Volatile.Write(ref _completed, _completed + completed);
    }

    private static long Ns(long ticks) => Math.Max(1, ticks * 1_000_000_000 / Stopwatch.Frequency);

    private void Record(long sequence, long now)
    {
        long intended = source.IntendedAt(sequence);
        if (intended == 0)
        {
            return;
        }

        EndToEnd.RecordValue(Ns(now - intended));
        if (times is not null && times.IsSampled(sequence))
        {
            long core = times.CoreDoneAt(sequence);
            ToCore.RecordValue(Ns(core - intended));
            ToShown.RecordValue(Ns(now - core));
        }
    }
}
