using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.Pipeline;

/// <summary>What the core thread runs: a struct type, so that nothing between the ring and the exchange is virtual.</summary>
public interface IEngine
{
    /// <summary>Applies a command whole.</summary>
    void Apply(ReadOnlySpan<byte> command);

    /// <summary>Whether hints for commands to come are worth their time now.</summary>
    bool LooksAhead { get; }

    /// <summary>First of three hints for a command that comes soon; hints change nothing (<see cref="Core.LookAhead"/>).</summary>
    void HintFar(ReadOnlySpan<byte> command);

    /// <summary>The second, some commands later.</summary>
    void HintMiddle(ReadOnlySpan<byte> command);

    /// <summary>The third, just before.</summary>
    void HintNear(ReadOnlySpan<byte> command);

    /// <summary>The events of that command.</summary>
    ReadOnlySpan<EventSlot> Events { get; }

    /// <summary>The sequencer should send ticks.</summary>
    bool HasPendingWork { get; }

    /// <summary>When it wants the next tick at the latest; <see cref="long.MaxValue"/>: at no time.</summary>
    long NextDueNs { get; }

    /// <summary>Hash over all events so far.</summary>
    Hash128 ChainHash { get; }

    /// <summary>The most events that one command can make.</summary>
    int EventsPerCommand { get; }
}

/// <summary>The exchange: margin check, matching and liquidation of one command after another.</summary>
public readonly struct ExchangeEngine(Exchange exchange, int eventsPerCommand) : IEngine
{
    /// <inheritdoc/>
    public ReadOnlySpan<EventSlot> Events => exchange.Events.Span;

    /// <inheritdoc/>
    public bool HasPendingWork => exchange.HasPendingWork;

    /// <inheritdoc/>
    public long NextDueNs => exchange.NextDueNs;

    /// <inheritdoc/>
    public Hash128 ChainHash => exchange.ChainHash;

    /// <inheritdoc/>
    public int EventsPerCommand => eventsPerCommand;

    /// <inheritdoc/>
    public bool LooksAhead => exchange.LookAhead is { IsWorthwhile: true };

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<byte> command) => exchange.Apply(command);

    /// <inheritdoc/>
    public void HintFar(ReadOnlySpan<byte> command) => exchange.LookAhead!.Far(command);

    /// <inheritdoc/>
    public void HintMiddle(ReadOnlySpan<byte> command) => exchange.LookAhead!.Middle(command);

    /// <inheritdoc/>
    public void HintNear(ReadOnlySpan<byte> command) => exchange.LookAhead!.Near(command);
}
