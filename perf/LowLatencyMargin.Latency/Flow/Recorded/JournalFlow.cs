using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Journal;
using LowLatencyMargin.Latency.CommandLine;

namespace LowLatencyMargin.Latency.Flow.Recorded;

/// <summary>A journal as a flow: what stands before its first order is set-up, the rest is measured.</summary>
internal sealed class JournalFlow : IDisposable
{
    private readonly string _directory;
    private readonly Exchange _exchange = new();
    private readonly RecordedFlow _record = new();
    private readonly List<byte[]> _setup = [];
    private readonly Dictionary<long, int> _keys = [];
    private readonly Dictionary<long, int> _places = [];
    private Genesis _genesis;
    private bool _hasGenesis;

    private JournalFlow(string directory) => _directory = directory;

    public static Workload Build(string directory, MarkPath path, int commands, Action<int>? progress)
    {
        using var journal = new JournalFlow(directory);
        try
        {
            journal.Read(commands);
        }
        catch (JournalException unreadable)
        {
            throw new UsageException($"--flow {directory}: {unreadable.Message}");
        }

        return journal.Play(path, commands, progress);
    }

    public void Dispose() => _exchange.Dispose();

    private Workload Play(MarkPath path, int commands, Action<int>? progress)
    {
        using var flow = new FlowBuilder(_genesis);
        foreach (byte[] command in _setup)
        {
            _ = flow.Send(command.AsSpan());
        }

        flow.StartFlow(commands);
        var player = new FlowPlayer(flow, _record, [.. _places.OrderBy(place => place.Value).Select(place => place.Key)], path, commands);
        player.Play(progress);
        return flow.Build(
            "journal",
            [
                $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(_directory))}: {_setup.Count + 1:N0} commands of set-up, "
                    + $"{_record.Steps.Count:N0} of flow, {_record.Orders:N0} of them orders of {_places.Count:N0} accounts",
                .. RecordedFlows.NotesOn(player, _record),
            ]);
    }

    private void Read(int commands)
    {
        using JournalReader reader = JournalReader.Open(_directory);
        while (_record.Steps.Count < RecordedFlow.StepsFor(commands) && reader.TryRead(out RecordView record))
        {
            if (!record.IsCheckpoint)
            {
                Take(record.Bytes);
            }
        }

        if (reader.End is { Kind: JournalEndKind.Corrupt } end)
        {
            throw new UsageException($"--flow {_directory}: {end}");
        }

        if (_record.Orders == 0)
        {
            throw new UsageException(
                $"--flow {_directory}: no order in the journal; expected a directory that a converter or an exchange has written");
        }
    }

    private void Take(ReadOnlySpan<byte> command)
    {
        CommandType type = MemoryMarshal.AsRef<CommandHeader>(command).Type;
        _ = _exchange.Apply(command);
        if (!_hasGenesis)
        {
            _hasGenesis = type == CommandType.Genesis
                ? MemoryMarshal.TryRead(command, out _genesis)
                : throw new UsageException($"--flow {_directory}: the journal begins with {type}, expected a genesis command");
        }
        else if (_record.Orders == 0 && type != CommandType.PlaceOrder)
        {
            _setup.Add(command.ToArray());
        }
        else if (type != CommandType.Tick)
        {
            _record.Steps.Add(StepOf(command, type));
        }
    }

    private FlowStep StepOf(ReadOnlySpan<byte> command, CommandType type)
    {
        switch (type)
        {
            case CommandType.PlaceOrder:
                return Place(in MemoryMarshal.AsRef<PlaceOrder>(command));
            case CommandType.CancelOrder when _keys.TryGetValue(MemoryMarshal.AsRef<CancelOrder>(command).OrderId, out int key):
                return new FlowStep { Kind = StepKind.Cancel, Key = key };
            case CommandType.ModifyOrder when _keys.TryGetValue(MemoryMarshal.AsRef<ModifyOrder>(command).OrderId, out int key):
                ref readonly ModifyOrder modify = ref MemoryMarshal.AsRef<ModifyOrder>(command);
                return new FlowStep { Kind = StepKind.Modify, Key = key, PriceTicks = modify.PriceTicks, QuantityLots = modify.QuantityLots };
            case CommandType.SetMarkPrice:
                ref readonly SetMarkPrice mark = ref MemoryMarshal.AsRef<SetMarkPrice>(command);
                return new FlowStep { Kind = StepKind.Mark, Market = (int)mark.MarketId, PriceTicks = mark.PriceTicks };
            default:
                _record.Others.Add(command.ToArray());
                return new FlowStep { Kind = StepKind.Other, Key = _record.Others.Count - 1 };
        }
    }

    private FlowStep Place(in PlaceOrder order)
    {
        if (!_places.TryGetValue(order.AccountId, out int place))
        {
            _places.Add(order.AccountId, place = _places.Count);
        }

        int key = _record.Orders++;
        ref readonly EventSlot first = ref _exchange.Events.Span[0];
        if (first.Header.Type == EventType.OrderAccepted)
        {
            _keys[EventSlot.As<OrderChanged>(in first).OrderId] = key;
        }

        return new FlowStep
        {
            Kind = StepKind.Place,
            Key = key,
            Account = place,
            Market = (int)order.MarketId,
            PriceTicks = order.PriceTicks,
            QuantityLots = order.QuantityLots,
            MaxSlippageRate = order.MaxSlippageRate,
            Side = order.Side,
            Type = order.Type,
            TimeInForce = order.TimeInForce,
        };
    }
}
