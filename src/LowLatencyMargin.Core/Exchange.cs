using System;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Accounts;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Liquidation;
using LowLatencyMargin.Core.Margin;
using LowLatencyMargin.Core.Matching;
using LowLatencyMargin.Core.Numerics;
using LowLatencyMargin.Core.Pricing;

namespace LowLatencyMargin.Core;

/// <summary>
/// The exchange: state = fold(commands). <see cref="Apply"/> is the only way in, <see cref="Events"/> the only way out. It reads no clock,
/// file or random number, and any bytes get a result code.
/// </summary>
public sealed class Exchange : IDisposable
{
    /// <summary>The layout version of all commands.</summary>
    public const ushort CommandVersion = 1;

    private readonly EventBuffer _eventsBeforeGenesis = new(1);
    private ExchangeState? _state;
    private Settlement _settlement = null!;
    private MarginCheck _marginCheck = null!;
    private OrderEntry _orders = null!;
    private Transfers _transfers = null!;
    private Listing _listing = null!;
    private MarkPrices _marks = null!;
    private LiquidationEngine _liquidation = null!;
    private Hash128 _chain;

    /// <summary>An exchange before its genesis.</summary>
    [ColdPath]
    public Exchange()
    {
    }

    /// <summary>Sequence of the last command applied, 0 before the first.</summary>
    public long Sequence { get; private set; }

    /// <summary>Time of the last command applied.</summary>
    public long TimeNs { get; private set; }

    /// <summary>Hash over the events of every command so far: equal on two machines as long as they did the same .</summary>
    public Hash128 ChainHash => _chain;

    /// <summary>The events of the last command.</summary>
    public EventBuffer Events => _state?.Events ?? _eventsBeforeGenesis;

    /// <summary>Whether liquidations are left over: the sequencer should send a tick.</summary>
    public bool HasPendingWork => _state is { PendingMarkets: > 0 };

    /// <summary>What the exchange knows, to read; null before genesis.</summary>
    public ExchangeState? State => _state;

    /// <summary>
    /// Applies one command whole, or not at all, and leaves its events in <see cref="Events"/>.
    /// </summary>
    /// <param name="command">Header and body, as in ring and journal.</param>
    /// <returns>The outcome. On <see cref="ResultCode.OutOfSequence"/> there are no events; on all others at least one.</returns>
    public ResultCode Apply(ReadOnlySpan<byte> command)
    {
        if (command.Length < CommandHeader.SizeBytes)
        {
            return ResultCode.OutOfSequence;
        }

        ref readonly CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command);
        if (header.Sequence != Sequence + 1)
        {
            return ResultCode.OutOfSequence;
        }

        Sequence = header.Sequence;
        TimeNs = Math.Max(TimeNs, header.TimeNs);
        if (_state is null)
        {
            return ApplyFirst(command, in header);
        }

        _state.TimeNs = TimeNs;
        _state.WorkLeft = _state.Limits.MaxWorkPerCommand;
        _state.Events.Begin(header.Sequence);
        ResultCode code = header.Version == CommandVersion ? Dispatch(_state, command, header.Type) : ResultCode.UnsupportedVersion;
        if (code != ResultCode.Accepted)
        {
            ref Rejected rejected = ref Reject(_state.Events, code, command, header.Type);
            if (code == ResultCode.InsufficientMargin)
            {
                rejected.RequiredUnits = _marginCheck.RequiredUnits;
                rejected.AvailableUnits = _marginCheck.AvailableUnits;
            }
        }

        if (_state.TouchedCount > 0)
        {
            _settlement.Refresh();
        }

        while (_state.DueCount > 0)
        {
            _liquidation.Run(_state.TakeDue());
        }

