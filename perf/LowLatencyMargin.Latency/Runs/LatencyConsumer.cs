using System.Diagnostics;
using HdrHistogram;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Pipeline;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>Counts what the exchange did and records, for each command, the time from its intended start until its events are shown.</summary>
internal sealed class LatencyConsumer(LoadSource source, StageTimes? times) : IEventConsumer
{
    private const long HighestNs = 60_000_000_000;

    private bool _isRecording;
    private long _unrecorded;

    /// <summary>The last tick: nobody waits for one, the sequencer sends them by itself.</summary>
    private long _tick;

    public LongHistogram EndToEnd { get; } = new(1, HighestNs, 3);

    /// <summary>Intended start until the core is done: waiting to be sent, the ring, the core. Sampled.</summary>
    public LongHistogram ToCore { get; } = new(1, HighestNs, 3);

    /// <summary>Core done until shown: the journal, the event ring. Sampled.</summary>
    public LongHistogram ToShown { get; } = new(1, HighestNs, 3);

    public long Trades { get; private set; }

    public long Fills { get; private set; }

    public long Liquidations { get; private set; }

    public long Rejected { get; private set; }

    public long LastShownAt { get; private set; }

    /// <summary>Starts over, while nothing is under way.</summary>
    /// <param name="record">Latencies too, not only counts.</param>
    /// <param name="unrecorded">Commands at the start that warm up: their latencies are left out.</param>
    public void Reset(bool record, long unrecorded)
    {
        EndToEnd.Reset();
        ToCore.Reset();
        ToShown.Reset();
        Trades = Fills = Liquidations = Rejected = 0;
        _unrecorded = unrecorded;
        Volatile.Write(ref _isRecording, record);
    }

    public void OnEvents(ReadOnlySpan<EventSlot> events)
    {
        long now = Stopwatch.GetTimestamp();
        long first = source.FirstSequence;
        long recordFrom = _isRecording && first < long.MaxValue ? first + _unrecorded : long.MaxValue;
        for (int i = 0; i < events.Length; i++)
        {
            ref readonly EventHeader header = ref events[i].Header;
            switch (header.Type)
            {
                case EventType.Accepted when EventSlot.As<Accepted>(in events[i]).Command == CommandType.Tick:
                    _tick = header.CommandSequence;
                    break;
                case EventType.Trade:
                    Trades++;
                    break;
                case EventType.Fill:
                    Fills++;
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

            if ((header.Flags & EventFlags.Last) != 0 && header.CommandSequence >= recordFrom && header.CommandSequence != _tick)
            {
                Record(header.CommandSequence, now);
            }
        }

        LastShownAt = now;
    }

    private static long Ns(long ticks) => Math.Max(1, ticks * 1_000_000_000 / Stopwatch.Frequency);

    private void Record(long sequence, long now)
    {
        long intended = source.IntendedAt(sequence);
        EndToEnd.RecordValue(Ns(now - intended));
        if (times is not null && times.IsSampled(sequence))
        {
            long core = times.CoreDoneAt(sequence);
            ToCore.RecordValue(Ns(core - intended));
            ToShown.RecordValue(Ns(now - core));
        }
    }
}
