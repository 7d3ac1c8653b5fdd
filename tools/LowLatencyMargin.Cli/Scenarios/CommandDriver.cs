using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Core.Events;

namespace LowLatencyMargin.Cli.Scenarios;

/// <summary>
/// Gives commands their header and applies them to the production engine, journals them if asked to, and keeps them, so that a branch can
/// start again from any point.
/// </summary>
internal sealed class CommandDriver(CommandJournal? journal, bool keepsHistory = true) : IDisposable
{
    private readonly List<byte[]> _history = [];

    internal Exchange Exchange { get; private set; } = new();

    /// <summary>Time of the next command.</summary>
    internal long TimeNs { get; set; }

    /// <summary>Where commands go instead of being applied; null: nowhere.</summary>
    internal Func<byte[], EventSlot[]>? Diversion { get; set; }

    /// <summary>Commands in the history.</summary>
    internal int Count => _history.Count;

    public void Dispose() => Exchange.Dispose();

    /// <summary>Applies one command; returns its events.</summary>
    internal EventSlot[] Apply<T>(CommandType type, T command)
        where T : unmanaged => Apply<T, byte>(type, command, []);

    /// <summary>Applies one command with the items that follow it; returns its events.</summary>
    internal EventSlot[] Apply<T, TItem>(CommandType type, T command, ReadOnlySpan<TItem> items)
        where T : unmanaged
        where TItem : unmanaged
    {
        ReadOnlySpan<byte> tail = MemoryMarshal.AsBytes(items);
        byte[] bytes = new byte[Unsafe.SizeOf<T>() + tail.Length];
        MemoryMarshal.Write(bytes, in command);
        tail.CopyTo(bytes.AsSpan(Unsafe.SizeOf<T>()));
        var header = new CommandHeader
        {
            LengthBytes = (uint)bytes.Length,
            Type = type,
            Version = Exchange.CommandVersion,
            Sequence = Exchange.Sequence + 1,
            TimeNs = TimeNs,
        };
        MemoryMarshal.Write(bytes, in header);
        if (Diversion is { } instead)
        {
            return instead(bytes);
        }

        _ = Exchange.Apply(bytes);
        if (keepsHistory)
        {
            _history.Add(bytes);
        }

        journal?.Append(bytes, Exchange);
        return Exchange.Events.Span.ToArray();
    }

    /// <summary>Back to where <paramref name="count"/> commands had been applied: those again, on a new exchange.</summary>
    internal void Rewind(int count)
    {
        Exchange.Dispose();
        Exchange = new Exchange();
        _history.RemoveRange(count, _history.Count - count);
        foreach (byte[] command in _history)
        {
            _ = Exchange.Apply(command);
        }
    }
}
