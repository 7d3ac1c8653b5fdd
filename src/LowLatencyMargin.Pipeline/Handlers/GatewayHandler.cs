namespace LowLatencyMargin.Pipeline.Handlers;

/// <summary>Polls the sources of commands on the one thread that submits them.</summary>
internal sealed class GatewayHandler(CommandSequencer sequencer, ICommandSource source) : IStage
{
    /// <inheritdoc/>
    public bool Poll() => sequencer.BeginPoll() | source.Poll(sequencer);
}
