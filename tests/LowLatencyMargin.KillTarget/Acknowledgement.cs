using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;
using LowLatencyMargin.Core.Numerics;

namespace LowLatencyMargin.KillTarget;

/// <summary>What a record says.</summary>
internal enum AcknowledgementKind : ushort
{
    /// <summary>A command's result, after it was durable.</summary>
    Command = 1,

    /// <summary>Chain hash after recovery, before anything else.</summary>
    RecoveredChain = 2,

    /// <summary>State hash after recovery.</summary>
    RecoveredState = 3,

    /// <summary>Chain hash at a graceful end, everything shown.</summary>
    EndChain = 4,

    /// <summary>State hash at a graceful end.</summary>
    EndState = 5,
}

/// <summary>One record on the pipe, 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct Acknowledgement
{
    public const int SizeBytes = 32;

    /// <summary>The command.</summary>
    public long Sequence;

    /// <summary>The client's name for what it asked, as the events tell it; of a hash, its low half.</summary>
    public long Id;

    /// <summary>Hash of all events of the command; of a hash, its high half.</summary>
    public ulong EventHash;

    /// <summary>How many events.</summary>
    public int Events;

    /// <summary>What this record is.</summary>
    public AcknowledgementKind Kind;

    /// <summary>The first event: accepted, rejected, ...</summary>
    public EventType First;

    /// <summary>The acknowledgement of a command by its events.</summary>
    public static Acknowledgement Of(ReadOnlySpan<EventSlot> events)
    {
        var hash = default(Hash128);
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<EventSlot, ulong>(events);
        for (int i = 0; i < words.Length; i += 8)
        {
            hash.Add64(words.Slice(i, 8));
        }

        return new Acknowledgement
        {
            Sequence = events[0].Header.CommandSequence,
            Id = IdOf(in events[0]),
            EventHash = hash.Low ^ hash.High,
            Events = events.Length,
            Kind = AcknowledgementKind.Command,
            First = events[0].Header.Type,
        };
    }

    /// <summary>A hash at a sequence.</summary>
    public static Acknowledgement Of(AcknowledgementKind kind, long sequence, Hash128 hash) =>
        new() { Kind = kind, Sequence = sequence, Id = unchecked((long)hash.Low), EventHash = hash.High };

    /// <summary>What the client named in a command: the same that is found in its first event.</summary>
    public static long IdOf(ReadOnlySpan<byte> command) => MemoryMarshal.AsRef<CommandHeader>(command).Type switch
    {
        CommandType.PlaceOrder => MemoryMarshal.Read<PlaceOrder>(command).ClientOrderId,
        CommandType.CancelOrder => MemoryMarshal.Read<CancelOrder>(command).OrderId,
        CommandType.Deposit => MemoryMarshal.Read<Deposit>(command).AmountUnits,
        CommandType.SetMarkPrice => MemoryMarshal.Read<SetMarkPrice>(command).PriceTicks,
        _ => 0,
    };

    private static long IdOf(ref readonly EventSlot first)
    {
        switch (first.Header.Type)
        {
            case EventType.OrderAccepted:
                return EventSlot.As<OrderChanged>(in first).ClientOrderId;
            case EventType.OrderCancelled:
                return EventSlot.As<OrderChanged>(in first).OrderId;
            case EventType.Deposited:
                return EventSlot.As<BalanceChanged>(in first).AmountUnits;
            case EventType.MarkPriceUpdated:
                return EventSlot.As<MarkPriceUpdated>(in first).PriceTicks;
            case EventType.Rejected:
                ref readonly Rejected rejected = ref EventSlot.As<Rejected>(in first);
                return rejected.Command == CommandType.PlaceOrder ? rejected.ClientOrderId : rejected.OrderId;
            default:
                return 0;
        }
    }

    /// <summary>Records as bytes.</summary>
    public static ReadOnlySpan<byte> BytesOf(ReadOnlySpan<Acknowledgement> records) => MemoryMarshal.AsBytes(records);
}
