using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace LowLatencyMargin.MatchingBenchmark;

/// <summary>Reports into the ring, in place.</summary>
public readonly struct RingSink(ReportRing ring) : IReportSink
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Report Next() => ref ring.Next();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Written() => ring.PublishRun();
}

/// <summary>Reports one by one into the queue of whoever called, which says 0 while it is full.</summary>
public unsafe struct PushSink(delegate* unmanaged[SuppressGCTransition]<void*, Report*, int> push, void* sink) : IReportSink
{
    private Report _report;

    /// <summary>Pushes into a queue.</summary>
    public static PushSink Into(Workload.ForeignQueue queue) =>
        new((delegate* unmanaged[SuppressGCTransition]<void*, Report*, int>)queue.Push, queue.Sink);

    /// <inheritdoc/>
    [UnscopedRef]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Report Next() => ref _report;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Written()
    {
        fixed (Report* report = &_report)
        {
            while (push(sink, report) == 0)
            {
                Thread.SpinWait(1);
            }
        }
    }
}
