namespace LowLatencyMargin.Pipeline;

/// <summary>A step of the pipeline as a poll function: does what there is to do and returns. A configuration assigns it to a thread.</summary>
public interface IStage
{
    /// <summary>Works off what has come; false when there was nothing.</summary>
    bool Poll();
}

/// <summary>
/// Where commands come from: sessions, timers, feeds. Polled on the thread of <see cref="StageKind.Gateway"/>, the only one that submits.
/// </summary>
public interface ICommandSource
{
    /// <summary>Submits what has come; false when there was nothing.</summary>
    bool Poll(CommandSequencer sequencer);
}

/// <summary>Shows events to the outside. Gets whole commands, in order, each only once durable.</summary>
public interface IEventConsumer
{
    /// <summary>Events of whole commands; where the ring wraps, one batch comes in two calls, of which the first may end within a command.</summary>
    void OnEvents(ReadOnlySpan<Core.Events.EventSlot> events);
}

/// <summary>A consumer that keeps a picture built from events: after a restart it gets those of the replay first, to build it anew.</summary>
public interface IRebuiltConsumer : IEventConsumer
{
    /// <summary>Events of one command that was replayed, before the pipeline starts. They were shown, or may have been, by an earlier run.</summary>
    void OnReplayed(ReadOnlySpan<Core.Events.EventSlot> events);
}
