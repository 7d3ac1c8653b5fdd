using System.Diagnostics;
using LowLatencyMargin.Benchmarks.Rings;
using LowLatencyMargin.Latency.Runs;
using LowLatencyMargin.MatchingBenchmark;
using LowLatencyMargin.MatchingBenchmark.Workload;

namespace LowLatencyMargin.Benchmarks.Matching;

/// <summary>
/// One workload through the native entry points as a harness in C would run it: messages in batches on one core, reports taken out on another.
/// The time ends when the last report is out.
/// </summary>
internal sealed unsafe class MatchingRun : IDisposable
{
    private const int DrainedAtOnce = 256;
    private const int QueueReports = 1 << 14;
    private const int EngineCore = 1;
    private const int DrainerCore = 0;

    private readonly Message[] _messages;
    private readonly int _batch;
    private readonly ForeignQueue? _queue;
    private readonly Thread _drainer;
    private readonly ManualResetEventSlim _isReady = new();
    private long _expected = long.MaxValue;
    private long _drained;

    private MatchingRun(Message[] messages, int batch, bool isPush)
    {
        _messages = messages;
        _batch = batch;
        delegate* unmanaged<void*, void*, void> init = &NativeEntry.Init;
        if (isPush)
        {
            _queue = new ForeignQueue(QueueReports);
            init(_queue.Push, _queue.Sink);
        }
        else
        {
            ((delegate* unmanaged<void>)&NativeEntry.OpenRing)();
            init(null, null);
        }

        _drainer = new Thread(Drain) { IsBackground = true };
    }

    /// <summary>Runs a workload once; returns what it took.</summary>
    public static MatchingResult Once(Message[] messages, int batch, bool isPush, long expectedReports)
    {
        using var run = new MatchingRun(messages, batch, isPush);
        return run.Measure(expectedReports);
    }

    /// <summary>
    /// The same on one thread, which takes out the reports of a batch when it is through: CPU time a message. On a machine that others use too, the
    /// figure that repeats.
    /// </summary>
    public static double OnOneThread(Message[] messages, int batch)
    {
        ((delegate* unmanaged<void>)&NativeEntry.OpenRing)();
        ((delegate* unmanaged<void*, void*, void>)&NativeEntry.Init)(null, null);
        delegate* unmanaged<Message*, uint, void> process = &NativeEntry.Batch;
        delegate* unmanaged<Report*, uint, uint> drain = &NativeEntry.Drain;
        Report* reports = stackalloc Report[DrainedAtOnce];
        long start = ThreadCpu.Ns;
        fixed (Message* first = messages)
        {
            for (int i = 0; i < messages.Length; i += batch)
            {
                process(first + i, (uint)Math.Min(batch, messages.Length - i));
                while (drain(reports, DrainedAtOnce) != 0)
                {
                }
            }
        }

        return (ThreadCpu.Ns - start) / (double)messages.Length;
    }

    public void Dispose()
    {
        _queue?.Dispose();
        _isReady.Dispose();
    }

    /// <summary>An unknown number of reports (0) is found by waiting until no more come: for the first run, which is not measured.</summary>
    private MatchingResult Measure(long expectedReports)
    {
        _drainer.Start();
        _isReady.Wait();
        Affinity.Pin(EngineCore);
        long start = Stopwatch.GetTimestamp();
        delegate* unmanaged<Message*, uint, void> process = &NativeEntry.Batch;
        fixed (Message* first = _messages)
        {
            for (int i = 0; i < _messages.Length; i += _batch)
            {
                process(first + i, (uint)Math.Min(_batch, _messages.Length - i));
            }
        }

        if (expectedReports == 0)
        {
            while (Volatile.Read(ref _drained) is var before && WaitedInVain(before))
            {
            }
        }

        Volatile.Write(ref _expected, expectedReports == 0 ? Volatile.Read(ref _drained) : expectedReports);
        _drainer.Join();
        return new MatchingResult(Stopwatch.GetElapsedTime(start).TotalNanoseconds, _drained);
    }

    private bool WaitedInVain(long before)
    {
        Thread.Sleep(20);
        return Volatile.Read(ref _drained) != before;
    }

    private void Drain()
    {
        Affinity.Pin(DrainerCore);
        var buffer = new Report[DrainedAtOnce];
        delegate* unmanaged<Report*, uint, uint> drain = &NativeEntry.Drain;
        long drained = 0;
        fixed (Report* first = buffer)
        {
            _isReady.Set();
            while (drained < Volatile.Read(ref _expected))
            {
                int count = _queue?.Drain(buffer) ?? (int)drain(first, DrainedAtOnce);
                if (count > 0)
                {
                    drained += count;
                    Volatile.Write(ref _drained, drained);
                }
            }
        }
    }
}

/// <summary>What a run took.</summary>
/// <param name="Ns">From the first message to the last report.</param>
/// <param name="Reports">How many reports it made.</param>
internal readonly record struct MatchingResult(double Ns, long Reports);
