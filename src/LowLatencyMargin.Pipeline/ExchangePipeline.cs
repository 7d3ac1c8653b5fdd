using System.Numerics;
using Disruptor;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Handlers;
using LowLatencyMargin.Pipeline.Threads;

namespace LowLatencyMargin.Pipeline;

/// <summary>
/// The wiring, all of it: two rings, four stages, the gates between them.
/// <code>
///   sources -> [Gateway] ==command ring==> [Journal]
///                             |               | durable
///                             +--> [Core] ==event ring==> [Publish] -> consumers
/// </code>
/// A command slot is free again when journal and core are through with it; an event slot, when every consumer is.
/// </summary>
/// <typeparam name="TEngine">What applies the commands.</typeparam>
public sealed class ExchangePipeline<TEngine> : IDisposable
    where TEngine : struct, IEngine
{
    private readonly PipelineSignals _signals = new();
    private readonly JournalWriter? _journal;
    private readonly StageThread[] _threads;
    private readonly ValueRingBuffer<CommandSlot> _commands;
    private readonly ValueRingBuffer<EventSlot> _events;
    private readonly PublishHandler[] _publishers;
    private readonly CommandSequencer _sequencer;
    private readonly Sequence _coreSequence;
    private readonly Sequence? _journalSequence;
    private bool _isStarted;

    /// <summary>Wires a pipeline.</summary>
    /// <param name="options">How.</param>
    /// <param name="engine">What applies the commands; has applied all that the journal holds.</param>
    /// <param name="lastTimeNs">Time of the last command applied.</param>
    /// <param name="lastSequence">Sequence of the last command applied.</param>
    /// <param name="journal">The journal, opened and replayed; null: none. The pipeline closes it.</param>
    /// <param name="source">Where commands come from.</param>
    /// <param name="consumers">Where events go.</param>
    public ExchangePipeline(
        PipelineOptions options,
        TEngine engine,
        long lastSequence,
        long lastTimeNs,
        JournalWriter? journal,
        ICommandSource source,
        params IReadOnlyList<IEventConsumer> consumers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(consumers);
        if (options.CommandSlots < PipelineOptions.MinCommandSlots || !BitOperations.IsPow2(options.CommandSlots))
        {
            throw new ArgumentException(
                $"{options.CommandSlots} command slots: expected a power of two, {PipelineOptions.MinCommandSlots} or more", nameof(options));
        }

        if (journal is not null && journal.AppendedSequence != lastSequence)
        {
            throw new ArgumentException($"the journal ends at command {journal.AppendedSequence}, the engine at {lastSequence}", nameof(journal));
        }

        _journal = journal;
        int eventSlots = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(options.EventSlots, 4 * engine.EventsPerCommand));
        _commands = ValueRingBuffer<CommandSlot>.CreateSingleProducer(() => default, options.CommandSlots, new FewCoresWaitStrategy());
        _events = ValueRingBuffer<EventSlot>.CreateSingleProducer(() => default, eventSlots, new FewCoresWaitStrategy());
        var checkpoints = new CheckpointQueue();
        var core = new CoreHandler<TEngine>(engine, _commands, _events, checkpoints, _signals, options.Times, options.Previews);
        _coreSequence = core.Sequence;
        _commands.AddGatingSequences(core.Sequence);
        _publishers = [.. consumers.Select(consumer => new PublishHandler(_events, journal, consumer))];
        foreach (PublishHandler publisher in _publishers)
        {
            _events.AddGatingSequences(publisher.Sequence);
        }

        // what the engine was left with by its last run goes on without waiting for a command
        _signals.HasPendingWork = engine.HasPendingWork;
        _signals.NextDueNs = engine.NextDueNs;
        _sequencer = new CommandSequencer(_commands, core.Sequence, _signals, journal, lastSequence, lastTimeNs);
        List<IStage> journalStages = [];
        if (journal is not null)
        {
            var handler = new JournalHandler(_commands, journal, checkpoints, _signals);
            _journalSequence = handler.Sequence;
            _commands.AddGatingSequences(handler.Sequence);
            journalStages.Add(handler);
        }

        var stages = new Dictionary<StageKind, IReadOnlyList<IStage>>
        {
            [StageKind.Gateway] = [new GatewayHandler(_sequencer, source)],
            [StageKind.Core] = [core],
            [StageKind.Journal] = journalStages,
            [StageKind.Publish] = _publishers,
        };
        _threads = [.. options.Threads.Threads.Select(plan => new StageThread(plan, [.. plan.Stages.SelectMany(kind => stages[kind])], _signals))];
    }

    /// <summary>What stopped the pipeline, when it was not asked to; the host exits with code 70.</summary>
    public Exception? Failure => _signals.Failure;

    /// <summary>Whether it has stopped.</summary>
    public bool IsStopped => _signals.IsStopped;

    /// <summary>Ticks that the sequencer sent.</summary>
    public long Ticks => _sequencer.Ticks;

    /// <summary>Bytes of both rings.</summary>
    public long RingBytes => ((long)_commands.BufferSize * CommandSlot.SizeBytes) + ((long)_events.BufferSize * EventSlot.SizeBytes);

    /// <summary>Bytes that each stage thread has allocated so far, by name.</summary>
    public IReadOnlyDictionary<string, long> AllocatedBytes(ThreadLayout layout) =>
        layout.Threads.Zip(_threads).ToDictionary(pair => pair.First.Name, pair => pair.Second.AllocatedBytes);

    /// <summary>Starts the threads.</summary>
    public void Start()
    {
        _isStarted = true;
        foreach (StageThread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Whether everything submitted so far has been applied, journaled and shown. Meaningful once the source submits no more.</summary>
    public bool IsDrained =>
        _coreSequence.Value == _commands.Cursor
        && (_journalSequence is null || _journalSequence.Value == _commands.Cursor)
        && (_journal is null || _journal.DurableSequence == _journal.AppendedSequence)
        && !_signals.HasPendingWork
        && _publishers.All(publisher => publisher.Sequence.Value == _events.Cursor);

    /// <summary>Stops the threads and closes the journal, which makes what was appended durable.</summary>
    public void Dispose()
    {
        _signals.Stop();
        if (_isStarted)
        {
            foreach (StageThread thread in _threads)
            {
                thread.Join();
            }
        }

        _journal?.Dispose();
    }
}
