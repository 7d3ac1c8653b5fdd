using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Rehearsal;

/// <summary>Gives commands their header and applies them; what came of each is told to a listener.</summary>
internal sealed class ExchangeFeed(Exchange exchange)
{
    /// <summary>Work that does not come to an end is a fault of the engine, and is to be seen as one.</summary>
    private const int MaxTicksAtOnce = 1_000_000;

    private readonly byte[] _bytes = new byte[CommandHeader.MaxCommandBytes];

    /// <summary>Told of the events of every command; null: nobody is.</summary>
    internal Action<ReadOnlySpan<EventSlot>>? Listener { get; set; }

    /// <summary>Time of the next command.</summary>
    internal long TimeNs { get; set; }

    /// <summary>Commands applied.</summary>
    internal long Commands { get; private set; }

    internal ExchangeState State => exchange.State!;

    internal ResultCode Send<T>(CommandType type, in T command)
        where T : unmanaged => Send<T, byte>(type, in command, []);

    internal ResultCode Send<T, TItem>(CommandType type, in T command, ReadOnlySpan<TItem> items)
        where T : unmanaged
        where TItem : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        ReadOnlySpan<byte> tail = MemoryMarshal.AsBytes(items);
        Span<byte> bytes = _bytes.AsSpan(0, size + tail.Length);
        MemoryMarshal.Write(bytes, in command);
        tail.CopyTo(bytes[size..]);
        var header = new CommandHeader
        {
            LengthBytes = (uint)bytes.Length, Type = type, Version = Exchange.CommandVersion, Sequence = exchange.Sequence + 1, TimeNs = TimeNs,
        };
        MemoryMarshal.Write(bytes, in header);
        ResultCode code = exchange.Apply(bytes);
        Commands++;
        Listener?.Invoke(exchange.Events.Span);
        return code;
    }

    /// <summary>
    /// Ticks as the pipeline sends them when no other command waits: while work is left over, and whenever a timer is due before a moment, which it
    /// is then.
    /// </summary>
    internal void TickUntil(long timeNs)
    {
        for (int ticks = 0; exchange.HasPendingWork || exchange.NextDueNs < timeNs; ticks++)
        {
            if (ticks > MaxTicksAtOnce)
            {
                throw new InvalidOperationException($"after {ticks} ticks work is still left over, at command {exchange.Sequence}");
            }

            TimeNs = exchange.HasPendingWork ? TimeNs : Math.Max(TimeNs, exchange.NextDueNs);
            _ = Send(CommandType.Tick, default(Tick));
        }

        TimeNs = timeNs;
    }
}
