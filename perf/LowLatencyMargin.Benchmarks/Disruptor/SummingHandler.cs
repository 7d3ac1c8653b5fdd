using Disruptor;

namespace LowLatencyMargin.Benchmarks.Rings;

/// <summary>Sums the events; tells when the last one of a run has come.</summary>
internal sealed class SummingHandler(int core) : IValueEventHandler<Event64>
{
    private bool _done;
    private long _last = long.MaxValue;
    private long _sum;

    /// <summary>The number of batches since the last <see cref="Expect"/>.</summary>
    public long Batches { get; private set; }

    public void OnStart() => Affinity.Pin(core);

    public void OnBatchStart(long batchSize) => Batches++;

    public void OnEvent(ref Event64 data, long sequence, bool endOfBatch)
    {
        _sum += data.Value;
        if (sequence == _last)
            Volatile.Write(ref _done, true); // release: the sum is complete
    }

    /// <summary>Starts a run. Only while no event is on its way.</summary>
    public void Expect(long last)
    {
        _sum = 0;
        Batches = 0;
        Volatile.Write(ref _last, last);
        Volatile.Write(ref _done, false);
    }

    /// <summary>Waits for the end of the run.</summary>
    /// <returns>The sum of its events.</returns>
    public long Wait()
    {
        while (!Volatile.Read(ref _done))
            Thread.Yield();
        return _sum;
    }
}
