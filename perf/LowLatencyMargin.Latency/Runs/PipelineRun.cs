using System.Diagnostics;
using HdrHistogram;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Latency.Flow;
using LowLatencyMargin.Pipeline;
using LowLatencyMargin.Pipeline.Threads;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>One measurement of the whole pipeline, from a fresh exchange and a fresh journal.</summary>
internal sealed class PipelineRun(Workload workload, DurabilityMode? mode, ThreadLayout layout, string directory)
{
    /// <summary>Runs the exchange.</summary>
    /// <param name="perSecond">Rate of the open loop; 0: flat out.</param>
    /// <param name="commands">At most so many.</param>
    public PipelineResult Exchange(double perSecond, long commands)
    {
        PipelineOptions options = Options(perSecond);
        var source = new LoadSource();
        var consumer = new LatencyConsumer(source, options.Times);
        using ExchangeHost host = ExchangeHost.Open(options, workload.Genesis, source, [consumer]);
        PipelineResult result = Measure(host.Pipeline, options, source, consumer, perSecond, commands);
        host.Pipeline.Dispose();
        return result with { StateHash = host.Exchange.ComputeStateHash(), ChainHash = host.Exchange.ChainHash, LastSequence = host.Exchange.Sequence };
    }

    /// <summary>Runs the same pipe with an empty engine: the control.</summary>
    public PipelineResult Control(double perSecond, long commands)
    {
        PipelineOptions options = Options(perSecond);
        var source = new LoadSource();
        var consumer = new LatencyConsumer(source, options.Times);
        JournalWriter? journal = options.Journal is null ? null : JournalWriter.Open(options.Journal);
        using var pipeline = new ExchangePipeline<EmptyEngine>(options, new EmptyEngine(), 0, 0, journal, source, consumer);
        return Measure(pipeline, options, source, consumer, perSecond, commands);
    }

    private PipelineOptions Options(double perSecond)
    {
        JournalOptions? journal = null;
        if (mode is not null)
        {
            if (System.IO.Directory.Exists(directory))
            {
                System.IO.Directory.Delete(directory, recursive: true);
            }

            System.IO.Directory.CreateDirectory(directory);
            journal = new JournalOptions { Directory = directory, Mode = mode.Value };
        }

        return new PipelineOptions
        {
            Journal = journal,
            Threads = layout,
            Times = perSecond > 0 ? new StageTimes(every: 16, kept: 1 << 17) : null,
        };
    }

    private PipelineResult Measure<TEngine>(
        ExchangePipeline<TEngine> pipeline, PipelineOptions options, LoadSource source, LatencyConsumer consumer, double perSecond, long commands)
        where TEngine : struct, IEngine
    {
        pipeline.Start();
        Submit(pipeline, source, workload.Setup, 0, long.MaxValue);
        consumer.Reset(record: perSecond > 0);
        GC.Collect();
        Thread.Sleep(20);
        int collectionsBefore = GC.CollectionCount(0);
        IReadOnlyDictionary<string, long> allocatedBefore = pipeline.AllocatedBytes(options.Threads);
        long journalBefore = JournalBytes();
        Submit(pipeline, source, workload.Flow, perSecond, commands);
        Thread.Sleep(5);
        IReadOnlyDictionary<string, long> allocated = pipeline.AllocatedBytes(options.Threads);
        double seconds = Stopwatch.GetElapsedTime(source.StartedAt, consumer.LastShownAt).TotalSeconds;
        return new PipelineResult
        {
            PerSecond = perSecond,
            Commands = source.Submitted,
            Seconds = seconds,
            Ticks = pipeline.Ticks,
            Busy = source.Busy,
            Trades = consumer.Trades,
            Liquidations = consumer.Liquidations,
            Rejected = consumer.Rejected,
            JournalBytes = JournalBytes() - journalBefore,
            AllocatedBytes = allocated.ToDictionary(pair => pair.Key, pair => pair.Value - allocatedBefore[pair.Key]),
            Collections = GC.CollectionCount(0) - collectionsBefore,
            EndToEnd = consumer.EndToEnd,
            ToCore = consumer.ToCore,
            ToShown = consumer.ToShown,
        };
    }

    private static void Submit<TEngine>(ExchangePipeline<TEngine> pipeline, LoadSource source, CommandStream stream, double perSecond, long limit)
        where TEngine : struct, IEngine
    {
        if (stream.Count == 0)
        {
            return;
        }

        source.Start(stream, perSecond, limit);
        while (!source.IsDone || !pipeline.IsDrained)
        {
            if (pipeline.IsStopped)
            {
                throw new InvalidOperationException("the pipeline stopped", pipeline.Failure);
            }

            Thread.Sleep(1);
        }
    }

    private long JournalBytes() => workload.Flow.Bytes;
}

/// <summary>What a run measured.</summary>
internal sealed record PipelineResult
{
    public double PerSecond { get; init; }

    public long Commands { get; init; }

    public double Seconds { get; init; }

    public long Ticks { get; init; }

    public long Busy { get; init; }

    public long Trades { get; init; }

    public long Liquidations { get; init; }

    public long Rejected { get; init; }

    public long JournalBytes { get; init; }

    public required IReadOnlyDictionary<string, long> AllocatedBytes { get; init; }

    public int Collections { get; init; }

    public required LongHistogram EndToEnd { get; init; }

    public required LongHistogram ToCore { get; init; }

    public required LongHistogram ToShown { get; init; }

    public Hash128 StateHash { get; init; }

    public Hash128 ChainHash { get; init; }

    public long LastSequence { get; init; }

    public double AchievedPerSecond => Commands / Seconds;
}
