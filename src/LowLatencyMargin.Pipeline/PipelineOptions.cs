using LowLatencyMargin.Journal;
using LowLatencyMargin.Pipeline.Previews;
using LowLatencyMargin.Pipeline.Threads;

namespace LowLatencyMargin.Pipeline;

/// <summary>How a pipeline is put together. Nothing here can change an outcome: that is in the genesis command.</summary>
public sealed record PipelineOptions
{
    /// <summary>Where commands are journaled; null: nowhere, and every command counts as durable at once.</summary>
    public JournalOptions? Journal { get; init; }

    /// <summary>The smallest command ring: the longest command, and the slots that may have to be left before it.</summary>
    public const int MinCommandSlots = 64;

    /// <summary>Slots of the command ring, a power of two, <see cref="MinCommandSlots"/> or more; a slot has 128 bytes.</summary>
    public int CommandSlots { get; init; } = 1 << 14;

    /// <summary>Slots of the event ring, a power of two; raised to hold four times the most events of one command.</summary>
    public int EventSlots { get; init; } = 1 << 15;

    /// <summary>Which stage runs on which thread.</summary>
    public ThreadLayout Threads { get; init; } = ThreadLayout.For(Environment.ProcessorCount);

    /// <summary>Previews that the core thread answers between commands; null: none. <see cref="ExchangeHost"/> brings its own.</summary>
    public PreviewQueue? Previews { get; init; }

    /// <summary>Takes the times of sampled commands, for a latency harness.</summary>
    public StageTimes? Times { get; init; }
}