        End(_state.Events);
        return code;
    }

    /// <summary>Hash over all state, byte for byte. Takes time in proportion to the state: for snapshots, quiet moments and tests.</summary>
    public Hash128 ComputeStateHash()
    {
        var hash = default(Hash128);
        hash.Add((ulong)Sequence);
        hash.Add(unchecked((ulong)TimeNs));
        hash.Add(_chain.Low);
        hash.Add(_chain.High);
        _state?.AddTo(ref hash);
        return hash;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _liquidation?.Dispose();
        _state?.Dispose();
        _eventsBeforeGenesis.Dispose();
    }

    private static bool TryRead<T>(ReadOnlySpan<byte> command, out T body)
        where T : unmanaged => MemoryMarshal.TryRead(command, out body);

    private static ref Rejected Reject(EventBuffer events, ResultCode code, ReadOnlySpan<byte> command, CommandType type)
    {
        ref Rejected rejected = ref events.Add<Rejected>(EventType.Rejected, 0);
        rejected.Code = code;
        rejected.Command = type;
        if (type == CommandType.PlaceOrder && TryRead(command, out PlaceOrder order))
        {
            rejected.AccountId = order.AccountId;
            rejected.ClientOrderId = order.ClientOrderId;
            rejected.Header.MarketId = unchecked((uint)order.MarketId);
            rejected.Header.Detail = (byte)order.Side;
        }
        else if (type is CommandType.CancelOrder or CommandType.ModifyOrder && TryRead(command, out CancelOrder cancel))
        {
            rejected.AccountId = cancel.AccountId;
            rejected.OrderId = cancel.OrderId;
        }
        else if (type is >= CommandType.Deposit and <= CommandType.SetLeverage && TryRead(command, out Deposit deposit))
        {
            rejected.AccountId = deposit.AccountId;
        }

        return ref rejected;
    }

    [ColdPath]
    private ResultCode ApplyFirst(ReadOnlySpan<byte> command, in CommandHeader header)
    {
        _eventsBeforeGenesis.Begin(header.Sequence);
        ResultCode code = header.Type != CommandType.Genesis ? ResultCode.GenesisMissing
            : header.Version != CommandVersion ? ResultCode.UnsupportedVersion
            : !TryRead(command, out Genesis genesis) ? ResultCode.MalformedCommand
            : Listing.Validate(in genesis);
        if (code != ResultCode.Accepted)
        {
            Reject(_eventsBeforeGenesis, code, command, header.Type);
            End(_eventsBeforeGenesis);
            return code;
        }

        _state = new ExchangeState(in MemoryMarshal.AsRef<Genesis>(command)) { TimeNs = TimeNs };
        _settlement = new Settlement(_state);
        _marginCheck = new MarginCheck(_state);
        var matching = new MatchingEngine(_state, _settlement);
        _orders = new OrderEntry(_state, _marginCheck, matching);
        _transfers = new Transfers(_state, _settlement);
        _listing = new Listing(_state, _settlement);
        _marks = new MarkPrices(_state);
        _liquidation = new LiquidationEngine(_state, _settlement, matching);
        _state.Events.Begin(header.Sequence);
        Accept(_state, CommandType.Genesis);
        End(_state.Events);
        return ResultCode.Accepted;
    }

    private ResultCode Dispatch(ExchangeState state, ReadOnlySpan<byte> command, CommandType type)
    {
        switch (type)
        {
            case CommandType.PlaceOrder:
                return command.Length < Size<PlaceOrder>() ? ResultCode.MalformedCommand : _orders.Place(in Body<PlaceOrder>(command));
            case CommandType.CancelOrder:
                return command.Length < Size<CancelOrder>() ? ResultCode.MalformedCommand : _orders.Cancel(in Body<CancelOrder>(command));
            case CommandType.ModifyOrder:
                return command.Length < Size<ModifyOrder>() ? ResultCode.MalformedCommand : _orders.Modify(in Body<ModifyOrder>(command));
            case CommandType.SetMarkPrice:
                return command.Length < Size<SetMarkPrice>() ? ResultCode.MalformedCommand : _marks.Set(in Body<SetMarkPrice>(command));
            case CommandType.Tick:
                Accept(state, CommandType.Tick);
                _liquidation.RunPending();
                return ResultCode.Accepted;
            case CommandType.Deposit:
                return command.Length < Size<Deposit>() ? ResultCode.MalformedCommand : _transfers.Deposit(in Body<Deposit>(command));
            case CommandType.Withdraw:
                return command.Length < Size<Withdraw>() ? ResultCode.MalformedCommand : _transfers.Withdraw(in Body<Withdraw>(command));
            case CommandType.AllocateMargin:
                return command.Length < Size<AllocateMargin>() ? ResultCode.MalformedCommand : _transfers.Allocate(in Body<AllocateMargin>(command));
            case CommandType.RemoveMargin:
                return command.Length < Size<RemoveMargin>() ? ResultCode.MalformedCommand : _transfers.Remove(in Body<RemoveMargin>(command));
            case CommandType.SetMarginMode:
                return command.Length < Size<SetMarginMode>() ? ResultCode.MalformedCommand : _transfers.SetMode(in Body<SetMarginMode>(command));
            case CommandType.SetLeverage:
                return command.Length < Size<SetLeverage>() ? ResultCode.MalformedCommand : _transfers.SetLeverage(in Body<SetLeverage>(command));
            case CommandType.CreateAccount:
                return command.Length < Size<CreateAccount>() ? ResultCode.MalformedCommand : _listing.Create(in Body<CreateAccount>(command));
            case CommandType.FundInsurance:
                return command.Length < Size<FundInsurance>() ? ResultCode.MalformedCommand : _listing.Fund(in Body<FundInsurance>(command));
            case CommandType.AddAsset:
                return command.Length < Size<AddAsset>() ? ResultCode.MalformedCommand : _listing.Add(in Body<AddAsset>(command));
            case CommandType.ListMarket:
                return command.Length < Size<ListMarket>() ? ResultCode.MalformedCommand : _listing.List(in Body<ListMarket>(command));
            case CommandType.SetMarketParameters:
                return command.Length < Size<SetMarketParameters>()
                    ? ResultCode.MalformedCommand
                    : _listing.Set(in Body<SetMarketParameters>(command));
            case CommandType.Genesis:
                return ResultCode.GenesisRepeated;
            default:
                return ResultCode.UnknownCommand;
        }
    }

    private static int Size<T>()
        where T : unmanaged => System.Runtime.CompilerServices.Unsafe.SizeOf<T>();

    private static ref readonly T Body<T>(ReadOnlySpan<byte> command)
        where T : unmanaged => ref MemoryMarshal.AsRef<T>(command);

    private static void Accept(ExchangeState state, CommandType type) =>
        state.Events.Add<Accepted>(EventType.Accepted, 0).Command = type;

    private void End(EventBuffer events)
    {
        events.End();
        ReadOnlySpan<ulong> words = events.Words;
        for (int i = 0; i < words.Length; i += 8)
        {
            _chain.Add64(words.Slice(i, 8));
        }
    }
}
