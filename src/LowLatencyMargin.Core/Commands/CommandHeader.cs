using System.Runtime.InteropServices;

namespace LowLatencyMargin.Core.Commands;

/// <summary>
/// The first 32 bytes of every command. The same bytes stand in the ring slot and in the journal record: the two checksums are zero in
/// the ring and filled by the journal while it copies, so that the core and the journal can read one slot side by side.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
public struct CommandHeader
{
    /// <summary>Size of this header in bytes.</summary>
    public const int SizeBytes = 32;

    /// <summary>The largest command, header included: what a journal record may hold. A multiple of the slot size.</summary>
    public const int MaxCommandBytes = 4096;

    /// <summary>Header plus body in bytes, a multiple of 8, from 32 to <see cref="MaxCommandBytes"/>.</summary>
    public uint LengthBytes;

    /// <summary>CRC32C of the record from <see cref="PreviousChecksum"/> on. Zero in the ring.</summary>
    public uint Checksum;

    /// <summary>The checksum of the record before this one: the chain. Zero in the ring.</summary>
    public uint PreviousChecksum;

    /// <summary>What the body is; values from 0xFF00 are the journal's own records.</summary>
    public CommandType Type;

    /// <summary>Layout version of the body, from 1.</summary>
    public ushort Version;

    /// <summary>Position in the one order of all commands, from 1, without gaps.</summary>
    public long Sequence;

    /// <summary>Command time in nanoseconds since the Unix epoch, UTC; never less than the command before.</summary>
    public long TimeNs;
}
