using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Previews;

namespace LowLatencyMargin.Pipeline;

/// <summary>An exchange with its journal: opened, recovered, and run in a pipeline. What a process does at start, in one place.</summary>
public sealed class ExchangeHost : IDisposable
{
    private ExchangeHost(
        Exchange exchange, ExchangePipeline<ExchangeEngine> pipeline, PreviewQueue previews, RecoveryReport? recovery, ReplayReport? replay)
    {
        Previews = previews;
        Exchange = exchange;
        Pipeline = pipeline;
        Recovery = recovery;
        Replay = replay;
    }

    /// <summary>The exchange. Only the core thread may touch it while the pipeline runs.</summary>
    public Exchange Exchange { get; }

    /// <summary>The pipeline; not started yet.</summary>
    public ExchangePipeline<ExchangeEngine> Pipeline { get; }

    /// <summary>Previews between commands, for the gateway.</summary>
    public PreviewQueue Previews { get; }

    /// <summary>What opening the journal found, null without one.</summary>
    public RecoveryReport? Recovery { get; }

    /// <summary>What replaying it did, null without one.</summary>
    public ReplayReport? Replay { get; }

    /// <summary>Opens an exchange: recovers and replays its journal, or begins one with this genesis.</summary>
    /// <param name="options">How to put the pipeline together.</param>
    /// <param name="genesis">Capacities for a new exchange; one that has a journal keeps its own.</param>
    /// <param name="source">Where commands come from.</param>
    /// <param name="consumers">Where events go. An <see cref="IRebuiltConsumer"/> gets those of the replay too.</param>
    /// <param name="progress">Called now and then with the number of commands replayed.</param>
    /// <exception cref="JournalException">The journal is corrupt, locked, or can't be read or written.</exception>
    /// <exception cref="ArgumentException">The genesis can't work.</exception>
    public static ExchangeHost Open(
        PipelineOptions options, Genesis genesis, ICommandSource source, IReadOnlyList<IEventConsumer> consumers, Action<long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var exchange = new Exchange();
        JournalWriter? journal = null;
        try
        {
            ReplayReport? replay = null;
            if (options.Journal is { } journalOptions)
            {
                journal = JournalWriter.Open(journalOptions);
                replay = JournalReplay.Run(journalOptions.Directory, exchange, progress, Rebuilding(consumers));
            }

            if (exchange.Sequence == 0)
            {
                Begin(exchange, journal, genesis);
            }

            int eventsPerCommand = ExchangeState.EventsPerCommand(exchange.State!.Limits.MaxWorkPerCommand);
            var previews = new PreviewQueue(exchange);
            var pipeline = new ExchangePipeline<ExchangeEngine>(
                options with { Previews = previews },
                new ExchangeEngine(exchange, eventsPerCommand),
                exchange.Sequence,
                exchange.TimeNs,
                journal,
                source,
                consumers);
            return new ExchangeHost(exchange, pipeline, previews, journal?.Recovery, replay);
        }
        catch
        {
            journal?.Dispose();
            exchange.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pipeline.Dispose();
        Exchange.Dispose();
    }

    private static ReplayedEvents? Rebuilding(IReadOnlyList<IEventConsumer> consumers)
    {
        ReplayedEvents? all = null;
        foreach (IRebuiltConsumer consumer in consumers.OfType<IRebuiltConsumer>())
        {
            all += consumer.OnReplayed;
        }

        return all;
    }

    private static void Begin(Exchange exchange, JournalWriter? journal, Genesis genesis)
    {
        genesis.Header = new CommandHeader
        {
            LengthBytes = (uint)Unsafe.SizeOf<Genesis>(),
            Type = CommandType.Genesis,
            Version = Exchange.CommandVersion,
            Sequence = 1,
            TimeNs = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100,
        };
        ReadOnlySpan<byte> command = MemoryMarshal.AsBytes(new ReadOnlySpan<Genesis>(in genesis));
        ResultCode code = exchange.Apply(command);
        if (code != ResultCode.Accepted)
        {
            throw new ArgumentException($"genesis: {ResultText.Of(code)}", nameof(genesis));
        }

        if (journal is not null && !journal.TryAppend(command))
        {
            throw new JournalException("genesis: the journal did not take its first command");
        }
    }
}
