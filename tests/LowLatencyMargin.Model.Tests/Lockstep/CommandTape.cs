namespace LowLatencyMargin.Model.Tests.Lockstep;

/// <summary>Commands as bytes, to be applied again elsewhere.</summary>
internal sealed class CommandTape
{
    private readonly List<byte[]> _commands = [];

    public IReadOnlyList<byte[]> Commands => _commands;

    public void Add(ReadOnlySpan<byte> command) => _commands.Add(command.ToArray());
}
