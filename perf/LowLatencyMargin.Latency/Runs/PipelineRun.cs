using System.Diagnostics;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Latency.Flow;
using LowLatencyMargin.Pipeline;
using LowLatencyMargin.Pipeline.Threads;

namespace LowLatencyMargin.Latency.Runs;

/// <summary>One measurement of the whole pipeline, from a fresh exchange and a fresh journal.</summary>
internal sealed class PipelineRun(Workload workload, DurabilityMode? mode, ThreadLayout layout, string directory)
{
    private const int SampledEvery = 16;
    private const int SamplesKept = 1 << 17;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs the exchange.</summary>
    /// <param name="perSecond">Rate of the open loop; 0: flat out.</param>
    /// <param name="commands">At most so many.</param>
    /// <param name="unrecorded">The first so many warm up: their latencies are left out.</param>
    public PipelineResult Exchange(long perSecond, long commands, long unrecorded = 0)
    {
        PipelineOptions options = Options(perSecond);
        var source = new LoadSource();
        var consumer = new LatencyConsumer(source, options.Times);
        using ExchangeHost host = ExchangeHost.Open(options, workload.Genesis, source, [consumer]);
        PipelineResult result = Measure(host.Pipeline, options, source, consumer, perSecond, commands, unrecorded);
        host.Pipeline.Dispose();
        return result with
        {
            StateHash = host.Exchange.ComputeStateHash(),
            ChainHash = host.Exchange.ChainHash,
            LastSequence = host.Exchange.Sequence,
        };
    }

    /// <summary>Runs the same pipe with an empty engine: the control.</summary>
    public PipelineResult Control(long perSecond, long commands, long unrecorded = 0)
    {
        PipelineOptions options = Options(perSecond);
        var source = new LoadSource();
        var consumer = new LatencyConsumer(source, options.Times);
        JournalWriter? journal = options.Journal is null ? null : JournalWriter.Open(options.Journal);
        using var pipeline = new ExchangePipeline<EmptyEngine>(options, new EmptyEngine(), 0, 0, journal, source, consumer);
        return Measure(pipeline, options, source, consumer, perSecond, commands, unrecorded);
    }

    private PipelineOptions Options(long perSecond)
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
            Times = perSecond > 0 ? new StageTimes(SampledEvery, SamplesKept) : null,
        };
    }

    private PipelineResult Measure<TEngine>(
        ExchangePipeline<TEngine> pipeline,
        PipelineOptions options,
        LoadSource source,
        LatencyConsumer consumer,
        long perSecond,
        long commands,
        long unrecorded)
        where TEngine : struct, IEngine
    {
        pipeline.Start();
        Submit(pipeline, source, workload.Setup, 0, long.MaxValue);
        consumer.Reset(record: perSecond > 0, unrecorded);
        IReadOnlyList<string> notPinned = Pinning.Missing(options.Threads);
        GC.Collect();
        Thread.Sleep(20);
        long ticksBefore = pipeline.Ticks;
        IReadOnlyDictionary<string, long> allocatedBefore = pipeline.AllocatedBytes(options.Threads);
        int collectionsBefore = GC.CollectionCount(0);
        Submit(pipeline, source, workload.Flow, perSecond, commands);
        int collections = GC.CollectionCount(0) - collectionsBefore;
        Thread.Sleep(20);
        IReadOnlyDictionary<string, long> allocated = pipeline.AllocatedBytes(options.Threads);
        return new PipelineResult
        {
            PerSecond = perSecond,
            Commands = source.Submitted,
            Seconds = Stopwatch.GetElapsedTime(source.StartedAt, consumer.LastShownAt).TotalSeconds,
            Ticks = pipeline.Ticks - ticksBefore,
            Busy = source.Busy,
            Trades = consumer.Trades,
            Fills = consumer.Fills,
            Liquidations = consumer.Liquidations,
            Rejected = consumer.Rejected,
            AllocatedBytes = allocated.ToDictionary(pair => pair.Key, pair => pair.Value - allocatedBefore[pair.Key]),
            Collections = collections,
            NotPinned = notPinned,
            RingBytes = pipeline.RingBytes,
            EndToEnd = consumer.EndToEnd,
            ToCore = consumer.ToCore,
            ToShown = consumer.ToShown,
        };
    }

    private static void Submit<TEngine>(ExchangePipeline<TEngine> pipeline, LoadSource source, CommandStream stream, long perSecond, long limit)
        where TEngine : struct, IEngine
    {
        if (stream.Count == 0)
        {
            return;
        }

        source.Start(stream, perSecond, limit);
        long submitted = 0;
        long progressAt = Stopwatch.GetTimestamp();
        while (!source.IsDone || !pipeline.IsDrained)
        {
            if (pipeline.IsStopped)
            {
                throw new PipelineFailedException($"the pipeline stopped after {source.Submitted} commands", pipeline.Failure);
            }

            if (source.Submitted != submitted)
            {
                submitted = source.Submitted;
                progressAt = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(progressAt) > Patience)
            {
                throw new PipelineFailedException(
                    $"no command in {Patience.TotalSeconds} s after {submitted}, {source.Busy} Busy answers: the disk may be full, or a stage hangs",
                    null);
            }

            Thread.Sleep(1);
        }
    }
}

/// <summary>The pipeline stopped, or stands still.</summary>
internal sealed class PipelineFailedException(string message, Exception? cause) : Exception(message, cause);
