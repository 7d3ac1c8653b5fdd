using LowLatencyMargin.MatchingBenchmark.Workload;

namespace LowLatencyMargin.MatchingBenchmark.Tests;

/// <summary>Calls the entry points as a harness in C does, by their addresses, and collects the reports on a second thread.</summary>
internal sealed unsafe class Harness : IDisposable
{
    private const int DrainedAtOnce = 1024;

    private readonly ForeignQueue? _queue;
    private readonly List<Report> _reports = [];
    private readonly Thread _drainer;
    private bool _isThrough;

    /// <summary>Begins with an empty book.</summary>
    /// <param name="pushCapacity">Room in the queue that reports are pushed to; 0: they go over the ring.</param>
    public Harness(int pushCapacity)
    {
        delegate* unmanaged<void*, void*, void> init = &NativeEntry.Init;
        if (pushCapacity > 0)
        {
            _queue = new ForeignQueue(pushCapacity);
            init(_queue.Push, _queue.Sink);
        }
        else
        {
            ((delegate* unmanaged<void>)&NativeEntry.OpenRing)();
            init(null, null);
        }

        _drainer = new Thread(CollectReports);
        _drainer.Start();
    }

    public static long BestBid => ((delegate* unmanaged<long>)&NativeEntry.BestBid)();

    public static long BestAsk => ((delegate* unmanaged<long>)&NativeEntry.BestAsk)();

    public static ulong Depth(long ticks, byte side) => ((delegate* unmanaged<long, byte, ulong>)&NativeEntry.Depth)(ticks, side);

    /// <summary>Processes messages, so many at a time.</summary>
    public static void Process(ReadOnlySpan<Message> messages, int batch)
    {
        delegate* unmanaged<Message*, uint, void> process = &NativeEntry.Batch;
        fixed (Message* first = messages)
        {
            for (int i = 0; i < messages.Length; i += batch)
            {
                process(first + i, (uint)Math.Min(batch, messages.Length - i));
            }
        }
    }

    /// <summary>All reports; ends the second thread.</summary>
    public List<Report> Finish()
    {
        Volatile.Write(ref _isThrough, true);
        _drainer.Join();
        return _reports;
    }

    public void Dispose()
    {
        Finish();
        _queue?.Dispose();
    }

    private void CollectReports()
    {
        var buffer = new Report[DrainedAtOnce];
        while (true)
        {
            bool isLast = Volatile.Read(ref _isThrough);
            int count = _queue?.Drain(buffer) ?? DrainRing(buffer);
            _reports.AddRange(buffer.AsSpan(0, count));
            if (isLast && count == 0)
            {
                return;
            }
        }
    }

    private static int DrainRing(Report[] buffer)
    {
        delegate* unmanaged<Report*, uint, uint> drain = &NativeEntry.Drain;
        fixed (Report* first = buffer)
        {
            return (int)drain(first, (uint)buffer.Length);
        }
    }
}
