using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LowLatencyMargin.Core.Commands;
using LowLatencyMargin.Journal.Format;

namespace LowLatencyMargin.Journal;

/// <summary>A record in the reader's buffer: valid until the next call of the reader.</summary>
public readonly ref struct RecordView
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal RecordView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The whole record, header first, checksums as stored.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>What follows the header.</summary>
    public ReadOnlySpan<byte> Body => _bytes[CommandHeader.SizeBytes..];

    /// <summary>The header.</summary>
    public ref readonly CommandHeader Header => ref Unsafe.As<byte, CommandHeader>(ref MemoryMarshal.GetReference(_bytes));

    /// <summary>The command's sequence; for a checkpoint, that of the last command before it in the file.</summary>
    public long Sequence => Header.Sequence;

    /// <summary>The command's time.</summary>
    public long TimeNs => Header.TimeNs;

    /// <summary>What the command is.</summary>
    public CommandType Type => Header.Type;

    /// <summary>Whether this is a checkpoint of the core's hash, not a command.</summary>
    public bool IsCheckpoint => (ushort)Header.Type == (ushort)OwnRecordType.Checkpoint;

    /// <summary>The checkpoint; only when <see cref="IsCheckpoint"/>.</summary>
    public CheckpointBody Checkpoint => MemoryMarshal.Read<CheckpointBody>(Body);
}
