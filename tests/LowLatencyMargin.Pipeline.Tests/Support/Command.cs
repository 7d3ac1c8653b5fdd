using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Pipeline.Tests.Support;

/// <summary>Commands as bytes, header filled but for sequence and time.</summary>
internal static class Command
{
    public static byte[] Of<T>(CommandType type, T command)
        where T : unmanaged
    {
        ref CommandHeader header = ref Unsafe.As<T, CommandHeader>(ref command);
        header = new CommandHeader { LengthBytes = (uint)Unsafe.SizeOf<T>(), Type = type, Version = Exchange.CommandVersion };
        return MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in command)).ToArray();
    }

    /// <summary>A command of a length, its body filled from a seed; only a scripted engine can apply it.</summary>
    public static byte[] OfLength(int lengthBytes, ulong seed, CommandType type = CommandType.PlaceOrder)
    {
        byte[] bytes = new byte[lengthBytes];
        var prng = new Prng(seed);
        foreach (ref ulong word in MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan()))
        {
            word = prng.Next();
        }

        var header = new CommandHeader { LengthBytes = (uint)lengthBytes, Type = type, Version = Exchange.CommandVersion };
        MemoryMarshal.Write(bytes, in header);
        return bytes;
    }

    public static byte[] Genesis(int maxWorkPerCommand = 64, long timeNs = 0)
    {
        byte[] bytes = Of(CommandType.Genesis, GenesisOf(maxWorkPerCommand));
        Stamp(bytes, 1, timeNs);
        return bytes;
    }

    public static Genesis GenesisOf(int maxWorkPerCommand = 64) => new()
    {
        MaxAccounts = 2048,
        MaxOrders = 1 << 14,
        MaxPositions = 4096,
        MaxAssets = 4,
        MaxMarkets = 16,
        MaxWorkPerCommand = maxWorkPerCommand,
        RecentOrders = 1 << 10,
    };

    public static void Stamp(Span<byte> command, long sequence, long timeNs)
    {
        ref CommandHeader header = ref HeaderOf(command);
        header.Sequence = sequence;
        header.TimeNs = timeNs;
    }

    public static ref CommandHeader HeaderOf(Span<byte> command) => ref MemoryMarshal.AsRef<CommandHeader>(command);
}
