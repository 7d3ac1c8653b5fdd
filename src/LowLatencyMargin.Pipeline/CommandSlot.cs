using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;

namespace LowLatencyMargin.Pipeline;

/// <summary>
/// One slot of the command ring: header and body as they go into the journal. A command longer than a slot stands in consecutive slots that
/// were claimed together; one that would run over the ring's end is preceded by slots of type <see cref="CommandType.None"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
public struct CommandSlot
{
    /// <summary>Two cache lines, which modern processors fetch as a pair.</summary>
    public const int SizeBytes = 128;

    /// <summary>Header; the body follows.</summary>
    public CommandHeader Header;

    /// <summary>How many slots a command takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SlotsOf(uint lengthBytes) => (int)((lengthBytes + (SizeBytes - 1)) / SizeBytes);

    /// <summary>The bytes of the command that begins in a slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Span<byte> BytesOf(ref CommandSlot slot, int lengthBytes) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<CommandSlot, byte>(ref slot), lengthBytes);
}
