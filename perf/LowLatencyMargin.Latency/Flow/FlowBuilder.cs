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
    private readonly Genesis _genesis;
    private CommandStream? _setup;
    private long _tradesBefore;
    private long _liquidationsBefore;
    private long _timeNs;

    /// <summary>A builder whose commands are set-up until <see cref="StartFlow"/>.</summary>
    public FlowBuilder(Genesis genesis)
    {
        _genesis = genesis;
        Stream = new CommandStream(1 << 14);
        Begin(genesis);
    }

    /// <summary>Where commands go: the set-up, then the measured flow.</summary>
    public CommandStream Stream { get; private set; }

    public Exchange Exchange => _exchange;

    public ExchangeState State => _exchange.State!;

    public ReadOnlySpan<EventSlot> Events => _exchange.Events.Span;

    /// <summary>What went into the stream.</summary>
    public FlowCounts Counts { get; private set; } = new();

    /// <summary>From here on commands are the flow.</summary>
    public void StartFlow(int expectedCommands)
    {
        _setup = Stream;
        Stream = new CommandStream(expectedCommands);
        Counts = new FlowCounts();
        _tradesBefore = State.LastTradeId;
        _liquidationsBefore = State.LastLiquidationId;
    }

    /// <summary>Set-up and flow as a workload, which owns them.</summary>
    public Workload Build(string name, params IReadOnlyList<string> notes)
    {
        Counts.Trades = State.LastTradeId - _tradesBefore;
        Counts.Liquidations = State.LastLiquidationId - _liquidationsBefore;
        Counts.RestingOrders = State.RestingOrders;
        for (int row = 1; row <= State.Positions.HighWater; row++)
        {
            Counts.OpenPositions += State.Positions[row].SizeLots != 0 ? 1 : 0;
        }

        return new Workload(name, _genesis, _setup!, Stream) { Notes = notes, Counts = Counts, StateBytes = State.Bytes };
    }

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
        return Send(MemoryMarshal.AsBytes(new Span<T>(ref command)));
    }

    /// <summary>Applies and records bytes of a command as they are, but for sequence, time and checksums.</summary>
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
        Counts.Add(command, code);
        return code;
    }

    /// <summary>Works off what is left over, by ticks that are not recorded: the measured pipeline sends its own.</summary>
    public void Drain()
    {
        while (_exchange.HasPendingWork)
        {
            var tick = new Tick
            {
                Header = new CommandHeader
                {
                    LengthBytes = (uint)Unsafe.SizeOf<Tick>(), Type = CommandType.Tick, Version = Exchange.CommandVersion, Sequence = _exchange.Sequence + 1,
                    TimeNs = _timeNs,
                },
            };
            ExchangeSetup.Require(_exchange.Apply(MemoryMarshal.AsBytes(new ReadOnlySpan<Tick>(in tick))));
        }
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
