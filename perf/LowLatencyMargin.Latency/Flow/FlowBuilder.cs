using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Latency.Flow;

/// <summary>
/// Records commands while an exchange of its own applies them, so that a flow can name orders by the ids that the measured exchange will
/// give them: the exchange is deterministic.
/// </summary>
internal sealed class FlowBuilder : IDisposable
{
    private readonly Exchange _exchange = new();
    private long _timeNs;

    /// <summary>A builder whose commands are set-up until <see cref="StartFlow"/>.</summary>
    public FlowBuilder(Genesis genesis)
    {
        Stream = new CommandStream(1 << 14);
        Begin(genesis);
    }

    /// <summary>Where commands go: the set-up, then the measured flow.</summary>
    public CommandStream Stream { get; private set; }

    /// <summary>From here on commands are the flow; returns the set-up.</summary>
    public CommandStream StartFlow(int expectedCommands)
    {
        CommandStream setup = Stream;
        Stream = new CommandStream(expectedCommands);
        Rejected = 0;
        return setup;
    }

    public Exchange Exchange => _exchange;

    public ReadOnlySpan<EventSlot> Events => _exchange.Events.Span;

    public long Rejected { get; private set; }

    /// <summary>Applies and records a command; its header is filled here.</summary>
    public ResultCode Send<T>(CommandType type, ref T command)
        where T : unmanaged
    {
        ref CommandHeader header = ref Unsafe.As<T, CommandHeader>(ref command);
        header = new CommandHeader
        {
            LengthBytes = (uint)Unsafe.SizeOf<T>(),
            Type = type,
            Version = Exchange.CommandVersion,
        };
        Stream.Add(in command);
        header.Sequence = _exchange.Sequence + 1;
        header.TimeNs = _timeNs += 1000;
        ResultCode code = _exchange.Apply(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in command)));
        Rejected += code == ResultCode.Accepted ? 0 : 1;
        return code;
    }

    /// <summary>Applies and records bytes of a command as they are, but for sequence and time.</summary>
    public ResultCode Send(Span<byte> command)
    {
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command);
        header.Checksum = 0;
        header.PreviousChecksum = 0;
        header.Sequence = 0;
        header.TimeNs = 0;
        Stream.Add(command);
        header.Sequence = _exchange.Sequence + 1;
        header.TimeNs = _timeNs += 1000;
        ResultCode code = _exchange.Apply(command);
        Rejected += code == ResultCode.Accepted ? 0 : 1;
        return code;
    }

    public void Dispose() => _exchange.Dispose();

    /// <summary>Applies a genesis without recording it: whoever runs the flow begins with the same.</summary>
    private void Begin(Genesis genesis)
    {
        genesis.Header = new CommandHeader
        {
            LengthBytes = (uint)Unsafe.SizeOf<Genesis>(),
            Type = CommandType.Genesis,
            Version = Exchange.CommandVersion,
            Sequence = 1,
        };
        ExchangeSetup.Require(_exchange.Apply(MemoryMarshal.AsBytes(new ReadOnlySpan<Genesis>(in genesis))));
    }
}
