using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Disruptor;

namespace LowLatencyMargin.MatchingBenchmark;

/// <summary>
/// The exchange's event ring carrying reports: one thread writes them in place, another empties it. Made visible a small run at a time, since
/// each time costs both cores the line that the cursor is on.
/// </summary>
public sealed class ReportRing
{
    /// <summary>Slots.</summary>
    public const int Slots = 1 << 14;

    /// <summary>Reports that may wait for the end of their run.</summary>
    public const int RunReports = 16;

    private readonly SingleProducerSequencer _sequencer = new(Slots, new BusySpinWaitStrategy());
    private readonly ValueRingBuffer<Report> _ring;
    private readonly Sequence _consumed = new();
    private long _claimed = Sequence.InitialCursorValue;
    private long _published = Sequence.InitialCursorValue;

    /// <summary>An empty ring.</summary>
    public ReportRing()
    {
        _ring = new ValueRingBuffer<Report>(_sequencer);
        _ring.AddGatingSequences(_consumed);
    }

    /// <summary>Where the next report is to be written. Waits while the ring is full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Report Next()
    {
        _claimed = _sequencer.Next();
        return ref _ring[_claimed];
    }

    /// <summary>Publishes when a run is long enough: a message with more reports than the ring has slots must not wait for itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PublishRun()
    {
        if (_claimed - _published >= RunReports)
        {
            Publish();
        }
    }

    /// <summary>Publishes what is written.</summary>
    public void Publish()
    {
        _published = _claimed;
        _sequencer.Publish(_published);
    }

    /// <summary>The reader's side: copies what is published, as far as there is room.</summary>
    public int Drain(Span<Report> destination)
    {
        long next = _consumed.Value + 1;
        int count = (int)Math.Min(_ring.Cursor + 1 - next, destination.Length);
        if (count <= 0)
        {
            return 0;
        }

        int toEnd = (int)Math.Min(count, Slots - (next & (Slots - 1)));
        MemoryMarshal.CreateReadOnlySpan(ref _ring[next], toEnd).CopyTo(destination);
        if (toEnd < count)
        {
            MemoryMarshal.CreateReadOnlySpan(ref _ring[next + toEnd], count - toEnd).CopyTo(destination[toEnd..]);
        }

        _consumed.SetValue(next + count - 1);
        return count;
    }
}
